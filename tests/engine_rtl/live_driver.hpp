// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "engine_rtl/engine_checker.hpp"
#include "engine_rtl/engine_driver.hpp"
#include "engine_rtl/engine_memories.hpp"
#include "engine_rtl/engine_settings.hpp"

namespace synward::test {

/// Drives the Verilated engine as a card does: frames, the host port and the sweeper ask. What was asked, in which
/// order, is read from the RTL; every answer is held against that of the engine of hls/, asked the same.
class LiveDriver {
 public:
  /// Told of every request that asks something, with the answer of hls/, some clocks after its own.
  using Observer = std::function<void(const RequestRecord&, const EngineAnswer&)>;

  LiveDriver(std::uint64_t seed, std::uint32_t time_ms, Observer observer)
      : bench_(seed),
        memories_(*bench_.operator->()),
        tables_(std::make_unique<SmallTables>()),
        observer_(std::move(observer)) {
    engine_reset(*tables_);
    bench_->valid_i = bench_->valid_copies_i = 0;
    bench_->watch_valid_i = 0;
    bench_->load_i = 0;
    bench_->end_pause_i = 0;
    bench_->line_half_i = 1;
    bench_->list_first_i = 0;
    bench_->list_next_i = 0;
    bench_->time_ms_i = time_ms;
  }

  Vsynward_engine& model() { return *bench_.operator->(); }
  SmallTables& tables() { return *tables_; }
  std::uint32_t time_ms() { return bench_->time_ms_i; }
  void set_time(std::uint32_t time_ms) { bench_->time_ms_i = time_ms; }

  void start(const EngineConfig& config) {
    config_ = next_ = config;
    config_.tables_ready = false;
    pack(settings_record(config), bench_->settings_i);
    bench_.reset();
  }
  /// Waits for the tables after start().
  void wait_ready() {
    for (unsigned i = 0; bench_->ready_o == 0; ++i) {
      ASSERT_LT(i, 1000u) << "the tables are never ready";
      clock();
    }
  }
  /// Settings that take effect at once. Nothing is asked meanwhile.
  void set(const EngineConfig& config) {
    block(kDecided);
    config_ = next_ = config;
    pack(settings_record(config), bench_->settings_i);
    block(80);  // the intervals are worked out anew
  }
  /// A new table key, while everything goes on: it counts from the first request that meets cleared tables.
  void set_table_key(const SipKey& key) {
    next_.keys.table_key = key;
    pack(settings_record(next_), bench_->settings_i);
    bench_->load_i = 1;
  }
  /// Time that leaps. Nothing is asked within reach of the leap.
  void leap(std::uint32_t time_ms) {
    block(kReach);
    set_time(time_ms);
    block(kReach);
  }

  /// One clock, with a frame's request or none.
  void clock(const RequestRecord* frame = nullptr, Room room = {true, true}) {
    bench_->valid_i = frame != nullptr;
    bench_->valid_copies_i = frame != nullptr ? 0xf : 0;
    if (frame != nullptr) pack(*frame, bench_->request_i);
    rooms_.push_back(room);
    if (rooms_.size() > kRoomAt) {
      bench_->room_line_i = rooms_.front().line;
      bench_->room_host_i = rooms_.front().host;
      rooms_.pop_front();
    }
    bench_.settle();
    ready_.push_back(bench_->ready_o != 0);
    if (expected_.size() == 1) {
      checker_.check(*bench_.operator->(), expected_.front());
      expected_.pop_front();
    }
    bench_.edge();
    bench_->load_i = 0;
    bench_->watch_valid_i = 0;
    asked_.push_back(ask(frame != nullptr, room));
    if (asked_.size() > kDecided) decide();
    if (++clocks_ % kScan == 0) scan();
  }
  void clocks(unsigned count) {
    for (unsigned i = 0; i < count; ++i) clock();
  }
  /// Clocks in which frames ask nothing, and so nobody does.
  void block(unsigned count) {
    const RequestRecord nothing{};
    for (unsigned i = 0; i < count; ++i) clock(&nothing);
  }
  /// The host port asks with the next clock.
  void watch(const RequestRecord& request) {
    bench_->watch_valid_i = 1;
    pack(request, bench_->watch_i);
  }
  void expect_tables() {
    block(2 * kEngineLatency);
    memories_.expect_tables(*tables_, config_.bucketlimit);
  }

  std::uint64_t now() const { return clocks_; }
  bool failed() const { return checker_.failed(); }
  /// The longest that an entry stood due before its timeout was asked, clocks, to within kScan.
  std::uint64_t latest() const { return latest_; }
  std::uint64_t visits() const { return visits_; }
  std::uint64_t refused_visits() const { return refused_; }
  /// SYN-ACKs that were repeated with tags of a former entry.
  std::uint64_t old_tags() const { return old_tags_; }

 private:
  static constexpr unsigned kDecided = kEngineLatency - 1;  ///< clocks until everything about a request is known
  static constexpr unsigned kReadyAt = 33;                  ///< clocks to that in which ready_o counts for its answer
  static constexpr unsigned kWriteAt = 44;                  ///< and for what it writes
  static constexpr unsigned kScan = 32;

  struct Asked {
    RequestRecord request;
    Room room;
    bool frame;
    bool touches;         ///< may touch a flow
    std::uint32_t flows;  ///< bucket of the flow table
  };

  Asked ask(bool frame, Room room) {
    Asked asked{memories_.chosen(), room, frame, false, 0};
    const std::uint8_t op = asked.request.op;
    asked.touches = op == kOpSyn || op == kOpAck || op == kOpRst || op == kOpServer || op == kOpStatus ||
                    op == kOpStray || op == kOpTimeout;
    if (op != kOpNone) asked.flows = engine_address(next_, asked.request, kEngineLog, kEngineLog).flows;
    return asked;
  }

  /// The oldest request that is not yet answered: nothing that bears on it is unknown any more.
  void decide() {
    const Asked& asked = asked_.front();
    const bool ready = ready_[kReadyAt];
    const bool writes = ready_[kWriteAt];
    if (config_.tables_ready && !ready) engine_clear(*tables_, config_.flow_learn);
    if (!ready) config_.keys.table_key = next_.keys.table_key;
    config_.tables_ready = ready;
    ExpectedAnswer expected{asked.request, {}, asked.frame};
    if (asked.request.op == kOpVisit && (!writes || refuses())) {
      expected.answer.verdict.op = kOpVisit;
      ++refused_;
    } else if (asked.request.op != kOpNone) {
      expected.answer = engine_step(*tables_, config_, asked.request, asked.room);
      if (expected.answer.verdict.own) put_tags(asked.request, expected.answer.verdict);
      observer_(asked.request, expected.answer);
      visits_ += asked.request.op == kOpVisit ? 1 : 0;
    }
    expected_.push_back(expected);
    past_.push_back(asked);
    if (past_.size() > kReach) past_.pop_front();
    asked_.pop_front();
    ready_.pop_front();
  }
  /// The tags of a repeated SYN-ACK are those that were fetched with the key: another entry's, if the connection has
  /// come anew since.
  void put_tags(const RequestRecord& request, VerdictRecord& verdict) {
    if (request.tags != verdict.tags || request.tag1 != verdict.tag1 || request.tag2 != verdict.tag2) ++old_tags_;
    verdict.tags = request.tags;
    verdict.tag1 = request.tag1;
    verdict.tag2 = request.tag2;
  }
  /// True if a visit, the front of asked_, meets a request that goes to the same bucket of the flow table.
  bool refuses() const {
    const Asked& visit = asked_.front();
    const auto meets = [&](const Asked& other) { return other.touches && other.flows == visit.flows; };
    return std::any_of(asked_.begin() + 1, asked_.begin() + 1 + kReach, meets) ||
           std::any_of(past_.begin(), past_.end(), [&](const Asked& other) {
             return meets(other) || (other.request.op == kOpVisit && other.flows == visit.flows);
           });
  }

  /// Looks for entries that are due.
  void scan() {
    for (std::size_t i = 0; i < since_.size(); ++i) {
      const SyncacheBucket& bucket = tables_->syncache[i / kWays];
      const unsigned way = i % kWays;
      const bool due = way_valid(bucket, way) && entry_due(config_.rexmit, bucket.way[way].entry, time_ms());
      if (!due) {
        since_[i] = 0;
      } else if (since_[i] == 0) {
        since_[i] = clocks_;
      } else {
        latest_ = std::max(latest_, clocks_ - since_[i]);
      }
    }
  }

  Bench<Vsynward_engine> bench_;
  EngineMemories memories_;
  EngineChecker<Vsynward_engine> checker_;
  std::unique_ptr<SmallTables> tables_;
  Observer observer_;
  EngineConfig config_{}, next_{};
  std::deque<Room> rooms_;
  std::deque<bool> ready_;  ///< ready_o, by clock; as old as asked_
  std::deque<Asked> asked_, past_;
  std::deque<ExpectedAnswer> expected_;
  std::array<std::uint64_t, (1u << kEngineLog) * kWays> since_{};
  std::uint64_t clocks_ = 0, latest_ = 0, visits_ = 0, refused_ = 0, old_tags_ = 0;
};

}  // namespace synward::test
