// SPDX-License-Identifier: BSD-2-Clause
#include "synward/flow_bucket.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <vector>

namespace synward::test {
namespace {

class Flows : public testing::Test {
 protected:
  Flows() { flows_clear(flows_, 0); }
  FlowBucket flows_{};
};

TEST_F(Flows, LowestFreeWayFirst) {
  EXPECT_EQ(flows_find_free(flows_), 0u);
  flows_.way[0] = {kFlowOpen, 0, 7};
  flows_.way[2] = {kFlowOpen, 0, 9};
  EXPECT_EQ(flows_find_free(flows_), 1u);
  EXPECT_EQ(flows_find(flows_, 9), 2u);
  EXPECT_EQ(flows_find(flows_, 0), kNoFlow);  // free ways hold no fingerprint
  for (FlowWay& way : flows_.way) way.state = kFlowClosing;
  EXPECT_EQ(flows_find_free(flows_), kNoFlow);
}

TEST_F(Flows, OpenOnesAgeToFlowIdle) {
  flows_.way[3] = {kFlowOpen, 0, 7};
  for (unsigned lap = 1; lap <= 5; ++lap) {
    EXPECT_EQ(flows_visit(flows_, 5), 0u);
    EXPECT_EQ(flows_.way[3].aux, lap);
  }
  EXPECT_EQ(flows_visit(flows_, 5), 1u);
  EXPECT_EQ(flows_.way[3].state, kFlowFree);
  // The sysctl was lowered below the age.
  flows_.way[3] = {kFlowOpen, 40, 7};
  EXPECT_EQ(flows_visit(flows_, 5), 1u);
}

TEST_F(Flows, ClosingOnesGoAfterFourFullLaps) {
  flows_.way[0] = {kFlowClosing, 0, 7};
  for (unsigned lap = 1; lap <= 4; ++lap) EXPECT_EQ(flows_visit(flows_, 60), 0u);
  EXPECT_EQ(flows_visit(flows_, 60), 1u);
}

TEST_F(Flows, HandedOnesOpenALapBehindTheirLastMark) {
  flows_.way[0] = {kFlowHanded, flow_marked(992, true), 7};
  for (int again = 0; again < 3; ++again) {
    EXPECT_EQ(flows_visit(flows_, 60), 0u);
    EXPECT_EQ(flows_.way[0].state, kFlowHanded);
    EXPECT_TRUE(flow_marked_now(992, flows_.way[0]));
    EXPECT_TRUE(flow_ecn(flows_.way[0]));
    if (again < 2) flows_.way[0].aux = flow_marked(992, true);
  }
  EXPECT_EQ(flows_visit(flows_, 60), 0u);
  EXPECT_EQ(flows_.way[0].state, kFlowOpen);
  EXPECT_EQ(flows_.way[0].aux, 0);
}

/// Of a client that retransmits after `interval` ms, then twice that and so on for a minute: how many times running, at
/// most, it comes in what looks, by `bits` of the mark slot, like the 16 ms of its last mark.
unsigned missed_in_a_row(std::uint32_t begin, std::uint32_t interval, unsigned bits) {
  unsigned most = 0, in_a_row = 0;
  std::uint32_t now = begin;
  for (std::uint32_t wait = interval; now - begin + wait < 64'000; wait *= 2) {
    const unsigned marked = mark_slot(now) % (1U << bits);
    now += wait;
    in_a_row = mark_slot(now) % (1U << bits) == marked ? in_a_row + 1 : 0;
    most = std::max(most, in_a_row);
  }
  return most;
}

TEST(MarkSlot, IsOneFor16Ms) {
  for (std::uint32_t t = 0; t < 1U << 24; t += 16) EXPECT_EQ(mark_slot(t), mark_slot(t + 15));
}

TEST(MarkSlot, IntervalsThatDoubleDoNotMeetTheSameBitsAgainAndAgain) {
  // 208 ms is what Linux waits at first in a LAN, and a multiple of 256 ms from the fifth time on.
  for (const unsigned bits : {4U, 5U}) {  // of a flow, of an entry
    unsigned sequences = 0, twice = 0, thrice = 0;
    for (std::uint32_t interval = 200; interval <= 1'000; ++interval) {
      for (std::uint32_t begin = 7; begin < 1U << 24; begin += 104'729) {
        const unsigned missed = missed_in_a_row(begin, interval, bits);
        ++sequences;
        twice += missed >= 2 ? 1 : 0;
        thrice += missed >= 3 ? 1 : 0;
        ASSERT_LT(missed, 6U) << interval << " ms from " << begin;
      }
    }
    EXPECT_LT(twice, sequences / (bits == 4 ? 20 : 80)) << twice << " of " << sequences;
    EXPECT_LT(thrice, sequences / (bits == 4 ? 200 : 2'000)) << thrice << " of " << sequences;
  }
}

TEST(MarkSlot, NoDistanceOfUpToTwoMinutesIsAlikeTooOften) {
  constexpr unsigned kUnits = 1U << 20;  // of 16 ms, before the slots begin anew
  std::vector<std::uint8_t> slots(kUnits);
  for (unsigned unit = 0; unit < kUnits; ++unit) slots[unit] = mark_slot(unit * 16);
  double worst_flow = 0, worst_entry = 0;
  for (unsigned distance = 1; distance * 16 <= 120'000; ++distance) {
    unsigned begins = 0, flow = 0, entry = 0;
    for (unsigned unit = 0; unit < kUnits; unit += 61, ++begins) {
      const unsigned differs = slots[unit] ^ slots[(unit + distance) % kUnits];
      flow += differs % 16 == 0 ? 1 : 0;
      entry += differs == 0 ? 1 : 0;
    }
    worst_flow = std::max(worst_flow, 1.0 * flow / begins);
    worst_entry = std::max(worst_entry, 1.0 * entry / begins);
  }
  std::cout << "worst distance: flows " << worst_flow << ", entries " << worst_entry << std::endl;
  EXPECT_LT(worst_flow, 0.25);  // of the xor of the digits: 0.75, 0.38
  EXPECT_LT(worst_entry, 0.15);
}

TEST_F(Flows, OpenLapsCountDown) {
  flows_.open_laps = 2;
  flows_visit(flows_, 60);
  EXPECT_EQ(flows_.open_laps, 1);
  flows_visit(flows_, 60);
  flows_visit(flows_, 60);
  EXPECT_EQ(flows_.open_laps, 0);
}

TEST_F(Flows, SeveralAtOnce) {
  for (FlowWay& way : flows_.way) way = {kFlowClosing, 4, 7};
  EXPECT_EQ(flows_visit(flows_, 60), 16u);
}

}  // namespace
}  // namespace synward::test
