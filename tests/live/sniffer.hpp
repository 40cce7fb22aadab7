// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <optional>

#include "common/frame.hpp"
#include "live/live_network.hpp"
#include "synward/sim/tcp_frame.hpp"

namespace synward::test {

/// What passes an interface, either way, from now on; and what is put on it.
class Sniffer {
 public:
  Sniffer(const Namespace& where, const std::string& interface);

  using Wanted = std::function<bool(const sim::TcpView&)>;
  /// The next TCP segment that is wanted, or nothing after `ms`. As the interface's kernel has it: offloads may be to
  /// come.
  std::optional<Bytes> next(const Wanted& wanted, int ms = kLivePatience) const;
  /// How many frames have come by now for which this holds.
  std::size_t count(const std::function<bool(ByteView)>& wanted) const;
  /// Sends a frame out of the interface; false where there was no room.
  bool send(ByteView frame) const;

 private:
  FileDescriptor socket_;
};

/// The Ethernet address of an interface.
std::array<std::uint8_t, 6> mac_of(const Namespace& where, const std::string& interface);

}  // namespace synward::test
