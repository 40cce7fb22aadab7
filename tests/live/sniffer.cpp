// SPDX-License-Identifier: BSD-2-Clause
#include "live/sniffer.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <stdexcept>

namespace synward::test {

namespace {

constexpr std::size_t kLongest = 128 * 1024;

std::optional<Bytes> read_frame(const FileDescriptor& socket, int ms) {
  pollfd wait{socket.get(), POLLIN, 0};
  if (poll(&wait, 1, std::max(ms, 0)) != 1) return std::nullopt;
  Bytes frame(kLongest);
  const ssize_t size = recv(socket.get(), frame.data(), frame.size(), MSG_DONTWAIT);
  frame.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return frame;
}

}  // namespace

Sniffer::Sniffer(const Namespace& where, const std::string& interface) {
  where.run([&] {
    socket_ = FileDescriptor(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)));
    sockaddr_ll at{};
    at.sll_family = AF_PACKET;
    at.sll_protocol = htons(ETH_P_ALL);
    at.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
    if (!socket_ || bind(socket_.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
      throw std::runtime_error(interface + " cannot be watched");
    const int room = 64 << 20;
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  });
}

std::optional<Bytes> Sniffer::next(const Wanted& wanted, int ms) const {
  using std::chrono::milliseconds;
  const auto end = std::chrono::steady_clock::now() + milliseconds(ms);
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now()).count();
    auto frame = read_frame(socket_, static_cast<int>(left));
    if (!frame) return std::nullopt;
    const auto view = sim::parse_tcp(*frame);
    if (view && wanted(*view)) return frame;
  }
}

std::size_t Sniffer::count(const std::function<bool(ByteView)>& wanted) const {
  std::size_t counted = 0;
  while (const auto frame = read_frame(socket_, 0)) counted += wanted(*frame) ? 1 : 0;
  return counted;
}

bool Sniffer::send(ByteView frame) const {
  return ::send(socket_.get(), frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size());
}

std::array<std::uint8_t, 6> mac_of(const Namespace& where, const std::string& interface) {
  std::array<std::uint8_t, 6> mac{};
  where.run([&] {
    // An ioctl: /sys shows the interfaces of the namespace in which it was mounted.
    const FileDescriptor any(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    interface.copy(request.ifr_name, IFNAMSIZ - 1);
    if (ioctl(any.get(), SIOCGIFHWADDR, &request) != 0) throw std::runtime_error(interface + " has no address");
    std::memcpy(mac.data(), request.ifr_hwaddr.sa_data, mac.size());
  });
  return mac;
}

}  // namespace synward::test
