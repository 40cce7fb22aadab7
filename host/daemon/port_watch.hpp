// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "log_book.hpp"
#include "synward/device.hpp"
#include "synward/ports.hpp"

namespace synward {

/// A card's network ports, as they were last seen.
struct LinkState {
  struct Port {
    PortState now;                      ///< counters of 64 bits, which never go back while the daemon runs
    std::chrono::milliseconds since{};  ///< steady time at which its link last went up or down, or was first seen
  };
  std::vector<Port> ports;
  std::string why;  ///< why there are no ports, or why they cannot be read any more
  std::vector<Sensor> sensors;
};

/// Looks at a card's ports and temperatures, adds counters up, and says when a link goes down or comes back.
class PortWatch {
 public:
  using Milliseconds = std::chrono::milliseconds;

  /// A device that was just opened, whose counters may have begun anew. That there are no ports is said once.
  LogWords begin(Device& device, Milliseconds now);
  /// To be called once a second: 32 bits of a counter must not wrap between two looks.
  LogWords look(Device& device, Milliseconds now);

  const LinkState& state() const { return state_; }

 private:
  void count(std::size_t place, PortState& port, bool anew);
  /// A port that was just seen down: why, or nothing yet.
  void tell_down(std::size_t place, const PortState& port, LogWords& lines);
  void read_sensors(Device& device, Milliseconds now);

  LinkState state_;
  std::string said_;  ///< the last that was said of ports that are not there
  std::array<std::array<std::uint64_t, port_reg::kCounters>, kPorts.size()> seen_{}, totals_{};
  std::array<bool, kPorts.size()> untold_{};  ///< ports that went down, and why is for the next look to tell
  Milliseconds next_sensors_{};
};

}  // namespace synward
