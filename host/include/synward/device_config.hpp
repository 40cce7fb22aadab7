// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <toml++/toml.h>

#include <memory>
#include <string>
#include <variant>

#include "synward/bar_device.hpp"
#include "synward/device.hpp"
#include "synward/expected.hpp"
#include "synward/socket_device.hpp"
#include "synward/xrt_device.hpp"

namespace synward {

/// Where the card is: the table [device] of a configuration (docs/host.md, section 1).
using DeviceConfig = std::variant<XrtDeviceConfig, BarDeviceConfig, SocketDeviceConfig>;

/// Reads the table [device] of `file`. Errors are one line, "FILE:LINE: KEY: what".
Expected<DeviceConfig> device_config_from_table(const toml::table& table, const std::string& file);

/// What a device is called in messages: "xrt FILE", "pcie BDF", "sim SOCKET".
std::string to_string(const DeviceConfig& config);

/// Opens a device; it has not been looked whether a Synward card is there. Errors are one line.
Expected<std::unique_ptr<Device>> open_device(const DeviceConfig& config);

}  // namespace synward
