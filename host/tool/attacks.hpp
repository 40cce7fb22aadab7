// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace synward::tool {

// What the daemon tells of attacks (docs/attacks.md) in words.

/// A table, one line for each.
std::string attack_list_text(const nlohmann::json& attacks);
/// All that is known of one.
std::string attack_text(const nlohmann::json& attack);
/// One line for each attack of a status that is on, each begun with `lead`.
std::string attacks_on_text(const nlohmann::json& status, const std::string& lead);

}  // namespace synward::tool
