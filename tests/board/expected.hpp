// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <memory>

#include "board/board.hpp"
#include "common/frame.hpp"
#include "common/setup.hpp"
#include "synward/sim/card.hpp"

namespace synward::test {

/// Frames that left, by port; on the line the card's answers and the host's frames apart, since their interleaving is a
/// matter of time. Frames from the host are told by a source MAC that nobody else has.
struct Output {
  static constexpr std::array<std::uint8_t, 6> kFromHost{0x5e, 0x11, 0x22, 0x33, 0x44, 0x55};

  std::deque<Bytes> answers, from_host, to_host;

  static void mark_as_from_host(Bytes& frame) {
    frame.resize(std::max<std::size_t>(frame.size(), 14));
    std::copy(kFromHost.begin(), kFromHost.end(), frame.begin() + 6);
  }
  void add(bool to_line, Bytes frame) {
    frame.resize(std::max<std::size_t>(frame.size(), 60));  // what a MAC does
    const bool marked = std::equal(kFromHost.begin(), kFromHost.end(), frame.begin() + 6);
    (!to_line ? to_host : marked ? from_host : answers).push_back(std::move(frame));
  }
};

/// The board, programmed, and beside it the reference card, which gets what the MACs hand over and never loses a frame.
class BoardAndReference {
 public:
  explicit BoardAndReference(const Board::Settings& settings) {
    board.reset(settings);
    reference->set_time_origin(settings.origin_ms);
    reference->set_sink([this](const sim::OutFrame& frame) {
      expected.add(frame.port == sim::OutPort::line_tx, Bytes(frame.bytes.begin(), frame.bytes.end()));
    });
    for (Device* device : {static_cast<Device*>(&board), static_cast<Device*>(reference.get())})
      program(*device, default_services(), default_secrets());
    board.on_in([this](const Board::In& in) {
      const sim::InPort port = in.port == Port::line ? sim::InPort::line_rx : sim::InPort::host_rx;
      if (in.damaged) {
        reference->offer_damaged(port, in.bytes, in.cycle);
      } else {
        reference->offer(port, in.bytes, in.cycle);
      }
    });
    board.on_out([this](const Board::Out& out) { sent.add(out.port == Port::line, out.bytes); });
  }
  BoardAndReference(const BoardAndReference&) = delete;
  BoardAndReference& operator=(const BoardAndReference&) = delete;
  ~BoardAndReference() {
    board.on_in(nullptr);
    board.on_out(nullptr);
  }

  /// Until both have come to rest.
  bool drain() { return board.drain() && reference->drain(); }

  Board& board = Board::get();
  std::unique_ptr<sim::Card> reference = sim::make_reference_card();
  Output sent, expected;
};

}  // namespace synward::test
