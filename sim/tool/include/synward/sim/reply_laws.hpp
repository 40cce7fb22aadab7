// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {

/// What must be true of every frame that a card sends by itself, whatever it was asked (theory of operation, sections 2
/// and 3). It is shown all frames from the line first.
class ReplyLaws {
 public:
  void from_line(Bytes frame);
  /// Which law the card's own frame to the line breaks; empty for none.
  std::string broken_to_line(Bytes frame) const;
  /// The same for a mark, its own frame to the host.
  std::string broken_to_host(Bytes frame) const;

 private:
  struct Syn {
    std::uint32_t irs;
    std::vector<std::uint8_t> frame;
  };
  /// Of one flow. What is beyond is forgotten, the oldest first: nobody is answered so late.
  static constexpr std::size_t kMostSyns = 64;

  static std::string broken_syn_ack(const TcpView& view, Bytes frame, const Syn& syn);

  std::unordered_map<Flow, std::deque<Syn>, FlowHash> syns_;
  std::unordered_map<Flow, bool, FlowHash> flows_;
};

}  // namespace synward::sim
