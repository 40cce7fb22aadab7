// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>

#include "log_book.hpp"
#include "synward/device.hpp"
#include "synward/engine_health.hpp"

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

  /// A device that was just opened, which may have been reset.
  LogWords begin(Device& device, Milliseconds now);
  /// To be called once a second.
  LogWords look(Device& device, Milliseconds now);

  const EngineState& state() const { return state_; }

 private:
  LogWords see(const EngineHealth& status, std::uint64_t more, Milliseconds now);

  EngineState state_;
  Milliseconds since_{};  ///< it is down since then
};

}  // namespace synward
