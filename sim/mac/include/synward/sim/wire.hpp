// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <systemc>

namespace synward::sim {

/// 100GBASE-R (IEEE 802.3 clauses 80 and 82): 12.5 GB/s, so that a byte takes 80 ps and all wire times are whole
/// picoseconds: nothing is rounded, nothing drifts.
inline constexpr std::uint64_t kPsPerByte = 80;
inline constexpr std::size_t kPreamble = 8;   ///< preamble and start of frame delimiter, bytes
inline constexpr std::size_t kMinFrame = 60;  ///< shortest frame without FCS, bytes
inline constexpr std::size_t kFcs = 4;        ///< frame check sequence, bytes
inline constexpr std::size_t kGap = 12;       ///< interpacket gap, bytes

/// ps from the first bit of the preamble until `bytes` of the frame are through.
constexpr std::uint64_t wire_until(std::size_t bytes) { return (kPreamble + bytes) * kPsPerByte; }
/// ps from the first bit of the preamble to the last bit of the FCS of a frame of `size` bytes (without FCS).
constexpr std::uint64_t wire_time(std::size_t size) { return wire_until((size < kMinFrame ? kMinFrame : size) + kFcs); }
/// ps that a frame keeps the wire, gap included.
constexpr std::uint64_t wire_slot(std::size_t size) { return wire_time(size) + kGap * kPsPerByte; }

/// Simulated time, ps. Exact for two hours.
std::uint64_t now_ps();
sc_core::sc_time from_ps(std::uint64_t ps);

}  // namespace synward::sim
