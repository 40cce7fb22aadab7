// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstdint>

#include "synward/sim/clock.hpp"

namespace synward::sim {

/// When the frames of an input start.
enum class Pace : std::uint8_t {
  line_rate,     ///< as a 100 Gb/s Ethernet would bring them
  back_to_back,  ///< each right behind the one before on the bus: more than Ethernet can bring
  pcap           ///< at the times of the file, but no faster than that Ethernet
};

/// Gives each frame of one port its first clock. The port's bus is respected: a frame never starts before the previous
/// has ended.
class Pacer {
 public:
  /// `origin` is clock 0 of the port; `origin_ns` the file time that belongs to it (pace pcap).
  Pacer(Pace pace, std::uint64_t origin, std::uint64_t origin_ns)
      : pace_(pace), origin_(origin), origin_ns_(origin_ns) {}

  /// The first clock of the next frame of `size` bytes, which bears the file time `ns`.
  std::uint64_t next(std::size_t size, std::uint64_t ns) {
    std::uint64_t start = bus_free_;
    const std::uint64_t wire = wire_base_ + (wire_free_ + kWireUnitsPerCycle - 1) / kWireUnitsPerCycle;
    switch (pace_) {
      case Pace::line_rate:
        start = std::max(start, wire);
        wire_free_ += wire_units(size);
        break;
      case Pace::back_to_back:
        break;
      case Pace::pcap:
        start = std::max({start, wire, ns > origin_ns_ ? ns_to_cycles(ns - origin_ns_) : 0});
        if (start > wire) {
          // The wire was at rest: it is counted anew from here, so that no time is too long for its small units.
          wire_base_ = start;
          wire_free_ = 0;
        }
        wire_free_ += wire_units(size);
        break;
    }
    bus_free_ = start + bus_cycles(size);
    return origin_ + start;
  }

 private:
  Pace pace_;
  std::uint64_t origin_, origin_ns_;
  std::uint64_t bus_free_ = 0;   ///< clock, from the origin
  std::uint64_t wire_base_ = 0;  ///< clock, from the origin
  std::uint64_t wire_free_ = 0;  ///< wire units, from wire_base_
};

}  // namespace synward::sim
