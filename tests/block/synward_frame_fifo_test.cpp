// SPDX-License-Identifier: BSD-2-Clause
// Proves that frames leave whole and in order under random gaps, drops and stalls, that exactly those leave that were
// reported as stored, that a frame is refused only for want of room, and that one beat a clock goes through without
// end.
#include <Vsynward_frame_fifo.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <vector>

#include "block/bench.hpp"

namespace synward::test {
namespace {

using Frame = std::vector<std::uint32_t>;
static_assert(PARAM_WIDTH == 32);
/// Beats that always find room: it keeps a few in reserve.
constexpr std::size_t kCapacity = (std::size_t{1} << PARAM_LOGDEPTH) - 4;

class Fifo {
 public:
  explicit Fifo(std::uint64_t seed) : rng(seed), block_(seed) {
    block_->valid_i = 0;
    block_->ready_i = 0;
    block_.reset();
  }

  /// One clock, with a beat of the frame that is being written if `write`; a new frame is of up to `longest` beats.
  void clock(bool write, std::size_t longest, unsigned keep_chance, bool ready) {
    if (write && frame_.empty()) {
      frame_.resize(rng.between(1, longest));
      for (std::uint32_t& beat : frame_) beat = rng.u32();
      keep_ = rng.percent(keep_chance);
      room_was_short_ = false;
    }
    block_->valid_i = write;
    block_->beat_i = write ? frame_[beat_] : rng.u32();
    block_->last_i = write ? beat_ + 1 == frame_.size() : rng.bit();
    block_->keep_frame_i = write && beat_ + 1 == frame_.size() ? keep_ : rng.bit();
    block_->ready_i = ready;
    block_.settle();
    check_report();
    if (write) room_was_short_ = room_was_short_ || held_ + beat_ >= kCapacity;
    check_output();
    if (write && ++beat_ == frame_.size()) {
      reported_ = keep_;
      written_ = std::move(frame_);
      frame_.clear();
      beat_ = 0;
      may_refuse_ = room_was_short_;
    }
    block_.edge();
  }

  Rng rng;
  std::size_t frames_stored = 0, frames_refused = 0, beats_out = 0;
  bool output_valid = false;

 private:
  void check_report() {
    ASSERT_EQ(block_->stored_o + block_->refused_o, reported_ ? 1 : 0);
    if (block_->stored_o != 0) {
      ++frames_stored;
      held_ += written_.size();
      expected_.insert(expected_.end(), written_.begin(), written_.end());
    }
    if (block_->refused_o != 0) {
      ++frames_refused;
      ASSERT_TRUE(may_refuse_) << "refused with room for it";
    }
    reported_ = false;
  }
  void check_output() {
    output_valid = block_->valid_o != 0;
    if (!output_valid) return;
    ASSERT_FALSE(expected_.empty()) << "a beat that was not stored";
    ASSERT_EQ(block_->beat_o, expected_.front());
    if (block_->ready_i == 0) return;
    expected_.pop_front();
    --held_;
    ++beats_out;
  }

  Bench<Vsynward_frame_fifo> block_;
  Frame frame_, written_;
  std::size_t beat_ = 0, held_ = 0;
  bool keep_ = false, reported_ = false, room_was_short_ = false, may_refuse_ = false;
  std::deque<std::uint32_t> expected_;
};

TEST(FrameFifo, frames_are_whole_and_in_order_under_gaps_drops_and_stalls) {
  Fifo fifo(test_seed());
  Rng& rng = fifo.rng;
  unsigned write_chance = 50, ready_chance = 50, keep_chance = 80;
  std::size_t longest = 4;
  for (int clock = 0; clock < 300'000; ++clock) {
    if (rng.percent(1)) {
      write_chance = rng.pick(std::array{0U, 30U, 60U, 100U});
      ready_chance = rng.pick(std::array{0U, 30U, 60U, 100U});
      keep_chance = rng.pick(std::array{0U, 50U, 100U});
      longest = rng.pick(std::array<std::size_t, 4>{1, 3, kCapacity, 2 * kCapacity});
    }
    fifo.clock(rng.percent(write_chance), longest, keep_chance, rng.percent(ready_chance));
    if (HasFatalFailure()) FAIL() << "clock " << clock;
  }
  EXPECT_GT(fifo.frames_stored, 10'000U);
  EXPECT_GT(fifo.frames_refused, 1'000U);
}

TEST(FrameFifo, a_frame_of_the_whole_capacity_fits) {
  const std::uint64_t seed = test_seed();
  Bench<Vsynward_frame_fifo> block(seed);
  block->valid_i = 0;
  block->ready_i = 1;
  block.reset();
  for (const std::size_t gap : {0U, 3U}) {
    for (std::size_t beat = 0; beat < kCapacity; ++beat) {
      block->valid_i = 1;
      block->last_i = beat + 1 == kCapacity;
      block->keep_frame_i = 1;
      block.clock();
      block->valid_i = 0;
      if (beat + 1 < kCapacity) block.clocks(static_cast<unsigned>(gap));
    }
    block.settle();
    EXPECT_EQ(block->stored_o, 1) << "gap " << gap;
    block.clocks(2 * kCapacity);
  }
}

TEST(FrameFifo, a_frame_that_was_taken_back_leaves_its_room_to_the_next) {
  Bench<Vsynward_frame_fifo> block(test_seed());
  block->valid_i = 0;
  block->ready_i = 0;
  block.reset();
  const auto put = [&](bool last, bool keep) {
    block->valid_i = 1;
    block->last_i = last;
    block->keep_frame_i = keep;
    block.clock();
    block->valid_i = 0;
    block.settle();
  };
  // Long frames that fill it or more, dropped; right behind each a frame of one beat, which fits until all is taken.
  for (std::size_t held = 0; held < kCapacity; ++held) {
    const std::size_t beats = kCapacity - held + held % 5;
    for (std::size_t beat = 0; beat < beats; ++beat) put(beat + 1 == beats, false);
    put(true, true);
    ASSERT_EQ(block->stored_o, 1) << held << " beats held";
  }
  // The first two wait in the output's registers already.
  for (int more = 0; more < 2; ++more) put(true, true);
  EXPECT_EQ(block->stored_o, 1);
  put(true, true);
  EXPECT_EQ(block->refused_o, 1);
}

TEST(FrameFifo, one_beat_a_clock_goes_through_without_end) {
  Fifo fifo(test_seed());
  constexpr std::size_t kClocks = 20'000, kFill = 40;
  for (std::size_t clock = 0; clock < kClocks; ++clock) {
    fifo.clock(true, 8, 100, true);
    ASSERT_FALSE(HasFatalFailure());
  }
  EXPECT_EQ(fifo.frames_refused, 0U);
  EXPECT_GT(fifo.beats_out, kClocks - kFill);
}

}  // namespace
}  // namespace synward::test
