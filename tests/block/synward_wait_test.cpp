// SPDX-License-Identifier: BSD-2-Clause
// Proves that frames leave whole and in order, each when its decision has come and none before, with the numbers that
// were told of them; that a frame that finds no room is gone whole and said to be; and that a beat leaves every clock.
#include <Vsynward_wait.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <optional>
#include <utility>

#include "block/bench.hpp"
#include "block/stream.hpp"

namespace synward::test {
namespace {

/// Chances in percent.
struct Phase {
  unsigned beats = 80, decided = 50;
  std::size_t longest = 200;
};

struct Frame {
  Bytes bytes;
  std::uint8_t tag;
};
struct Stored {
  Bytes bytes;
  std::uint8_t number;
};

class Wait {
 public:
  explicit Wait(std::uint64_t seed) : rng(seed), block_(seed) {
    block_->valid_i = 0;
    block_->decided_i = 0;
    block_.reset();
  }

  void clock(const Phase& phase) {
    drive_beat(phase);
    drive_asks();
    block_->decided_i = !undecided_.empty() && rng.percent(phase.decided);
    block_.settle();
    take_answer();
    take_beat();
    if (block_->decided_i != 0) {
      due_.push_back(undecided_.front());
      undecided_.pop_front();
    }
    block_.edge();
  }
  void drain() {
    for (int i = 0; i < 200; ++i) {
      clock({.beats = 0, .decided = 100});
      ASSERT_FALSE(testing::Test::HasFatalFailure());
    }
    ASSERT_TRUE(due_.empty());
    ASSERT_TRUE(undecided_.empty());
  }

  Rng rng;
  std::uint64_t left = 0, unstored = 0, beats = 0;

 private:
  static constexpr std::size_t kAskLatency = 25;  ///< clocks from a frame's end to the question about it

  void drive_beat(const Phase& phase) {
    block_->valid_i = rng.percent(phase.beats);
    scramble(block_->beat_i, rng);
    block_->tag_i = rng.u8() & 0x3f;
    asks_.push_back(std::nullopt);
    if (block_->valid_i == 0) return;
    if (!source_.busy()) {
      current_ = {random_bytes(rng, rng.between(1, phase.longest)), static_cast<std::uint8_t>(tag_++ & 0x3f)};
      source_.start(current_.bytes);
    }
    block_->tag_i = current_.tag;
    if (!source_.drive(block_->beat_i)) return;
    source_.end();
    asks_.back() = current_;
  }
  /// The parser is as late with each frame.
  void drive_asks() {
    block_->asks_tag_i = rng.u8() & 0x3f;
    asked_ = std::exchange(asking_, std::nullopt);
    if (asks_.size() <= kAskLatency) return;
    asking_ = asks_.front();
    asks_.pop_front();
    if (asking_) block_->asks_tag_i = asking_->tag;
  }
  void take_answer() {
    if (!asked_) return;
    if (block_->unstored_o != 0) {
      ++unstored;
    } else {
      ASSERT_EQ(block_->number_o, number_);
      undecided_.push_back({asked_->bytes, number_});
      number_ = (number_ + 1) & 0x7f;
    }
  }
  void take_beat() {
    // The beat of two clocks ago.
    if (before_[0]) {
      append(frame_, bytes_of_beat(block_->beat_o));
      ASSERT_EQ(is_last_beat(block_->beat_o), before_last_[0]);
      if (before_last_[0]) {
        ASSERT_FALSE(gone_.empty());
        ASSERT_EQ(to_hex(frame_), to_hex(gone_.front().bytes));
        gone_.pop_front();
        frame_.clear();
        ++left;
      }
    }
    before_[0] = before_[1];
    before_last_[0] = before_last_[1];
    before_[1] = block_->valid_o != 0;
    before_last_[1] = block_->valid_o != 0 && block_->last_o != 0;
    if (block_->valid_o == 0) return;
    ++beats;
    ASSERT_FALSE(due_.empty()) << "a frame left before its decision";
    ASSERT_EQ(block_->number_leaves_o, due_.front().number);
    if (block_->last_o == 0) return;
    gone_.push_back(due_.front());
    due_.pop_front();
  }

  Bench<Vsynward_wait> block_;
  BeatSource source_;
  Frame current_;
  std::uint32_t tag_ = 0;
  std::uint8_t number_ = 0;
  std::deque<std::optional<Frame>> asks_;
  std::optional<Frame> asking_, asked_;
  std::deque<Stored> undecided_, due_, gone_;  ///< due_: decided; gone_: their last beat is on its way
  std::array<bool, 2> before_{}, before_last_{};
  Bytes frame_;
};

TEST(Wait, frames_leave_whole_and_in_order_as_they_are_decided) {
  Wait wait(test_seed());
  Phase phase;
  for (int clock = 0; clock < 100'000; ++clock) {
    if (wait.rng.percent(1)) {
      phase = {.beats = wait.rng.pick(std::array{0U, 50U, 100U}),
               .decided = wait.rng.pick(std::array{0U, 10U, 50U, 100U}),
               .longest = wait.rng.pick(std::array<std::size_t, 3>{64, 300, 3'000})};
    }
    wait.clock(phase);
    if (HasFatalFailure()) FAIL() << "clock " << clock;
  }
  ASSERT_NO_FATAL_FAILURE(wait.drain());
  EXPECT_GT(wait.left, 5'000U);
  EXPECT_GT(wait.unstored, 1'000U);
}

TEST(Wait, a_beat_leaves_every_clock) {
  Wait wait(test_seed());
  constexpr int kClocks = 10'000;
  // Frames of a beat: longer ones would wait for each other's decisions here, where one comes a clock.
  for (int clock = 0; clock < kClocks; ++clock) {
    wait.clock({.beats = 100, .decided = 100, .longest = 64});
    if (HasFatalFailure()) FAIL() << "clock " << clock;
  }
  EXPECT_EQ(wait.unstored, 0U);
  EXPECT_GT(wait.beats, kClocks - 100U);
}

}  // namespace
}  // namespace synward::test
