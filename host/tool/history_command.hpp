// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "synward/expected.hpp"

namespace synward::tool {

/// The names that history_text() takes.
std::string figure_names();
/// Plots of some figures of /v1/history, `height` lines each; no line is longer than `width` columns, 20 or more.
/// Error: a name that is none.
Expected<std::string> history_text(const nlohmann::json& history, const std::vector<std::string>& names,
                                   std::size_t width, std::size_t height);
/// All figures at each snapshot but the first.
nlohmann::json history_rates(const nlohmann::json& history);

}  // namespace synward::tool
