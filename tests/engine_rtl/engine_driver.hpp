// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <memory>

#include "block/bench.hpp"
#include "engine_rtl/engine_checker.hpp"
#include "engine_rtl/engine_settings.hpp"
#include "synward/engine.hpp"

namespace synward::test {

inline constexpr unsigned kEngineLog = 6;  ///< log2 of the buckets of either table in these tests
using SmallTables = EngineTables<kEngineLog, kEngineLog>;

/// Requests before and behind a request that meet it in the pipeline: the flow table's, which stands apart.
inline constexpr unsigned kReach = 13;

/// Drives the Verilated engine with requests, one a clock, and holds its answers against the engine of hls/, which is
/// asked first. Every clock carries a frame's request, if only one that asks nothing: the RTL's own sweeper finds no
/// room.
template <typename Model>
class EngineDriver {
 public:
  explicit EngineDriver(std::uint64_t seed) : bench_(seed), tables_(std::make_unique<SmallTables>()) {
    engine_reset(*tables_);
    bench_->rst_ni = 0;
    bench_->valid_i = bench_->valid_copies_i = 0;
    bench_->watch_valid_i = 0;
    bench_->load_i = 0;
    bench_->end_pause_i = 0;
    bench_->line_half_i = 1;
    bench_->time_ms_i = 0;
  }

  SmallTables& tables() { return *tables_; }
  const EngineConfig& config() const { return config_; }
  Bench<Model>& bench() { return bench_; }

  void start(const EngineConfig& config) {
    config_ = config;
    pack(settings_record(config_), bench_->settings_i);
    bench_.reset();
    wait_ready();
  }
  /// Settings that take effect at once.
  void set(const EngineConfig& config) {
    drain();
    config_ = config;
    pack(settings_record(config_), bench_->settings_i);
    idle(80);  // the intervals are worked out anew
  }
  /// Clears the tables with new sizes. What is asked before they are ready is answered without them.
  void load(const EngineConfig& config) {
    drain();
    config_ = config;
    pack(settings_record(config_), bench_->settings_i);
    bench_->load_i = 1;
    step(RequestRecord{}, EngineAnswer{});
    bench_->load_i = 0;
    engine_clear(*tables_, config_.flow_learn);
    config_.tables_ready = false;
  }
  void wait_ready() {
    for (unsigned i = 0; bench_->ready_o == 0; ++i) {
      ASSERT_LT(i, 2000u) << "the tables are never ready";
      step(RequestRecord{}, EngineAnswer{});
    }
    idle(kEngineLatency);
    config_.tables_ready = true;
  }
  /// What is asked from now on finds the tables ready, or not.
  void ready(bool ready) { config_.tables_ready = ready; }
  void idle(unsigned clocks) {
    for (unsigned i = 0; i < clocks; ++i) step(RequestRecord{}, EngineAnswer{});
  }
  /// Until everything that was asked is in the tables and answered.
  void drain() { idle(kEngineLatency + kMarkLatency + 2); }

  /// Asks both engines, a request a clock if possible: time that leaps, and VISIT, which gives way to its neighbours,
  /// keep a distance. The answer of hls/.
  EngineAnswer ask(const RequestRecord& request, Room room = {true, true}) {
    if (request.time_ms - time_ms_ > 1) idle(kReach + 1);
    if (request.op == kOpVisit) idle(kReach);
    const EngineAnswer answer = ask_now(request, room);
    if (request.op == kOpVisit) idle(kReach);
    return answer;
  }
  /// Asks both engines in the next clock.
  EngineAnswer ask_now(RequestRecord request, Room room = {true, true}) {
    time_ms_ = request.time_ms;
    if (request.op == kOpTimeout) fill_tags(request);
    const EngineAnswer answer = engine_step(*tables_, config_, request, room);
    step(request, answer, room);
    return answer;
  }
  /// Asks for a visit in the next clock, which is to give way.
  void visit_in_vain(const RequestRecord& request) {
    EngineAnswer answer{};
    answer.verdict.op = kOpVisit;
    step(request, answer);
  }

  std::uint64_t clocks() const { return clocks_; }
  bool failed() const { return checker_.failed(); }

 private:
  /// The sweeper fetches tags with the key; here they come from the entry.
  void fill_tags(RequestRecord& request) {
    const EngineAddress at = engine_address(config_, request, kEngineLog, kEngineLog);
    const SyncacheBucket& bucket = tables_->syncache[at.bucket];
    const unsigned way = bucket_find(bucket, request_ends(request));
    if (way == kNoWay) return;
    request.tags = bucket.way[way].entry.tags;
    request.tag1 = bucket.way[way].entry.tag1;
    request.tag2 = bucket.way[way].entry.tag2;
  }

  void step(const RequestRecord& request, const EngineAnswer& answer, Room room = {true, true}) {
    bench_->valid_i = 1;
    bench_->valid_copies_i = 0xf;
    pack(request, bench_->request_i);
    rooms_.push_back(room);
    expected_.push_back({request, answer, true});
    if (rooms_.size() > kRoomAt) {
      bench_->room_line_i = rooms_.front().line;
      bench_->room_host_i = rooms_.front().host;
      rooms_.pop_front();
    }
    bench_.settle();
    if (expected_.size() > kEngineLatency) {
      checker_.check(*bench_.operator->(), expected_.front());
      expected_.pop_front();
    }
    bench_.edge();
    ++clocks_;
  }

  Bench<Model> bench_;
  EngineChecker<Model> checker_;
  std::unique_ptr<SmallTables> tables_;
  EngineConfig config_{};
  std::uint32_t time_ms_ = 0;
  std::deque<Room> rooms_;
  std::deque<ExpectedAnswer> expected_;
  std::uint64_t clocks_ = 0;
};

}  // namespace synward::test
