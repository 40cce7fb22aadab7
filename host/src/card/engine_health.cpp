// SPDX-License-Identifier: BSD-2-Clause
#include "synward/engine_health.hpp"

#include "synward/registers.hpp"

namespace synward {

std::string_view fault_text(EngineFault fault) {
  switch (fault) {
    case EngineFault::none:
      return "";
    case EngineFault::silent:
      return "it did not answer";
    case EngineFault::wrong:
      return "it answered what it was not asked";
    case EngineFault::forgot:
      return "it forgot its tables";
  }
  return "";
}

EngineHealth read_engine_health(Device& device) {
  const auto status = device.read32(reg::kEngineStatus);
  return {.streams = (status & 1) != 0,
          .down = (status >> 1 & 1) != 0,
          .fault = static_cast<EngineFault>(status >> 2 & 3),
          .resets = static_cast<std::uint16_t>(status >> 16)};
}

}  // namespace synward
