// SPDX-License-Identifier: BSD-2-Clause
#include "synward/device_config.hpp"

namespace synward {

namespace {

struct Open {
  Expected<std::unique_ptr<Device>> operator()(const XrtDeviceConfig& config) const { return open_xrt_device(config); }
  Expected<std::unique_ptr<Device>> operator()(const BarDeviceConfig& config) const { return open_bar_device(config); }
  Expected<std::unique_ptr<Device>> operator()(const SocketDeviceConfig& config) const {
    return open_socket_device(config);
  }
};

struct Name {
  std::string operator()(const XrtDeviceConfig& config) const { return "xrt " + config.xclbin; }
  std::string operator()(const BarDeviceConfig& config) const { return "pcie " + config.bdf; }
  std::string operator()(const SocketDeviceConfig& config) const { return "sim " + config.socket; }
};

}  // namespace

std::string to_string(const DeviceConfig& config) { return std::visit(Name{}, config); }

Expected<std::unique_ptr<Device>> open_device(const DeviceConfig& config) { return std::visit(Open{}, config); }

}  // namespace synward
