// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include "synward/daemon_config.hpp"
#include "synward/expected.hpp"
#include "synward/unix_socket.hpp"

namespace synward {

/// The sockets that the daemon listens at. Their paths are removed at the end.
struct Listeners {
  FileDescriptor lock;  ///< of the admin socket's path: one daemon at a time
  UnixListener admin;
  UnixListener everyone;
  std::optional<FileDescriptor> tcp;

  /// Makes folders that are missing (mode 0755). Sockets of a daemon that died are replaced, those of one that lives
  /// are not. Errors: "PATH: why", "ADDRESS:PORT: why"; a folder in which others could put their own in its place.
  static Expected<Listeners> open(const ApiSettings& settings);
};

}  // namespace synward
