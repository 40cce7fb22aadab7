// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "synward/expected.hpp"
#include "synward/sim/card.hpp"

namespace synward::sim {

/// A card with the core "rtl" or "ref". `trace`: FST trace file of the RTL, empty for none.
/// Errors: no such core, core left out of this build, trace asked for but not possible.
Expected<std::unique_ptr<Card>> make_card(std::string_view core, const std::string& trace = {});

/// Says in one sentence that the figures of a run are simulated, and how far they can be trusted.
std::string_view simulated_note(const Card& card);

}  // namespace synward::sim
