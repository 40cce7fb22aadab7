// SPDX-License-Identifier: BSD-2-Clause
#include "synward/timers.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "synward/gate.hpp"
#include "synward/limiter.hpp"
#include "synward/pause.hpp"

namespace synward::test {
namespace {

constexpr RexmitConfig kDefault{1000, 30, 200, 64000};

TEST(Rexmit, IntervalsOfFreeBsd) {
  constexpr std::uint32_t kWant[] = {1000, 2200, 4200, 8200, 16200, 32200, 64000, 64000, 64000, 64000, 64000, 64000};
  for (unsigned n = 0; n < 12; ++n) EXPECT_EQ(rexmit_interval(kDefault, n), kWant[n]) << n;
}

TEST(Rexmit, FirstIsNotBroughtIntoBounds) {
  EXPECT_EQ(rexmit_interval({5, 30, 200, 64000}, 0), 5u);
  EXPECT_EQ(rexmit_interval({5, 300, 200, 64000}, 1), 300u);
  EXPECT_EQ(rexmit_interval({5, 30, 0, 100}, 9), 100u);
  EXPECT_EQ(rexmit_interval({5, 30, 0, 64000}, 12), 5u * 512);
  EXPECT_EQ(rexmit_interval({64000, 1, 64000, 64000}, 12), 64000u);
  EXPECT_EQ(rexmit_interval({10, 500, 0, 400}, 1), 400u);  // the upper bound wins
}

TEST(Rexmit, DueAcrossTheWrapOf24Bits) {
  EntryRecord entry{};
  for (const std::uint32_t start : {0u, 5000u, 0xffff00u, 0xffffff00u}) {
    entry_arm(entry, start, 2);
    EXPECT_EQ(entry.rxmits, 2);
    EXPECT_FALSE(entry_due(kDefault, entry, start + 2199));
    EXPECT_TRUE(entry_due(kDefault, entry, start + 2200));
    EXPECT_TRUE(entry_due(kDefault, entry, start + 20000));
  }
}

TEST(Challenge, BudgetInItsWindow) {
  for (const std::uint32_t start : {1000u, 0xffff0u, 0xfffffff0u}) {
    EntryRecord entry{};
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(challenge_allowed(entry, start + 10, 5, 1000)) << i;
    EXPECT_FALSE(challenge_allowed(entry, start + 10, 5, 1000));
    EXPECT_FALSE(challenge_allowed(entry, start + 1009, 5, 1000));
    EXPECT_TRUE(challenge_allowed(entry, start + 1010, 5, 1000));
    EXPECT_EQ(entry.challenges, 1);
  }
}

TEST(Challenge, NoLimitWhereASysctlIs0) {
  EntryRecord entry{};
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(challenge_allowed(entry, 7, 0, 1000));
    EXPECT_TRUE(challenge_allowed(entry, 7, 5, 0));
  }
}

TEST(Pause, DoublesWhileItIsRenewed) {
  PauseState pause{};
  std::uint32_t now = 0xffffc000;  // the clock wraps on the way
  std::vector<std::uint32_t> lengths;
  for (int i = 0; i < 9; ++i) {
    lengths.push_back(pause_begin(pause, now));
    EXPECT_EQ(pause_left(pause, now), lengths.back() * 1000);
    now += lengths.back() * 1000 - 1;
    pause_tick(pause, now);
    EXPECT_TRUE(pause.paused);
    ++now;
    pause_tick(pause, now);
    EXPECT_FALSE(pause.paused);
    EXPECT_EQ(pause_left(pause, now), 0u);
  }
  EXPECT_EQ(lengths, (std::vector<std::uint32_t>{15, 30, 60, 120, 240, 480, 960, 960, 960}));
}

TEST(Pause, RenewedOnlyWithinAsLongAsTheLastOne) {
  for (const std::uint32_t late : {0u, 1u}) {
    PauseState pause{};
    EXPECT_EQ(pause_begin(pause, 0), 15u);
    EXPECT_EQ(pause_begin(pause, 20'000), 30u);
    // It ends at 50 s; 30 s more would renew it.
    EXPECT_EQ(pause_begin(pause, 79'999 + late), late != 0 ? 15u : 60u);
    EXPECT_EQ(pause.backoff, late != 0 ? 0 : 2);
  }
}

TEST(Pause, FirstAfterResetTakes15Seconds) {
  PauseState pause{};
  EXPECT_EQ(pause_begin(pause, 0xffffffff), 15u);
}

// 25 to 49 days later "before the end of the time for a renewal" was true again.
TEST(Pause, IsNotRenewedByTheNextLapOfTheClock) {
  for (std::uint32_t days = 1; days < 50; ++days) {
    PauseState pause{};
    EXPECT_EQ(pause_begin(pause, 1000), 15u);
    const std::uint32_t later = 1000 + days * 86'400'000;
    EXPECT_EQ(pause_begin(pause, later), 15u) << days << " days later";
  }
  // Nor by the lap of 49.7 days, to the millisecond, since a tick has been there.
  PauseState pause{};
  EXPECT_EQ(pause_begin(pause, 1000), 15u);
  pause_tick(pause, 31'000);
  EXPECT_EQ(pause_begin(pause, 30'999), 15u);
  pause = {};
  EXPECT_EQ(pause_begin(pause, 1000), 15u);
  pause_tick(pause, 30'999);
  EXPECT_EQ(pause_begin(pause, 30'999), 30u);
}

TEST(Pause, EndsAtOnceWhereTheClockStepsBackByMoreThanAPauseLasts) {
  for (const std::uint32_t back : {1u << 20, 3'600'000u, 86'400'000u, 1u << 31, 0u - (1u << 21)}) {
    PauseState pause{};
    pause_begin(pause, 100'000);
    pause_tick(pause, 100'000 - back);
    EXPECT_FALSE(pause.paused) << back;
  }
  PauseState pause{};
  pause_begin(pause, 100'000);
  pause_tick(pause, 50'000);
  EXPECT_TRUE(pause.paused);
}

TEST(Gate, StaysOpenWhereTheClockStepsBack) {
  GateState gate{};
  gate_stamp(gate, 100'000);
  gate_tick(gate, 100'000 - 86'400'000u);
  EXPECT_TRUE(gate.open);
}

TEST(Pause, CanBeEnded) {
  PauseState pause{};
  pause_begin(pause, 100);
  pause.end = true;
  pause_tick(pause, 101);
  EXPECT_FALSE(pause.paused);
  EXPECT_FALSE(pause.end);
  EXPECT_EQ(pause_begin(pause, 102), 30u);
}

TEST(Gate, ClosesAfter16Seconds) {
  GateState gate{};
  gate_stamp(gate, 0xfffff000);
  gate_tick(gate, 0xfffff000 + 15'999);
  EXPECT_TRUE(gate.open);
  gate_tick(gate, 0xfffff000 + 16'000);
  EXPECT_FALSE(gate.open);
}

TEST(Limiter, AllowsSoManyInAWindow) {
  LimiterState limiter{};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter_take(limiter, 5000, 3));
  EXPECT_FALSE(limiter_take(limiter, 5500, 3));
  EXPECT_EQ(limiter_tick(limiter, 5999, 3), 0u);
  EXPECT_FALSE(limiter_take(limiter, 5999, 3));
  EXPECT_EQ(limiter_tick(limiter, 6000, 3), 5u);
  EXPECT_TRUE(limiter_take(limiter, 6000, 3));
  EXPECT_EQ(limiter_tick(limiter, 7000, 3), 0u);  // no more than allowed: nothing to tell
  EXPECT_EQ(limiter.count, 0u);
}

TEST(Limiter, ZeroIsNoLimit) {
  LimiterState limiter{};
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limiter_take(limiter, 1, 0));
  EXPECT_EQ(limiter_tick(limiter, 2000, 0), 0u);
}

}  // namespace
}  // namespace synward::test
