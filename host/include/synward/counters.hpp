// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "synward/device.hpp"
#include "synward/registers.hpp"

namespace synward {

/// All counters of the card at one instant.
struct Counters {
  std::array<std::uint64_t, reg::kCounters> values{};

  std::uint64_t operator[](reg::Counter counter) const { return values[static_cast<std::size_t>(counter)]; }
  std::uint64_t& operator[](reg::Counter counter) { return values[static_cast<std::size_t>(counter)]; }
  std::uint64_t drop(reg::Drop reason) const { return values[reg::kFirstDrop + static_cast<std::size_t>(reason)]; }
  /// Frames lost because a buffer was full, in either direction.
  std::uint64_t lost() const;
};

/// Latches every counter in one clock, then reads them.
Counters read_counters(Device& device);

/// Which equation of the conservation law (theory of operation, section 5) the counters break, with its figures; empty
/// for none. Holds whenever nothing is in flight.
std::string broken_conservation(const Counters& counters);

}  // namespace synward
