// SPDX-License-Identifier: BSD-2-Clause
#include "driver/network.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "synward/driver/kernel.hpp"

namespace synward::test {

namespace {

constexpr const char* kAddress4 = "10.77.0.1";
constexpr const char* kAddress6 = "fd00:77::1";

void check(bool right, const char* what) {
  if (!right) throw std::system_error(errno, std::generic_category(), what);
}

void run(const char* command) {
  if (std::system(command) != 0) throw std::runtime_error(command);
}

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress socket_address(bool v6, const char* text, std::uint16_t port) {
  SocketAddress address;
  if (v6) {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(port);
    if (text != nullptr) inet_pton(AF_INET6, text, &in.sin6_addr);
    std::memcpy(&address.storage, &in, address.size = sizeof in);
  } else {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    if (text != nullptr) inet_pton(AF_INET, text, &in.sin_addr);
    std::memcpy(&address.storage, &in, address.size = sizeof in);
  }
  return address;
}

}  // namespace

std::string Network::missing() {
  if (geteuid() != 0) return "needs root";
  const driver::KernelSupport support = driver::probe_kernel();
  return support.whole() ? "" : support.missing().front();
}

Network::Network() {
  check(unshare(CLONE_NEWNET) == 0, "unshare");
  // /proc/sys/net is that of the reader's namespace.
  run("ip link set lo up && ip link add server address 02:00:00:00:00:07 type veth peer name card address "
      "02:00:00:00:00:01");
  set_sysctl("conf.all.accept_local", "1");
  set_sysctl("conf.server.accept_local", "1");
  run("sysctl -qw net.ipv6.conf.card.disable_ipv6=1 net.ipv6.conf.server.accept_dad=0");
  run("ip address add 10.77.0.1/24 dev server && ip address add fd00:77::1/64 dev server nodad && "
      "ip link set server up && ip link set card up");
  server_ = if_nametoindex("server");
  card_ = FileDescriptor(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)));
  check(static_cast<bool>(card_), "socket");
  sockaddr_ll at{};
  at.sll_family = AF_PACKET;
  at.sll_protocol = htons(ETH_P_ALL);
  at.sll_ifindex = static_cast<int>(if_nametoindex("card"));
  check(bind(card_.get(), reinterpret_cast<sockaddr*>(&at), sizeof at) == 0, "bind");
  const int one = 1;
  check(setsockopt(card_.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one) == 0, "PACKET_IGNORE_OUTGOING");
}

void Network::send(ByteView frame) const {
  check(::send(card_.get(), frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size()), "send");
}

Bytes Network::next_frame(int ms) const {
  pollfd wait{card_.get(), POLLIN, 0};
  if (poll(&wait, 1, ms) != 1) return {};
  Bytes frame(2048);
  const ssize_t got = recv(card_.get(), frame.data(), frame.size(), 0);
  frame.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return frame;
}

Bytes Network::next_status(int ms) const {
  for (;;) {
    // The kernel has things of its own to say.
    Bytes frame = next_frame(ms);
    if (frame.size() < 14 || (frame[12] == 0x88 && frame[13] == 0xb5)) return frame;
  }
}

void Network::forget() const {
  while (!next_frame(0).empty()) {
  }
}

void Network::set_sysctl(const std::string& name, const std::string& value) {
  std::string path = "/proc/sys/net/ipv4/" + name;
  for (char& c : path) c = c == '.' ? '/' : c;
  std::ofstream file(path);
  file << value << std::flush;
  check(static_cast<bool>(file), path.c_str());
}

FileDescriptor listen_at(bool v6, std::uint16_t port, int backlog, int protocol) {
  FileDescriptor fd(socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, protocol));
  check(static_cast<bool>(fd), "socket");
  const int one = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (v6) setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
  SocketAddress address = socket_address(v6, nullptr, port);
  check(bind(fd.get(), address.get(), address.size) == 0, "bind");
  check(listen(fd.get(), backlog) == 0, "listen");
  return fd;
}

FileDescriptor connect_without_accept(bool v6, std::uint16_t port) {
  FileDescriptor fd(socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  SocketAddress address = socket_address(v6, v6 ? kAddress6 : kAddress4, port);
  check(connect(fd.get(), address.get(), address.size) == 0, "connect");
  return fd;
}

Connected connect_to(bool v6, const FileDescriptor& listener, std::uint16_t port) {
  Connected made;
  made.client = connect_without_accept(v6, port);
  made.server = FileDescriptor(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  check(static_cast<bool>(made.server), "accept");
  SocketAddress own;
  own.size = sizeof own.storage;
  getsockname(made.client.get(), own.get(), &own.size);
  made.client_port = v6 ? ntohs(reinterpret_cast<sockaddr_in6*>(&own.storage)->sin6_port)
                        : ntohs(reinterpret_cast<sockaddr_in*>(&own.storage)->sin_port);
  return made;
}

std::uint32_t rcv_nxt(const FileDescriptor& socket) {
  int on = 1, queue = TCP_RECV_QUEUE, off = 0;
  std::uint32_t seq = 0;
  socklen_t size = sizeof seq;
  check(setsockopt(socket.get(), IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) == 0, "TCP_REPAIR");
  check(setsockopt(socket.get(), IPPROTO_TCP, TCP_REPAIR_QUEUE, &queue, sizeof queue) == 0, "TCP_REPAIR_QUEUE");
  check(getsockopt(socket.get(), IPPROTO_TCP, TCP_QUEUE_SEQ, &seq, &size) == 0, "TCP_QUEUE_SEQ");
  check(setsockopt(socket.get(), IPPROTO_TCP, TCP_REPAIR, &off, sizeof off) == 0, "TCP_REPAIR");
  return seq;
}

}  // namespace synward::test
