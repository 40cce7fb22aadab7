// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include "common/frame.hpp"
#include "synward/file_descriptor.hpp"

namespace synward::test {

/// A network namespace of this process, instead of the one it was in, with a pair of interfaces: "server", which has
/// the addresses 10.77.0.1 and fd00:77::1 as loopback has them too, and "card", whose frames a socket sees. It is gone
/// with the last that is in it, and what it had open.
class Network {
 public:
  /// Why there can be none here; empty where there can.
  static std::string missing();
  Network();

  unsigned server() const { return server_; }
  /// Lets a frame come in at "server".
  void send(ByteView frame) const;
  /// The next control frame that came out of "server", or nothing after `ms`.
  Bytes next_status(int ms = 1'000) const;
  /// Throws away all that came.
  void forget() const;

  /// Sets net.ipv4.NAME.
  static void set_sysctl(const std::string& name, const std::string& value);

 private:
  Bytes next_frame(int ms) const;

  unsigned server_ = 0;
  FileDescriptor card_;
};

/// A listening TCP socket at `port` of the family's any address (IPv6: of that family alone). `protocol` 262: MPTCP.
FileDescriptor listen_at(bool v6, std::uint16_t port, int backlog = 16, int protocol = 0);

/// A connection within the namespace, from 10.77.0.1 or fd00:77::1 to itself: both ends.
struct Connected {
  FileDescriptor client, server;
  std::uint16_t client_port = 0;
};
Connected connect_to(bool v6, const FileDescriptor& listener, std::uint16_t port);
/// Connections that nobody accepts, until the kernel takes no more than `count`.
FileDescriptor connect_without_accept(bool v6, std::uint16_t port);

/// The next number that a socket expects of its peer.
std::uint32_t rcv_nxt(const FileDescriptor& socket);

}  // namespace synward::test
