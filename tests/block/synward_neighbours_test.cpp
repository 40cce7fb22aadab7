// SPDX-License-Identifier: BSD-2-Clause
// Proves that each word is told which of the words before it are equal to it, two clocks later, also if they differ in
// one bit.
#include <Vsynward_neighbours.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 2;
static_assert(PARAM_WIDTH > 32 && PARAM_WIDTH <= 64, "the port is to be QData");

TEST(Neighbours, are_found_at_every_distance) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_neighbours> block(seed);
  std::deque<std::uint64_t> past;  // the last first
  std::deque<unsigned> expected;
  unsigned seen = 0;
  for (int clock = 0; clock < 200'000; ++clock) {
    if (past.empty() || rng.percent(30)) {
      block->word_i = rng.next() >> (64 - PARAM_WIDTH);
    } else {
      block->word_i = rng.pick(past);
      if (rng.bit()) block->word_i = block->word_i ^ std::uint64_t{1} << rng.below(PARAM_WIDTH);
    }
    block.settle();
    if (expected.size() == kLatency) {
      if (clock > PARAM_DISTANCES + static_cast<int>(kLatency)) {
        ASSERT_EQ(block->equal_o, expected.front()) << "clock " << clock;
      }
      seen |= expected.front();
      expected.pop_front();
    }
    unsigned equal = 0;
    for (std::size_t i = 0; i < past.size(); ++i) equal |= past[i] == block->word_i ? 1u << i : 0u;
    expected.push_back(equal);
    past.push_front(block->word_i);
    if (past.size() > PARAM_DISTANCES) past.pop_back();
    block.edge();
  }
  EXPECT_EQ(seen, (1u << PARAM_DISTANCES) - 1);
}

}  // namespace
}  // namespace synward::test
