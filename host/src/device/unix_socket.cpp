// SPDX-License-Identifier: BSD-2-Clause
#include "synward/unix_socket.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace synward {

namespace {

Error error_at(const std::string& path) { return Error{fmt::format("{}: {}", path, std::strerror(errno))}; }

FileDescriptor new_socket() { return FileDescriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)); }

Expected<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // One byte is left for the end of the string.
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return Error{fmt::format("{}: a socket's path has 1 to {} bytes", path, sizeof address.sun_path - 1)};
  }
  std::copy(path.begin(), path.end(), std::begin(address.sun_path));
  return address;
}

const sockaddr* generic(const sockaddr_un& address) { return reinterpret_cast<const sockaddr*>(&address); }

/// Waits until the socket is ready for `events`, or the deadline has passed.
Expected<void> wait_ready(int fd, short events, Deadline deadline) {
  using std::chrono::milliseconds;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd watched{fd, events, 0};
    const auto ready = poll(&watched, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1000)));
    if (ready > 0) {
      return {};
    }
    if (ready < 0 && errno != EINTR) {
      return Error{std::strerror(errno)};
    }
    if (left <= milliseconds(0)) {
      return Error{"no answer in time"};
    }
  }
}

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

/// Makes the socket's file with its mode: to change that of a path would change whatever somebody put there meanwhile.
bool bind_with_mode(int fd, const sockaddr_un& address, unsigned mode) {
  const auto before = umask(0);
  const bool bound = fchmod(fd, mode) == 0 && bind(fd, generic(address), sizeof address) == 0;
  const int why = errno;
  umask(before);
  errno = why;
  return bound;
}

/// The inode of a path; 0 where there is none.
std::uint64_t inode_of(const std::string& path) {
  struct stat found {};
  return lstat(path.c_str(), &found) == 0 ? found.st_ino : 0;
}

/// Makes way for a new socket at `path`. An error where the path is somebody's.
Expected<void> remove_stale(const std::string& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0) {
    return {};
  }
  if (!S_ISSOCK(found.st_mode)) {
    return Error{path + ": exists and is not a socket"};
  }
  if (connect_unix(path)) {
    return Error{path + ": somebody listens there already"};
  }
  if (unlink(path.c_str()) != 0 && errno != ENOENT) {
    return error_at(path);
  }
  return {};
}

}  // namespace

Expected<UnixListener> UnixListener::listen(const std::string& path, unsigned mode) {
  constexpr int kBacklog = 4096;  // a flood of clients fills it later
  const auto address = address_of(path);
  if (!address) {
    return address.error();
  }
  if (auto removed = remove_stale(path); !removed) {
    return removed.error();
  }
  FileDescriptor fd = new_socket();
  if (!fd || !bind_with_mode(fd.get(), *address, mode)) {
    return error_at(path);
  }
  UnixListener listener(std::move(fd), path);
  if (::listen(listener.fd(), kBacklog) != 0) {
    return error_at(path);
  }
  return listener;
}

UnixListener::UnixListener(FileDescriptor fd, std::string path)
    : fd_(std::move(fd)), path_(std::move(path)), inode_(inode_of(path_)) {}

UnixListener::~UnixListener() {
  if (fd_ && in_place()) {
    unlink(path_.c_str());
  }
}

bool UnixListener::in_place() const { return inode_of(path_) == inode_; }

FileDescriptor UnixListener::accept() const {
  return FileDescriptor(accept4(fd_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

Expected<FileDescriptor> connect_unix(const std::string& path) {
  const auto address = address_of(path);
  if (!address) {
    return address.error();
  }
  FileDescriptor fd = new_socket();
  if (!fd || connect(fd.get(), generic(*address), sizeof *address) != 0) {
    return error_at(path);
  }
  return fd;
}

Expected<void> send_all(const FileDescriptor& socket, std::span<const std::uint8_t> bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const auto sent = send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    } else if (!would_block(errno)) {
      return Error{std::strerror(errno)};
    } else if (auto ready = wait_ready(socket.get(), POLLOUT, deadline); !ready) {
      return ready;
    }
  }
  return {};
}

Expected<void> receive_all(const FileDescriptor& socket, std::span<std::uint8_t> bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const auto received = recv(socket.get(), bytes.data(), bytes.size(), 0);
    if (received > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(received));
    } else if (received == 0) {
      return Error{"the connection was closed"};
    } else if (!would_block(errno)) {
      return Error{std::strerror(errno)};
    } else if (auto ready = wait_ready(socket.get(), POLLIN, deadline); !ready) {
      return ready;
    }
  }
  return {};
}

}  // namespace synward
