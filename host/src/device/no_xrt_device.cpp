// SPDX-License-Identifier: BSD-2-Clause
// In the place of xrt_device.cpp where XRT is left out of the build.
#include "synward/xrt_device.hpp"

namespace synward {

Expected<std::unique_ptr<Device>> open_xrt_device(const XrtDeviceConfig& config) {
  return Error{"xrt: " + config.xclbin + ": built without XRT"};
}

}  // namespace synward
