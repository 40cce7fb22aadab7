// SPDX-License-Identifier: BSD-2-Clause
// Proves that the pipe gives each word two clocks later. That its registers survive synthesis as registers is seen by
// SlrPipe.its_registers_survive_synthesis (tests/synth).
#include <Vsynward_slr_pipe.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"

namespace synward::test {
namespace {

TEST(SlrPipe, each_word_comes_out_in_its_clock) {
  constexpr std::size_t kLatency = 2;
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_slr_pipe> block(seed);
  std::deque<std::uint64_t> on_the_way;
  for (int clock = 0; clock < 1'000; ++clock) {
    block->data_i = (std::uint64_t{rng.u32()} << 8) | rng.below(256);
    on_the_way.push_back(block->data_i);
    block.settle();
    if (on_the_way.size() > kLatency) {
      ASSERT_EQ(block->data_o, on_the_way.front()) << "clock " << clock;
      on_the_way.pop_front();
    }
    block.edge();
  }
}

}  // namespace
}  // namespace synward::test
