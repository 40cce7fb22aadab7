// SPDX-License-Identifier: BSD-2-Clause
// Proves that beats come out two clocks later with their first and last marked, bytes that are not kept cleared, and
// the time of the frame's first beat, with gaps anywhere; and that only whole frames are taken, whenever the block is
// reset or is not to accept, the next one behind either included.
#include <Vsynward_rx_beat.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>

#include "block/axis_beat.hpp"
#include "block/bench.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 2;
constexpr std::size_t kBeat = 64;

struct Beat {
  bool first, last, error;
  unsigned tag;
  std::size_t bytes;
  Bytes data;
  std::uint32_t time;
};

TEST(RxBeat, beats_are_marked_and_cleared) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_rx_beat> block(seed);
  set_axis_beat(block->rx_i, {});
  block->accept_i = 1;
  block.reset();
  std::deque<std::optional<Beat>> under_way;
  bool in_frame = false, taking = false;
  unsigned tag = 0, resets = 0, passed_over = 0;
  std::uint32_t frame_time = 0;
  constexpr int kBetween = 400;
  int reset_until = -kBetween / 2;
  for (int clock = 0; clock < 100'000; ++clock) {
    const bool valid = rng.percent(80);
    const bool last = rng.bit(), error = rng.bit();
    const std::size_t bytes = last ? rng.between(1, kBeat) : kBeat;
    set_axis_beat(block->rx_i, {valid, error, last, ~0ULL >> (kBeat - bytes), random_bytes(rng, kBeat)});
    block->time_ms_i = rng.u32();
    if (!in_frame) frame_time = block->time_ms_i;
    // A reset, and some clocks behind it in which nothing is accepted, as the core has them.
    if (clock == reset_until + kBetween) reset_until = clock + static_cast<int>(rng.between(21, 60));
    const bool held = clock < reset_until;
    block->rst_ni = clock >= reset_until - 20;
    block->accept_i = !held;
    block.settle();
    if (under_way.size() == kLatency) {
      const auto& expected = under_way.front();
      ASSERT_EQ(block->valid_o != 0, expected.has_value()) << "clock " << clock;
      if (expected) {
        ASSERT_EQ(block->first_o != 0, expected->first) << "clock " << clock;
        ASSERT_EQ(block->last_o != 0, expected->last) << "clock " << clock;
        ASSERT_EQ(block->error_o != 0, expected->error) << "clock " << clock;
        ASSERT_EQ(block->tag_o, expected->tag) << "clock " << clock;
        ASSERT_EQ(block->top_o + 1U, expected->bytes) << "clock " << clock;
        ASSERT_EQ(block->time_ms_o, expected->time) << "clock " << clock;
        ASSERT_EQ(to_hex(get_bytes(block->data_o, 0, kBeat)), to_hex(expected->data)) << "clock " << clock;
      }
      under_way.pop_front();
    }
    if (valid && held) taking = false;
    const bool take = valid && !held && (taking || !in_frame);
    if (valid && !held && !take) ++passed_over;
    if (take) {
      Bytes data = get_bytes(block->rx_i, 0, bytes);
      data.resize(kBeat);
      under_way.emplace_back(Beat{!in_frame, last, last && error, tag, bytes, std::move(data), frame_time});
      if (last) tag = (tag + 1) % 64;
    } else {
      under_way.emplace_back();
    }
    if (valid) {
      taking = take && !last;
      in_frame = !last;
    }
    block.edge();
    if (block->rst_ni == 0) {
      // Nothing of before comes out.
      for (auto& beat : under_way) beat.reset();
      taking = false;
      tag = 0;
      ++resets;
    }
  }
  EXPECT_GT(resets, 1'000U);
  EXPECT_GT(passed_over, 50U);
}

}  // namespace
}  // namespace synward::test
