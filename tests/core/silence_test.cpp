// SPDX-License-Identifier: BSD-2-Clause
// Silence: at full size, flows age as in the reference, hour for hour, and what nobody needs is not evaluated.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "common/frame.hpp"
#include "common/setup.hpp"
#include "synward/sim/card.hpp"

namespace synward::test {
namespace {

using sim::InPort;
using sim::OutPort;

constexpr auto kSecond = static_cast<std::uint64_t>(sim::kClockHz);
constexpr std::uint64_t kHour = 3600 * kSecond;

/// A card with flows, made from cookies.
class Served {
 public:
  Served(std::unique_ptr<sim::Card> card, std::uint16_t flows) : card_(std::move(card)) {
    program(*card_, default_services(), default_secrets());
    card_->write32(reg::kSysctlSyncookiesOnly, 1);
    std::vector<std::uint32_t> iss;
    card_->set_sink([&iss](const sim::OutFrame& frame) {
      if (frame.port != OutPort::line_tx) return;
      std::uint32_t value = 0;
      for (std::size_t i = 38; i < 42; ++i) value = value << 8 | frame.bytes[i];
      iss.push_back(value);
    });
    for (std::uint16_t i = 0; i < flows; ++i) offer(i, 0x02, 1000, 0);
    EXPECT_TRUE(card_->drain());
    card_->set_sink({});
    for (std::uint16_t i = 0; i < iss.size(); ++i) offer(i, 0x10, 1001, iss[i] + 1);
    EXPECT_TRUE(card_->drain());
    start_ = card_->now() + kSecond;
    card_->run_until(start_);
  }

  std::uint32_t flows_after(std::uint64_t clocks) {
    card_->run_until(start_ + clocks);
    return card_->read32(reg::kFlowCount);
  }
  std::uint64_t evaluated() const { return card_->clocks_evaluated(); }

 private:
  void offer(std::uint16_t number, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack) {
    FrameSpec spec;
    spec.src = address("192.0.2.1");
    spec.dst = address("198.51.100.7");
    spec.sport = static_cast<std::uint16_t>(1024 + number);
    spec.dport = 443;
    spec.flags = flags;
    spec.seq = seq;
    spec.ack = ack;
    card_->offer(InPort::line_rx, build(spec).bytes, card_->now() + 8U * number);  // slower than the line's rate
  }

  std::unique_ptr<sim::Card> card_;
  std::uint64_t start_ = 0;
};

TEST(Silence, flows_age_as_in_the_reference) {
  for (const auto flows : {std::uint16_t{1}, std::uint16_t{200}}) {
    Served rtl(sim::make_rtl_card(), flows);
    Served ref(sim::make_reference_card(), flows);
    const auto before = rtl.evaluated();
    for (std::uint64_t part = 0; part <= 60; ++part) {
      const auto at = part * kHour / 20;  // every three minutes, about a lap
      const auto have = rtl.flows_after(at);
      ASSERT_EQ(have, ref.flows_after(at)) << flows << " flows, part " << part;
      // 60 laps of 131 s are 131 minutes.
      EXPECT_TRUE(at > 7'700 * kSecond || have == flows) << part;
      EXPECT_TRUE(at < 8'300 * kSecond || have == 0) << part;
    }
    // A lap of all buckets takes 262,144 clocks; there were 82.
    EXPECT_LT(rtl.evaluated() - before, flows == 1 ? 1'000'000U : 30'000'000U) << flows;
  }
}

TEST(Silence, a_day_costs_a_few_thousand_clocks) {
  Served rtl(sim::make_rtl_card(), 0);
  const auto before = rtl.evaluated();
  EXPECT_EQ(rtl.flows_after(24 * kHour), 0U);
  EXPECT_LT(rtl.evaluated() - before, 20'000U);
}

TEST(Silence, both_cards_say_how_long_it_lasts) {
  for (const bool timed : {true, false}) {
    const auto card = timed ? sim::make_rtl_card() : sim::make_reference_card();
    program(*card, default_services(), default_secrets());
    const auto start = card->now() + kSecond;
    card->run_until(start);
    EXPECT_EQ(card->quiet_until(), sim::Card::kNever);
    FrameSpec spec;
    spec.src = address("192.0.2.1");
    spec.dst = address("198.51.100.7");
    spec.sport = 1024;
    spec.dport = 443;
    spec.flags = 0x02;
    card->offer(InPort::line_rx, build(spec).bytes, start + kSecond);
    EXPECT_LE(card->quiet_until(), start + kSecond);
    EXPECT_GE(card->quiet_until(), start + kSecond / 2);
    // What the SYN left is sent again a second after it.
    card->run_until(start + kSecond + kSecond / 2);
    const auto quiet = card->quiet_until();
    EXPECT_GE(quiet, start + 2 * kSecond - kSecond / 100) << card->core();
    EXPECT_LE(quiet, start + 2 * kSecond + kSecond / 100) << card->core();
    bool stop = true;
    card->set_stop([&stop] { return stop; });
    for (std::uint64_t i = 0; i < 2000; ++i) {
      card->offer(InPort::line_rx, build(spec).bytes, start + 10 * kHour + 100 * i);
    }
    card->run_until(start + 20 * kHour);
    EXPECT_LT(card->now(), start + 20 * kHour) << card->core();
    stop = false;
    card->run_until(start + 20 * kHour);
    EXPECT_EQ(card->now(), start + 20 * kHour) << card->core();
  }
}

}  // namespace
}  // namespace synward::test
