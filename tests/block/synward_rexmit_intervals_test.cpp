// SPDX-License-Identifier: BSD-2-Clause
// Proves every interval against rexmit_interval() of hls/, for any settings, edges often, 64 clocks after they changed.
#include <Vsynward_rexmit_intervals.h>
#include <gtest/gtest.h>

#include <array>

#include "block/bench.hpp"
#include "synward/timers.hpp"

namespace synward::test {
namespace {

constexpr unsigned kIntervals = 13, kSettled = 64;

TEST(RexmitIntervals, are_those_of_hls_64_clocks_after_a_change) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_rexmit_intervals> block(seed);
  block.reset();
  constexpr std::array<std::uint32_t, 6> kEdges{0, 1, 127, 128, 1000, 64'000};
  const auto setting = [&] { return rng.bit() ? rng.pick(kEdges) : static_cast<std::uint32_t>(rng.below(64'001)); };
  for (int i = 0; i < 5'000; ++i) {
    const RexmitConfig config{setting(), setting(), setting(), setting()};
    block->initial_i = static_cast<std::uint16_t>(config.initial);
    block->min_i = static_cast<std::uint16_t>(config.min);
    block->slop_i = static_cast<std::uint16_t>(config.slop);
    block->max_i = static_cast<std::uint16_t>(config.max);
    block.clocks(kSettled + static_cast<unsigned>(rng.below(4)));
    block.settle();
    for (unsigned n = 0; n < kIntervals; ++n) {
      ASSERT_EQ(get_bits(block->interval_o, 16 * n, 16), rexmit_interval(config, n))
          << "interval " << n << " of " << config.initial << ' ' << config.min << ' ' << config.slop << ' '
          << config.max;
    }
  }
}

}  // namespace
}  // namespace synward::test
