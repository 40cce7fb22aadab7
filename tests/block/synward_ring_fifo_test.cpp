// SPDX-License-Identifier: BSD-2-Clause
// Proves order, that the first word shows without a pop, that empty_o is exact, and that all of 2^LogDepth words fit.
#include <Vsynward_ring_fifo.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"

namespace synward::test {
namespace {

TEST(RingFifo, keeps_words_and_order_when_filled_and_emptied_at_random) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_ring_fifo> block(seed);
  block->push_i = 0;
  block->pop_i = 0;
  block.reset();
  constexpr std::size_t kCapacity = std::size_t{1} << PARAM_LOGDEPTH;
  std::deque<std::uint64_t> held;
  bool was_full = false;
  unsigned push_chance = 50;
  for (int clock = 0; clock < 200'000; ++clock) {
    if (rng.percent(2)) push_chance = rng.pick(std::array{0U, 20U, 50U, 80U, 100U});
    const bool push = held.size() < kCapacity && rng.percent(push_chance);
    const bool pop = !held.empty() && rng.percent(100 - push_chance);
    block->push_i = push;
    block->pop_i = pop;
    block->data_i = rng.next() >> (64 - PARAM_WIDTH);
    block.settle();
    ASSERT_EQ(block->empty_o, held.empty()) << "clock " << clock;
    if (!held.empty()) {
      ASSERT_EQ(block->data_o, held.front()) << "clock " << clock;
    }
    if (pop) held.pop_front();
    if (push) held.push_back(block->data_i);
    was_full = was_full || held.size() == kCapacity;
    block.edge();
  }
  EXPECT_TRUE(was_full);
}

}  // namespace
}  // namespace synward::test
