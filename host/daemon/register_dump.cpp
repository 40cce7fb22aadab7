// SPDX-License-Identifier: BSD-2-Clause
#include "register_dump.hpp"

#include <fmt/format.h>

#include "synward/registers.hpp"

namespace synward {

std::vector<RegisterValue> read_registers(Device& device) {
  std::vector<RegisterValue> values;
  const auto read = [&](std::string name, std::uint32_t offset) {
    values.push_back({std::move(name), offset, device.read32(offset)});
  };
  for (const auto& one : reg::kState) {
    read(std::string(one.name), one.offset);
  }
  for (const auto& one : reg::kSysctls) {
    read(std::string(one.name), one.offset);
  }
  for (std::uint32_t code = 1; code <= reg::kEvents.size(); ++code) {
    read(fmt::format("EVENT_LOST {}", reg::kEvents[code - 1].name), reg::kEventLost + 4 * code);
  }
  return values;
}

}  // namespace synward
