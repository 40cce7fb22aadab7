// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/types.h>

#include "synward/unix_socket.hpp"

namespace synward::sim {

/// XRT does not notice that its simulator has gone, and waits for it with all of a processor. A guard, a process of its
/// own, ends the host program at the other end of a socket, by SIGTERM and two seconds later by SIGKILL, once this
/// process is gone, whatever way it went, or the guard is destroyed without having been released.
class PeerGuard {
 public:
  explicit PeerGuard(int socket);
  PeerGuard(const PeerGuard&) = delete;
  PeerGuard& operator=(const PeerGuard&) = delete;
  ~PeerGuard();

  /// The host program needs the simulator no more.
  void release();

 private:
  FileDescriptor alive_;  ///< a pipe: its end tells the guard
  pid_t guard_ = -1;
};

}  // namespace synward::sim
