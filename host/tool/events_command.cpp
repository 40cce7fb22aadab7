// SPDX-License-Identifier: BSD-2-Clause
// synward events: what the card recorded, one line each.
#include "events_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "completion_command.hpp"
#include "json_members.hpp"
#include "synward/printable.hpp"
#include "synward/registers.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace synward::tool {

namespace {

using nlohmann::json;

constexpr std::uint64_t kAll = 16'384;  ///< that the daemon keeps

std::string text_of(const json& event, const char* key) {
  const auto found = event.find(key);
  return found == event.end() ? std::string() : found->is_string() ? found->get<std::string>() : found->dump();
}

std::string end_text(const json& event, const char* address, const char* port) {
  const auto where = text_of(event, address);
  const bool v6 = where.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(v6 ? "[{}]:{}" : "{}:{}"), where, text_of(event, port));
}

Outcome follow(ApiClient& client, const std::vector<std::string>& names, std::uint64_t most, bool again, bool as_json) {
  // Those that are left out count for nothing: all are asked for, and the last of what is left are shown.
  auto answer =
      client.get_json(fmt::format("/v1/events?limit={}", names.empty() ? std::max<std::uint64_t>(most, 1) : kAll));
  bool first = true;
  while (answer) {
    auto events = answer->value("events", json::array());
    if (!names.empty()) {
      json left = json::array();
      std::ranges::copy_if(events, std::back_inserter(left), [&](const json& one) {
        return std::ranges::find(names, text_of(one, "event")) != names.end();
      });
      events = std::move(left);
    }
    const auto from = first && events.size() > most ? events.size() - most : 0;
    for (std::size_t i = from; i < events.size(); ++i) {
      fmt::print("{}\n", one_line(as_json ? events[i].dump(-1, ' ', true) : event_text(events[i])));
    }
    std::fflush(stdout);
    if (!again) {
      return std::string{};
    }
    first = false;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const auto next = answer->value("next", std::uint64_t{1});
    answer = get_json(client, fmt::format("/v1/events?after={}&limit={}", next == 0 ? 0 : next - 1, kAll), true);
  }
  return answer.error();
}

}  // namespace

std::string event_text(const json& event) {
  const double time = event.value("time_s", 0.0);
  const auto name = event.contains("event") ? text_of(event, "event") : text_of(event, "note");
  auto text = fmt::format("{}.{:03} {:<16}", time_text(time), static_cast<std::int64_t>(time * 1000) % 1000, name);
  if (event.contains("foreign")) {
    text += fmt::format(" {} > {}", end_text(event, "foreign", "foreign_port"), end_text(event, "local", "local_port"));
  }
  const auto* info = std::ranges::find(reg::kEvents, name, &reg::EventInfo::name);
  const auto args = event.value("args", json::array());
  for (std::size_t i = 0; info != reg::kEvents.end() && i < std::min(args.size(), info->args.size()); ++i) {
    text += info->args[i].empty() ? std::string() : fmt::format(", {} {}", info->args[i], args[i].dump());
  }
  for (const auto* key : {"flags", "cookie", "late_s"}) {
    text += event.contains(key) ? fmt::format(", {} {}", key, text_of(event, key)) : std::string();
  }
  return text;
}

std::vector<std::string> event_names() {
  std::vector<std::string> names;
  for (const auto& one : reg::kEvents) {
    names.emplace_back(one.name);
  }
  return names;
}

void add_events(const Verbs& verbs) {
  struct Options {
    std::vector<std::string> names;
    std::uint64_t most = 50;
    bool again = false, json = false;
  };
  const auto options = std::make_shared<Options>();
  auto& events = add_verb(verbs.app, "events", "What the card recorded, one event a line",
                          "synward events -f\n  synward events ack_invalid --lines 1000 --json");
  // What they are called is said by the error, which is shorter than a list in the help.
  events.add_option("name", options->names, "Only these events")
      ->type_name(kEventWord)
      ->check([](const std::string& name) {
        const auto names = event_names();
        return std::ranges::find(names, name) != names.end()
                   ? std::string()
                   : fmt::format("{}: there is no such event, but {}", name, fmt::join(names, ", "));
      });
  events.add_flag("-f,--follow", options->again, "Wait for more, until Ctrl-C");
  events.add_option("-n,--lines", options->most, "How many of the last at first")->capture_default_str();
  events.add_flag("--json", options->json, "One object of JSON a line");
  verbs.does(events, [options](ApiClient& client) {
    return follow(client, options->names, options->most, options->again, options->json);
  });
}

}  // namespace synward::tool
