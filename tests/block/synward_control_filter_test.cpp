// SPDX-License-Identifier: BSD-2-Clause
// Proves that every frame of the hostile generator comes through beat by beat, two clocks later, but for control
// frames, whatever their tags and lengths, of which no beat does.
#include <Vsynward_control_filter.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"
#include "block/stream.hpp"
#include "common/generator.hpp"
#include "reference/parse.hpp"

namespace synward::test {
namespace {

constexpr std::size_t kLatency = 2;

TEST(ControlFilter, takes_control_frames_out_whole_and_nothing_else) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_control_filter> block(seed);
  block->valid_i = 0;
  block->error_i = 0;
  block.reset();
  FrameGenerator frames(seed);
  std::deque<std::optional<VlWide<17>>> under_way;
  std::size_t taken = 0, passed = 0;
  const auto clock = [&](std::optional<VlWide<17>> expected) {
    under_way.push_back(expected);
    block.settle();
    if (under_way.size() > kLatency) {
      const auto& due = under_way.front();
      ASSERT_EQ(block->valid_o != 0, due.has_value());
      if (due) {
        ASSERT_TRUE(std::equal(due->data(), due->data() + 17, block->beat_o.data()));
      }
      under_way.pop_front();
    }
    block.edge();
  };
  for (int i = 0; i < 40'000; ++i) {
    Bytes frame = rng.percent(30) ? frames.next_status() : frames.next();
    if (rng.percent(3)) frame.resize(rng.between(1, 24));
    const bool control = reference::is_control(frame);
    ++(control ? taken : passed);
    const std::size_t beats = beats_of(frame.size());
    for (std::size_t beat = 0; beat < beats; ++beat) {
      while (rng.percent(10)) {
        block->valid_i = 0;
        block->first_i = rng.bit();
        scramble(block->data_i, rng);
        clock(std::nullopt);
        if (HasFatalFailure()) return;
      }
      VlWide<17> port{};
      set_beat(port, frame, beat);
      block->valid_i = 1;
      block->first_i = beat == 0;
      block->last_i = beat + 1 == beats;
      block->top_i = static_cast<std::uint8_t>(std::min(kBeat, frame.size() - beat * kBeat) - 1);
      std::copy(port.data(), port.data() + 16, block->data_i.data());
      clock(control ? std::nullopt : std::optional(port));
      if (HasFatalFailure()) FAIL() << "frame " << i << ", " << frames.kind();
    }
  }
  EXPECT_GT(taken, 5'000U);
  EXPECT_GT(passed, 5'000U);
}

}  // namespace
}  // namespace synward::test
