// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "synward/card.hpp"
#include "synward/device.hpp"
#include "synward/event.hpp"
#include "synward/secrets.hpp"
#include "synward/sim/card.hpp"
#include "synward/sim/card_ports.hpp"
#include "synward/sim/tcp_frame.hpp"

namespace synward {

/// A reference card in a slot: the test sends it frames and lets its time pass, pulls it out and puts another in, while
/// a keeper in any thread reaches it by devices. Thread safe.
class PluggedCard {
 public:
  PluggedCard() { plug_fresh(); }

  /// What a keeper opens. Fails for good once its card is out.
  Expected<std::unique_ptr<Device>> open() {
    const std::lock_guard lock(mutex_);
    if (!card_) {
      return Error{"slot 1: empty"};
    }
    ++opened_;
    return std::unique_ptr<Device>(std::make_unique<Plug>(*this, generation_));
  }

  void pull() {
    const std::lock_guard lock(mutex_);
    card_.reset();
    ++generation_;
  }
  /// The bus gives all ones, and no error.
  void go_silent() {
    const std::lock_guard lock(mutex_);
    silent_ = true;
  }
  /// A card that has just been powered up.
  void put_in() {
    const std::lock_guard lock(mutex_);
    plug_fresh();
    ++generation_;
  }
  /// The card loses its state; devices still reach it.
  void reset() {
    const std::lock_guard lock(mutex_);
    plug_fresh();
  }
  /// The next cards to be put in have no network ports beside their core.
  void be_in_a_shell() {
    const std::lock_guard lock(mutex_);
    in_a_shell_ = true;
    plug_fresh();
  }
  /// Does something to the ports or their cables.
  template <typename Do>
  void ports(Do act) {
    const std::lock_guard lock(mutex_);
    act(*ports_);
  }
  /// The card says that it had refused so many events of each code already.
  void has_lost(std::uint32_t events) {
    const std::lock_guard lock(mutex_);
    lost_before_ = events;
  }
  /// What ENGINE_STATUS says from now on, until another card is put in.
  void engine_says(std::uint32_t status) {
    const std::lock_guard lock(mutex_);
    engine_status_ = status;
  }
  int opened() const {
    const std::lock_guard lock(mutex_);
    return opened_;
  }

  /// The card's time goes on.
  void pass(std::int64_t ms) {
    const std::lock_guard lock(mutex_);
    if (card_) {
      card_->run_until(card_->now() + static_cast<std::uint64_t>(static_cast<double>(ms) * sim::kClockHz / 1000));
    }
  }
  /// A segment from the line; gives the TCP frames that left for the line for it.
  std::vector<std::vector<std::uint8_t>> send(std::string_view foreign, std::uint16_t fport, std::string_view local,
                                              std::uint16_t lport, std::uint8_t flags, std::uint32_t seq = 1000,
                                              std::uint32_t ack = 0) {
    sim::TcpFields fields;
    fields.flow = {*parse_address(foreign), *parse_address(local), fport, lport};
    fields.flags = flags;
    fields.seq = seq;
    fields.ack = ack;
    const std::lock_guard lock(mutex_);
    sent_.clear();
    card_->offer(sim::InPort::line_rx, sim::build_tcp(fields), card_->now());
    card_->drain();
    return std::move(sent_);
  }
  void syn(std::string_view foreign, std::uint16_t fport, std::string_view local = "203.0.113.7",
           std::uint16_t lport = 443) {
    send(foreign, fport, local, lport, sim::tcp_flag::syn);
  }

  /// A frame from the server's side.
  void from_host(std::span<const std::uint8_t> frame) {
    const std::lock_guard lock(mutex_);
    card_->offer(sim::InPort::host_rx, frame, card_->now());
    card_->drain();
  }
  /// Control frames of the card's own host that went to the servers since the last call.
  std::vector<std::vector<std::uint8_t>> mail_out() {
    const std::lock_guard lock(mutex_);
    return std::exchange(mail_out_, {});
  }

  /// Frames that went on to the server since the card was put in, marks among them.
  std::size_t to_host() const {
    const std::lock_guard lock(mutex_);
    return to_host_;
  }

  /// Another key of the tables, which clears them: where connections go must not be a matter of luck.
  [[nodiscard]] Expected<void> write_table_key(const Key& key) {
    const std::lock_guard lock(mutex_);
    return write_key(*card_, key, reg::SecretCommit::table_key);
  }

  std::uint32_t read(std::uint32_t offset) {
    const std::lock_guard lock(mutex_);
    return card_->read32(offset);
  }

 private:
  class Plug : public Device {
   public:
    Plug(PluggedCard& slot, int generation) : slot_(slot), generation_(generation) {}
    std::uint32_t read32(std::uint32_t offset) override {
      const std::lock_guard lock(slot_.mutex_);
      if (!there() || slot_.silent_) {
        return 0xffffffff;
      }
      if (offset == reg::kEngineStatus && slot_.engine_status_) {
        return *slot_.engine_status_;
      }
      const auto value = slot_.ports_->read32(offset);
      return offset >= reg::kEventLost && offset < reg::kEventLost + 4 * kEventCodes ? value + slot_.lost_before_
                                                                                     : value;
    }
    void write32(std::uint32_t offset, std::uint32_t value) override {
      const std::lock_guard lock(slot_.mutex_);
      if (there()) {
        slot_.ports_->write32(offset, value);
      }
    }
    std::uint32_t space() const override { return slot_.in_a_shell_ ? kRegisterSpace : kCardSpace; }
    std::optional<Error> fault() const override {
      const std::lock_guard lock(slot_.mutex_);
      return there() ? std::nullopt : std::optional(Error{"slot 1: the card was pulled"});
    }

   private:
    bool there() const { return slot_.generation_ == generation_; }

    PluggedCard& slot_;
    int generation_;
  };

  void plug_fresh() {
    silent_ = false;
    to_host_ = 0;
    lost_before_ = 0;
    engine_status_.reset();
    card_ = sim::make_reference_card({6, 6});
    ports_ = std::make_unique<sim::CardPorts>(*card_);
    card_->set_sink([this](const sim::OutFrame& frame) {
      constexpr std::size_t kType = 12;
      const bool mail = frame.port == sim::OutPort::host_tx && frame.bytes.size() > kType + 1 &&
                        frame.bytes[kType] == 0x88 && frame.bytes[kType + 1] == 0xb5;
      if (mail) {
        mail_out_.emplace_back(frame.bytes.begin(), frame.bytes.end());
      }
      to_host_ += frame.port == sim::OutPort::host_tx ? 1 : 0;
      if (frame.port == sim::OutPort::line_tx) {
        sent_.emplace_back(frame.bytes.begin(), frame.bytes.end());
      }
    });
  }

  mutable std::mutex mutex_;
  int generation_ = 0, opened_ = 0;
  bool silent_ = false, in_a_shell_ = false;
  std::size_t to_host_ = 0;
  std::uint32_t lost_before_ = 0;
  std::optional<std::uint32_t> engine_status_;
  std::vector<std::vector<std::uint8_t>> sent_, mail_out_;
  std::unique_ptr<sim::Card> card_;
  std::unique_ptr<sim::CardPorts> ports_;
};

}  // namespace synward
