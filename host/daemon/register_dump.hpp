// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "synward/device.hpp"

namespace synward {

/// A register as it was read.
struct RegisterValue {
  std::string name;
  std::uint32_t offset = 0, value = 0;
};

/// The registers that tell of the card's state: no counters, which are read at one instant elsewhere, and neither
/// clients nor anything that a read would change. Secrets cannot be read at all.
std::vector<RegisterValue> read_registers(Device& device);

}  // namespace synward
