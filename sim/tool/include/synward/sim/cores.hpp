// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "synward/expected.hpp"
#include "synward/sim/card.hpp"

namespace synward::sim {

/// A card with the core "rtl", "ref", "hls" or "rtl-hls", which stops when the user interrupts. `trace`: FST trace file
/// of the RTL, empty for none. Errors: no such core, core left out of this build, trace asked for but not possible.
Expected<std::unique_ptr<Card>> make_card(std::string_view core, const std::string& trace = {});

/// Runs a card that has been set up to the clock at which its run begins, and returns that: the first of millisecond 10
/// (or of the next multiple of it), so that all cores have the same time, however long their setup took.
std::uint64_t run_to_start(Card& card);

/// Says in one sentence that the figures of a run are simulated, and how far they can be trusted.
std::string_view simulated_note(const Card& card);

}  // namespace synward::sim
