// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "handoff.h"
#include "synward/driver/program.hpp"
#include "synward/driver/server.hpp"

namespace synward::driver {

/// A mark that was not taken, in one line.
std::string failure_text(const synward_failure& failure);

/// Counters of a program, and what is protected, as a table for people or as JSON.
std::string status_text(const std::string& interface, const FateCounts& counts,
                        const std::vector<synward_place>& places);
nlohmann::json status_json(const std::string& interface, const FateCounts& counts,
                           const std::vector<synward_place>& places);

/// Listeners, and what the card should say for each: a table, JSON, or [[service]] tables for the card's configuration.
std::string listeners_text(const std::vector<synward_listener>& listeners, const ServerSettings& settings);
nlohmann::json listeners_json(const std::vector<synward_listener>& listeners, const ServerSettings& settings);
std::string listeners_toml(const std::vector<synward_listener>& listeners, const ServerSettings& settings);

}  // namespace synward::driver
