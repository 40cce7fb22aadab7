// SPDX-License-Identifier: BSD-2-Clause
#include "synward/attack_settings.hpp"

#include <fmt/format.h>

namespace synward {

namespace {

constexpr double kMostFrames = 1e9;  ///< a second: no port carries so many

std::vector<std::string> read_command(TableReader& reader) {
  std::vector<std::string> command;
  const auto* words = reader.array("command");
  if (words == nullptr) {
    return command;
  }
  for (const auto& word : *words) {
    const auto text = word.value<std::string>();
    if (!text || text->find('\0') != std::string::npos) {
      reader.fail("command", "must be an array of strings: a program and its arguments");
      return command;
    }
    command.push_back(*text);
  }
  if (command.empty() || !command.front().starts_with('/')) {
    reader.fail("command", "must begin with the path of a program, from / on");
  }
  return command;
}

Expected<AttackLimits> read_limits(const toml::table& table, const std::string& file, AttackLimits limits) {
  TableReader reader(table, file);
  limits.floor = reader.number("floor", 1, kMostFrames).value_or(limits.floor);
  limits.ceiling = reader.number("ceiling", 1, kMostFrames).value_or(std::max(limits.floor, limits.ceiling));
  if (limits.ceiling < limits.floor) {
    reader.fail("ceiling", fmt::format("must not be below floor, {}", limits.floor));
  }
  const auto done = reader.finish();
  return done ? Expected<AttackLimits>(limits) : done.error();
}

}  // namespace

AttackSettings::AttackSettings() : limits() {
  for (const auto kind : kAllAttackClasses) {
    limits[static_cast<std::size_t>(kind)] = attack_info(kind).limits;
  }
}

Expected<AttackSettings> attack_settings_from_table(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  AttackSettings settings;
  settings.factor = reader.number("factor", 1.5, 100).value_or(settings.factor);
  settings.quiet = std::chrono::seconds(reader.integer("quiet_s", 5, 3600).value_or(settings.quiet.count()));
  settings.command = read_command(reader);
  settings.command_timeout =
      std::chrono::seconds(reader.integer("command_timeout_s", 1, 600).value_or(settings.command_timeout.count()));
  for (const auto kind : kAllAttackClasses) {
    if (const auto* own = reader.table(attack_info(kind).name)) {
      auto& place = settings.limits[static_cast<std::size_t>(kind)];
      const auto limits = read_limits(*own, file, place);
      if (limits) {
        place = *limits;
      } else {
        reader.fail(limits.error());
      }
    }
  }
  const auto done = reader.finish();
  return done ? Expected<AttackSettings>(settings) : done.error();
}

}  // namespace synward
