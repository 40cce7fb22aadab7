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

/// SYNs that were to be answered, whether there was room or not.
std::uint64_t acceptable_syns(const Counters& counters);

/// What the card's tables hold now.
struct TableState {
  std::uint32_t entries = 0;        ///< half-open connections in the syncache
  std::uint32_t flows = 0;          ///< flows in the flow table
  bool paused = false;              ///< SYNs are answered with cookies alone
  std::uint32_t backoff = 0;        ///< exponent of the pause, 0..6
  std::uint32_t pause_left_ms = 0;  ///< until the pause ends
};
TableState read_table_state(Device& device);

/// Which equation of the conservation law (theory of operation, section 5) the counters break, with its figures; empty
/// for none. Holds whenever nothing is in flight.
std::string broken_conservation(const Counters& counters);

}  // namespace synward
