// SPDX-License-Identifier: BSD-2-Clause
#include "register_dump.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "synward/registers.hpp"

namespace synward {

namespace {

struct Place {
  std::string_view name;
  std::uint32_t offset;
};

constexpr std::array kState{Place{"ID", reg::kId},
                            Place{"VERSION", reg::kVersion},
                            Place{"SIZES", reg::kSizes},
                            Place{"CLOCK_HZ", reg::kClockHz},
                            Place{"TIME_MS", reg::kTimeMs},
                            Place{"SCRATCH", reg::kScratch},
                            Place{"SECRET_STATUS", reg::kSecretStatus},
                            Place{"TABLE_STATUS", reg::kTableStatus},
                            Place{"SYNCACHE_COUNT", reg::kSyncacheCount},
                            Place{"PAUSE_LEFT", reg::kPauseLeft},
                            Place{"FLOW_COUNT", reg::kFlowCount},
                            Place{"EVENT_COUNT", reg::kEventCount},
                            Place{"LIST_STATUS", reg::kListStatus},
                            Place{"HANDOFF_AGENTS", reg::kHandoffAgents},
                            Place{"MAIL_STATUS", reg::kMailStatus}};

}  // namespace

std::vector<RegisterValue> read_registers(Device& device) {
  std::vector<RegisterValue> values;
  const auto read = [&](std::string name, std::uint32_t offset) {
    values.push_back({std::move(name), offset, device.read32(offset)});
  };
  for (const auto& one : kState) {
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
