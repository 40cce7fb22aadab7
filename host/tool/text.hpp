// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "synward/number_text.hpp"

namespace synward::tool {

// Answers of the daemon (docs/host.md, section 4) in words. What is missing in the JSON is left out.

std::string status_text(const nlohmann::json& status);
/// Whether the daemon says that its card is lost.
bool card_lost(const nlohmann::json& status);
std::string bypass_text(const nlohmann::json& bypass);
std::string secrets_text(const nlohmann::json& secrets);
/// GET /v1/handoff, for people.
std::string handoff_text(const nlohmann::json& handoff);
std::string services_text(const nlohmann::json& services);
/// One line of the log, with local date and time as syslog writes them.
std::string log_line_text(const nlohmann::json& line);

}  // namespace synward::tool
