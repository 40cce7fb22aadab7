// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "synward/device.hpp"

namespace synward {

/// Temperatures that the kernel shows of a device: temp*_input in the folders hwmon/* of `device`, a folder of sysfs,
/// by their labels. Not run on hardware.
std::vector<Sensor> read_hwmon(const std::string& device);

}  // namespace synward
