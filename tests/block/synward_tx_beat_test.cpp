// SPDX-License-Identifier: BSD-2-Clause
// Proves that a port keeps its promises through a reset at any clock, of any length, under any stalls: a beat on offer
// stays until it is taken, tvalid does not fall inside a frame, a frame that was cut ends at once with an error, every
// other one is whole and in order, and what was offered before the reset is not counted behind it.
#include <Vsynward_tx_beat.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "block/bench.hpp"
#include "block/stream.hpp"

namespace synward::test {
namespace {

TEST(TxBeat, a_reset_tears_no_frame) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_tx_beat> block(seed);
  block->valid_i = 0;
  block->tx_ready_i = 1;
  block->rst_ni = 1;
  block.settle();
  ASSERT_FALSE(get_axis_beat(block->tx_o).valid) << "at power-up";
  block.reset();

  std::deque<Bytes> expected;  // frames that went in whole or in part; the last may be under way
  Bytes frame, out, held;
  std::size_t beat = 0, whole = 0, cut = 0, cut_later = 0;
  bool inside = false, stalled = false, counted = false, moved_last = false, before_reset = false;
  int reset_left = 0;
  unsigned ready_chance = 50, valid_chance = 50;
  for (int clock = 0; clock < 400'000; ++clock) {
    if (rng.percent(2)) ready_chance = rng.pick(std::array{0U, 5U, 50U, 100U});
    if (rng.percent(2)) valid_chance = rng.pick(std::array{20U, 100U});
    if (reset_left > 0) --reset_left;
    if (rng.percent(1)) reset_left = static_cast<int>(rng.percent(50) ? rng.between(1, 3) : rng.between(1, 100));
    const bool reset = reset_left > 0;
    block->rst_ni = !reset;
    block->tx_ready_i = rng.percent(ready_chance);
    // Inside a frame the FIFO in front always has a beat, and in reset anything may be there.
    if (frame.empty()) frame = random_bytes(rng, rng.between(1, 300));
    block->valid_i = beat > 0 || rng.percent(valid_chance);
    set_beat(block->beat_i, frame, beat);
    if (reset) {
      block->valid_i = rng.bit();
      scramble(block->beat_i, rng);
      frame.clear();
      beat = 0;
    }
    block.settle();

    const AxisBeat port = get_axis_beat(block->tx_o);
    const auto moved = unpack<MovedRecord>(block->moved_o);
    ASSERT_EQ(moved.moved, counted) << clock;
    if (counted) {
      ASSERT_EQ(moved.last, moved_last) << clock;
    }
    Bytes shown = port.data;
    shown.push_back(port.last);
    shown.push_back(port.error);
    for (int i = 0; i < 8; ++i) shown.push_back(static_cast<std::uint8_t>(port.keep >> 8 * i));
    if (stalled) {
      ASSERT_TRUE(port.valid) << clock;
      ASSERT_EQ(to_hex(shown), to_hex(held)) << clock;
    }
    if (inside) {
      ASSERT_TRUE(port.valid) << "tvalid fell inside a frame, clock " << clock;
    }
    stalled = port.valid && block->tx_ready_i == 0;
    held = shown;
    counted = false;
    if (port.valid && block->tx_ready_i != 0) {
      const unsigned bytes = 64 - static_cast<unsigned>(__builtin_clzll(port.keep | 1));
      ASSERT_EQ(port.keep, ~0ULL >> (64 - bytes)) << clock;
      inside = !port.last;
      ASSERT_TRUE(!inside || (bytes == kBeat && !port.error)) << clock;
      counted = !reset && !before_reset && !port.error;
      moved_last = !inside;
      ASSERT_FALSE(expected.empty()) << clock;
      if (port.error) {
        ASSERT_FALSE(out.empty()) << "an end without a frame, clock " << clock;
        ASSERT_LT(out.size(), expected.front().size()) << clock;
        ASSERT_TRUE(std::equal(out.begin(), out.end(), expected.front().begin())) << clock;
        ++cut;
        if (!reset) ++cut_later;
      } else {
        append(out, ByteView(port.data).first(bytes));
        if (!inside) {
          ASSERT_EQ(to_hex(out), to_hex(expected.front())) << clock;
          ++whole;
        }
      }
      if (!inside) {
        out.clear();
        expected.pop_front();
      }
    }
    const bool took = !reset && block->valid_i != 0 && block->ready_o != 0;
    if (took) {
      if (beat == 0) expected.push_back(frame);
      if (++beat == beats_of(frame.size())) {
        frame.clear();
        beat = 0;
      }
    }
    if (reset) {
      // Of what had come, that which the port has not offered is gone.
      before_reset = true;
      expected.resize(std::min<std::size_t>(expected.size(), inside || stalled ? 1 : 0));
    } else if (!stalled) {
      before_reset = false;
    }
    block.edge();
    if (took && block->rst_ni == 0) FAIL();
  }
  EXPECT_GT(whole, 5'000U);
  EXPECT_GT(cut, 1'000U);
  EXPECT_GT(cut_later, 100U) << "a reset that is over before the port was ready";
}

}  // namespace
}  // namespace synward::test
