// SPDX-License-Identifier: BSD-2-Clause
// Proves what the sweeper asks of an engine that is a model here: a TICK each millisecond, each VISIT once and again if
// it gave way, a TIMEOUT by its own key for every entry that is due, none lost, none while replies must wait; and that
// it says when it may sleep.
#include <Vsynward_sweeper.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <iostream>
#include <map>
#include <optional>
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
  EngineModel(std::uint64_t seed, std::uint32_t time_ms) : rng(seed), block_(seed), time_ms_(time_ms) {
    block_->taken_i = 0;
    block_->line_half_i = 1;
    block_->time_ms_i = time_ms_;
    block_.reset();
  }

  Rng rng;
  unsigned busy = 50;     ///< per cent of the clocks that frames take
  unsigned refusals = 0;  ///< per cent of the VISITs that give way
  unsigned repeats = 3;   ///< TIMEOUTs of an entry
  std::vector<std::uint32_t> ticks;
  std::map<unsigned, unsigned> visits;  ///< that took place, by bucket
  std::uint64_t timeouts = 0, timeouts_of_others = 0, refused = 0;
  std::uint64_t latest = 0;  ///< clocks from due to TIMEOUT

  Vsynward_sweeper& pins() { return *block_.operator->(); }
  std::uint32_t time_ms() const { return time_ms_; }
  std::uint64_t now() const { return now_; }
  std::size_t entries() const { return entries_.size(); }

  void set_time(std::uint32_t time_ms) { block_->time_ms_i = time_ms_ = time_ms; }
  /// A SYN stores an entry, if its way is free, to be due `after` ms.
  void add(std::uint32_t after) {
    const unsigned at = static_cast<unsigned>(rng.below(kBuckets * kWays));
    if (entries_.count(at) != 0) return;
    Entry entry{{}, time_ms_ + after, repeats, std::nullopt};
    for (unsigned i = 0; i < 11; ++i) entry.key[i] = rng.u32();
    entry.key[11] = rng.u32() & 7;
    entries_[at] = entry;
    in(kEffect, [this, at] { arm(at / kWays, entries_.count(at) != 0 ? entries_[at].due : time_ms_); });
  }

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
  static constexpr unsigned kFetched = 37, kVisited = 44, kFound = 45, kEffect = 46;
  static constexpr std::size_t kLookLatency = 2;

  struct Entry {
    Key key;
    std::uint32_t due;
    unsigned left;
    std::optional<std::uint64_t> since;  ///< clock at which it became due
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
    if (request.op != kOpVisit) ASSERT_EQ(request.time_ms, time_ms_seen_) << "op " << int{request.op};
    switch (request.op) {
      case kOpTick:
        ticks.push_back(request.time_ms);
        break;
      case kOpVisit:
        take_visit(request.seq);
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
  void take_visit(std::uint32_t bucket) {
    ASSERT_LT(bucket, kFlows);
    if (!rng.percent(refusals)) {
      ++visits[bucket];
      return;
    }
    ++refused;
    in(kVisited, [this, bucket] {
      block_->refused_i = 1;
      block_->refused_bucket_i = static_cast<std::uint8_t>(bucket);
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
      look_at(bucket, request.time_ms);
    }
  }
  void look_at(unsigned bucket, std::uint32_t time_ms) {
    std::optional<unsigned> found;
    std::optional<std::uint32_t> next;
    for (unsigned way = 0; way < kWays; ++way) {
      const auto entry = entries_.find(bucket * kWays + way);
      if (entry == entries_.end()) continue;
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
  std::uint32_t time_ms_;
  std::uint64_t now_ = 0;
  std::map<unsigned, Entry> entries_;  ///< by bucket and way
  std::array<std::optional<std::uint32_t>, kGroups> group_;
  std::deque<std::optional<std::uint32_t>> looks_;
  std::multimap<std::uint64_t, std::function<void()>> later_;

 public:
  std::uint32_t time_ms_seen_ = 0;
};

}  // namespace
}  // namespace synward::test
