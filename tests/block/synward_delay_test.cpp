// SPDX-License-Identifier: BSD-2-Clause
// Proves that every word leaves Depth clocks after it came, also across resets.
#include <Vsynward_delay.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"

namespace synward::test {
namespace {

static_assert(PARAM_WIDTH > 32 && PARAM_WIDTH <= 64, "the ports are to be QData");

TEST(Delay, every_word_leaves_depth_clocks_later) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_delay> block(seed);
  block.reset();
  std::deque<std::uint64_t> under_way;
  for (int clock = 0; clock < 100'000; ++clock) {
    // What was under way in a reset is lost.
    block->rst_ni = !rng.percent(1) || !rng.percent(10);
    block->data_i = rng.next() >> (64 - PARAM_WIDTH);
    block.settle();
    if (under_way.size() == PARAM_DEPTH) {
      ASSERT_EQ(block->data_o, under_way.front()) << "clock " << clock;
      under_way.pop_front();
    }
    under_way.push_back(block->data_i);
    if (block->rst_ni == 0) under_way.clear();
    block.edge();
  }
}

}  // namespace
}  // namespace synward::test
