// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "synward/sim/card.hpp"

namespace synward::sim {

/// A card whose outgoing frames and counters a test may change, to see that the rest notices.
class TamperedCard final : public Card {
 public:
  /// Changes a frame that leaves; false loses it.
  using Tamper = std::function<bool(OutPort, std::vector<std::uint8_t>&)>;

  TamperedCard(std::unique_ptr<Card> card, Tamper tamper) : card_(std::move(card)), tamper_(std::move(tamper)) {}

  std::string_view core() const override { return card_->core(); }
  bool timed() const override { return card_->timed(); }
  void set_sink(Sink sink) override {
    card_->set_sink([this, sink = std::move(sink)](const OutFrame& frame) {
      std::vector<std::uint8_t> bytes(frame.bytes.begin(), frame.bytes.end());
      if (sink && tamper_(frame.port, bytes)) {
        sink({frame.port, frame.first_cycle, frame.last_cycle, bytes});
      }
    });
  }
  void offer(InPort port, std::span<const std::uint8_t> frame, std::uint64_t cycle) override {
    card_->offer(port, frame, cycle);
  }
  void offer_damaged(InPort port, std::span<const std::uint8_t> frame, std::uint64_t cycle) override {
    card_->offer_damaged(port, frame, cycle);
  }
  std::uint64_t now() const override { return card_->now(); }
  void run_until(std::uint64_t cycle) override { card_->run_until(cycle); }
  bool drain(std::uint64_t limit) override { return card_->drain(limit); }
  std::uint64_t quiet_until() const override { return card_->quiet_until(); }
  void set_stop(std::function<bool()> stop) override { card_->set_stop(std::move(stop)); }
  void reset() override { card_->reset(); }
  void set_time_origin(std::uint32_t ms) override { card_->set_time_origin(ms); }
  std::uint64_t clocks_evaluated() const override { return card_->clocks_evaluated(); }
  std::uint32_t read32(std::uint32_t offset) override {
    return card_->read32(offset) + (offset == wrong_register ? 1 : 0);
  }
  void write32(std::uint32_t offset, std::uint32_t value) override { card_->write32(offset, value); }

  std::uint32_t wrong_register = ~0U;  ///< reads one too many

 private:
  std::unique_ptr<Card> card_;
  Tamper tamper_;
};

}  // namespace synward::sim
