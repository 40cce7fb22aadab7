// SPDX-License-Identifier: BSD-2-Clause
// Whole frames alone come in while the link is up; one that the link cuts ends with an error, and what follows of it
// is not taken for another.
#include <Vsynward_rx_gate.h>
#include <gtest/gtest.h>

#include "block/numbered_frames.hpp"

namespace synward::test {
namespace {

TEST(RxGate, cut_frames_end_with_an_error_and_no_other_frame_is_touched) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_rx_gate> block(seed);
  FrameReader reader;
  std::vector<bool> sent_error;
  std::vector<unsigned> sent_beats;
  NumberedFrame frame{0, 1};
  unsigned beat = 0;
  std::size_t cut = 0, resets = 0;
  bool open = true;
  for (int clock = 0; clock < 200'000; ++clock) {
    if (rng.percent(1)) open = !open;
    bool mac_reset = rng.below(1000) == 0;
    AxisBeat in;
    if (!mac_reset && rng.percent(70)) {
      in = beat_of(frame, beat);
      in.error = in.last && rng.percent(10);
      if (++beat == frame.beats) {
        sent_beats.push_back(frame.beats);
        sent_error.push_back(in.error);
        frame = {frame.number + 1, static_cast<unsigned>(rng.between(1, 9))};
        beat = 0;
      }
    } else if (mac_reset && beat != 0) {
      // The frame under way has no end: the next beat is another frame's first.
      ++resets;
      sent_beats.push_back(frame.beats);
      sent_error.push_back(false);
      frame = {frame.number + 1, static_cast<unsigned>(rng.between(1, 9))};
      beat = 0;
    }
    block->open_i = open;
    block->mac_reset_i = mac_reset;
    set_axis_beat(block->beat_i, in);
    block.clock();
    const AxisBeat out = get_axis_beat(block->beat_o);
    cut += block->cut_o;
    if (!out.valid) continue;
    if (block->cut_o) {
      ASSERT_TRUE(out.last && out.error);
      reader = FrameReader();  // its beginning is dropped with it
      continue;
    }
    reader.take(out);
    ASSERT_FALSE(reader.torn()) << "clock " << clock;
    if (!out.last) continue;
    const NumberedFrame& got = reader.frames().back();
    ASSERT_EQ(got.beats, sent_beats.at(got.number));
    ASSERT_EQ(reader.errors().back(), sent_error.at(got.number));
  }
  EXPECT_GT(cut, 100U);
  EXPECT_GT(resets, 10U);
}

TEST(RxGate, nothing_comes_in_while_the_link_is_down) {
  const std::uint64_t seed = test_seed();
  Bench<Vsynward_rx_gate> block(seed);
  block->open_i = 0;
  block->mac_reset_i = 0;
  for (unsigned i = 0; i < 100; ++i) {
    set_axis_beat(block->beat_i, beat_of({i, 1}, 0));
    block.clock();
    ASSERT_FALSE(get_axis_beat(block->beat_o).valid);
  }
  block->open_i = 1;
  set_axis_beat(block->beat_i, beat_of({100, 1}, 0));
  block.clock();
  EXPECT_TRUE(get_axis_beat(block->beat_o).valid);
}

}  // namespace
}  // namespace synward::test
