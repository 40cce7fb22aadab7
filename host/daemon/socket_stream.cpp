// SPDX-License-Identifier: BSD-2-Clause
#include "socket_stream.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace synward {

namespace {

constexpr std::chrono::milliseconds kLookAround{100};  ///< how long the end may go unseen

}  // namespace

bool SocketStream::begin_request(std::chrono::milliseconds time) {
  deadline_ = Clock::now() + time;
  left_ = kMostRequest;
  return has_more() || fill() > 0;
}

/// Reads ahead; like recv().
ssize_t SocketStream::fill() {
  if (!wait(POLLIN, deadline_)) {
    return -1;
  }
  const auto got = recv(fd_, buffer_.data(), buffer_.size(), 0);
  begin_ = 0;
  end_ = got > 0 ? static_cast<std::size_t>(got) : 0;
  return got;
}

bool SocketStream::wait(short events, Clock::time_point deadline) const {
  for (auto now = Clock::now(); now < deadline && !ending_; now = Clock::now()) {
    const auto left = std::min(kLookAround, std::chrono::ceil<std::chrono::milliseconds>(deadline - now));
    pollfd watched{fd_, events, 0};
    const int ready = poll(&watched, 1, static_cast<int>(left.count()));
    if (ready > 0) {
      return true;
    }
    if (ready < 0 && errno != EINTR) {
      return false;
    }
  }
  return false;
}

bool SocketStream::peer_gone() const {
  pollfd watched{fd_, 0, 0};
  return poll(&watched, 1, 0) > 0 && (watched.revents & (POLLHUP | POLLERR)) != 0;
}

bool SocketStream::is_readable() const { return has_more() || wait(POLLIN, deadline_); }

bool SocketStream::is_writable() const { return wait(POLLOUT, deadline_); }

ssize_t SocketStream::read(char* ptr, size_t size) {
  if (left_ == 0) {
    return -1;
  }
  if (!has_more()) {
    if (const auto got = fill(); got <= 0) {
      return got;
    }
  }
  const auto taken = std::min({size, end_ - begin_, left_});
  std::memcpy(ptr, buffer_.data() + begin_, taken);
  begin_ += taken;
  left_ -= taken;
  return static_cast<ssize_t>(taken);
}

ssize_t SocketStream::write(const char* ptr, size_t size) {
  if (!wait(POLLOUT, deadline_)) {
    return -1;
  }
  const auto sent = send(fd_, ptr, size, MSG_NOSIGNAL);
  return sent < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : sent;
}

// Nobody asks by address: who a client is, the system tells.
void SocketStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

void SocketStream::get_local_ip_and_port(std::string& ip, int& port) const { get_remote_ip_and_port(ip, port); }

}  // namespace synward
