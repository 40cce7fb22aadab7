// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/sim/card.hpp"

namespace synward::sim {

// A millisecond is exactly 2578125 / 8 clocks: both cards count the same, for as long as 64 bits last.
inline constexpr std::uint64_t kClocksPer8Ms = 2'578'125;
static_assert(static_cast<double>(kClocksPer8Ms) * 125 == kClockHz);

/// The millisecond since clock 0 to which clock `cycle` belongs.
constexpr std::uint64_t ms_of_cycle(std::uint64_t cycle) {
  return cycle / kClocksPer8Ms * 8 + cycle % kClocksPer8Ms * 8 / kClocksPer8Ms;
}
/// The first clock of a millisecond.
constexpr std::uint64_t first_cycle_of_ms(std::uint64_t ms) {
  return ms / 8 * kClocksPer8Ms + (ms % 8 * kClocksPer8Ms + 7) / 8;
}

}  // namespace synward::sim
