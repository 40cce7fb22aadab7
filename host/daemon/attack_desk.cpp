// SPDX-License-Identifier: BSD-2-Clause
#include "attack_desk.hpp"

#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>

#include "state_file.hpp"
#include "synward/text_file.hpp"

namespace synward {

namespace {

constexpr const char* kFile = "attacks.json";
constexpr std::size_t kMostBytes = 4 << 20;
/// How old the file may become: while an attack is on, and in peace, when it is about what is usual.
constexpr std::chrono::seconds kKeepEvery{60}, kKeepInPeace{600};

}  // namespace

AttackDesk::AttackDesk(AttackBook& book, std::string folder, std::function<AttackSettings()> settings,
                       CommandRunner::Say say)
    : book_(book),
      folder_(std::move(folder)),
      settings_(std::move(settings)),
      say_(std::move(say)),
      runner_("attack command", say_),
      thread_([this] { run(); }) {}

AttackDesk::~AttackDesk() {
  book_.close();
  thread_.join();
}

Expected<AttackState> AttackDesk::find(const std::string& folder) {
  const auto path = folder + "/" + kFile;
  if (folder.empty() || (access(path.c_str(), F_OK) != 0 && errno == ENOENT)) {
    return AttackState();
  }
  const auto text = read_text_file(path, kMostBytes);
  if (!text) {
    return text.error();
  }
  auto state = read_attack_state(*text);
  return state ? state : Error{path + ": " + state.error().text};
}

void AttackDesk::run() {
  while (!book_.closed()) {
    const auto changes = book_.take_changes(book_.active().empty() ? kKeepInPeace : kKeepEvery);
    for (const auto& change : changes) {
      tell(change);
    }
    keep();
  }
}

void AttackDesk::keep() {
  if (folder_.empty()) {
    return;
  }
  const auto kept = write_state_file(folder_, kFile, attack_state_text(book_.state()), false);
  const auto trouble = kept ? std::string() : kept.error().text;
  if (!trouble.empty() && trouble != trouble_) {
    say_(LogLevel::warning, "attacks are not kept: " + trouble, {});
  }
  trouble_ = trouble;
}

void AttackDesk::tell(const AttackChange& change) {
  const auto settings = settings_();
  if (settings.command.empty()) {
    return;
  }
  nlohmann::ordered_json json{{"event", change.begins ? "begin" : "end"}};
  json.update(attack_json(change.attack, [](const IpAddress&, std::uint16_t) { return true; }));
  runner_.run({settings.command, settings.command_timeout, json.dump() + '\n'});
}

}  // namespace synward
