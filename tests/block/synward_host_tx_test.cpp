// SPDX-License-Identifier: BSD-2-Clause
// Proves that marked ACKs leave before their frames, and all in order, and none is lost by those that keep to room_o:
// also a mark whose frame found no room, and also with every buffer filled to the brim; that a beat leaves every
// clock while there is one; and that mail goes between two others, whole, never between a mark and its frame, and soon.
#include <Vsynward_host_tx.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"
#include "block/stream.hpp"

namespace synward::test {
namespace {

/// What is asked of the block for one of the client's frames.
struct Job {
  Bytes frame, mark;  ///< mark: empty if none is wanted
  bool forward = false;
  bool decided = false;  ///< whether there is room for its mark
};

/// A frame that has to leave; `leads`: a mark, right behind which its frame has to.
struct Due {
  Bytes bytes;
  bool leads = false;
};

/// How busy a phase of the test is; chances in percent.
struct Phase {
  unsigned beat_valid = 50, ready = 50, marked = 30, forward = 80, mails = 0;
  std::size_t longest = 300;
};

class HostTx {
 public:
  explicit HostTx(std::uint64_t seed) : rng(seed), block_(seed) {
    block_->mark_valid_i = 0;
    block_->valid_i = 0;
    block_->mail_valid_i = 0;
    block_->tx_ready_i = 0;
    block_.reset();
  }

  void clock(const Phase& phase) {
    while (jobs_.size() < kAhead) jobs_.push_back(random_job(phase));
    drive_frame(rng.percent(phase.beat_valid));
    drive_mail(rng.percent(phase.mails));
    block_->tx_ready_i = rng.percent(phase.ready);
    block_.settle();
    report_frame();
    ASSERT_EQ(block_->mark_stored_o, mark_waits_) << "a mark was lost, or made";
    marks += block_->mark_stored_o;
    decide();
    if (watch.look(*block_.operator->())) {
      if (!mail_left_.empty() && watch.frame() == mail_left_.front()) {
        ASSERT_FALSE(led_) << "mail between a mark and its frame";
        mail_left_.pop_front();
        ++mails;
      } else {
        ASSERT_FALSE(expected.empty()) << "a frame that was not stored";
        ASSERT_EQ(to_hex(watch.frame()), to_hex(expected.front().bytes));
        led_ = expected.front().leads;
        expected.pop_front();
      }
      mail_waits_ = mail_waits_ == 0 ? 0 : mail_waits_ + 1;
      // One may be at the port, and a mark with its frame begun.
      ASSERT_LE(mail_waits_, 5U) << "mail is overtaken";
    }
    take_mail();
    frame_done_ = frame_ends_;
    mark_waits_ = mark_driven_;
    block_.edge();
  }

  Rng rng;
  PortWatch<Vsynward_host_tx> watch;
  std::deque<Due> expected;
  std::size_t mails = 0, marks = 0, no_rooms = 0, frames_refused = 0, lonely_marks = 0;

 private:
  /// Decisions are made while their frames wait: marks run ahead of the frames by so many.
  static constexpr std::size_t kAhead = 6;

  Job random_job(const Phase& phase) {
    Job job;
    job.frame = random_bytes(rng, rng.between(1, phase.longest));
    if (rng.percent(phase.marked)) job.mark = random_bytes(rng, rng.between(65, 106));
    job.forward = rng.percent(phase.forward);
    return job;
  }

  /// One frame a clock is decided, in order: a mark and its frame go on only if there is room for the mark, with those
  /// on their way.
  void decide() {
    const auto job = std::find_if(jobs_.begin(), jobs_.end(), [](const Job& j) { return !j.decided; });
    if (job == jobs_.end()) return;
    job->decided = true;
    if (job->mark.empty()) return;
    const auto under_way = std::count_if(jobs_.begin(), job, [](const Job& j) { return !j.mark.empty(); });
    job->forward = block_->room_o != 0 && under_way + mark_driven_ < PARAM_ROOM;
    if (job->forward) return;
    job->mark.clear();
    ++no_rooms;
  }

  void drive_mark(const Bytes& mark) {
    mark_driven_ = !mark.empty();
    block_->mark_valid_i = mark_driven_;
    scramble(block_->mark_i, rng);
    if (!mark_driven_) return;
    block_->mark_i = {};
    set_bytes(block_->mark_i, 0, mark);
    block_->mark_len_i = static_cast<std::uint8_t>(mark.size());
  }

  void drive_mail(bool wanted) {
    scramble(block_->mail_i, rng);
    if (!mail_.busy()) {
      block_->mail_valid_i = wanted;
      if (!wanted) return;
      const Bytes frame = random_bytes(rng, rng.between(60, 256));
      mail_left_.push_back(frame);
      mail_.start(frame);
      mail_waits_ = 1;
      mail_last_ = mail_.drive(mail_beat_);
    }
    block_->mail_i = mail_beat_;
  }
  void take_mail() {
    if (block_->mail_valid_i == 0 || block_->mail_turn_o == 0 || block_->mail_ready_o == 0) return;
    mail_waits_ = 0;
    if (mail_last_) {
      mail_.end();
    } else {
      mail_last_ = mail_.drive(mail_beat_);
    }
  }

  void drive_frame(bool wanted) {
    Job& job = jobs_.front();
    if (!source_.busy()) source_.start(job.frame);
    const bool valid = wanted && (!source_.next_is_last() || job.decided);
    scramble(block_->beat_i, rng);
    block_->valid_i = valid;
    block_->forward_i = rng.bit();
    frame_ends_ = valid && source_.drive(block_->beat_i);
    drive_mark(frame_ends_ ? job.mark : Bytes());
    if (!frame_ends_) return;
    block_->forward_i = job.forward;
    ended_ = std::move(job);
    jobs_.pop_front();
    source_.end();
  }
  void report_frame() {
    ASSERT_EQ(block_->stored_o + block_->refused_o, frame_done_ && reported_.forward ? 1 : 0);
    if (frame_done_) {
      if (!reported_.mark.empty()) expected.push_back({reported_.mark, block_->stored_o != 0});
      if (block_->stored_o != 0) expected.push_back({reported_.frame});
      if (block_->refused_o != 0) ++frames_refused;
      if (block_->refused_o != 0 && !reported_.mark.empty()) ++lonely_marks;
    }
    if (frame_ends_) reported_ = std::move(ended_);
  }

  Bench<Vsynward_host_tx> block_;
  std::deque<Job> jobs_;
  Job ended_, reported_;
  BeatSource source_, mail_;
  VlWide<17> mail_beat_{};
  std::deque<Bytes> mail_left_;
  std::size_t mail_waits_ = 0;  ///< frames that left since mail is on offer, and one; 0 where none is
  bool mail_last_ = false, led_ = false;
  bool mark_driven_ = false, mark_waits_ = false, frame_ends_ = false, frame_done_ = false;
};

void drain(HostTx& host) {
  for (int clock = 0; clock < 400; ++clock) {
    host.clock({.beat_valid = 0, .ready = 100});
    ASSERT_FALSE(testing::Test::HasFatalFailure());
  }
  ASSERT_TRUE(host.expected.empty());
}

TEST(HostTx, marks_leave_before_their_frames_and_all_in_order) {
  HostTx host(test_seed());
  Rng& rng = host.rng;
  Phase phase;
  for (int clock = 0; clock < 200'000; ++clock) {
    if (rng.percent(1)) {
      phase = {.beat_valid = rng.pick(std::array{0U, 40U, 100U}),
               .ready = rng.pick(std::array{0U, 30U, 100U}),
               .marked = rng.pick(std::array{0U, 40U, 100U}),
               .forward = rng.pick(std::array{30U, 100U}),
               .mails = rng.pick(std::array{0U, 3U, 50U}),
               .longest = rng.pick(std::array<std::size_t, 3>{64, 200, 1500})};
    }
    host.clock(phase);
    ASSERT_EQ(host.watch.faults(), "") << "clock " << clock;
    if (HasFatalFailure()) FAIL() << "clock " << clock;
  }
  drain(host);
  EXPECT_GT(host.mails, 1'000U);
  EXPECT_GT(host.marks, 1'000U);
  EXPECT_GT(host.no_rooms, 100U);
  EXPECT_GT(host.frames_refused, 1'000U);
  EXPECT_GT(host.lonely_marks, 100U);
}

// The order of marks and frames is held in a buffer of its own, which must take all that the other two can.
TEST(HostTx, nothing_is_lost_with_all_buffers_full) {
  HostTx host(test_seed());
  Rng& rng = host.rng;
  for (int round = 0; round < 2'000; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const std::array<unsigned, 4> chances = {25, 50, 90, 100};
    // The host is stalled: first frames alone, then marks whose frames find no room.
    for (const unsigned marked : {0U, 100U}) {
      const Phase fill = {.beat_valid = rng.pick(chances), .ready = 0, .marked = marked, .forward = 100, .longest = 64};
      for (int clock = 0; clock < 120; ++clock) {
        host.clock(fill);
        ASSERT_FALSE(HasFatalFailure());
      }
    }
    ASSERT_NO_FATAL_FAILURE(drain(host));
  }
}

TEST(HostTx, a_beat_leaves_every_clock) {
  HostTx host(test_seed());
  constexpr std::size_t kClocks = 20'000, kFill = 60;
  for (std::size_t clock = 0; clock < kClocks; ++clock) {
    host.clock({.beat_valid = 100, .ready = 100, .marked = 10, .forward = 100, .longest = 128});
    ASSERT_FALSE(HasFatalFailure());
  }
  EXPECT_GT(host.watch.beats(), kClocks - kFill);
}

TEST(HostTx, mail_goes_while_marks_flow_and_costs_no_clock) {
  HostTx host(test_seed());
  constexpr std::size_t kClocks = 20'000, kFill = 60;
  for (std::size_t clock = 0; clock < kClocks; ++clock) {
    host.clock({.beat_valid = 100, .ready = 100, .marked = 100, .forward = 100, .mails = 2, .longest = 128});
    ASSERT_FALSE(HasFatalFailure());
  }
  EXPECT_GT(host.watch.beats(), kClocks - kFill);
  EXPECT_GT(host.mails, 200U);
  EXPECT_GT(host.marks, 2'000U);
}

}  // namespace
}  // namespace synward::test
