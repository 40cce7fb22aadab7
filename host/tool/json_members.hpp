// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace synward::tool {

// Members of a daemon's answers that may not be there.

const nlohmann::json& member(const nlohmann::json& object, const char* key);
/// In one line that a terminal may have.
std::string text(const nlohmann::json& object, const char* key);
double number(const nlohmann::json& object, const char* key);
std::uint64_t count(const nlohmann::json& object, const char* key);
bool flag(const nlohmann::json& object, const char* key);

/// Unix time as syslog writes it, local.
std::string time_text(double unix_time);

}  // namespace synward::tool
