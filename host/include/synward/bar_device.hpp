// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "synward/device.hpp"
#include "synward/expected.hpp"

namespace synward {

/// `backend = "pcie"`.
struct BarDeviceConfig {
  std::string bdf;                          ///< PCIe address, as 0000:65:00.0
  unsigned bar = 0;                         ///< 0..5; OpenNIC has its boxes in 2
  std::uint64_t offset = 0;                 ///< of the register space in the BAR, bytes, a multiple of 4
  std::optional<std::uint32_t> clock_hz{};  ///< of the core; else it keeps what it was built for
};

/// A card whose BAR is mapped into this process. Not run on hardware. `sysfs`: where the kernel shows its devices.
/// Errors: "PATH: why"; the register space is not within the BAR.
Expected<std::unique_ptr<Device>> open_bar_device(const BarDeviceConfig& config, const std::string& sysfs = "/sys");

}  // namespace synward
