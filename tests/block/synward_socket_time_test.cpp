// SPDX-License-Identifier: BSD-2-Clause
// Proves what time asks of an engine behind streams, a model here whose answers take random times: each entry that is
// armed is asked about when it is due, nothing is lost, whatever is armed, gone and armed again while a look is under
// way; every entry is listed once; nothing is ready before an answer says so, again after each load; and that it says
// when it may sleep.
#include <Vsynward_socket_time.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "block/bench.hpp"
#include "reference/sight.hpp"
#include "synward/record_codes.hpp"
#include "synward/timers.hpp"

namespace synward::test {
namespace {

constexpr unsigned kBuckets = 1u << PARAM_LOGBUCKETS;
constexpr std::uint32_t kAfter = 20;  ///< ms from arming to the first timeout
/// Clocks from an entry's being due to its TIMEOUT, at most, where answers take 100 clocks: many looks through its
/// group, each of which finds one of a bucket's.
constexpr std::uint64_t kLate = 20'000;
/// Clocks that a load takes at least on its way to the engine.
constexpr unsigned kLoading = 16;

/// An engine of which only the syncache counts, asked by frames and by time.
class Engine {
 public:
  explicit Engine(std::uint64_t seed) : rng(seed), block_(seed) {
    config_.rexmit = {kAfter, 1, 0, 1000};
    config_.tables_ready = false;
    for (SyncacheBucket& bucket : buckets_) bucket_clear(bucket);
    block_->line_half_i = 1;
    block_->taken_i = block_->loading_i = block_->sight_valid_i = block_->list_first_i = block_->list_next_i = 0;
    block_->time_ms_i = time_ms;
    block_.reset();
  }

  Rng rng;
  unsigned busy = 50;      ///< per cent of the clocks in which another question is put
  unsigned latency = 100;  ///< clocks to an answer, at most
  bool timers = true;      ///< entries that are due are sent again; else they go
  std::uint32_t time_ms = 5000;
  std::uint64_t timeouts = 0, early = 0, latest = 0, ticks = 0, visits = 0;
  Vsynward_socket_time& pins() { return *block_.operator->(); }
  EngineStateRecord state() { return unpack<EngineStateRecord>(block_->state_o); }
  void ready(bool is) { config_.tables_ready = is; }

  void clock() {
    block_->time_ms_i = time_ms;
    drive_sight();
    block_.settle();
    block_->taken_i = block_->valid_o != 0 && !rng.percent(busy);
    block_.settle();
    if (block_->taken_i != 0) ask(unpack<RequestRecord>(block_->request_o));
    block_.edge();
    block_->list_first_i = block_->list_next_i = 0;
    ++now_;
  }
  void clocks(unsigned count) {
    for (unsigned i = 0; i < count && !testing::Test::HasFatalFailure(); ++i) clock();
  }

  /// A SYN: stores an entry, or arms it anew.
  void syn(std::uint32_t bucket, std::uint16_t port) {
    const Endpoints ends{false, {0, bucket + 1}, {0, 99}, port, 80};
    SyncacheBucket& its = buckets_[bucket];
    unsigned way = bucket_find(its, ends);
    if (way == kNoWay) {
      for (way = 0; way < kWays && way_valid(its, way); ++way) {
      }
      if (way == kWays) return;
      its.valid = static_cast<std::uint8_t>(its.valid | 1u << way);
      its.way[way] = {ends, EntryRecord{}};
      its.way[way].entry.tags = 1;
      its.way[way].entry.tag1 = bucket << 16 | port;
    }
    entry_arm(its.way[way].entry, time_ms, 1);
    armed(bucket, its.way[way].entry);
  }
  /// An entry is gone by a frame: a handshake that is complete.
  void remove(std::uint32_t bucket, unsigned way) {
    buckets_[bucket].valid = static_cast<std::uint8_t>(buckets_[bucket].valid & ~(1u << way));
    show({});
  }
  void load() {
    for (SyncacheBucket& bucket : buckets_) bucket_clear(bucket);
    due_.clear();
    config_.tables_ready = false;
    // What is under way is of the tables that were; its sights come while loading_i is high.
    old_ = answers_.size();
    block_->loading_i = 1;
    loading_ = kLoading;
  }
  std::size_t entries() const {
    std::size_t count = 0;
    for (const SyncacheBucket& bucket : buckets_) count += static_cast<std::size_t>(std::popcount(bucket.valid));
    return count;
  }
  /// Ports of all entries by bucket and way.
  std::vector<std::uint32_t> ports() const {
    std::vector<std::uint32_t> ports;
    for (const SyncacheBucket& bucket : buckets_) {
      for (unsigned way = 0; way < kWays; ++way) {
        if (way_valid(bucket, way)) ports.push_back(bucket.way[way].ends.fport);
      }
    }
    return ports;
  }
  /// Fails if an entry has been due for too long.
  void expect_none_late() {
    for (const auto& [at, since] : due_) {
      ASSERT_LT(now_ - since, kLate) << "an entry is forgotten: bucket " << at / kWays << ", way " << at % kWays;
    }
  }
  void note_due() {
    for (std::uint32_t at = 0; at < kBuckets * kWays; ++at) {
      const SyncacheBucket& bucket = buckets_[at / kWays];
      const unsigned way = at % kWays;
      const bool due = way_valid(bucket, way) && entry_due(config_.rexmit, bucket.way[way].entry, time_ms);
      if (!due) due_.erase(at);
      if (due) due_.emplace(at, now_);
    }
  }

 private:
  struct Answer {
    SightRecord sight;
    std::uint64_t due;
  };

  void show(const SightRecord& sight) {
    SightRecord shown = sight;
    shown.state.ready = config_.tables_ready;
    shown.state.count = static_cast<std::uint32_t>(entries());
    const std::uint64_t before = answers_.empty() ? 0 : answers_.back().due + 1;
    answers_.push_back({shown, std::max(before, now_ + 1 + rng.below(latency))});
  }
  void armed(std::uint32_t bucket, const EntryRecord& entry) {
    SightRecord sight{};
    sight.armed = true;
    sight.bucket = static_cast<std::uint16_t>(bucket);
    sight.due = (entry.armed + entry_interval(config_.rexmit, entry)) & kArmedMask;
    show(sight);
  }

  void ask(const RequestRecord& request) {
    EngineState none{};
    if (request.op == kOpPeek) {
      const std::uint32_t bucket = request.seq % kBuckets;
      return show(reference::sight_of(config_, request, {}, bucket, buckets_[bucket], none));
    }
    ticks += request.op == kOpTick;
    visits += request.op == kOpVisit;
    if (request.op != kOpTimeout) return show({});
    ++timeouts;
    const auto bucket = static_cast<std::uint32_t>(request.faddr.lo - 1);
    if (bucket >= kBuckets) return show({});  // an entry that was gone when its key was fetched
    SyncacheBucket& its = buckets_[bucket];
    const unsigned way = bucket_find(its, request_ends(request));
    if (way == kNoWay) return show({});
    EntryRecord& entry = its.way[way].entry;
    EXPECT_EQ(request.tags, entry.tags);
    EXPECT_EQ(request.tag1, entry.tag1);
    if (!entry_due(config_.rexmit, entry, request.time_ms)) {
      ++early;
      return show({});
    }
    const auto since = due_.find(bucket * kWays + way);
    if (since != due_.end()) latest = std::max(latest, now_ - since->second);
    if (!timers || entry.rxmits > 3) {
      its.valid = static_cast<std::uint8_t>(its.valid & ~(1u << way));
      return show({});
    }
    entry_arm(entry, request.time_ms, entry.rxmits + 1u);
    armed(bucket, entry);
  }

  void drive_sight() {
    block_->sight_valid_i = !answers_.empty() && answers_.front().due <= now_;
    scramble(block_->sight_i, rng);
    loading_ -= loading_ != 0;
    if (loading_ == 0 && old_ == 0) block_->loading_i = 0;
    if (block_->sight_valid_i == 0) return;
    pack(answers_.front().sight, block_->sight_i);
    answers_.pop_front();
    if (old_ != 0) --old_;
  }

  Bench<Vsynward_socket_time> block_;
  EngineConfig config_{};
  SyncacheBucket buckets_[kBuckets]{};
  std::deque<Answer> answers_;
  std::size_t old_ = 0;
  unsigned loading_ = 0;
  std::map<std::uint32_t, std::uint64_t> due_;  ///< by bucket x 8 + way: clock from which on
  std::uint64_t now_ = 0;
};

void wait_ready(Engine& engine) {
  engine.clocks(500);
  ASSERT_EQ(engine.state().ready, 0) << "ready, and no answer said so";
  engine.ready(true);
  engine.clocks(500);
  ASSERT_NE(engine.state().ready, 0);
}

/// Milliseconds of some clocks each, with what `traffic` does in each.
template <typename Traffic>
void run(Engine& engine, unsigned milliseconds, Traffic&& traffic) {
  for (unsigned ms = 0; ms < milliseconds; ++ms) {
    ++engine.time_ms;
    for (unsigned part = 0; part < 20; ++part) {
      traffic();
      engine.note_due();
      engine.clocks(20);
    }
    ASSERT_NO_FATAL_FAILURE(engine.expect_none_late()) << "ms " << ms;
  }
}

TEST(SocketTime, every_entry_is_asked_about_when_it_is_due) {
  for (const unsigned latency : {1U, 30U, 100U}) {
    SCOPED_TRACE("latency " + std::to_string(latency));
    Engine engine(test_seed());
    engine.latency = latency;
    ASSERT_NO_FATAL_FAILURE(wait_ready(engine));
    unsigned adds = 50;
    run(engine, 600, [&] {
      if (engine.rng.percent(1)) adds = engine.rng.pick(std::array{0U, 5U, 50U});
      const auto bucket = static_cast<std::uint32_t>(engine.rng.below(kBuckets));
      if (engine.rng.percent(adds) && engine.entries() < 100) {
        engine.syn(bucket, static_cast<std::uint16_t>(engine.rng.between(1, 12)));
      }
      if (engine.rng.percent(10)) engine.remove(bucket, static_cast<unsigned>(engine.rng.below(kWays)));
    });
    if (testing::Test::HasFatalFailure()) return;
    engine.timers = false;
    run(engine, 1100, [] {});
    EXPECT_EQ(engine.entries(), 0U);
    EXPECT_GT(engine.timeouts, 500U);
    EXPECT_GE(engine.ticks, 1699U);
    EXPECT_GT(engine.visits, 0U);
    std::cout << engine.timeouts << " timeouts, the latest " << engine.latest << " clocks late" << std::endl;
  }
}

// An arming that is answered while its group's clearing is under way, before and behind it.
TEST(SocketTime, what_is_armed_around_a_clearing_is_not_lost) {
  Engine engine(test_seed());
  engine.busy = 0;
  ASSERT_NO_FATAL_FAILURE(wait_ready(engine));
  engine.timers = false;
  run(engine, 2000, [&] {
    // All in one group, so that it is cleared all the time.
    if (engine.rng.percent(20)) {
      engine.syn(static_cast<std::uint32_t>(engine.rng.below(8)), static_cast<std::uint16_t>(engine.rng.between(1, 8)));
    }
  });
  EXPECT_GT(engine.timeouts, 1000U);
}

TEST(SocketTime, nothing_is_sent_again_while_replies_wait) {
  Engine engine(test_seed());
  ASSERT_NO_FATAL_FAILURE(wait_ready(engine));
  for (std::uint32_t bucket = 0; bucket < kBuckets; ++bucket) engine.syn(bucket, 1);
  engine.pins().line_half_i = 0;
  engine.clocks(10);
  engine.time_ms += kAfter;
  engine.clocks(20'000);
  EXPECT_EQ(engine.timeouts, 0U);
  engine.pins().line_half_i = 1;
  engine.clocks(40'000);
  EXPECT_GE(engine.timeouts, kBuckets);
}

TEST(SocketTime, every_entry_is_listed_once) {
  Engine engine(test_seed());
  ASSERT_NO_FATAL_FAILURE(wait_ready(engine));
  for (std::uint16_t i = 0; i < 200; ++i) {
    engine.syn(static_cast<std::uint32_t>(engine.rng.below(kBuckets)), static_cast<std::uint16_t>(1000 + i));
    engine.clock();
  }
  std::vector<std::uint32_t> listed;
  engine.pins().list_first_i = 1;
  for (;;) {
    engine.clock();
    for (int t = 0; engine.pins().list_busy_o != 0; ++t) {
      ASSERT_LT(t, 20'000) << "busy for ever";
      engine.clock();
    }
    if (engine.pins().list_shown_o == 0) break;
    listed.push_back(unpack<ListingRecord>(engine.pins().listing_o).fport);
    ASSERT_LE(listed.size(), 200U);
    engine.pins().list_next_i = 1;
  }
  EXPECT_EQ(listed, engine.ports());
}

TEST(SocketTime, a_load_forgets_what_was_due_and_asks_until_the_tables_are_cleared) {
  Engine engine(test_seed());
  ASSERT_NO_FATAL_FAILURE(wait_ready(engine));
  for (int round = 0; round < 30; ++round) {
    for (int i = 0; i < 100; ++i) engine.syn(static_cast<std::uint32_t>(engine.rng.below(kBuckets)), 7);
    EXPECT_NE(engine.state().ready, 0);
    engine.clocks(static_cast<unsigned>(engine.rng.below(100)));
    if (round % 2 == 0) engine.time_ms += kAfter;
    engine.clocks(static_cast<unsigned>(engine.rng.below(400)));
    engine.load();
    engine.clocks(2);
    EXPECT_EQ(engine.state().ready, 0);
    ASSERT_NO_FATAL_FAILURE(wait_ready(engine));
    EXPECT_EQ(engine.state().count, 0U);
    const std::uint64_t timeouts = engine.timeouts;
    engine.time_ms += kAfter;
    engine.clocks(2'000);
    EXPECT_EQ(engine.timeouts, timeouts) << "of entries from before the load";
    // What is stored behind it is met again.
    run(engine, 3, [&] { engine.syn(static_cast<std::uint32_t>(engine.rng.below(kBuckets)), 9); });
    run(engine, kAfter + 20, [] {});
    EXPECT_GT(engine.timeouts, timeouts);
    if (testing::Test::HasFailure()) FAIL() << "round " << round;
  }
}

// The first request behind a clearing may be the one that says that it is over.
TEST(SocketTime, the_first_answer_of_cleared_tables_arms) {
  Engine engine(test_seed());
  engine.latency = 1;
  engine.busy = 100;  // nothing else is asked
  engine.clocks(300);
  engine.ready(true);
  engine.syn(5, 1);
  engine.clocks(20);
  EXPECT_NE(engine.state().ready, 0);
  engine.busy = 0;
  engine.time_ms += kAfter;
  engine.clocks(3'000);
  EXPECT_EQ(engine.timeouts, 1U);
}

TEST(SocketTime, says_when_it_may_sleep) {
  Engine engine(test_seed());
  engine.busy = 0;
  EXPECT_EQ(engine.pins().idle_o, 0);
  ASSERT_NO_FATAL_FAILURE(wait_ready(engine));
  engine.clocks(1'000);
  EXPECT_NE(engine.pins().idle_o, 0);
  EXPECT_EQ(engine.pins().wake_o, 0);
  engine.syn(3, 1);
  engine.clocks(1'000);
  EXPECT_NE(engine.pins().idle_o, 0);
  EXPECT_NE(engine.pins().wake_o, 0);
  EXPECT_EQ(engine.pins().wake_ms_o, engine.time_ms + kAfter);
  engine.time_ms += kAfter;
  engine.clocks(10);
  EXPECT_EQ(engine.pins().idle_o, 0);
  engine.clocks(2'000);
  EXPECT_EQ(engine.timeouts, 1U);
  EXPECT_NE(engine.pins().idle_o, 0);
}

}  // namespace
}  // namespace synward::test
