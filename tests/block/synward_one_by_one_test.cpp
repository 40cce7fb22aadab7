// SPDX-License-Identifier: BSD-2-Clause
// Proves that each event gives one pulse, however many come together, that pulses are owed no longer than events come
// in every clock, that owes_o says whether there are any, and that a reset forgets them.
#include <Vsynward_one_by_one.h>
#include <gtest/gtest.h>

#include <bit>

#include "block/bench.hpp"

namespace synward::test {
namespace {

constexpr std::uint64_t kMost = (1U << PARAM_LOGMOST) - 16;

TEST(OneByOne, each_event_is_a_pulse) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_one_by_one> block(seed);
  block->events_i = 0;
  block.reset();
  std::uint64_t events = 0, pulses = 0, most = 0;
  for (int round = 0; round < 500; ++round) {
    const unsigned chance = rng.pick(std::array{1U, 10U, 50U, 100U});
    for (int clock = 0; clock < 200; ++clock) {
      unsigned now = 0;
      for (unsigned i = 0; i < PARAM_EVENTS; ++i) now |= unsigned{rng.percent(chance)} << i;
      // As many come together as may be owed, others one a clock.
      if (events - pulses > kMost) now &= 1;
      block->events_i = static_cast<std::uint8_t>(now);
      block.settle();
      pulses += block->pulse_o;
      ASSERT_LE(pulses, events) << "of no event";
      block.edge();
      events += static_cast<std::uint64_t>(std::popcount(now));
      most = std::max(most, events - pulses);
    }
    block->events_i = 0;
    const std::uint64_t owed = events - pulses;
    for (std::uint64_t clock = 0; clock < 4 * owed + 12; ++clock) {
      block.settle();
      pulses += block->pulse_o;
      if (clock > 1 && pulses < events) {
        ASSERT_NE(block->owes_o | block->pulse_o, 0) << "it says that nothing is to come";
      }
      block.edge();
    }
    ASSERT_EQ(pulses, events) << "round " << round;
    ASSERT_EQ(block->owes_o, 0);
  }
  EXPECT_GT(most, kMost / 2);
}

TEST(OneByOne, a_reset_forgets) {
  Bench<Vsynward_one_by_one> block(test_seed());
  block->events_i = 0;
  block.reset();
  block->events_i = (1U << PARAM_EVENTS) - 1;
  block.clocks(5);
  block->events_i = 0;
  block.reset();
  for (int clock = 0; clock < 50; ++clock) {
    block.settle();
    ASSERT_EQ(block->pulse_o, 0);
    block.edge();
  }
}

}  // namespace
}  // namespace synward::test
