// SPDX-License-Identifier: BSD-2-Clause
// A card whose HLS kernel stops, or is reset by itself, or goes on with old answers: what it does for those who need no
// answer, what it counts and shows, that it protects again without anybody's help (docs/hls.md).
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "common/card_under_test.hpp"
#include "synward/record_codes.hpp"

namespace synward::test {
namespace {

using reg::Counter;
using sim::InPort;
using sim::OutPort;

/// Clocks after which a kernel is silent.
constexpr double kPatience = double{1U << SYNWARD_SMALL_LOG_PATIENCE};

class KernelTrouble : public testing::Test {
 protected:
  KernelTrouble() { take(sim::make_kernel_card(kSmallTables, &trouble_)); }
  void take(std::unique_ptr<sim::Card> card) {
    card_ = std::move(card);
    card_->set_sink([this](const sim::OutFrame& frame) { ++(frame.port == OutPort::line_tx ? answers_ : passed_); });
    program(*card_, default_services(), default_secrets());
    load_tables(*card_);
  }

  std::uint32_t status() { return card_->read32(reg::kEngineStatus); }
  bool down() { return (status() & 2) != 0; }
  std::uint32_t cause() { return status() >> 2 & 3; }
  std::uint32_t resets() { return status() >> 16; }

  void run(double clocks) { card_->run_until(card_->now() + static_cast<std::uint64_t>(clocks)); }
  /// Clocks until it is asked again and has tables; at most 20 patiences.
  double until_up() {
    const std::uint64_t start = card_->now();
    const auto ready = [this] { return !down() && (card_->read32(reg::kTableStatus) & 1) != 0; };
    for (int i = 0; i < 200 && !ready(); ++i) run(kPatience / 10);
    EXPECT_TRUE(ready());
    return static_cast<double>(card_->now() - start);
  }
  FrameSpec syn() {
    FrameSpec spec;
    spec.src = address("100.66.7." + std::to_string(1 + syns_ % 250));
    spec.dst = default_services().front().address;
    spec.sport = static_cast<std::uint16_t>(1024 + syns_ / 250);
    spec.dport = default_services().front().port;
    spec.flags = kSyn;
    ++syns_;
    return spec;
  }
  /// To or from nobody that a service has to do with.
  static FrameSpec other() {
    FrameSpec spec;
    spec.src = address("100.66.7.1");
    spec.dst = address("100.66.9.9");
    spec.tcp = false;
    spec.protocol = 17;
    spec.payload = Bytes(20, 0);
    return spec;
  }
  void from_line(const FrameSpec& spec, std::uint64_t at) {
    card_->offer(InPort::line_rx, build(spec).bytes, at);
    ++offered_;
  }
  void syns(int count) {
    for (int i = 0; i < count; ++i) from_line(syn(), card_->now());
  }
  void others(int count) {
    for (int i = 0; i < count; ++i) from_line(other(), card_->now());
  }
  void expect_protects() {
    const std::uint64_t before = answers_;
    syns(5);
    run(2'000);
    EXPECT_EQ(answers_, before + 5);
  }
  void expect_counted() {
    const Counters counters = read_counters(*card_);
    EXPECT_EQ(counters[Counter::line_rx_frames], offered_);
    EXPECT_EQ(counters[Counter::answered] + counters[Counter::passed] + counters[reg::Drop::engine_full], offered_);
  }

  sim::KernelTrouble trouble_;
  std::unique_ptr<sim::Card> card_;
  std::uint64_t answers_ = 0, passed_ = 0, offered_ = 0;
  unsigned syns_ = 0;
};

TEST_F(KernelTrouble, WhatNeedsNoAnswerPassesSoonAfterAKernelsEnd) {
  EXPECT_EQ(status(), 1u);
  expect_protects();
  trouble_.stopped = true;
  syns(3);
  others(4);
  run(0.6 * kPatience);
  EXPECT_EQ(passed_, 0u) << "they wait behind what was asked";
  run(0.5 * kPatience);
  EXPECT_EQ(passed_, 4u);
  EXPECT_TRUE(down());
  EXPECT_EQ(cause(), kFaultSilent);
  EXPECT_EQ(card_->read32(reg::kTableStatus) & 1, 0u);
  EXPECT_EQ(read_counters(*card_)[reg::Drop::engine_full], 3u);
  // From here on nothing waits, however long it stays away.
  for (unsigned i = 0; i < 15; ++i) {
    syns(2);
    others(2);
    run(0.2 * kPatience);
    EXPECT_EQ(passed_, 6 + 2 * i);
  }
  EXPECT_EQ(read_counters(*card_)[reg::Drop::engine_full], 33u);
  EXPECT_GE(resets(), 2u);
  // An operator lets all pass.
  ServiceEntry open = default_services().front();
  open.mode = Mode::pass;
  program_service(*card_, 0, open);
  syns(3);
  run(2'000);
  EXPECT_EQ(passed_, 37u);
  program_service(*card_, 0, default_services().front());
  trouble_.stopped = false;
  EXPECT_LT(until_up(), 3 * kPatience);
  expect_protects();
  expect_counted();
}

// The real thing's figures (docs/hls.md, docs/cards.md): 2.4 to 3.3 ms.
TEST_F(KernelTrouble, OfFullSizeThatIsMilliseconds) {
  take(sim::make_kernel_card({}, &trouble_));
  trouble_.stopped = true;
  syns(1);
  others(1);
  run(2.4e-3 * sim::kClockHz);
  EXPECT_EQ(passed_, 0u);
  run(0.9e-3 * sim::kClockHz);
  EXPECT_EQ(passed_, 1u);
  EXPECT_TRUE(down());
}

TEST_F(KernelTrouble, OneThatIsResetByItselfIsToldEverythingAnew) {
  expect_protects();
  trouble_.reset = true;
  others(1);  // without, the simulator leaps over the reset
  run(3'000);
  trouble_.reset = false;
  syns(1);
  run(2'000);
  EXPECT_EQ(answers_, 5u) << "no cookie of no key";
  EXPECT_EQ(resets(), 1u);
  EXPECT_EQ(cause(), kFaultForgot);
  EXPECT_LT(until_up(), 2 * kPatience);
  expect_protects();
  EXPECT_EQ(resets(), 1u);
}

TEST_F(KernelTrouble, OldAnswersOfOneThatTheResetDoesNotReachCountForNothing) {
  trouble_.unconnected = true;
  expect_protects();
  syns(40);
  run(100);
  trouble_.stopped = true;
  run(1.5 * kPatience);
  EXPECT_TRUE(down());
  trouble_.stopped = false;
  EXPECT_LT(until_up(), 4 * kPatience);
  expect_protects();
  expect_counted();
}

// Both ports at their line rate of minimum frames, more than a kernel takes in peace: it stops again and again, and a
// load and a rekey come meanwhile. Nothing but frames that are counted gets lost, and it comes back.
TEST_F(KernelTrouble, UnderTheFullLoadOfBothPortsEachFrameIsCounted) {
  constexpr double kLineRateClocks = 84 * 8 / 100e9 * sim::kClockHz;
  constexpr int kFrames = 60'000;
  const std::uint64_t start = card_->now();
  std::uint64_t from_host = 0;
  for (int i = 0; i < kFrames; ++i) {
    const std::uint64_t at = start + static_cast<std::uint64_t>(i * kLineRateClocks);
    from_line(i % 8 == 0 ? other() : syn(), at);
    FrameSpec served;
    served.src = default_services().front().address;
    served.sport = default_services().front().port;
    served.dst = address("100.66.8.1");
    served.dport = static_cast<std::uint16_t>(1024 + i % 100);
    served.flags = kAck;
    card_->offer(InPort::host_rx, build(served).bytes, at);
    ++from_host;
    if (i % 5'000 == 4'999) {
      card_->run_until(at);
      trouble_.stopped = i % 15'000 == 4'999;
      if (i % 20'000 == 9'999) card_->write32(reg::kTableControl, 1);
      if (i % 20'000 == 19'999) load_secret(*card_, default_secrets().table, reg::SecretCommit::table_key);
    }
  }
  trouble_.stopped = false;
  ASSERT_TRUE(card_->drain());
  until_up();
  const Counters counters = read_counters(*card_);
  EXPECT_EQ(conservation_faults(counters), "");
  expect_counted();
  EXPECT_EQ(counters[Counter::to_line], from_host) << "what the server says waits for no engine";
  EXPECT_GT(counters[Counter::watch_lost], 1'000u);
  EXPECT_GT(counters[Counter::answered], 10'000u);
  EXPECT_GT(counters[reg::Drop::engine_full], 1'000u);
  EXPECT_GE(resets(), 4u);
  expect_protects();
}

}  // namespace
}  // namespace synward::test
