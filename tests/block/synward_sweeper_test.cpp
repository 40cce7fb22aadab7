// SPDX-License-Identifier: BSD-2-Clause
// Proves what the sweeper asks of an engine that is a model here: a TICK each millisecond, each VISIT once and again if
// it gave way, a TIMEOUT by its own key for every entry that is due, none lost, none while replies must wait; and that
// it says when it may sleep.
#include <Vsynward_sweeper.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <deque>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "block/bench.hpp"
#include "synward/codes.hpp"
#include "synward/timers.hpp"

namespace synward::test {
namespace {

constexpr unsigned kBuckets = 1u << PARAM_LOGBUCKETS, kWays = 8;
constexpr unsigned kFlows = 1u << PARAM_LOGFLOWS;
constexpr unsigned kGroups = 1u << PARAM_LOGGROUPS;
constexpr unsigned kMembers = kBuckets / kGroups;
constexpr unsigned kVisitShift = 17 - PARAM_LOGFLOWS;
constexpr std::uint32_t kDueMask = 0xffffff;
constexpr std::uint8_t kLook = 0, kFetch = 1, kClear = 2;  // PEEK's flags

using Key = VlWide<12>;  ///< v6, addresses, ports and tags, 355 bits

/// The engine as the sweeper sees it: entries with a time, requests that take effect some clocks later.
class EngineModel {
 public:
  EngineModel(std::uint64_t seed, std::uint32_t time_ms)
      : rng(seed), block_(seed), time_ms_(time_ms), seen_ms_(time_ms) {
    block_->taken_i = 0;
    block_->line_half_i = 1;
    block_->clearing_i = 0;
    block_->time_ms_i = time_ms_;
    block_.reset();
  }

  Rng rng;
  unsigned busy = 50;      ///< per cent of the clocks that frames take
  unsigned refusals = 0;   ///< per cent of the VISITs that give way
  std::set<unsigned> hot;  ///< buckets whose VISITs always do
  unsigned repeats = 3;    ///< TIMEOUTs of an entry
  std::vector<std::uint32_t> ticks;
  std::map<unsigned, unsigned> visits;  ///< that took place, by bucket
  std::uint64_t looks = 0;              ///< into buckets
  std::uint64_t timeouts = 0, timeouts_of_others = 0, refused = 0;
  std::uint64_t latest = 0;  ///< clocks from due to TIMEOUT

  Vsynward_sweeper& pins() { return *block_.operator->(); }
  std::uint32_t time_ms() const { return time_ms_; }
  std::uint64_t now() const { return now_; }
  std::size_t entries() const { return entries_.size(); }

  void set_time(std::uint32_t time_ms) { block_->time_ms_i = time_ms_ = time_ms; }
  /// A SYN stores an entry, if its way is free, to be due `after` ms.
  void add(std::uint32_t after) { add(after, static_cast<unsigned>(rng.below(kBuckets))); }
  void add(std::uint32_t after, unsigned bucket) {
    const unsigned at = bucket * kWays + static_cast<unsigned>(rng.below(kWays));
    if (entries_.count(at) != 0) return;
    Entry entry{{}, time_ms_ + after, repeats, std::nullopt, now_ + kStored};
    for (unsigned i = 0; i < 11; ++i) entry.key[i] = rng.u32();
    entry.key[11] = rng.u32() & 7;
    entries_[at] = entry;
    in(kEffect, [this, at, due = entry.due] { arm(at / kWays, due); });
  }

  /// All connections are established.
  void remove_all() { entries_.clear(); }

  void clock() {
    const unsigned look = block_->look_o;
    looks_.push_back(group_[look]);
    const auto seen = looks_.front();
    if (looks_.size() > kLookLatency) looks_.pop_front();
    block_->look_armed_i = seen.has_value();
    block_->look_due_i = seen ? *seen : rng.u32() & kDueMask;
    block_->changed_i = 0;
    block_->found_i = 0;
    block_->fetched_i = 0;
    block_->refused_i = 0;
    for (auto due = later_.begin(); due != later_.end() && due->first <= now_; due = later_.erase(due)) due->second();
    block_.settle();
    const bool taken = block_->valid_o != 0 && !rng.percent(busy);
    block_->taken_i = taken;
    if (taken) take(unpack<RequestRecord>(block_->request_o));
    block_.clock();
    seen_ms_ = time_ms_;
    ++now_;
    for (auto& [at, entry] : entries_) {
      if (!entry.since && !before(time_ms_, entry.due)) entry.since = now_;
    }
  }
  void clocks(unsigned count) {
    for (unsigned i = 0; i < count; ++i) clock();
  }

 private:
  // Clocks from a request to what it brings.
  static constexpr unsigned kStored = 12, kFetched = 37, kVisited = 44, kFound = 45, kEffect = 46;
  static constexpr std::size_t kLookLatency = 2;

  struct Entry {
    Key key;
    std::uint32_t due;
    unsigned left;
    std::optional<std::uint64_t> since;  ///< clock at which it became due
    std::uint64_t shows;                 ///< clock from which on a look finds it
  };

  template <typename Action>
  void in(unsigned clocks, Action action) {
    later_.emplace(now_ + clocks, action);
  }

  void arm(unsigned bucket, std::uint32_t due) {
    auto& group = group_[bucket / kMembers];
    due &= kDueMask;
    if (!group || ((due - *group) & kDueMask) > kDueMask / 2) group = due;
    block_->changed_i = 1;
  }

  void take(const RequestRecord& request) {
    // A visit may say when it was due; nothing else is older than the clock, as it stood a clock ago.
    ASSERT_TRUE(request.op == kOpVisit || request.time_ms == seen_ms_) << "op " << int{request.op};
    switch (request.op) {
      case kOpTick:
        ticks.push_back(request.time_ms);
        break;
      case kOpVisit:
        take_visit(request.seq, request.time_ms);
        break;
      case kOpTimeout:
        take_timeout(request);
        break;
      case kOpPeek:
        take_peek(request);
        break;
      default:
        FAIL() << "op " << int{request.op};
    }
  }
  void take_visit(std::uint32_t bucket, std::uint32_t time_ms) {
    ASSERT_LT(bucket, kFlows);
    // The first time and each further one: what ages is as old as it was when the visit was due.
    ASSERT_EQ(time_ms % (kFlows << kVisitShift), bucket << kVisitShift);
    if (!rng.percent(refusals) && hot.count(bucket) == 0) {
      ++visits[bucket];
      return;
    }
    ++refused;
    in(kVisited, [this, time_ms] {
      block_->refused_i = 1;
      block_->refused_visit_i = time_ms >> kVisitShift;
    });
  }
  void take_peek(const RequestRecord& request) {
    ASSERT_LT(request.seq, kBuckets);
    const unsigned bucket = request.seq;
    if (request.flags == kClear) {
      in(kEffect, [this, bucket] {
        group_[bucket / kMembers].reset();
        block_->changed_i = 1;
      });
    } else if (request.flags == kFetch) {
      unsigned way = 0;
      while (way < kWays && request.ack != 1u << way) ++way;
      ASSERT_LT(way, kWays);
      const auto entry = entries_.find(bucket * kWays + way);
      const Key key = entry == entries_.end() ? Key{} : entry->second.key;
      in(kFetched, [this, key] {
        block_->fetched_i = 1;
        block_->fetched_key_i = key;
      });
    } else {
      ASSERT_EQ(request.flags, kLook);
      ++looks;
      look_at(bucket, request.time_ms);
    }
  }
  void look_at(unsigned bucket, std::uint32_t time_ms) {
    std::optional<unsigned> found;
    std::optional<std::uint32_t> next;
    for (unsigned way = 0; way < kWays; ++way) {
      const auto entry = entries_.find(bucket * kWays + way);
      if (entry == entries_.end() || entry->second.shows > now_) continue;
      const std::uint32_t due = entry->second.due;
      if (!before(time_ms, due)) {
        if (!found) found = way;
        next = time_ms;
      } else if (!next || before(due, *next)) {
        next = due;
      }
    }
    in(kFound, [this, bucket, found, next] {
      if (next) arm(bucket, *next);
      block_->found_i = found.has_value();
      block_->found_bucket_i = static_cast<std::uint8_t>(bucket);
      block_->found_way_i = static_cast<std::uint8_t>(found.value_or(0));
    });
  }
  void take_timeout(const RequestRecord& request) {
    for (auto& [at, entry] : entries_) {
      if (!same_key(entry.key, request)) continue;
      if (before(request.time_ms, entry.due)) break;
      ++timeouts;
      latest = std::max(latest, now_ - entry.since.value_or(now_));
      entry.since.reset();
      if (entry.left-- == 0) {
        entries_.erase(at);
        return;
      }
      entry.due = request.time_ms + 1 + static_cast<std::uint32_t>(rng.below(5));
      in(kEffect, [this, bucket = at / kWays, due = entry.due] { arm(bucket, due); });
      return;
    }
    ++timeouts_of_others;
  }
  static bool same_key(const Key& key, const RequestRecord& request) {
    Key asked{};
    set_bits(asked, 354, 1, request.v6);
    set_wide(asked, 226, request.faddr);
    set_wide(asked, 98, request.laddr);
    set_bits(asked, 82, 16, request.fport);
    set_bits(asked, 66, 16, request.lport);
    set_bits(asked, 64, 2, request.tags);
    set_bits(asked, 32, 32, request.tag1);
    set_bits(asked, 0, 32, request.tag2);
    return std::memcmp(asked.data(), key.data(), sizeof(asked)) == 0;
  }

  Bench<Vsynward_sweeper> block_;
  std::uint32_t time_ms_, seen_ms_;
  std::uint64_t now_ = 0;
  std::map<unsigned, Entry> entries_;  ///< by bucket and way
  std::array<std::optional<std::uint32_t>, kGroups> group_;
  std::deque<std::optional<std::uint32_t>> looks_;
  std::multimap<std::uint64_t, std::function<void()>> later_;
};

TEST(Sweeper, asks_for_a_tick_in_every_millisecond) {
  EngineModel engine(test_seed(), 0u - 100);
  std::vector<std::uint32_t> expected;
  for (int i = 0; i < 1000; ++i) {
    engine.set_time(engine.time_ms() + 1);
    expected.push_back(engine.time_ms());
    engine.clocks(100);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_EQ(engine.ticks, expected);
}

TEST(Sweeper, makes_up_for_every_visit_it_missed_and_asks_again_for_those_that_gave_way) {
  constexpr std::uint32_t kBegan = 123'456'789;
  EngineModel engine(test_seed(), kBegan);
  engine.refusals = 30;
  for (int i = 0; i < 40; ++i) {
    engine.set_time(engine.time_ms() + static_cast<std::uint32_t>(engine.rng.below(kFlows << kVisitShift)));
    engine.clocks(4 * kFlows * 8);
    ASSERT_FALSE(HasFailure());
  }
  std::map<unsigned, unsigned> expected;
  for (std::uint32_t n = (kBegan >> kVisitShift) + 1; n <= engine.time_ms() >> kVisitShift; ++n) ++expected[n % kFlows];
  EXPECT_EQ(engine.visits, expected);
  EXPECT_GT(engine.refused, 100u);
}

constexpr std::uint32_t kLap = kFlows << kVisitShift;  ///< ms
constexpr unsigned kLapClocks = 40 * kFlows;           ///< in which a lap is made up for

/// Visits of every bucket.
std::map<unsigned, unsigned> laps(unsigned count) {
  std::map<unsigned, unsigned> all;
  for (unsigned bucket = 0; count != 0 && bucket < kFlows; ++bucket) all[bucket] = count;
  return all;
}

TEST(Sweeper, makes_up_for_one_lap_however_far_the_clock_leaps) {
  EngineModel engine(test_seed(), 5);
  for (const std::uint32_t leap :
       {kLap, kLap + 1, 2 * kLap, 100 * kLap, (1u << 31) - kLap, (1u << 31) + kLap, 3'000'000'000u}) {
    engine.set_time(engine.time_ms() + leap);
    engine.clocks(2 * kLapClocks);
    // What is more than half of the clock's range is a step back.
    EXPECT_EQ(engine.visits, laps(leap < 1u << 31 ? 1 : 0)) << leap;
    engine.visits.clear();
  }
}

TEST(Sweeper, a_clock_that_steps_back_ages_nothing) {
  EngineModel engine(test_seed(), 77'777'777);
  Rng& rng = engine.rng;
  std::uint32_t highest = engine.time_ms();
  for (int i = 0; i < 200; ++i) {
    // By less than a lap: what was visited is not visited again until the clock has caught up.
    const auto back = static_cast<std::uint32_t>(rng.below(kLap - (1u << kVisitShift)));
    engine.set_time(highest - back);
    engine.clocks(kLapClocks / 4);
    EXPECT_TRUE(engine.visits.empty()) << "back by " << back;
    for (std::uint32_t step = 0; step < 4; ++step) {
      engine.set_time(highest - back / 4 * (3 - step) - (step == 3 ? 0 : 1));
      engine.clocks(100);
    }
    EXPECT_TRUE(engine.visits.empty()) << "back by " << back;
    ASSERT_FALSE(HasFailure());
  }
  // By more: it goes on from there, and nobody is visited for the time that there never was.
  for (const std::uint32_t back : {kLap + (1u << kVisitShift) + 1, 2 * kLap, 1000 * kLap, (1u << 31) - kLap}) {
    engine.set_time(engine.time_ms() - back);
    engine.clocks(kLapClocks);
    EXPECT_TRUE(engine.visits.empty()) << "back by " << back;
    engine.set_time(engine.time_ms() + kLap);
    engine.clocks(2 * kLapClocks);
    EXPECT_EQ(engine.visits, laps(1)) << "back by " << back;
    engine.visits.clear();
  }
}

TEST(Sweeper, a_clock_that_trembles_visits_no_bucket_twice) {
  EngineModel engine(test_seed(), 1'000'000);
  const std::uint32_t from = engine.time_ms();
  for (std::uint32_t ms = 0; ms <= kLap; ms += 64) {
    engine.set_time(from + ms);
    engine.clocks(20);
    engine.set_time(from + ms - static_cast<std::uint32_t>(engine.rng.below(5000)));
    engine.clocks(20);
  }
  engine.set_time(from + kLap);
  engine.clocks(kLapClocks);
  EXPECT_EQ(engine.visits, laps(1));
}

TEST(Sweeper, a_clock_that_steps_back_leaves_no_entry_waiting_for_it) {
  EngineModel engine(test_seed(), 500'000'000);
  engine.busy = 0;
  for (const std::uint32_t back : {200'000u, 3'600'000u, 8'000'000u, 1u << 23}) {
    engine.add(1000);
    engine.clocks(kLapClocks);
    const std::uint64_t looked = engine.looks;
    engine.set_time(engine.time_ms() - back);
    engine.clocks(kLapClocks);
    EXPECT_GT(engine.looks, looked) << "back by " << back;
    engine.remove_all();
  }
}

// The buckets that frames meet all the time give way for ever. All else goes on, at the load of two ports full of least
// frames.
TEST(Sweeper, buckets_that_always_give_way_keep_nothing_else_waiting) {
  constexpr unsigned kHot = 20;  // more than the queue of those that are asked again
  constexpr unsigned kBound = 8000;
  EngineModel engine(test_seed(), 1000);
  engine.busy = 92;
  for (unsigned i = 0; i < kHot; ++i) engine.hot.insert(3 * i % kFlows);
  for (int i = 0; i < 20; ++i) {
    const std::uint64_t ticks = engine.ticks.size();
    engine.set_time(engine.time_ms() + kLap);
    for (unsigned n = 0; n < 5; ++n) engine.add(1);
    engine.clocks(200);
    engine.set_time(engine.time_ms() + 1);
    engine.clocks(4 * kLapClocks);
    EXPECT_EQ(engine.ticks.size(), ticks + 2);
    EXPECT_EQ(engine.visits.size(), kFlows - engine.hot.size());
    engine.visits.clear();
  }
  EXPECT_GT(engine.refused, 1000u);
  EXPECT_GT(engine.timeouts, 100u);
  std::cout << "no timeout later than " << engine.latest << " clocks" << std::endl;
  EXPECT_LT(engine.latest, kBound);
}

TEST(Sweeper, asks_about_every_entry_that_is_due_by_its_key) {
  constexpr unsigned kClocks = 4000;  // of a millisecond
  EngineModel engine(test_seed(), (9u << 24) - 150);
  engine.refusals = 10;
  std::uint64_t late = 0;
  for (int ms = 0; ms < 400; ++ms) {
    engine.set_time(engine.time_ms() + 1);
    // Now and then nothing may be sent for a while.
    const bool room = ms % 20 != 7;
    engine.pins().line_half_i = room;
    engine.busy = engine.rng.pick(std::array{0U, 50U, 90U});
    engine.clocks(200);
    const std::uint64_t before_rest = engine.timeouts + engine.timeouts_of_others;
    for (unsigned clock = 200; clock < kClocks; ++clock) {
      if (ms < 300 && engine.rng.below(kClocks) < 5) engine.add(static_cast<std::uint32_t>(engine.rng.below(20)));
      engine.clock();
    }
    if (!room) {
      EXPECT_EQ(engine.timeouts + engine.timeouts_of_others, before_rest);
      engine.latest = 0;
    } else if (ms % 20 != 8) {
      late = std::max(late, engine.latest);
    } else {
      engine.latest = 0;
    }
    ASSERT_FALSE(HasFailure()) << "ms " << ms;
  }
  EXPECT_EQ(engine.entries(), 0u);
  EXPECT_GT(engine.timeouts, 2000u);
  std::cout << engine.timeouts << " timeouts, " << engine.timeouts_of_others << " in vain, none later than " << late
            << " clocks" << std::endl;
  EXPECT_LT(late, 3 * kClocks);
}

TEST(Sweeper, does_not_forget_an_entry_that_comes_while_its_group_is_cleared) {
  constexpr unsigned kArmed = 46, kWithin = 40, kSettled = 1500;  // clocks
  EngineModel engine(test_seed(), 77);
  engine.busy = 0;
  engine.repeats = 0;
  for (int i = 0; i < 2'000; ++i) {
    const auto group = static_cast<unsigned>(engine.rng.below(kGroups));
    engine.add(0, group * kMembers + static_cast<unsigned>(engine.rng.below(kMembers)));
    // It is gone before it is looked for: nothing but the second calls for another look.
    engine.clocks(kArmed);
    engine.remove_all();
    engine.clocks(static_cast<unsigned>(engine.rng.below(kWithin)));
    engine.add(0, group * kMembers + static_cast<unsigned>(engine.rng.below(kMembers)));
    engine.clocks(kSettled);
    ASSERT_EQ(engine.entries(), 0u) << "pair " << i;
  }
}

TEST(Sweeper, says_when_it_may_sleep_and_until_when) {
  constexpr unsigned kSettled = 2000;
  EngineModel engine(test_seed(), 1'000'000);
  engine.busy = 0;
  engine.repeats = 0;
  engine.clocks(kSettled);
  EXPECT_EQ(engine.pins().idle_o, 1u);
  EXPECT_EQ(engine.pins().wake_o, 0u);
  for (int i = 0; i < 100; ++i) {
    std::uint32_t first = 20'000;
    const std::uint32_t began = engine.time_ms();
    for (std::size_t n = engine.rng.between(1, 5); n > 0; --n) {
      const auto after = static_cast<std::uint32_t>(engine.rng.between(1, 20'000));
      const std::size_t entries = engine.entries();
      engine.add(after);
      if (engine.entries() > entries) first = std::min(first, after);
    }
    engine.clocks(kSettled);
    ASSERT_EQ(engine.pins().idle_o, 1u);
    ASSERT_EQ(engine.pins().wake_o, 1u);
    ASSERT_EQ(engine.pins().wake_ms_o, began + first);
    const std::uint64_t timeouts = engine.timeouts;
    engine.set_time(began + first - 1);
    engine.clocks(kSettled);
    ASSERT_EQ(engine.timeouts, timeouts);
    engine.set_time(began + first);
    engine.clocks(kSettled);
    ASSERT_GT(engine.timeouts, timeouts);
    // All others.
    engine.set_time(began + 20'000);
    engine.clocks(4 * kSettled);
    ASSERT_EQ(engine.entries(), 0u);
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace synward::test
