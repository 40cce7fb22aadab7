// SPDX-License-Identifier: BSD-2-Clause
#include "settings_store.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "state_file.hpp"
#include "synward/config.hpp"
#include "synward/toml_reader.hpp"

namespace synward {

namespace {

constexpr const char* kSaved = "sysctl.toml";
constexpr const char* kInForce = "in-force.toml";

std::string text_of(const Sysctls& values, std::string_view what) {
  std::string text = fmt::format("# {}, written by synwardd.\n[sysctl]\n", what);
  for (const auto& [name, value] : values.texts()) {
    const bool number = value.find_first_not_of("0123456789") == std::string::npos;
    text += fmt::format(fmt::runtime(number ? "\"{}\" = {}\n" : "\"{}\" = \"{}\"\n"), name, value);
  }
  return text;
}

Expected<Sysctls> read_values(const std::string& path) {
  const auto table = load_toml(path);
  if (!table) {
    return table.error();
  }
  std::vector<std::string> ignored;
  TableReader reader(*table, path);
  const auto* sysctls = reader.table("sysctl");
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return sysctls != nullptr ? sysctls_from_table(*sysctls, path, ignored) : Sysctls();
}

std::string listed(const Sysctls& values) {
  std::string text;
  for (const auto& [name, value] : values.texts()) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, value);
  }
  return text;
}

}  // namespace

SettingsStore::Found SettingsStore::find() const {
  Found found;
  if (folder_.empty()) {
    return found;
  }
  for (const auto& [name, words] :
       {std::pair{kSaved, "saved settings are in force"},
        std::pair{kInForce, "the last daemon did not end in order, its settings are in force"}}) {
    if (access(path(name).c_str(), F_OK) != 0 && errno == ENOENT) {
      continue;
    }
    const auto values = read_values(path(name));
    if (!values) {
      found.words.push_back("not taken: " + values.error().text);
    } else if (const auto text = listed(*values); !text.empty()) {
      found.values.overlay(*values);
      found.words.push_back(fmt::format("{}: {}", words, text));
    }
  }
  return found;
}

Expected<void> SettingsStore::write(const std::string& name, const Sysctls& values, bool for_good) {
  const auto text = text_of(values, for_good ? "Sysctls that were saved" : "Sysctls that are in force");
  return write_state_file(folder_, name, text, for_good);
}

Expected<std::string> SettingsStore::save(const Sysctls& values) {
  const std::lock_guard lock(mutex_);
  const auto written = write(kSaved, values, true);
  return written ? Expected<std::string>(path(kSaved)) : written.error();
}

Expected<void> SettingsStore::keep(const Sysctls& values) {
  return folder_.empty() ? Expected<void>() : write(kInForce, values, false);
}

void SettingsStore::forget_kept() {
  if (!folder_.empty()) {
    unlink(path(kInForce).c_str());
  }
}

}  // namespace synward
