// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "synward/attack.hpp"
#include "synward/toml_reader.hpp"

namespace synward {

/// [attack]: when something is one, and who is told.
struct AttackSettings {
  AttackSettings();

  std::array<AttackLimits, kAttackClasses> limits;
  double factor = 4;                         ///< times the usual rate is an attack, within the limits; 1.5..100
  std::chrono::seconds quiet{60};            ///< below half the rate of its beginning for so long: over; 5..3600
  std::vector<std::string> command{};        ///< a program and its arguments; empty: none
  std::chrono::seconds command_timeout{30};  ///< 1..600

  bool operator==(const AttackSettings&) const = default;
};

/// Reads [attack]; `file` names it in errors, "FILE:LINE: KEY: what".
Expected<AttackSettings> attack_settings_from_table(const toml::table& table, const std::string& file);

}  // namespace synward
