// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "synward/expected.hpp"
#include "synward/file_descriptor.hpp"
#include "synward/sim/offload.hpp"

namespace synward::sim {

/// A network interface of this machine as a port of a card (packet(7)): every frame that comes in at it, as it would be
/// on a line, and frames that go out of it. While it is open the interface takes frames for all addresses. An interface
/// may go, and be made anew: see look_after().
class PacketPort {
 public:
  /// Needs CAP_NET_RAW. Errors: "INTERFACE: why".
  static Expected<PacketPort> open(const std::string& interface);

  /// -1 while there is no such interface.
  int fd() const { return socket_.get(); }
  const std::string& interface() const { return interface_; }

  /// Gives what waits, `most` frames of the interface at most. False where nothing did.
  bool receive(std::size_t most, const FrameSink& sink);
  /// A frame that finds no room within 10 ms is lost.
  void send(std::span<const std::uint8_t> frame);

  enum class Change : std::uint8_t { none, gone, back };
  /// Notices that the interface is gone, or another of its name there, which is opened then. To be called now and then.
  Change look_after();

  struct Counts {
    std::uint64_t received = 0, sent = 0;
    std::uint64_t not_understood = 0;  ///< frames that the kernel had left to offloads that no card has
    std::uint64_t lost_in = 0;         ///< the kernel had no room for them
    std::uint64_t lost_out = 0;        ///< the interface did not take them
  };
  /// Since the port was opened.
  Counts counts();

 private:
  PacketPort(FileDescriptor socket, std::string interface, unsigned index);

  FileDescriptor socket_;
  std::string interface_;
  unsigned index_;  ///< of the interface that is open
  Counts counts_;
  std::vector<std::uint8_t> buffer_, frame_;
};

}  // namespace synward::sim
