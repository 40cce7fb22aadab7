// SPDX-License-Identifier: BSD-2-Clause
// Frames cross whole and in order between two clocks, whatever their order of edges; what is lost is lost whole and
// counted; a frame once begun is read without a gap.
#include <Vsynward_frame_crossing.h>
#include <gtest/gtest.h>

#include <array>

#include "block/numbered_frames.hpp"
#include "block/two_clocks.hpp"

namespace synward::test {
namespace {

#ifdef PARAM_STALL
constexpr bool kStall = PARAM_STALL != 0;
#else
constexpr bool kStall = true;
#endif
constexpr unsigned kBeats = 1U << PARAM_LOGDEPTH;
constexpr unsigned kMost = kBeats - 8;  ///< beats of the longest frame that is promised to cross

class Crossing : public testing::Test {
 protected:
  Crossing() {
    block_->rst_ni = 0;
    block_->wr_open_i = 1;
    block_->rd_ready_i = 0;
    set_axis_beat(block_->wr_beat_i, {});
    for (int i = 0; i < 8; ++i) {
      block_.pulse(block_->wr_clk_i);
      block_.pulse(block_->rd_clk_i);
    }
    block_->rst_ni = 1;
    for (int i = 0; i < 8; ++i) {
      block_.pulse(block_->wr_clk_i);
      block_.pulse(block_->rd_clk_i);
    }
  }

  /// A clock of the writer: offers the frame under way, or draws the next.
  void write_clock(unsigned most_beats) {
    if (!offering_ && rng_.percent(write_percent_)) {
      if (beat_ == 0) frame_ = {next_++, static_cast<unsigned>(rng_.between(1, most_beats))};
      offering_ = true;
    }
    AxisBeat beat;
    if (offering_) beat = beat_of(frame_, beat_);
    set_axis_beat(block_->wr_beat_i, beat);
    block_.settle();
    const bool moves = offering_ && block_->wr_ready_o != 0;
    block_.pulse(block_->wr_clk_i);
    dropped_ += block_->wr_dropped_o;
    if (!moves) return;
    offering_ = false;
    if (++beat_ == frame_.beats) {
      beat_ = 0;
      ++written_;
      beats_of_.push_back(frame_.beats);
    }
  }
  void read_clock() {
    block_->rd_ready_i = rng_.percent(read_percent_);
    block_.settle();
    const AxisBeat beat = get_axis_beat(block_->rd_beat_o);
    ASSERT_TRUE(beat.valid || !reader_.inside()) << "a gap inside a frame";
    if (beat.valid && block_->rd_ready_i) reader_.take(beat);
    block_.pulse(block_->rd_clk_i);
  }
  void finish_frame() {
    write_percent_ = read_percent_ = 100;
    while (beat_ != 0 || offering_) {
      write_clock(1);
      for (int i = 0; i < 4; ++i) read_clock();
    }
    set_axis_beat(block_->wr_beat_i, {});
    for (unsigned i = 0; i < 4 * kBeats; ++i) {
      block_.pulse(block_->wr_clk_i);
      dropped_ += block_->wr_dropped_o;
      read_clock();
    }
  }
  /// Every frame that came out is one that went in, in order and whole; the rest is counted.
  void expect_accounted() {
    EXPECT_FALSE(reader_.torn());
    EXPECT_FALSE(reader_.inside());
    for (std::size_t i = 0; i < reader_.frames().size(); ++i) {
      const NumberedFrame& frame = reader_.frames()[i];
      ASSERT_EQ(frame.beats, beats_of_.at(frame.number));
      ASSERT_TRUE(i == 0 || frame.number > reader_.frames()[i - 1].number);
    }
    EXPECT_EQ(reader_.frames().size() + dropped_, written_);
  }

  std::uint64_t seed_ = test_seed();
  Rng rng_{seed_};
  TwoClocks<Vsynward_frame_crossing> block_{seed_};
  FrameReader reader_;
  NumberedFrame frame_;
  unsigned beat_ = 0;
  bool offering_ = false;
  unsigned write_percent_ = 60, read_percent_ = 60;
  std::uint32_t next_ = 0;
  std::size_t written_ = 0, dropped_ = 0;
  std::vector<unsigned> beats_of_;
};

TEST_F(Crossing, frames_cross_whole_and_in_order_with_any_two_clocks) {
  unsigned write_share = 50;
  for (int edge = 0; edge < 300'000; ++edge) {
    if (rng_.percent(1)) {
      write_share = rng_.pick(std::array{10U, 48U, 50U, 52U, 90U});
      write_percent_ = rng_.pick(std::array{20U, 60U, 100U});
      read_percent_ = rng_.pick(std::array{20U, 60U, 100U});
    }
    if (rng_.percent(write_share)) {
      write_clock(rng_.bit() ? 2 : kMost);
    } else {
      read_clock();
      if (HasFatalFailure()) return;
    }
  }
  finish_frame();
  expect_accounted();
  EXPECT_GT(reader_.frames().size(), 1000U);
  if (kStall) {
    EXPECT_EQ(dropped_, 0U);
  } else {
    EXPECT_GT(dropped_, 0U) << "never full";
  }
}

TEST_F(Crossing, a_frame_that_never_fits_is_lost_alone) {
  for (int round = 0; round < 50; ++round) {
    frame_ = {next_++, kBeats + static_cast<unsigned>(rng_.below(20))};
    offering_ = true;
    for (int i = 0; i < 200; ++i) {
      if (beat_ != 0 || offering_) write_clock(1);
      read_clock();
    }
    finish_frame();
    frame_ = {next_++, 3};
    offering_ = true;
    finish_frame();
  }
  expect_accounted();
  EXPECT_EQ(reader_.frames().size(), 50U);
  EXPECT_EQ(dropped_, 50U);
}

TEST_F(Crossing, a_writer_that_is_closed_never_waits_and_leaves_no_part_of_a_frame) {
  bool open = true;
  read_percent_ = 5;
  for (int edge = 0; edge < 100'000; ++edge) {
    if (rng_.percent(2)) {
      open = !open;
      block_->wr_open_i = open;
    }
    if (rng_.percent(50)) {
      const bool offered = offering_;
      const unsigned beat = beat_;
      write_clock(kMost);
      if (!open && offered) {
        ASSERT_TRUE(!offering_) << "waits, beat " << beat;
      }
    } else {
      read_clock();
      if (HasFatalFailure()) return;
    }
  }
  block_->wr_open_i = 1;
  finish_frame();
  expect_accounted();
  EXPECT_GT(dropped_, 100U);
  EXPECT_GT(reader_.frames().size(), 100U);
}

}  // namespace
}  // namespace synward::test
