// SPDX-License-Identifier: BSD-2-Clause
// A word that changes with every clock is shown whole on the other side, never older than a few clocks.
#include <Vsynward_sample.h>
#include <gtest/gtest.h>

#include <array>

#include "block/bench.hpp"
#include "block/two_clocks.hpp"

namespace synward::test {
namespace {

TEST(Sample, words_are_whole_in_order_and_fresh) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  TwoClocks<Vsynward_sample> block(seed);
  std::uint32_t count = 0, shown = 0;
  unsigned share = 50, changes = 0, since_share = 0;
  block->word_i = ~std::uint64_t{0} << 32;
  for (int edge = 0; edge < 200'000; ++edge) {
    if (rng.percent(1)) {
      share = rng.pick(std::array{20U, 50U, 80U});
      since_share = 0;
    }
    ++since_share;
    if (rng.percent(share)) {
      ++count;
      block->word_i = std::uint64_t{~count} << 32 | count;
      block.pulse(block->from_clk_i);
      continue;
    }
    block.pulse(block->clk_i);
    const auto low = static_cast<std::uint32_t>(block->word_o);
    if (block->word_o == 0) continue;  // nothing yet
    ASSERT_EQ(static_cast<std::uint32_t>(block->word_o >> 32), ~low) << "torn";
    ASSERT_GE(low, shown);
    if (since_share > 200) {
      ASSERT_LT(count - low, 100U) << "stale";
    }
    changes += low != shown;
    shown = low;
  }
  EXPECT_GT(changes, 1000U);
}

}  // namespace
}  // namespace synward::test
