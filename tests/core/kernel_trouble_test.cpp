// SPDX-License-Identifier: BSD-2-Clause
// A card whose HLS kernel stops, or is reset by itself, or goes on with old answers: what it does for those who need no
// answer, what it counts and shows, that it protects again without anybody's help (docs/hls.md).
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "common/card_under_test.hpp"

namespace synward::test {
namespace {

using reg::Counter;
using sim::InPort;
using sim::OutPort;

constexpr std::uint64_t kClocksOfMs = static_cast<std::uint64_t>(sim::kClockHz / 1000);

class KernelTrouble : public testing::Test {
 protected:
  KernelTrouble() {
    card_->set_sink([this](const sim::OutFrame& frame) { ++(frame.port == OutPort::line_tx ? answers_ : passed_); });
    program(*card_, default_services(), default_secrets());
    load_tables(*card_);
  }

  std::uint32_t status() { return card_->read32(reg::kEngineStatus); }
  bool down() { return (status() & 2) != 0; }
  std::uint32_t cause() { return status() >> 2 & 3; }
  std::uint32_t resets() { return status() >> 16; }

  void run_ms(double ms) { card_->run_until(card_->now() + static_cast<std::uint64_t>(ms * kClocksOfMs)); }
  /// Milliseconds until it is asked again; at most 20.
  double until_up() {
    const std::uint64_t start = card_->now();
    for (int i = 0; i < 200 && down(); ++i) run_ms(0.1);
    EXPECT_FALSE(down());
    for (int i = 0; i < 200 && (card_->read32(reg::kTableStatus) & 1) == 0; ++i) run_ms(0.1);
    return static_cast<double>(card_->now() - start) / static_cast<double>(kClocksOfMs);
  }
  void syns(int count) {
    FrameSpec spec;
    spec.src = address("100.66.7.1");
    spec.dst = default_services().front().address;
    spec.dport = default_services().front().port;
    spec.flags = kSyn;
    for (int i = 0; i < count; ++i) {
      spec.sport = ++port_;
      card_->offer(InPort::line_rx, build(spec).bytes, card_->now());
    }
    offered_ += static_cast<std::uint64_t>(count);
  }
  /// Frames that no service has to do with.
  void others(int count) {
    FrameSpec spec;
    spec.src = address("100.66.7.1");
    spec.dst = address("100.66.9.9");
    spec.tcp = false;
    spec.protocol = 17;
    spec.payload = Bytes(20, 0);
    for (int i = 0; i < count; ++i) card_->offer(InPort::line_rx, build(spec).bytes, card_->now());
    offered_ += static_cast<std::uint64_t>(count);
  }
  void expect_protects() {
    const std::uint64_t before = answers_;
    syns(5);
    run_ms(0.05);
    EXPECT_EQ(answers_, before + 5);
  }
  void expect_counted() {
    const Counters counters = read_counters(*card_);
    EXPECT_EQ(counters[Counter::line_rx_frames], offered_);
    EXPECT_EQ(counters[Counter::answered] + counters[Counter::passed] + counters[reg::Drop::engine_full], offered_);
  }

  sim::KernelTrouble trouble_;
  std::unique_ptr<sim::Card> card_ = sim::make_kernel_card(kSmallTables, &trouble_);
  std::uint64_t answers_ = 0, passed_ = 0, offered_ = 0;
  std::uint16_t port_ = 1024;
};

TEST_F(KernelTrouble, WhatNeedsNoAnswerPassesWithinMillisecondsOfAKernelsEnd) {
  EXPECT_EQ(status(), 1u);
  expect_protects();
  trouble_.stopped = true;
  syns(3);
  others(4);
  run_ms(1);
  EXPECT_EQ(passed_, 0u) << "they wait behind what was asked";
  run_ms(3);
  EXPECT_EQ(passed_, 4u);
  EXPECT_TRUE(down());
  EXPECT_EQ(cause(), 1u) << "silent";
  EXPECT_EQ(card_->read32(reg::kTableStatus) & 1, 0u);
  EXPECT_EQ(read_counters(*card_)[reg::Drop::engine_full], 3u);
  // From here on nothing waits, however long it stays away.
  for (unsigned i = 0; i < 5; ++i) {
    syns(2);
    others(2);
    run_ms(0.6);
    EXPECT_EQ(passed_, 6 + 2 * i);
  }
  EXPECT_EQ(read_counters(*card_)[reg::Drop::engine_full], 13u);
  EXPECT_GE(resets(), 2u);
  // An operator lets all pass.
  ServiceEntry open = default_services().front();
  open.mode = Mode::pass;
  program_service(*card_, 0, open);
  syns(3);
  run_ms(0.1);
  EXPECT_EQ(passed_, 17u);
  program_service(*card_, 0, default_services().front());
  trouble_.stopped = false;
  EXPECT_LT(until_up(), 6);
  expect_protects();
  expect_counted();
}

TEST_F(KernelTrouble, OneThatIsResetByItselfIsToldEverythingAnew) {
  expect_protects();
  trouble_.reset = true;
  others(1);  // without, the simulator leaps over the reset
  run_ms(0.01);
  trouble_.reset = false;
  syns(1);
  run_ms(0.1);
  EXPECT_EQ(answers_, 5u) << "no cookie of no key";
  EXPECT_EQ(resets(), 1u);
  EXPECT_EQ(cause(), 3u) << "forgot";
  EXPECT_LT(until_up(), 2);
  expect_protects();
  EXPECT_EQ(resets(), 1u);
}

TEST_F(KernelTrouble, OldAnswersOfOneThatTheResetDoesNotReachCountForNothing) {
  trouble_.unconnected = true;
  expect_protects();
  syns(40);
  run_ms(0.0003);
  trouble_.stopped = true;
  run_ms(4);
  EXPECT_TRUE(down());
  trouble_.stopped = false;
  EXPECT_LT(until_up(), 6);
  expect_protects();
  expect_counted();
}

}  // namespace
}  // namespace synward::test
