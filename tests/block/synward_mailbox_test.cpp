// SPDX-License-Identifier: BSD-2-Clause
// Proves, clock by clock, that the mailbox holds exactly the control frames that are its own, whole, in order, while
// there is room and the window's limit allows; that what it refuses is counted once each, never in a clock of others;
// and that the oldest frame reads as it came, and as zeros beyond it, also while others come and go.
#include <Vsynward_mailbox.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"
#include "block/stream.hpp"

namespace synward::test {
namespace {

constexpr std::size_t kFrames = 1U << PARAM_LOGFRAMES, kLimit = 1U << PARAM_LOGLIMIT, kLongest = 256;
constexpr std::size_t kDecided = 2;  ///< clocks from a beat to what comes of it

/// A frame, and whether it goes to the mailbox at all.
struct Coming {
  Bytes bytes;
  bool mail = false, damaged = false;
};

Coming random_frame(Rng& rng, std::size_t longest) {
  Coming out;
  out.damaged = rng.percent(5);
  out.bytes = random_bytes(rng, 12);
  const std::size_t tags = rng.below(4);
  for (std::size_t i = 0; i < tags; ++i) {
    put16(out.bytes, rng.bit() ? 0x8100 : 0x88a8);
    put16(out.bytes, rng.u16());
  }
  const bool control = rng.percent(90);
  put16(out.bytes, control ? 0x88b5U : rng.pick(std::array{0x88b4U, 0x0800U, 0xb588U}));
  const std::uint8_t version = rng.percent(90) ? 1 : rng.u8();
  const std::uint8_t type = rng.percent(20) ? 1 : rng.u8();
  out.bytes.push_back(version);
  out.bytes.push_back(type);
  out.mail = tags < 3 && control && version == 1 && type != 1;
  if (rng.percent(3)) {
    // The type is a zero then.
    out.bytes.pop_back();
    out.mail = tags < 3 && control && version == 1;
  } else if (rng.percent(90)) {
    const std::size_t more = rng.percent(10) ? kLongest + 1 - rng.below(3) - out.bytes.size() : rng.below(longest);
    append(out.bytes, random_bytes(rng, more));
  }
  return out;
}

class Mailbox {
 public:
  explicit Mailbox(std::uint64_t seed) : rng(seed), block_(seed) {
    block_->valid_i = 0;
    block_->pop_i = 0;
    block_->others_refused_i = 0;
    block_.reset();
  }

  /// One clock; chances in percent.
  void clock(unsigned busy, unsigned pops, unsigned others = 30, std::size_t longest = 300) {
    drive(rng.percent(busy), longest);
    block_->pop_i = rng.percent(pops);
    block_->word_i = static_cast<std::uint8_t>(rng.below(64));
    block_->others_refused_i = rng.percent(others);
    block_.settle();
    ASSERT_EQ(block_->stored_o, stored_);
    ASSERT_FALSE(block_->refused_o != 0 && block_->others_refused_i != 0);
    refusals += block_->refused_o;
    words_.push_back(word(block_->word_i));
    states_.push_back({held_.size(), held_.empty() ? 0 : held_.front().size()});
    if (states_.size() == 3) {
      ASSERT_EQ(block_->waiting_o, states_[0].first);
      ASSERT_EQ(block_->length_o, states_[0].second);
      states_.pop_front();
    }
    if (words_.size() == 4) {
      ASSERT_EQ(block_->word_o, words_[0]);
      words_.pop_front();
    }
    decide();
    if (block_->pop_i != 0 && could_pop_) held_.pop_front();
    could_pop_ = false;
    block_.edge();
  }

  Rng rng;
  std::uint32_t time_ms = 0xffff'f000;
  std::size_t stores = 0, refusals = 0, wanted_refusals = 0, full = 0, limited = 0, too_long = 0;

 private:
  struct Beat {
    bool valid = false, first = false, last = false;
    std::uint32_t time_ms = 0;
    std::size_t beat = 0;
    Coming frame;
  };

  std::uint32_t word(std::size_t index) const {
    std::uint32_t out = 0;
    if (held_.empty()) return 0;
    const Bytes& frame = held_.front();
    for (std::size_t i = 0; i < 4; ++i) {
      if (4 * index + i < frame.size()) out |= std::uint32_t{frame[4 * index + i]} << 8 * i;
    }
    return out;
  }

  void drive(bool valid, std::size_t longest) {
    scramble(block_->data_i, rng);
    block_->valid_i = valid;
    block_->first_i = rng.bit();
    block_->last_i = rng.bit();
    block_->error_i = rng.bit();
    block_->top_i = static_cast<std::uint8_t>(rng.below(64));
    block_->time_ms_i = rng.u32();
    Beat beat;
    if (valid) {
      if (beat_ == 0) {
        frame_ = random_frame(rng, longest);
        frame_time_ = time_ms;
      }
      VlWide<17> port{};
      beat = {true, beat_ == 0, set_beat(port, frame_.bytes, beat_), frame_time_, beat_, frame_};
      std::copy(port.data(), port.data() + 16, block_->data_i.data());
      block_->first_i = beat.first;
      block_->last_i = beat.last;
      block_->error_i = beat.last && frame_.damaged;
      block_->top_i = static_cast<std::uint8_t>(std::min(kBeat, frame_.bytes.size() - beat_ * kBeat) - 1);
      block_->time_ms_i = frame_time_;
      beat_ = beat.last ? 0 : beat_ + 1;
    }
    beats_.push_back(std::move(beat));
  }

  /// What the beat of kDecided clocks ago does to what is held now.
  void decide() {
    stored_ = false;
    could_pop_ = !held_.empty();
    if (beats_.size() <= kDecided) return;
    const Beat beat = std::move(beats_.front());
    beats_.pop_front();
    if (!beat.valid) return;
    if (beat.first) room_ = held_.size() < kFrames;
    if (beat.time_ms >> 10 != window_) {
      window_ = beat.time_ms >> 10;
      taken_ = 0;
    }
    if (!beat.last || !beat.frame.mail || beat.frame.damaged) return;
    const bool fits = beat.frame.bytes.size() <= kLongest;
    stored_ = fits && room_ && taken_ < kLimit;
    if (stored_) {
      ++taken_;
      ++stores;
      held_.push_back(beat.frame.bytes);
      return;
    }
    ++wanted_refusals;
    ++(!fits ? too_long : room_ ? limited : full);
  }

  Bench<Vsynward_mailbox> block_;
  std::deque<Bytes> held_;
  std::deque<Beat> beats_;
  std::deque<std::uint32_t> words_;
  std::deque<std::pair<std::size_t, std::size_t>> states_;  ///< frames held, length of the oldest
  Coming frame_;
  std::size_t beat_ = 0, taken_ = 0;
  std::uint32_t frame_time_ = 0, window_ = 0;
  bool stored_ = false, room_ = false, could_pop_ = false;
};

TEST(Mailbox, holds_its_own_whole_and_in_order) {
  Mailbox box(test_seed());
  Rng& rng = box.rng;
  unsigned busy = 50, pops = 5;
  std::size_t longest = 300;
  for (int clock = 0; clock < 400'000; ++clock) {
    if (rng.percent(1)) {
      busy = rng.pick(std::array{0U, 30U, 100U});
      pops = rng.pick(std::array{0U, 2U, 20U, 100U});
      longest = rng.pick(std::array<std::size_t, 3>{20, 300, 600});
    }
    if (rng.percent(2)) box.time_ms += static_cast<std::uint32_t>(rng.below(300));
    box.clock(busy, pops, 30, longest);
    if (HasFatalFailure()) FAIL() << "clock " << clock;
  }
  for (int clock = 0; clock < 200; ++clock) {
    box.clock(0, 10);
    ASSERT_FALSE(HasFatalFailure());
  }
  EXPECT_EQ(box.refusals, box.wanted_refusals);
  EXPECT_GT(box.stores, 2'000U);
  EXPECT_GT(box.full, 1'000U);
  EXPECT_GT(box.limited, 1'000U);
  EXPECT_GT(box.too_long, 1'000U);
}

// One frame a clock, all refused, and others that take every second clock for longer than they ever do.
TEST(Mailbox, refusals_wait_for_a_clock_of_their_own) {
  Mailbox box(test_seed());
  for (int round = 0; round < 200; ++round) {
    for (int clock = 0; clock < 40; ++clock) {
      box.clock(100, 0, 100, 20);
      ASSERT_FALSE(HasFatalFailure());
    }
    for (int clock = 0; clock < 60; ++clock) {
      box.clock(0, 0, 0);
      ASSERT_FALSE(HasFatalFailure());
    }
    ASSERT_EQ(box.refusals, box.wanted_refusals);
  }
  EXPECT_GT(box.refusals, 2'000U);
}

}  // namespace
}  // namespace synward::test
