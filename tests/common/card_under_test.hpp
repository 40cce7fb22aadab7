// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "common/setup.hpp"
#include "synward/sim/card.hpp"

namespace synward::test {

/// A frame that left the card, kept.
struct Sent {
  sim::OutPort port;
  std::uint64_t first_cycle, last_cycle;
  Bytes bytes;
};

/// Tables that fill soon.
inline constexpr sim::TableSizes kSmallTables{6, 6};

/// The card that this test program is about: the same tests are built for the Verilated core and for the reference.
std::unique_ptr<sim::Card> make_card_under_test(sim::TableSizes sizes = kSmallTables);
/// How many frames, one at a time, a property is tried on: as many as this card does in about a second.
int property_frames();

/// A card that keeps what it sends.
class CardUnderTest {
 public:
  CardUnderTest() {
    card_->set_sink([this](const sim::OutFrame& frame) {
      sent_.push_back({frame.port, frame.first_cycle, frame.last_cycle, Bytes(frame.bytes.begin(), frame.bytes.end())});
    });
  }

  sim::Card& card() { return *card_; }

  /// Offers one frame, runs until the card is idle, and returns what left.
  std::vector<Sent> exchange(ByteView frame, sim::InPort port = sim::InPort::line_rx) {
    sent_.clear();
    card_->offer(port, frame, card_->now());
    card_->drain();
    return std::exchange(sent_, {});
  }
  std::vector<Sent> take() { return std::exchange(sent_, {}); }

 private:
  std::unique_ptr<sim::Card> card_ = make_card_under_test();
  std::vector<Sent> sent_;
};

}  // namespace synward::test
