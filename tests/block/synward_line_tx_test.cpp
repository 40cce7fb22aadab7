// SPDX-License-Identifier: BSD-2-Clause
// Proves that replies and host frames leave whole, each kind in order, in turn while both wait, exactly those that were
// reported as stored, under random stalls; that whoever keeps to room_o never loses a reply, and that room_o and half_o
// tell how full the replies' FIFO is; and that a beat leaves every clock while there is one.
#include <Vsynward_line_tx.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"
#include "block/stream.hpp"

namespace synward::test {
namespace {

/// Clocks from the report of a frame until it waits at its FIFO's end.
constexpr std::uint64_t kThrough = 6;
constexpr std::size_t kDepth = std::size_t{1} << PARAM_LOGREPLYDEPTH;
/// Replies that may stand behind the FIFO: in its output and the port's.
constexpr std::size_t kBehind = 4;

/// One of the two kinds of frames: those that wait, and when they were stored.
struct Queue {
  struct Waiting {
    Bytes frame;
    std::uint64_t since;
  };
  std::deque<Bytes> offered;  ///< not yet reported
  std::deque<Waiting> stored;
  std::size_t refused = 0;

  void report(bool was_stored, bool was_refused, std::uint64_t clock) {
    if (!was_stored && !was_refused) return;
    ASSERT_FALSE(was_stored && was_refused);
    ASSERT_FALSE(offered.empty());
    if (was_stored) stored.push_back({std::move(offered.front()), clock});
    if (was_refused) ++refused;
    offered.pop_front();
  }
  bool waited_at(std::uint64_t clock) const { return !stored.empty() && stored.front().since + kThrough <= clock; }
};

class LineTx {
 public:
  explicit LineTx(std::uint64_t seed) : rng(seed), block_(seed) {
    block_->reply_valid_i = 0;
    block_->host_valid_i = 0;
    block_->tx_ready_i = 0;
    block_.reset();
  }

  void clock(unsigned reply_chance, unsigned host_chance, unsigned ready_chance) {
    drive_reply();
    drive_host(rng.percent(host_chance));
    block_->tx_ready_i = rng.percent(ready_chance);
    block_.settle();
    ASSERT_EQ(block_->reply_stored_o, waits_) << "a reply was lost, or made";
    replies.report(block_->reply_stored_o, false, now_);
    check_room();
    admit(rng.percent(reply_chance));
    hosts.report(block_->host_stored_o, block_->host_refused_o, now_);
    const std::size_t beats = watch.beats();
    if (watch.look(*block_.operator->())) frame_left();
    if (watch.beats() != beats) last_move_ = now_;
    waits_ = driven_;
    block_.edge();
    ++now_;
  }

  Rng rng;
  Queue replies, hosts;
  PortWatch<Vsynward_line_tx> watch;
  std::size_t in_turn = 0, rooms = 0, no_rooms = 0;

 private:
  /// A reply is decided when there is room for it, with those on their way, and arrives up to Room clocks later.
  void admit(bool wanted) {
    if (!wanted || block_->room_o == 0 || due_.size() + driven_ >= PARAM_ROOM) return;
    due_.push_back(std::max(due_.empty() ? 0 : due_.back(), now_ + rng.below(PARAM_ROOM)));
  }
  /// What is held may not be known to the flags for some clocks.
  void check_room() {
    held_.push_back(replies.stored.size());
    if (held_.size() <= 6) return;
    held_.pop_front();
    const auto [least, most] = std::minmax_element(held_.begin(), held_.end());
    constexpr std::size_t kRoomUpTo = kDepth - PARAM_ROOM - 6;
    ASSERT_TRUE(block_->room_o != 0 || *most > kRoomUpTo);
    ASSERT_TRUE(block_->room_o == 0 || *least <= kRoomUpTo + kBehind);
    ASSERT_TRUE(block_->half_o != 0 || *most >= kDepth / 2);
    ASSERT_TRUE(block_->half_o == 0 || *least < kDepth / 2 + kBehind);
    ++(block_->room_o != 0 ? rooms : no_rooms);
  }
  void drive_reply() {
    driven_ = !due_.empty() && due_.front() <= now_;
    if (driven_) due_.pop_front();
    const Bytes reply = random_bytes(rng, rng.between(60, 106));
    scramble(block_->reply_i, rng);
    block_->reply_valid_i = driven_;
    block_->reply_len_i = static_cast<std::uint8_t>(reply.size());
    if (!driven_) return;
    // What follows a reply is zero.
    block_->reply_i = {};
    set_bytes(block_->reply_i, 0, reply);
    replies.offered.push_back(reply);
  }
  void drive_host(bool valid) {
    block_->host_valid_i = valid;
    scramble(block_->host_beat_i, rng);
    if (!valid) return;
    if (!source_.busy())
      source_.start(random_bytes(rng, rng.percent(50) ? rng.between(60, 128) : rng.between(60, 700)));
    block_->host_keep_i = rng.percent(90);
    if (!source_.drive(block_->host_beat_i)) return;
    // What is not kept is neither stored nor refused.
    if (block_->host_keep_i != 0) hosts.offered.push_back(source_.frame());
    source_.end();
  }

  void frame_left() {
    const bool is_reply = !replies.stored.empty() && replies.stored.front().frame == watch.frame();
    Queue& queue = is_reply ? replies : hosts;
    Queue& other = is_reply ? hosts : replies;
    ASSERT_FALSE(queue.stored.empty());
    ASSERT_EQ(to_hex(queue.stored.front().frame), to_hex(watch.frame()));
    queue.stored.pop_front();
    // The choice was made when the frame before had gone to the port or beside it: its last beat did so behind the
    // clock in which the beat before that left.
    if (last_choice_ > 0 && other.waited_at(last_choice_)) {
      ASSERT_NE(is_reply, last_was_reply_) << "not in turn";
      ++in_turn;
    }
    last_was_reply_ = is_reply;
    last_choice_ = last_move_;
  }

  Bench<Vsynward_line_tx> block_;
  BeatSource source_;
  std::deque<std::uint64_t> due_;  ///< clocks at which the replies on their way arrive
  std::deque<std::size_t> held_;   ///< replies held, of the last clocks
  bool driven_ = false, waits_ = false;
  std::uint64_t now_ = 0, last_move_ = 0, last_choice_ = 0;
  bool last_was_reply_ = false;
};

TEST(LineTx, frames_are_whole_in_order_and_in_turn) {
  LineTx line(test_seed());
  Rng& rng = line.rng;
  unsigned replies = 50, hosts = 50, ready = 50;
  for (int clock = 0; clock < 150'000; ++clock) {
    if (rng.percent(1)) {
      replies = rng.pick(std::array{0U, 10U, 40U, 100U});
      hosts = rng.pick(std::array{0U, 30U, 60U, 100U});
      ready = rng.pick(std::array{0U, 30U, 80U, 100U});
    }
    line.clock(replies, hosts, ready);
    ASSERT_EQ(line.watch.faults(), "") << "clock " << clock;
    if (HasFatalFailure()) FAIL() << "clock " << clock;
  }
  for (int clock = 0; clock < 400; ++clock) line.clock(0, 0, 100);
  EXPECT_TRUE(line.replies.stored.empty());
  EXPECT_TRUE(line.hosts.stored.empty());
  EXPECT_GT(line.rooms, 1'000U);
  EXPECT_GT(line.no_rooms, 1'000U);
  EXPECT_GT(line.hosts.refused, 1'000U);
  EXPECT_GT(line.in_turn, 1'000U);
}

TEST(LineTx, a_beat_leaves_every_clock) {
  LineTx line(test_seed());
  constexpr std::size_t kClocks = 20'000, kFill = 40;
  for (std::size_t clock = 0; clock < kClocks; ++clock) {
    line.clock(30, 100, 100);
    ASSERT_FALSE(HasFatalFailure());
  }
  EXPECT_GT(line.watch.beats(), kClocks - kFill);
}

}  // namespace
}  // namespace synward::test
