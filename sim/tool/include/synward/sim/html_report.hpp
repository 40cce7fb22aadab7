// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/sim/card.hpp"
#include "synward/sim/scenario.hpp"
#include "synward/sim/world.hpp"

namespace synward::sim {

/// A page with the figures and charts of a run. It loads nothing from anywhere. `summary` is its text, one line a
/// paragraph.
std::string html_report(const Scenario& scenario, const Card& card, const RunResult& result,
                        const std::string& summary);

}  // namespace synward::sim
