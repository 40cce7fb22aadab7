// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <string_view>

#include "synward/file_descriptor.hpp"

namespace synward::test {

/// Connects to a port of the loopback, from an address of it. The socket blocks.
inline FileDescriptor connect_tcp(int port, const char* from = "127.0.0.1") {
  FileDescriptor fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval patience{1, 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, from, &address.sin_addr);
  if (bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return {};
  }
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 ? std::move(fd)
                                                                                       : FileDescriptor();
}

/// Whether it went.
inline bool say(const FileDescriptor& fd, std::string_view text) {
  return fd && send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

/// What comes until the other end hangs up, or for so long. By poll(2): where many connections are held, httplib's
/// client, which has select(2), ends at descriptor 1023.
inline std::string listen_to(const FileDescriptor& fd, std::chrono::milliseconds patience, std::size_t keep = 0) {
  using Clock = std::chrono::steady_clock;
  std::string heard;
  std::array<char, 65'536> part;
  for (const auto end = Clock::now() + patience; fd;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd watched{fd.get(), POLLIN, 0};
    if (left <= 0 || poll(&watched, 1, static_cast<int>(left)) <= 0) {
      break;
    }
    errno = 0;
    const auto got = recv(fd.get(), part.data(), part.size(), MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
      break;
    }
    heard.append(part.data(),
                 std::min(keep - std::min(keep, heard.size()), static_cast<std::size_t>(std::max<ssize_t>(got, 0))));
  }
  return heard;
}

}  // namespace synward::test
