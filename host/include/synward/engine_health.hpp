// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string_view>

#include "synward/device.hpp"

namespace synward {

/// What an engine behind streams did wrong (code fault of rtl/records.toml).
enum class EngineFault : std::uint8_t { none, silent, wrong, forgot };

/// In words, as a line of a log goes on with them; empty for none.
std::string_view fault_text(EngineFault fault);

/// The engine behind the card's socket (ENGINE_STATUS, docs/registers.md).
struct EngineHealth {
  bool streams = false;                   ///< the HLS kernel; else the RTL's, which has no faults
  bool down = false;                      ///< it is not asked: what would ask is dropped, other frames pass
  EngineFault fault = EngineFault::none;  ///< that it was reset for last
  std::uint16_t resets = 0;               ///< for a fault, since the card's own reset, modulo 2^16

  std::string_view kind() const { return streams ? "hls" : "rtl"; }
};
/// A device that is gone gives anything: Card::check() says so.
EngineHealth read_engine_health(Device& device);

}  // namespace synward
