// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <string>

#include "synward/device.hpp"
#include "synward/expected.hpp"

namespace synward {

/// `backend = "sim"`.
struct SocketDeviceConfig {
  std::string socket;  ///< path of the unix socket at which a simulation listens
};

/// A simulated card behind a unix socket (socket_protocol.hpp). A simulation that does not answer within 5 s is a
/// fault. Errors: "PATH: why"; it speaks another version.
Expected<std::unique_ptr<Device>> open_socket_device(const SocketDeviceConfig& config);

}  // namespace synward
