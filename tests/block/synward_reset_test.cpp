// SPDX-License-Identifier: BSD-2-Clause
// Proves that a reset of any length, at any time within a clock, holds the core for at least 64 clocks behind its end,
// that frames are let in 32 clocks after the release and never while the core is held, that all copies go together, and
// that the core is held from power-up on.
#include <Vsynward_reset.h>
#include <gtest/gtest.h>

#include "block/bench.hpp"

namespace synward::test {
namespace {

constexpr int kHold = 64, kSettle = 32, kWithin = 112;
constexpr unsigned kAll = 3;  ///< both copies

class Reset {
 public:
  explicit Reset(std::uint64_t seed) : rng(seed), block_(seed) { block_->rst_ni = 1; }

  /// One clock in which the pin may fall and rise at any moment; `low` at its end.
  void clock(bool pulse, bool low) {
    block_.settle();
    if (pulse) {
      block_->rst_ni = 0;
      block_->eval();
      block_->rst_ni = !low;
      block_->eval();
    }
    block_.edge();
    // Just behind the edge: the shortest pulse.
    if (!pulse && low != (block_->rst_ni == 0)) {
      block_->rst_ni = !low;
      block_->eval();
    }
    asserted = pulse || low;
    since_pin = asserted ? 0 : since_pin + 1;
    const bool held = block_->rst_no == 0;
    ASSERT_TRUE(held || block_->rst_no == kAll) << "the copies differ";
    ASSERT_FALSE(held && block_->accept_o != 0);
    held_for = held ? held_for + 1 : 0;
    running_for = held ? 0 : running_for + 1;
    accepting = block_->accept_o != 0;
  }

  Rng rng;
  bool asserted = false, accepting = false;
  int since_pin = 0, held_for = 0, running_for = 0;

 private:
  Bench<Vsynward_reset> block_;
};

TEST(Reset, holds_the_core_from_power_up_on) {
  Reset reset(test_seed());
  for (int clock = 0; clock < kHold; ++clock) {
    reset.clock(false, false);
    ASSERT_EQ(reset.running_for, 0);
  }
  for (int clock = kHold; clock < kWithin; ++clock) reset.clock(false, false);
  EXPECT_TRUE(reset.accepting);
}

TEST(Reset, a_pulse_of_any_length_is_a_whole_reset) {
  Reset reset(test_seed());
  Rng& rng = reset.rng;
  for (int clock = 0; clock < kWithin; ++clock) reset.clock(false, false);
  for (int round = 0; round < 3'000; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const auto before = rng.below(250);
    for (std::size_t clock = 0; clock < before; ++clock) ASSERT_NO_FATAL_FAILURE(reset.clock(false, false));
    // 0: shorter than a clock.
    const auto length = rng.percent(40) ? 0 : rng.percent(50) ? rng.between(1, 4) : rng.between(1, 200);
    ASSERT_NO_FATAL_FAILURE(reset.clock(true, length > 0));
    for (std::size_t clock = 0; clock < length; ++clock)
      ASSERT_NO_FATAL_FAILURE(reset.clock(false, clock + 1 < length));
    for (int clock = 1; clock <= kWithin; ++clock) {
      ASSERT_NO_FATAL_FAILURE(reset.clock(false, false));
      if (clock >= 6 && clock <= kHold) {
        ASSERT_EQ(reset.running_for, 0) << clock;
      }
      if (reset.running_for > 0 && clock > 6) {
        ASSERT_EQ(reset.accepting, reset.running_for > kSettle) << clock;
      }
    }
    ASSERT_TRUE(reset.accepting);
  }
}

}  // namespace
}  // namespace synward::test
