// SPDX-License-Identifier: BSD-2-Clause
// Proves that the n-th millisecond comes within three clocks of n x clock_hz / 1000, without drift, at any clock, and
// that a change of the clock in between makes time neither step back nor leap.
#include <Vsynward_ms_clock.h>
#include <gtest/gtest.h>

#include <array>

#include "block/bench.hpp"

namespace synward::test {
namespace {

constexpr std::uint64_t kLag = 3;  ///< clocks

TEST(MsClock, keeps_time_without_drift_at_any_clock) {
  const std::uint64_t seed = test_seed();
  for (const std::uint32_t hz : {1u << 20, 1'048'577u, 1'999'999u, 100'000'001u, 300'000'000u, 322'265'625u}) {
    Bench<Vsynward_ms_clock> block(seed);
    block->clock_hz_i = hz;
    block.reset();
    std::uint32_t shown = block->time_ms_o;
    ASSERT_EQ(shown, 0u);
    for (std::uint64_t clock = 1; clock <= 1'500'000; ++clock) {
      block.clock();
      if (block->time_ms_o == shown) continue;
      ASSERT_EQ(block->time_ms_o, ++shown);
      const std::uint64_t exact = (std::uint64_t{shown} * hz + 999) / 1000;
      ASSERT_GE(clock, exact) << hz << " Hz, millisecond " << shown;
      ASSERT_LE(clock, exact + kLag) << hz << " Hz, millisecond " << shown;
    }
    ASSERT_GE(shown + 1, 1'500'000'000u / hz) << hz << " Hz";
  }
}

TEST(MsClock, never_steps_back_when_it_is_told_of_another_clock) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_ms_clock> block(seed);
  block->clock_hz_i = 322'265'625;
  block.reset();
  std::uint32_t shown = 0;
  std::uint64_t most = 0;  // thousandths of milliseconds
  for (int i = 0; i < 300; ++i) {
    block->clock_hz_i = rng.bit() ? 322'265'625 : static_cast<std::uint32_t>(rng.between(1u << 20, 2'000'000));
    std::size_t clocks = rng.below(5000);
    most += clocks * 1'000'000 / block->clock_hz_i + 10;
    for (std::size_t clock = clocks; clock > 0; --clock) {
      block.clock();
      ASSERT_LE(block->time_ms_o - shown, 1u);
      shown = block->time_ms_o;
    }
  }
  EXPECT_GT(shown, 100u);
  EXPECT_LE(shown, most / 1000);
}

}  // namespace
}  // namespace synward::test
