// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "synward/device.hpp"
#include "synward/registers.hpp"

namespace synward {

/// A register file that remembers every write in order.
class MockDevice : public Device {
 public:
  MockDevice() {
    words[reg::kId] = reg::kDeviceId;
    words[reg::kVersion] = reg::kVersionMajor << 16 | reg::kVersionMinor << 8;
    words[reg::kSizes] = 32 | reg::kCounters << 8 | reg::kDrops << 16 | reg::kEvents.size() << 24;
    words[reg::kClockHz] = 322'265'625;
    words[reg::kTableStatus] = 1 | 14U << 8 | 8U << 12 | 16U << 16 | 9U << 24;
  }

  std::uint32_t read32(std::uint32_t offset) override {
    reads.push_back(offset);
    return broken ? 0xffffffff : words[offset];
  }
  void write32(std::uint32_t offset, std::uint32_t value) override {
    writes.emplace_back(offset, value);
    words[offset] = value;
  }
  std::optional<Error> fault() const override { return broken; }

  std::map<std::uint32_t, std::uint32_t> words;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> writes;
  std::vector<std::uint32_t> reads;
  std::optional<Error> broken;  ///< what fault() says
};

}  // namespace synward
