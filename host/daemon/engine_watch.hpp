// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "synward/device.hpp"
#include "synward/engine_health.hpp"
#include "synward/log.hpp"

namespace synward {

/// A card's engine, as it was last seen.
struct EngineState {
  EngineHealth now;
  std::uint64_t resets = 0;  ///< for a fault, in all that the daemon knows of
};

/// Looks at the engine of a card, adds its resets up, and says when it was reset, stays away or comes back.
class EngineWatch {
 public:
  using Milliseconds = std::chrono::milliseconds;
  using Lines = std::vector<std::pair<LogLevel, std::string>>;

  /// A device that was just opened, which may have been reset.
  Lines begin(Device& device, Milliseconds now);
  /// To be called once a second.
  Lines look(Device& device, Milliseconds now);

  const EngineState& state() const { return state_; }

 private:
  Lines see(const EngineHealth& status, std::uint64_t more, Milliseconds now);

  EngineState state_;
  Milliseconds since_{};  ///< it is down since then
};

}  // namespace synward
