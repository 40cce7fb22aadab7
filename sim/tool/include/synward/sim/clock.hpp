// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cmath>
#include <cstdint>

#include "synward/sim/card.hpp"

namespace synward::sim {

// The clock is exactly 1e9 x 165 / 512 Hz, and one byte at 100 Gb/s takes exactly 33 / 1280 of a clock: no rounding
// adds up.
static_assert(kClockHz == 1e9 * 165 / 512);
static_assert(kClockHz / 12.5e9 == 33.0 / 1280);

/// Units of wire time: 1/1280 clock.
inline constexpr std::uint64_t kWireUnitsPerCycle = 1280;
inline constexpr std::uint64_t kWireUnitsPerByte = 33;
/// What a frame takes on the wire beyond its own bytes: preamble 8, FCS 4, inter-frame gap 12.
inline constexpr std::uint64_t kWireOverhead = 24;
/// The shortest frame, without FCS.
inline constexpr std::uint64_t kMinFrame = 60;

/// The nanosecond in which clock `cycle` starts, rounded down. Exact up to 2^55 clocks.
constexpr std::uint64_t cycles_to_ns(std::uint64_t cycle) { return cycle / 165 * 512 + cycle % 165 * 512 / 165; }
/// The first clock that starts at or after `ns`.
constexpr std::uint64_t ns_to_cycles(std::uint64_t ns) { return ns / 512 * 165 + (ns % 512 * 165 + 511) / 512; }
/// Clocks in `us`, rounded.
inline std::uint64_t us_to_cycles(double us) { return static_cast<std::uint64_t>(std::llround(us * (kClockHz / 1e6))); }
inline double cycles_to_us(double cycles) { return cycles / (kClockHz / 1e6); }

/// Clocks that a frame takes on the 512-bit bus.
constexpr std::uint64_t bus_cycles(std::size_t frame_size) { return (frame_size + 63) / 64; }
/// Time that a frame takes at 100 Gb/s, in wire units; padding to the shortest frame included.
constexpr std::uint64_t wire_units(std::size_t frame_size) {
  const std::uint64_t padded = frame_size < kMinFrame ? kMinFrame : frame_size;
  return (padded + kWireOverhead) * kWireUnitsPerByte;
}

}  // namespace synward::sim
