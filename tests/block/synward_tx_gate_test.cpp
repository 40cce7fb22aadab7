// SPDX-License-Identifier: BSD-2-Clause
// Frames go whole to the MAC or nowhere, nobody waits for a link that is down, and short frames are filled up.
#include <Vsynward_tx_gate.h>
#include <gtest/gtest.h>

#include "block/numbered_frames.hpp"

namespace synward::test {
namespace {

TEST(TxGate, frames_go_whole_or_nowhere_and_an_offer_is_never_taken_back) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_tx_gate> block(seed);
  FrameReader reader;
  NumberedFrame frame{0, 1};
  unsigned beat = 0;
  std::size_t dropped = 0;
  bool open = true, waited = false;
  block->mac_reset_i = 0;
  for (int clock = 0; clock < 200'000; ++clock) {
    if (rng.percent(1)) open = !open;
    const bool offer = waited || beat != 0 || rng.percent(70);
    AxisBeat in;
    if (offer) in = beat_of(frame, beat);
    block->open_i = open;
    block->ready_i = rng.percent(60);
    set_axis_beat(block->beat_i, in);
    block.settle();
    const AxisBeat out = get_axis_beat(block->beat_o);
    if (waited) {
      ASSERT_TRUE(out.valid) << "taken back, clock " << clock;
    }
    if (offer && !open && !out.valid) {
      ASSERT_TRUE(block->ready_o) << "waits for a link that is down";
    }
    const bool moved = offer && block->ready_o;
    waited = out.valid && !block->ready_i;
    if (out.valid && block->ready_i) reader.take(out);
    ASSERT_FALSE(reader.torn());
    block.edge();
    dropped += block->dropped_o;
    if (moved && ++beat == frame.beats) {
      frame = {frame.number + 1, static_cast<unsigned>(rng.between(1, 9))};
      beat = 0;
    }
  }
  block.settle();
  EXPECT_LE(frame.number - reader.frames().size() - dropped, 1U);
  EXPECT_GT(dropped, 1000U);
  EXPECT_GT(reader.frames().size(), 1000U);
}

TEST(TxGate, what_a_reset_of_the_mac_cuts_goes_nowhere_to_its_end) {
  const std::uint64_t seed = test_seed();
  Bench<Vsynward_tx_gate> block(seed);
  block->open_i = 1;
  block->ready_i = 1;
  block->mac_reset_i = 0;
  const NumberedFrame frame{7, 4};
  for (unsigned beat = 0; beat < 4; ++beat) {
    block->mac_reset_i = beat == 1;
    set_axis_beat(block->beat_i, beat_of(frame, beat));
    block.settle();
    EXPECT_EQ(get_axis_beat(block->beat_o).valid, beat == 0) << beat;
    EXPECT_TRUE(block->ready_o);
    block.edge();
  }
  EXPECT_TRUE(block->dropped_o);
  set_axis_beat(block->beat_i, beat_of({8, 1}, 0));
  block.settle();
  EXPECT_TRUE(get_axis_beat(block->beat_o).valid);
}

TEST(TxGate, a_reset_between_two_beats_loses_the_frame_too) {
  Bench<Vsynward_tx_gate> block(test_seed());
  block->open_i = 1;
  block->ready_i = 1;
  const NumberedFrame frame{7, 3};
  for (unsigned clock = 0; clock < 4; ++clock) {
    block->mac_reset_i = clock == 1;
    set_axis_beat(block->beat_i, clock == 1 ? AxisBeat{} : beat_of(frame, clock == 0 ? 0 : clock - 1));
    block.settle();
    EXPECT_EQ(get_axis_beat(block->beat_o).valid, clock == 0) << clock;
    block.edge();
  }
  EXPECT_TRUE(block->dropped_o);
}

TEST(TxGate, short_frames_are_filled_up_to_60_bytes_with_zeros) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_tx_gate> block(seed);
  block->open_i = 1;
  block->ready_i = 1;
  block->mac_reset_i = 0;
  for (unsigned size = 1; size <= 64; ++size) {
    AxisBeat in;
    in.valid = in.last = true;
    in.data = random_bytes(rng, 64);
    in.keep = ~std::uint64_t{0} >> (64 - size);
    set_axis_beat(block->beat_i, in);
    block.settle();
    const AxisBeat out = get_axis_beat(block->beat_o);
    EXPECT_EQ(out.keep, ~std::uint64_t{0} >> (64 - std::max(size, 60U)));
    for (unsigned i = 0; i < std::max(size, 60U); ++i) ASSERT_EQ(out.data[i], i < size ? in.data[i] : 0) << size;
    block.edge();
  }
}

}  // namespace
}  // namespace synward::test
