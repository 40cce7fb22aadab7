// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>

#include "synward/sim/histogram.hpp"
#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {

/// Clocks from the first beat of a SYN in to the first beat of its SYN-ACK out, matched by the four-tuple and the SYN's
/// sequence number. Answers are expected in the order of the SYNs, and within kWindow clocks.
class SynLatency {
 public:
  /// A SYN whose answer has not come by then was not answered; more than any buffer of the card can hold.
  static constexpr std::uint64_t kWindow = 65536;

  /// A SYN went in at clock `cycle`; clocks never go back.
  void syn(const TcpView& view, std::uint64_t cycle);
  /// A SYN-ACK came out. One that answers no SYN (the server's own) is ignored.
  void syn_ack(const TcpView& view, std::uint64_t cycle);

  const Histogram& ipv4() const { return ipv4_; }
  const Histogram& ipv6() const { return ipv6_; }
  const Histogram& all() const { return all_; }

 private:
  struct Pending {
    Flow flow;
    std::uint32_t irs;
    std::uint64_t cycle;
  };

  std::deque<Pending> pending_;
  Histogram ipv4_, ipv6_, all_;
};

}  // namespace synward::sim
