// SPDX-License-Identifier: BSD-2-Clause
// Proves that beats come out two clocks later with their first and last marked, bytes that are not kept cleared, and
// the time of the frame's first beat, with gaps anywhere.
#include <Vsynward_rx_beat.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>

#include "block/bench.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 2;
constexpr std::size_t kBeat = 64;

struct Beat {
  bool first, last, error;
  std::size_t bytes;
  Bytes data;
  std::uint32_t time;
};

TEST(RxBeat, beats_are_marked_and_cleared) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_rx_beat> block(seed);
  block->valid_i = 0;
  block.reset();
  std::deque<std::optional<Beat>> under_way;
  bool in_frame = false;
  std::uint32_t frame_time = 0;
  for (int clock = 0; clock < 100'000; ++clock) {
    const bool valid = rng.percent(80);
    const bool last = rng.bit(), error = rng.bit();
    const std::size_t bytes = last ? rng.between(1, kBeat) : kBeat;
    block->valid_i = valid;
    block->last_i = last;
    block->error_i = error;
    block->keep_i = ~0ULL >> (kBeat - bytes);
    block->time_ms_i = rng.u32();
    scramble(block->data_i, rng);
    if (!in_frame) frame_time = block->time_ms_i;
    block.settle();
    if (under_way.size() == kLatency) {
      const auto& expected = under_way.front();
      ASSERT_EQ(block->valid_o != 0, expected.has_value()) << "clock " << clock;
      if (expected) {
        ASSERT_EQ(block->first_o != 0, expected->first) << "clock " << clock;
        ASSERT_EQ(block->last_o != 0, expected->last) << "clock " << clock;
        ASSERT_EQ(block->error_o != 0, expected->error) << "clock " << clock;
        ASSERT_EQ(block->top_o + 1U, expected->bytes) << "clock " << clock;
        ASSERT_EQ(block->time_ms_o, expected->time) << "clock " << clock;
        ASSERT_EQ(to_hex(get_bytes(block->data_o, 0, kBeat)), to_hex(expected->data)) << "clock " << clock;
      }
      under_way.pop_front();
    }
    if (valid) {
      Bytes data = get_bytes(block->data_i, 0, bytes);
      data.resize(kBeat);
      under_way.emplace_back(Beat{!in_frame, last, last && error, bytes, std::move(data), frame_time});
      in_frame = !last;
    } else {
      under_way.emplace_back();
    }
    block.edge();
  }
}

}  // namespace
}  // namespace synward::test
