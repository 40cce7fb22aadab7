// SPDX-License-Identifier: BSD-2-Clause
// Proves length, back-off and end of pauses, and the end of the gate, against hls/, over renewals of any kind.
#include <Vsynward_pause.h>
#include <gtest/gtest.h>

#include <array>

#include "block/bench.hpp"
#include "synward/gate.hpp"
#include "synward/pause.hpp"

namespace synward::test {
namespace {

constexpr unsigned kSettled = 8;  ///< clocks after which all is known

class PauseUnderTest {
 public:
  explicit PauseUnderTest(std::uint64_t seed) : rng_(seed), block_(seed), now_(rng_.u32()) {
    block_->pause_i = 0;
    block_->gate_i = 0;
    block_->tick9_i = 0;
    block_.reset();
  }

  std::array<unsigned, kPauseMaxBackoff + 1> met{};
  unsigned ticks = 0;

  /// A pause begins; its length shows two clocks later.
  void begin() {
    const std::uint32_t seconds = pause_begin(pause_, now_);
    block_->pause_i = 1;
    block_->time11_i = now_;
    block_.clock();
    block_->pause_i = 0;
    block_->time11_i = rng_.u32();
    block_.clock();
    block_.settle();
    ASSERT_EQ(block_->seconds_o, seconds);
    block_.clocks(kSettled);
    block_.settle();
    ASSERT_EQ(block_->backoff_o, pause_.backoff);
    ASSERT_EQ(block_->until_o, pause_.until);
    ++met[pause_.backoff];
  }
  void stamp() {
    gate_stamp(gate_, now_);
    block_->gate_i = 1;
    block_->time11_i = now_;
    block_.clock();
    block_->gate_i = 0;
    block_->time11_i = rng_.u32();
    block_.clocks(kSettled);
  }
  /// What a request is told about pause and gate, around their ends.
  void ask() {
    for (int i = 0; i < 40; ++i) {
      const std::uint32_t around = rng_.bit() ? pause_.until : gate_.stamp + kGateTime;
      const std::uint32_t near = around + static_cast<std::uint32_t>(rng_.below(5)) - 2;
      const std::uint32_t time = rng_.percent(80) ? near : rng_.percent(50) ? rng_.u32() : near - kPauseReach;
      block_->time7_i = time;
      block_.clock();
      block_->time7_i = rng_.u32();
      block_.clock();
      block_.settle();
      PauseState asked = pause_;
      pause_tick(asked, time);
      ASSERT_EQ(block_->pause_over_o != 0, !asked.paused);
      if (gate_.open) {
        GateState gate = gate_;
        gate_tick(gate, time);
        ASSERT_EQ(block_->gate_over_o != 0, !gate.open);
      }
    }
  }
  /// A TICK.
  void tick() {
    pause_tick(pause_, now_);
    block_->time7_i = now_;
    block_.clock();
    block_->time7_i = rng_.u32();
    block_.clock();
    block_->tick9_i = 1;
    block_.clock();
    block_->tick9_i = 0;
    block_.clocks(kSettled);
    ++ticks;
  }
  void pass(std::uint32_t ms) { now_ += ms; }
  const PauseState& pause() const { return pause_; }
  std::uint32_t now() const { return now_; }

 private:
  Rng rng_;
  Bench<Vsynward_pause> block_;
  std::uint32_t now_;
  PauseState pause_{};
  GateState gate_{};
};

TEST(Pause, is_that_of_hls) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  PauseUnderTest pause(seed);
  for (int i = 0; i < 3'000; ++i) {
    pause.begin();
    if (rng.bit()) pause.stamp();
    pause.ask();
    ASSERT_FALSE(HasFailure()) << "pause " << i;
    // The next begins when this one is over: soon, around the end of the time in which it is a renewal, or later.
    const std::uint32_t over = pause.pause().until - pause.now();
    const std::uint32_t renewable = kPauseTime << pause.pause().backoff;
    const std::uint32_t behind = rng.percent(70)   ? static_cast<std::uint32_t>(rng.below(renewable))
                                 : rng.percent(80) ? renewable + static_cast<std::uint32_t>(rng.below(5)) - 2
                                 : rng.bit()       ? rng.u32()
                                                   : static_cast<std::uint32_t>(rng.below(10'000'000));
    if (rng.bit()) {
      pause.pass(over + behind);
    } else {
      // On the way a TICK may find that it cannot be renewed any more; or the clock goes on to where it seems that it
      // can.
      const std::uint32_t part = rng.bit() ? static_cast<std::uint32_t>(rng.below(behind + 1)) : rng.u32();
      pause.pass(over + part);
      pause.tick();
      pause.pass(behind - part);
    }
  }
  for (const unsigned times : pause.met) EXPECT_GT(times, 10u);
}

}  // namespace
}  // namespace synward::test
