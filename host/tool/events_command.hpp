// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace synward::tool {

/// An event of /v1/events in one line.
std::string event_text(const nlohmann::json& event);
/// The names of all events that a card records.
std::vector<std::string> event_names();

}  // namespace synward::tool
