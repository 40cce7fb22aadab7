// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "synward/expected.hpp"
#include "synward/file_descriptor.hpp"

namespace synward {

/// A stream socket that listens at a path, which is removed at the end if it still is the socket's.
class UnixListener {
 public:
  /// Takes the place of a socket that nobody listens at any more. `mode`: permissions of the socket. Errors: "PATH:
  /// why"; somebody listens there, the path is no socket or too long.
  static Expected<UnixListener> listen(const std::string& path, unsigned mode);
  UnixListener(UnixListener&&) = default;
  UnixListener& operator=(UnixListener&&) = delete;
  ~UnixListener();

  int fd() const { return fd_.get(); }
  /// False where the path has become somebody else's.
  bool in_place() const;
  /// The next client, or none where nobody waits. Never blocks.
  FileDescriptor accept() const;

 private:
  UnixListener(FileDescriptor fd, std::string path);

  FileDescriptor fd_;
  std::string path_;
  std::uint64_t inode_ = 0;  ///< of the path
};

/// Connects to the stream socket at `path`. The socket never blocks. Errors: "PATH: why".
Expected<FileDescriptor> connect_unix(const std::string& path);

using Deadline = std::chrono::steady_clock::time_point;

/// Sends all of `bytes` by a socket that does not block; never raises SIGPIPE. Errors: what stood in the way, without
/// the name of the peer.
Expected<void> send_all(const FileDescriptor& socket, std::span<const std::uint8_t> bytes, Deadline deadline);
/// Fills all of `bytes` from a socket that does not block. Errors as send_all().
Expected<void> receive_all(const FileDescriptor& socket, std::span<std::uint8_t> bytes, Deadline deadline);

}  // namespace synward
