// SPDX-License-Identifier: BSD-2-Clause
#include "peer_guard.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

namespace synward::sim {

namespace {

void signal_process(int process, int signal) { syscall(SYS_pidfd_send_signal, process, signal, nullptr, 0); }

/// The guard's whole life, in a forked child: only what is safe in a signal handler is called.
[[noreturn]] void guard(int alive, int process) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    std::signal(signal, SIG_IGN);
  }
  // All others are copies that would keep sockets open behind the simulator's back.
  const auto low = static_cast<unsigned>(std::min(alive, process));
  const auto high = static_cast<unsigned>(std::max(alive, process));
  if (low > 0) {
    close_range(0, low - 1, 0);
  }
  if (high > low + 1) {
    close_range(low + 1, high - 1, 0);
  }
  close_range(high + 1, ~0U, 0);

  char released = 0;
  ssize_t size = -1;
  do {
    size = read(alive, &released, 1);
  } while (size < 0 && errno == EINTR);
  if (size == 0) {
    constexpr int kGraceMs = 2000;
    signal_process(process, SIGTERM);
    pollfd ended{process, POLLIN, 0};
    if (poll(&ended, 1, kGraceMs) == 0) {
      signal_process(process, SIGKILL);
    }
  }
  _exit(0);
}

}  // namespace

PeerGuard::PeerGuard(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  std::array<int, 2> ends{};
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || pipe2(ends.data(), O_CLOEXEC) != 0) {
    return;
  }
  const FileDescriptor reader(ends[0]);
  alive_ = FileDescriptor(ends[1]);
  const FileDescriptor process(static_cast<int>(syscall(SYS_pidfd_open, peer.pid, 0)));
  if (!process) {
    return;
  }
  guard_ = fork();
  if (guard_ == 0) {
    alive_.close();
    guard(reader.get(), process.get());
  }
}

PeerGuard::~PeerGuard() {
  alive_.close();
  if (guard_ > 0) {
    waitpid(guard_, nullptr, 0);
  }
}

void PeerGuard::release() {
  const char byte = 1;
  [[maybe_unused]] const auto written = write(alive_.get(), &byte, 1);
}

}  // namespace synward::sim
