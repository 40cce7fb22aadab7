// SPDX-License-Identifier: BSD-2-Clause
#include "live/peer.hpp"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>

namespace synward::test {

namespace {

class Descriptor {
 public:
  Descriptor(int number, const char* what) : number_(checked(number, what)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(number_); }
  int get() const { return number_; }

  /// Throws where a system call has failed.
  static int checked(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
  }

 private:
  int number_;
};

}  // namespace

void turn_off_checksum_offload(const std::string& interface) {
  const Descriptor any(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
  ethtool_value off{ETHTOOL_STXCSUM, 0};
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(&off);
  Descriptor::checked(ioctl(any.get(), SIOCETHTOOL, &request), interface.c_str());
}

void serve(std::uint16_t port, int connections) {
  constexpr unsigned kPatience = 10;  // seconds
  const Descriptor listener(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  sockaddr_in6 any{};  // IPv4 clients come as mapped addresses
  any.sin6_family = AF_INET6;
  any.sin6_port = htons(port);
  Descriptor::checked(bind(listener.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any), "bind");
  Descriptor::checked(listen(listener.get(), connections), "listen");
  std::puts("listening");
  std::fflush(stdout);
  for (int i = 0; i < connections; ++i) {
    alarm(kPatience);
    const Descriptor client(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept");
    char byte = 0;
    while (Descriptor::checked(static_cast<int>(recv(client.get(), &byte, 1, 0)), "recv") == 1 && byte != '\n') {
    }
    constexpr std::string_view kAnswer = "hello, client\n";
    Descriptor::checked(static_cast<int>(send(client.get(), kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL)), "send");
  }
}

}  // namespace synward::test
