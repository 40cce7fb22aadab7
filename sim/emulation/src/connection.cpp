// SPDX-License-Identifier: BSD-2-Clause
#include "connection.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace synward::sim {

bool Connection::receive() {
  received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(consumed_));
  consumed_ = 0;
  std::array<std::uint8_t, 65536> part;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  const auto size = recv(fd(), part.data(), part.size(), 0);
  if (size > 0) {
    received_.insert(received_.end(), part.begin(), part.begin() + size);
    return true;
  }
  return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

bool Connection::send(std::span<const std::uint8_t> bytes) {
  return static_cast<bool>(send_all(socket_, bytes, std::chrono::steady_clock::now()));
}

}  // namespace synward::sim
