// SPDX-License-Identifier: BSD-2-Clause
// Proves that every copy is the bit of a clock ago. That there are so many registers in a netlist is seen by
// Fanout.its_copies_survive_synthesis (tests/synth).
#include <Vsynward_fanout.h>
#include <gtest/gtest.h>

#include "block/bench.hpp"

namespace synward::test {
namespace {

TEST(Fanout, each_copy_is_the_bit_of_a_clock_ago) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_fanout> block(seed);
  block->bit_i = 0;
  block.settle();
  EXPECT_EQ(block->copies_o, 0) << "at power-up";
  constexpr unsigned kAll = (1U << PARAM_COPIES) - 1;
  for (int clock = 0; clock < 1'000; ++clock) {
    const bool bit = rng.bit();
    block->bit_i = bit;
    block.clock();
    block.settle();
    ASSERT_EQ(block->copies_o, bit ? kAll : 0) << "clock " << clock;
  }
}

}  // namespace
}  // namespace synward::test
