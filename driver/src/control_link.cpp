// SPDX-License-Identifier: BSD-2-Clause
#include "synward/driver/control_link.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace synward::driver {

Expected<ControlLink> ControlLink::open(const std::string& interface) {
  const auto failed = [&](const char* what) {
    return Error{fmt::format("{}: {}: {}", interface, what, std::generic_category().message(errno))};
  };
  // No protocol until it is bound: not one frame of another interface gets in.
  FileDescriptor fd(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return failed("control frames need CAP_NET_RAW");
  ifreq request{};
  if (interface.size() >= sizeof request.ifr_name) return Error{interface + ": no such interface"};
  std::ranges::copy(interface, request.ifr_name);
  if (ioctl(fd.get(), SIOCGIFHWADDR, &request) != 0) return failed("no such interface in this network namespace");
  if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER) return Error{interface + ": has no Ethernet headers"};
  control::Mac mac{};
  std::copy_n(request.ifr_hwaddr.sa_data, mac.size(), mac.begin());
  const auto index = static_cast<int>(if_nametoindex(interface.c_str()));
  const int one = 1;
  if (setsockopt(fd.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one) != 0)
    return failed("PACKET_IGNORE_OUTGOING");
  packet_mreq group{};
  group.mr_ifindex = index;
  group.mr_type = PACKET_MR_MULTICAST;
  group.mr_alen = control::kMulticast.size();
  std::ranges::copy(control::kMulticast, group.mr_address);
  if (setsockopt(fd.get(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &group, sizeof group) != 0)
    return failed("beacons cannot be listened to");
  sockaddr_ll at{};
  at.sll_family = AF_PACKET;
  at.sll_protocol = htons(control::kEtherType);
  at.sll_ifindex = index;
  if (bind(fd.get(), reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return failed("bind");
  return ControlLink(std::move(fd), mac);
}

std::vector<std::uint8_t> ControlLink::receive() const {
  std::vector<std::uint8_t> frame(control::kLongestFrame + 1);
  const ssize_t got = recv(socket_.get(), frame.data(), frame.size(), 0);
  frame.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return frame;
}

bool ControlLink::send(std::span<const std::uint8_t> frame) const {
  return ::send(socket_.get(), frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size());
}

}  // namespace synward::driver
