// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/packet_port.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace synward::sim {

namespace {

/// Longer than any segment that the kernel leaves to be cut.
constexpr std::size_t kLongest = 256 * 1024;
constexpr int kQueueBytes = 64 << 20;
constexpr int kSendWaitMs = 10;

Error failed(const std::string& interface, int error) {
  return Error{fmt::format("{}: {}", interface, std::generic_category().message(error))};
}

bool set_option(int fd, int level, int option, int value) {
  return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

std::optional<TagBeside> tag_of(const msghdr& message) {
  for (const cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(const_cast<msghdr*>(&message), const_cast<cmsghdr*>(part))) {
    if (part->cmsg_level != SOL_PACKET || part->cmsg_type != PACKET_AUXDATA) continue;
    tpacket_auxdata aux{};
    std::memcpy(&aux, CMSG_DATA(part), sizeof aux);
    if ((aux.tp_status & TP_STATUS_VLAN_VALID) == 0) return std::nullopt;
    const bool has_tpid = (aux.tp_status & TP_STATUS_VLAN_TPID_VALID) != 0;
    return TagBeside{has_tpid ? aux.tp_vlan_tpid : std::uint16_t{ETH_P_8021Q}, aux.tp_vlan_tci};
  }
  return std::nullopt;
}

}  // namespace

PacketPort::PacketPort(FileDescriptor socket, std::string interface, unsigned index)
    : socket_(std::move(socket)), interface_(std::move(interface)), index_(index), buffer_(kLongest) {}

Expected<PacketPort> PacketPort::open(const std::string& interface) {
  const unsigned index = if_nametoindex(interface.c_str());
  if (index == 0) return failed(interface, errno);
  // Nothing is seen before it is bound: of protocol 0.
  FileDescriptor fd(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return failed(interface, errno);
  if (!set_option(fd.get(), SOL_PACKET, PACKET_VNET_HDR, 1) || !set_option(fd.get(), SOL_PACKET, PACKET_AUXDATA, 1) ||
      !set_option(fd.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, 1))
    return failed(interface, errno);
  // Without the right to more, what is allowed.
  if (!set_option(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, kQueueBytes))
    set_option(fd.get(), SOL_SOCKET, SO_RCVBUF, kQueueBytes);
  if (!set_option(fd.get(), SOL_SOCKET, SO_SNDBUFFORCE, kQueueBytes))
    set_option(fd.get(), SOL_SOCKET, SO_SNDBUF, kQueueBytes);
  packet_mreq all{};
  all.mr_ifindex = static_cast<int>(index);
  all.mr_type = PACKET_MR_PROMISC;
  if (setsockopt(fd.get(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all) != 0) return failed(interface, errno);
  sockaddr_ll at{};
  at.sll_family = AF_PACKET;
  at.sll_protocol = htons(ETH_P_ALL);
  at.sll_ifindex = static_cast<int>(index);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) return failed(interface, errno);
  return PacketPort(std::move(fd), interface, index);
}

bool PacketPort::receive(std::size_t most, const FrameSink& sink) {
  std::size_t got = 0;
  for (; got < most; ++got) {
    Offload offload{};
    std::array<iovec, 2> parts{{{&offload, sizeof offload}, {buffer_.data(), buffer_.size()}}};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(tpacket_auxdata))> aux{};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    message.msg_control = aux.data();
    message.msg_controllen = aux.size();
    const ssize_t size = recvmsg(socket_.get(), &message, 0);
    if (size < static_cast<ssize_t>(sizeof offload)) break;
    frame_.assign(buffer_.begin(), buffer_.begin() + (size - static_cast<ssize_t>(sizeof offload)));
    ++counts_.received;
    if (!finish_frame(offload, tag_of(message), frame_, sink)) ++counts_.not_understood;
  }
  return got != 0;
}

void PacketPort::send(std::span<const std::uint8_t> frame) {
  Offload none{};
  const std::array<iovec, 2> parts{{{&none, sizeof none}, {const_cast<std::uint8_t*>(frame.data()), frame.size()}}};
  const auto sent = [&] { return writev(socket_.get(), parts.data(), static_cast<int>(parts.size())) >= 0; };
  bool done = sent();
  if (!done && (errno == EAGAIN || errno == ENOBUFS)) {
    pollfd room{socket_.get(), POLLOUT, 0};
    poll(&room, 1, kSendWaitMs);
    done = sent();
  }
  ++(done ? counts_.sent : counts_.lost_out);
}

PacketPort::Change PacketPort::look_after() {
  const unsigned index = if_nametoindex(interface_.c_str());
  if (socket_) {
    if (index == index_) return Change::none;
    counts();  // what the socket knows of losses ends with it
    socket_.close();
    return Change::gone;
  }
  if (index == 0) return Change::none;
  auto fresh = open(interface_);
  if (!fresh) return Change::none;
  socket_ = std::move(fresh->socket_);
  index_ = fresh->index_;
  return Change::back;
}

PacketPort::Counts PacketPort::counts() {
  tpacket_stats since_last{};
  socklen_t size = sizeof since_last;
  if (getsockopt(socket_.get(), SOL_PACKET, PACKET_STATISTICS, &since_last, &size) == 0)
    counts_.lost_in += since_last.tp_drops;
  return counts_;
}

}  // namespace synward::sim
