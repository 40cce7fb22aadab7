// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "block/bench.hpp"
#include "synward/engine.hpp"

namespace synward::test {

inline constexpr unsigned kEngineLog = 6;  ///< log2 of the buckets of either table in these tests
using SmallTables = EngineTables<kEngineLog, kEngineLog>;

/// Drives the Verilated engine with requests, one a clock, and holds its answers against the engine of hls/, which is
/// asked first. Every clock carries a frame's request, if only one that asks nothing: the RTL's own sweeper finds no
/// room.
template <typename Model>
class EngineDriver {
 public:
  static constexpr unsigned kLatency = 46;      ///< request to verdict
  static constexpr unsigned kMarkLatency = 19;  ///< verdict to the mark's MAC
  static constexpr unsigned kRoomAt = 43;       ///< request to the clock in which room is looked at
  static constexpr unsigned kReach = 12;        ///< requests that may be under way when a time or setting changes

  explicit EngineDriver(std::uint64_t seed) : bench_(seed), tables_(std::make_unique<SmallTables>()) {
    engine_reset(*tables_);
    bench_->rst_ni = 0;
    bench_->valid_i = 0;
    bench_->watch_valid_i = 0;
    bench_->load_i = 0;
    bench_->end_pause_i = 0;
    bench_->line_half_i = 1;
    bench_->time_ms_i = 0;
  }

  SmallTables& tables() { return *tables_; }
  Bench<Model>& bench() { return bench_; }

  void start(const EngineConfig& config) {
    config_ = config;
    put_settings();
    bench_.reset();
    wait_ready();
  }
  /// Settings that take effect at once.
  void set(const EngineConfig& config) {
    idle(kLatency + 20);
    config_ = config;
    put_settings();
    idle(80);  // the intervals are worked out anew
  }
  /// Clears the tables with new sizes. What is asked before they are ready is answered without them.
  void load(const EngineConfig& config) {
    idle(kLatency + 20);
    config_ = config;
    put_settings();
    bench_->load_i = 1;
    step(RequestRecord{}, nullptr);
    bench_->load_i = 0;
    engine_clear(*tables_);
    config_.tables_ready = false;
  }
  void wait_ready() {
    for (unsigned i = 0; bench_->ready_o == 0; ++i) {
      ASSERT_LT(i, 2000u) << "the tables are never ready";
      step(RequestRecord{}, nullptr);
    }
    idle(kLatency);
    config_.tables_ready = true;
  }
  void idle(unsigned clocks) {
    for (unsigned i = 0; i < clocks; ++i) step(RequestRecord{}, nullptr);
  }

  /// Asks both engines; the answer of hls/.
  EngineAnswer ask(RequestRecord request, Room room = {true, true}) {
    if (request.time_ms != time_ms_) idle(kReach);
    if (request.op == kOpVisit) idle(kReach);
    time_ms_ = request.time_ms;
    if (request.op == kOpTimeout) fill_tags(request);
    const EngineAnswer answer = engine_step(*tables_, config_, request, room);
    step(request, &answer, room);
    if (request.op == kOpVisit) idle(kReach);
    return answer;
  }

  std::uint64_t clocks() const { return clocks_; }
  bool failed() const { return failed_; }

 private:
  struct Expected {
    RequestRecord request;
    EngineAnswer answer;
  };

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

  void step(const RequestRecord& request, const EngineAnswer* answer, Room room = {true, true}) {
    bench_->valid_i = 1;
    pack(request, bench_->request_i);
    rooms_.push_back(room);
    expected_.push_back(answer == nullptr ? Expected{request, none()} : Expected{request, *answer});
    if (rooms_.size() > kRoomAt) {
      bench_->room_line_i = rooms_.front().line;
      bench_->room_host_i = rooms_.front().host;
      rooms_.pop_front();
    }
    bench_.settle();
    check();
    bench_.edge();
    ++clocks_;
  }

  static EngineAnswer none() { return EngineAnswer{}; }

  void check() {
    if (expected_.size() <= kLatency) return;
    const Expected& now = expected_.front();
    compare("verdict", bench_->verdict_o, now.answer.verdict, now);
    VlWide<2> counts;
    set_bits(counts, 0, 64, bench_->counts_o);
    compare("counts", counts, now.answer.counts, now);
    check_that(bench_->valid_o == 1, "a verdict", now);
    // The event comes a clock later.
    check_that(bench_->event_valid_o == last_.answer.event, "an event, or none,", last_);
    if (last_.answer.event) compare("event", bench_->event_o, last_.answer.record, last_);
    marks_.push_back(now);
    if (marks_.size() > kMarkLatency) {
      if (marks_.front().answer.verdict.send == kSendMark)
        check_that(bench_->mark_mac_o == marks_.front().answer.mark_mac, "the mark's MAC", marks_.front());
      marks_.pop_front();
    }
    last_ = now;
    expected_.pop_front();
  }

  template <std::size_t Words, typename Record>
  void compare(const char* what, const VlWide<Words>& got, const Record& want, const Expected& about) {
    VlWide<Words> packed{};
    pack(want, packed);
    if (failed_ || std::memcmp(got.data(), packed.data(), sizeof(packed)) == 0) return;
    failed_ = true;
    ADD_FAILURE() << what << " at clock " << clocks_ << "\n got  " << fields_text(unpack<Record>(got)) << "\n want "
                  << fields_text(want) << "\n request " << fields_text(about.request);
  }
  void check_that(bool holds, const char* what, const Expected& about) {
    if (holds || failed_) return;
    failed_ = true;
    ADD_FAILURE() << what << " is not right at clock " << clocks_ << "\n request " << fields_text(about.request);
  }

  static Wide128 wide(const SipKey& key) { return {key.k1, key.k0}; }

  void put_settings() {
    const EngineConfig& c = config_;
    SettingsRecord settings{};
    settings.cookie_key0 = wide(c.keys.cookie[0]);
    settings.cookie_key1 = wide(c.keys.cookie[1]);
    settings.ts_key = wide(c.keys.ts_secret);
    settings.mark_key = wide(c.keys.mark_key);
    settings.table_key = wide(c.keys.table_key);
    settings.parity = c.keys.parity;
    settings.ts_offset_per_conn = c.ts_offset_per_conn;
    settings.syncookies = c.syncookies;
    settings.syncookies_only = c.syncookies_only;
    settings.tolerate_missing_ts = c.tolerate_missing_ts;
    settings.insecure_rst = c.insecure_rst;
    settings.no_rst = c.blackhole == kBlackholeAll;
    settings.unknown_ack = c.unknown_ack;
    settings.rexmtlimit = c.rexmtlimit;
    settings.rexmit_initial = static_cast<std::uint16_t>(c.rexmit.initial);
    settings.rexmit_min = static_cast<std::uint16_t>(c.rexmit.min);
    settings.rexmit_slop = static_cast<std::uint16_t>(c.rexmit.slop);
    settings.rexmit_max = static_cast<std::uint16_t>(c.rexmit.max);
    settings.ecn_maxretries = c.ecn_maxretries;
    settings.ack_war_cnt = c.ack_war_cnt;
    settings.ack_war_timewindow = static_cast<std::uint16_t>(c.ack_war_timewindow);
    settings.icmplim = c.icmplim;
    settings.flow_idle = c.flow_idle;
    settings.hash_mask = static_cast<std::uint16_t>(c.hashsize - 1);
    settings.bucketlimit = static_cast<std::uint8_t>(c.bucketlimit);
    settings.cachelimit = c.cachelimit;
    pack(settings, bench_->settings_i);
  }

  Bench<Model> bench_;
  std::unique_ptr<SmallTables> tables_;
  EngineConfig config_{};
  std::uint32_t time_ms_ = 0;
  std::deque<Room> rooms_;
  std::deque<Expected> expected_, marks_;
  Expected last_{};
  std::uint64_t clocks_ = 0;
  bool failed_ = false;
};

}  // namespace synward::test
