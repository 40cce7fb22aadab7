// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace synward::tool {

// Answers of the daemon (docs/host.md, section 4) in words. What is missing in the JSON is left out.

std::string status_text(const nlohmann::json& status);
/// Whether the daemon says that its card is lost.
bool card_lost(const nlohmann::json& status);
std::string bypass_text(const nlohmann::json& bypass);
std::string secrets_text(const nlohmann::json& secrets);
std::string services_text(const nlohmann::json& services);
/// Local date and time as syslog writes them.
std::string time_text(double unix_time);
/// One line of the log, with local date and time as syslog writes them.
std::string log_line_text(const nlohmann::json& line);

/// "2 d 03:04:05", "03:04:05".
std::string duration_text(double seconds);
/// 12345678 as "12,345,678".
std::string grouped(std::uint64_t number);

}  // namespace synward::tool
