// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "synward/sim/clock.hpp"

namespace synward::sim {

/// A 100 Gb/s line that carries one frame after the other into a port of the card, behind a queue of bounded length.
class Wire {
 public:
  /// What would wait longer than `longest_wait` (wire units) is lost.
  explicit Wire(std::uint64_t longest_wait) : longest_wait_(longest_wait) {}

  /// Sends a frame that is ready at `ready` (wire units). Returns the clock of its first beat, or nothing where it is
  /// lost.
  std::optional<std::uint64_t> send(std::size_t size, std::uint64_t ready) {
    const auto start = std::max(ready, free_);
    if (start - ready > longest_wait_) {
      return std::nullopt;
    }
    free_ = start + wire_units(size);
    return (start + kWireUnitsPerCycle - 1) / kWireUnitsPerCycle;
  }

  /// When the line is next free, in wire units.
  std::uint64_t free() const { return free_; }

 private:
  std::uint64_t longest_wait_;
  std::uint64_t free_ = 0;
};

}  // namespace synward::sim
