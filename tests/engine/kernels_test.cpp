// SPDX-License-Identifier: BSD-2-Clause
// The HLS kernels in C simulation: the same answers as the step functions, the same tables behind them, and forwarding
// that is long enough. SYNWARD_ENGINE_REQUESTS, SYNWARD_ENGINE_SEEDS and SYNWARD_SEED make it a campaign.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <iostream>
#include <memory>
#include <vector>

#include "common/requests.hpp"
#include "common/same_record.hpp"
#include "engine_rtl/campaign.hpp"
#include "kernels/synward_cookie.hpp"
#include "kernels/synward_engine.hpp"
#include "kernels/synward_syncache.hpp"
#include "late_table.hpp"
#include "model/kernel_model.hpp"
#include "reference/sight.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLogBuckets = 3, kLogFlows = 2;

bool same_answers(const EngineAnswer& a, const EngineAnswer& b) {
  return fields_of(a.verdict) == fields_of(b.verdict) && a.mark_mac == b.mark_mac &&
         fields_of(a.counts) == fields_of(b.counts) && a.event == b.event && fields_of(a.record) == fields_of(b.record);
}

void expect_same_answers(const EngineAnswer& got, const EngineAnswer& want) {
  EXPECT_EQ(fields_of(got.verdict), fields_of(want.verdict));
  EXPECT_EQ(fields_of(got.counts), fields_of(want.counts));
  EXPECT_EQ(got.mark_mac, want.mark_mac);
  EXPECT_EQ(got.event, want.event);
  EXPECT_EQ(fields_of(got.record), fields_of(want.record));
}

/// The step functions, of which synward_syncache has no flow table: it forgets each flow at once.
template <bool kFlows>
class Oracle {
 public:
  Oracle() { engine_reset(*tables_); }

  void load(std::uint8_t learn) { engine_clear(*tables_, learn); }
  void end_pause() { tables_->state.pause.end = true; }
  EngineAnswer ask(const EngineConfig& config, const EngineQuestion& question) {
    if (!kFlows) {
      for (FlowBucket& bucket : tables_->flows) flows_clear(bucket, 0);
    }
    return engine_step(*tables_, config, question.request, question.room);
  }
  const EngineTables<kLogBuckets, kLogFlows>& tables() const { return *tables_; }
  /// What the answer to `request`, the last that was asked, is shown with.
  SightRecord sight(const EngineConfig& config, const RequestRecord& request, const EngineAnswer& answer) const {
    const std::uint32_t at = request.op == kOpPeek ? request.seq & ((1u << kLogBuckets) - 1)
                                                   : engine_address(config, request, kLogBuckets, kLogFlows).bucket;
    return reference::sight_of(config, request, answer, at, tables_->syncache[at], tables_->state);
  }

 private:
  std::unique_ptr<EngineTables<kLogBuckets, kLogFlows>> tables_ =
      std::make_unique<EngineTables<kLogBuckets, kLogFlows>>();
};

void expect_same_bucket(const SyncacheBucket& got, const SyncacheBucket& want) {
  EXPECT_EQ(got.valid, want.valid);
  for (unsigned i = 0; i < kWays; ++i) {
    EXPECT_EQ(got.order[i], want.order[i]);
    if (!way_valid(want, i)) continue;
    EXPECT_TRUE(same_ends(got.way[i].ends, want.way[i].ends));
    EXPECT_EQ(fields_of(got.way[i].entry), fields_of(want.way[i].entry));
  }
}

void expect_same_flows(const FlowBucket& got, const FlowBucket& want) {
  EXPECT_EQ(got.open_laps, want.open_laps);
  for (unsigned i = 0; i < kFlowWays; ++i) {
    EXPECT_EQ(got.way[i].state, want.way[i].state);
    if (want.way[i].state == kFlowFree) continue;
    EXPECT_EQ(got.way[i].aux, want.way[i].aux);
    EXPECT_EQ(got.way[i].fingerprint, want.way[i].fingerprint);
  }
}

/// A random run of a kernel beside the step functions, until they differ.
template <bool kFlows, unsigned kDelay>
class Duel {
  template <typename Word, unsigned kLog>
  using Table = LateTable<Word, kLog, kDelay>;
  // More steps than what keeps a setting apart, so that requests come while the tables are cleared.
  using Kernel = KernelModel<kLogBuckets, kLogFlows, kFlows, Table, 64>;

 public:
  explicit Duel(std::uint64_t seed)
      : rng_(seed),
        config_(default_engine_config(rng_, kLogBuckets)),
        requests_(seed, {.tuples = 16, .log_flows = kLogFlows}) {
    set(true, false);
  }

  /// True if all `requests` answers are the same; says which is not if `loud`.
  bool go(std::uint64_t requests, bool loud) {
    for (std::uint64_t i = 0; i < requests; ++i) {
      if (rng_.below(500) == 0) change();
      if (rng_.percent(10) && !peek(loud)) return false;
      const EngineQuestion question{requests_.next(), {rng_.percent(95), rng_.percent(95)}};
      const auto got = kernel_->ask(question);
      config_.tables_ready = got.ready;
      not_ready_ += got.ready ? 0 : 1;
      const EngineAnswer want = oracle_.ask(config_, question);
      if (!same_answers(got.answer, want)) {
        if (loud) {
          SCOPED_TRACE("request " + std::to_string(i) + ", op " + std::to_string(question.request.op));
          expect_same_answers(got.answer, want);
        }
        return false;
      }
      if (!same_sights(got.sight, oracle_.sight(config_, question.request, want), loud)) return false;
      armed_ += got.sight.armed ? 1 : 0;
      requests_.answered(question.request, want.verdict);
    }
    return true;
  }

  void compare_tables() {
    kernel_->settle();
    for (std::uint32_t i = 0; i < 1u << kLogBuckets; ++i) {
      expect_same_bucket(kernel_->bucket(i), oracle_.tables().syncache[i]);
    }
    for (std::uint32_t i = 0; kFlows && i < 1u << kLogFlows; ++i) {
      expect_same_flows(kernel_->flows(i), oracle_.tables().flows[i]);
    }
    const EngineState& want = oracle_.tables().state;
    const TablesState& got = kernel_->state();
    EXPECT_EQ(got.count, want.count);
    EXPECT_EQ(got.pause.paused, want.pause.paused);
    EXPECT_EQ(got.pause.until, want.pause.until);
    EXPECT_EQ(got.pause.backoff, want.pause.backoff);
    EXPECT_EQ(got.gate.open, want.gate.open);
    EXPECT_EQ(got.gate.stamp, want.gate.stamp);
  }
  /// Requests that came while the tables were cleared.
  std::uint64_t not_ready() const { return not_ready_; }
  /// Answers that said which entry was armed; and PEEKs that found one due, or showed one.
  std::uint64_t armed() const { return armed_; }
  std::uint64_t found() const { return found_; }
  std::uint64_t shown() const { return shown_; }

 private:
  /// Looks at a bucket, at once or when all has landed: then what is shown is what there is.
  bool peek(bool loud) {
    const bool landed = rng_.bit();
    for (unsigned i = 0; landed && i <= 2 * kDistance; ++i) kernel_->bubble();
    EngineQuestion question{};
    question.request.op = kOpPeek;
    question.request.time_ms = requests_.time_ms();
    question.request.flags = rng_.pick(std::array{kPeekWalk, kPeekWalk, kPeekFetch, kPeekClear, kPeekList, kPeekState});
    question.request.seq = static_cast<std::uint32_t>(rng_.below(1u << kLogBuckets));
    question.request.ack = rng_.percent(10) ? 0 : 1u << rng_.below(kWays);
    const auto got = kernel_->ask(question);
    config_.tables_ready = got.ready;
    const EngineAnswer want = oracle_.ask(config_, question);
    if (loud) expect_same_answers(got.answer, want);
    if (!same_answers(got.answer, want)) return false;
    if (!landed && kDelay != 0) return true;
    found_ += got.sight.found ? 1 : 0;
    shown_ += got.sight.listing.lport != 0 ? 1 : 0;
    return same_sights(got.sight, oracle_.sight(config_, question.request, want), loud);
  }
  static bool same_sights(const SightRecord& got, const SightRecord& want, bool loud) {
    if (loud) {
      EXPECT_EQ(fields_of(got), fields_of(want)) << (got.peek ? "PEEK" : "request");
    }
    return fields_of(got) == fields_of(want);
  }
  void change() {
    const bool load = rng_.percent(10);
    change_settings(rng_, config_);
    if (load) change_load_settings(rng_, config_, kLogBuckets);
    set(load, rng_.percent(20));
  }
  void set(bool load, bool end_pause) {
    if (load) oracle_.load(config_.flow_learn);
    if (end_pause) oracle_.end_pause();
    kernel_->set({config_, load, end_pause});
  }

  Rng rng_;
  EngineConfig config_;
  RequestGenerator requests_;
  Oracle<kFlows> oracle_;
  std::unique_ptr<Kernel> kernel_ = std::make_unique<Kernel>();
  std::uint64_t not_ready_ = 0, armed_ = 0, found_ = 0, shown_ = 0;
};

template <bool kFlows, unsigned kDelay>
void expect_the_same() {
  const Campaign campaign = campaign_of(60'000, 2);
  for (std::uint64_t seed = campaign.first; seed < campaign.first + campaign.seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::cout << "seed " << seed << std::endl;
    Duel<kFlows, kDelay> run(seed);
    // Between, so that a wrong table shows soon.
    for (std::uint64_t done = 0; done < campaign.requests; done += 20'000) {
      ASSERT_TRUE(run.go(std::min<std::uint64_t>(20'000, campaign.requests - done), true));
      run.compare_tables();
      if (testing::Test::HasFailure()) return;
    }
    EXPECT_GT(run.not_ready(), 0u);
    EXPECT_GT(run.armed(), campaign.requests / 100);
    EXPECT_GT(run.found(), campaign.requests / 1000);
    EXPECT_GT(run.shown(), campaign.requests / 1000);
  }
}

TEST(Kernels, EngineAnswersAsTheStepFunctions) { expect_the_same<true, kDistance>(); }
TEST(Kernels, SyncacheAnswersAsTheStepFunctions) { expect_the_same<false, kDistance>(); }
TEST(Kernels, QuickTablesAreRightToo) { expect_the_same<true, 0>(); }

template <typename Word, unsigned kLog>
using LatestTable = LateTable<Word, kLog, kDistance>;

// As one that was reset by itself: it knows no key, and nobody may take it for ready however long it has been.
TEST(Kernels, BeforeTheFirstSettingNothingIsReadyAndSegmentsMakeNothing) {
  Rng rng(1);
  KernelModel<kLogBuckets, kLogFlows, true, LatestTable, 64> kernel;
  RequestGenerator requests(1, {.tuples = 16, .log_flows = kLogFlows});
  EngineQuestion question{};
  question.room = {true, true};
  for (int i = 0; i < 1'000; ++i) {
    question.request = requests.next();
    question.request.op = rng.pick(std::array{kOpSyn, kOpAck, kOpRst, kOpTick, kOpPeek, kOpServer});
    const auto got = kernel.ask(question);
    ASSERT_FALSE(got.ready);
    ASSERT_FALSE(got.sight.state.ready);
    ASSERT_EQ(got.answer.verdict.op, question.request.op);
    ASSERT_EQ(got.answer.verdict.send, kSendNothing) << "operation " << int{question.request.op};
  }
  const EngineConfig config = default_engine_config(rng, kLogBuckets);
  kernel.set({config, false, false});
  ASSERT_FALSE(kernel.ready());
  kernel.settle();
  question.request = requests.next();
  EXPECT_TRUE(kernel.ask(question).ready);
}

TEST(Kernels, RenewedPausesDoubleUpToTheirMost) {
  Rng rng(3);
  EngineConfig config = default_engine_config(rng, kLogBuckets);
  config.syncookies = true;
  config.syncookies_only = false;
  config.bucketlimit = 1;
  config.tables_ready = true;
  KernelModel<kLogBuckets, kLogFlows, true, LatestTable, 64> kernel;
  Oracle<true> oracle;
  oracle.load(0);
  config.flow_learn = 0;
  kernel.set({config, true, false});
  kernel.settle();
  std::uint32_t now = 1000;
  std::vector<std::uint32_t> seconds;
  std::uint16_t port = 0;
  while (seconds.size() < 9) {
    EngineQuestion question{};
    question.room = {true, true};
    question.request.op = kOpSyn;
    question.request.time_ms = now;
    question.request.fport = ++port;
    question.request.lport = 443;
    const EngineAnswer want = oracle.ask(config, question);
    expect_same_answers(kernel.ask(question).answer, want);
    ASSERT_FALSE(testing::Test::HasFailure()) << port;
    if (!want.event || want.record.code != kEventOverflow) continue;
    seconds.push_back(want.record.arg0);
    now += 1000 * want.record.arg0;
    // Not a millisecond less.
    question.request.op = kOpTick;
    for (const std::uint32_t before : {1u, 0u}) {
      question.request.time_ms = now - before;
      expect_same_answers(kernel.ask(question).answer, oracle.ask(config, question));
      EXPECT_EQ(kernel.state().pause.paused, before != 0) << seconds.size();
    }
  }
  EXPECT_EQ(seconds, (std::vector<std::uint32_t>{15, 30, 60, 120, 240, 480, 960, 960, 960}));
}

TEST(Kernels, WritesThatLandLaterThanForwardingReachesShow) {
  EXPECT_FALSE((Duel<true, kDistance + 1>(1).go(200'000, false)));
  EXPECT_FALSE((Duel<false, kDistance + 1>(1).go(200'000, false)));
}

/// `pairs` of a SYN and its ACK.
void expect_the_same_cookies(std::uint64_t seed, std::uint64_t pairs) {
  Rng rng(seed);
  hls::stream<CookieQuestion> questions;
  hls::stream<CookieSetting> settings;
  hls::stream<CookieReply> replies;
  CookieSetting setting{};
  std::uint64_t good = 0;
  for (std::uint64_t i = 0; i < pairs; ++i) {
    if (i % 1000 == 0) {
      for (SipKey& key : setting.keys) key = {rng.next(), rng.next()};
      setting.parity = rng.bit();
      settings.write(setting);
    }
    const bool v6 = rng.bit();
    const Wide128 from = {v6 ? rng.next() : 0, v6 ? rng.next() : rng.next() >> 32};
    const Wide128 to = {v6 ? rng.next() : 0, v6 ? rng.next() : rng.next() >> 32};
    CookieQuestion question{};
    question.ends = {v6, from, to, static_cast<std::uint16_t>(rng.next()), static_cast<std::uint16_t>(rng.next())};
    question.seq = static_cast<std::uint32_t>(rng.next());
    question.mss = static_cast<std::uint16_t>(rng.next());
    question.ws_ok = rng.bit();
    question.ws = static_cast<std::uint8_t>(rng.below(15));
    question.sack_ok = rng.bit();
    questions.write(question);
    synward_cookie(questions, settings, replies);
    const std::uint32_t iss = replies.read().iss;
    const std::uint8_t byte =
        cookie_encode(question.mss, question.ws_ok, question.ws, question.sack_ok, setting.parity);
    ASSERT_EQ(iss, cookie_iss(setting.keys[setting.parity ? 1 : 0], question.ends, question.seq, byte)) << i;

    CookieQuestion ack = question;
    ack.check = true;
    ack.seq = question.seq + 1;
    ack.ack = iss + 1 + (rng.percent(30) ? 1u << rng.below(32) : 0u);
    questions.write(ack);
    synward_cookie(questions, settings, replies);
    const CookieReply reply = replies.read();
    const CookieCheck want = cookie_check(setting.keys, ack.ends, ack.seq, ack.ack);
    ASSERT_EQ(reply.ok, want.ok) << i;
    ASSERT_EQ(reply.byte, want.byte) << i;
    const CookieContent content = cookie_decode(want.byte);
    ASSERT_EQ(reply.content.mss, content.mss);
    ASSERT_EQ(reply.content.shift, content.shift);
    ASSERT_EQ(reply.content.ws_ok, content.ws_ok);
    ASSERT_EQ(reply.content.sack_ok, content.sack_ok);
    good += want.ok ? 1 : 0;
  }
  EXPECT_GT(good, pairs / 2);
  EXPECT_TRUE(replies.empty());
}

TEST(Kernels, CookieAnswersAsTheStepFunctions) {
  const Campaign campaign = campaign_of(200'000, 1);
  for (std::uint64_t seed = campaign.first; seed < campaign.first + campaign.seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::cout << "seed " << seed << std::endl;
    ASSERT_NO_FATAL_FAILURE(expect_the_same_cookies(seed, campaign.requests / 2));
  }
}

using Top = void (*)(hls::stream<EngineQuestion>&, hls::stream<EngineSetting>&, hls::stream<EngineReply>&);

/// A whole kernel of full size, asked as a card would.
void expect_top_answers(Top top, bool with_flows) {
  constexpr std::uint64_t kSeed = 12;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  const auto tables = std::make_unique<EngineTables<kMaxLogBuckets, kMaxLogFlows>>();
  engine_reset(*tables);
  Rng rng(kSeed);
  EngineConfig config = default_engine_config(rng, 2);  // few buckets in use, so that they fill
  RequestGenerator requests(kSeed, {.tuples = 64, .log_flows = kMaxLogFlows});
  hls::stream<EngineQuestion> questions;
  hls::stream<EngineSetting> settings;
  hls::stream<EngineReply> answers;
  settings.write({config, true, false});
  // The tables are cleared in as many iterations as the larger one has buckets, and some for what stands alone.
  for (unsigned i = 0; i < (1u << kMaxLogFlows) + 4 * kDistance; ++i) top(questions, settings, answers);
  ASSERT_TRUE(answers.empty());
  config.tables_ready = true;
  FlowBucket none;
  for (int i = 0; i < 30'000; ++i) {
    if (rng.below(500) == 0) {
      change_settings(rng, config);
      config.tables_ready = true;
      settings.write({config, false, false});
    }
    const EngineQuestion question{requests.next(), {rng.percent(95), rng.percent(95)}};
    const EngineAddress at = engine_address(config, question.request, kMaxLogBuckets, kMaxLogFlows);
    flows_clear(none, 0);
    const EngineAnswer want =
        engine_decide(config, question.request, question.room, at.fingerprint, tables->syncache[at.bucket],
                      with_flows ? tables->flows[at.flows] : none, tables->state);
    questions.write(question);
    for (unsigned wait = 0; answers.empty() && wait < 8 * kDistance; ++wait) top(questions, settings, answers);
    ASSERT_FALSE(answers.empty());
    const EngineReply got = answers.read();
    expect_same_answers(got.answer, want);
    EXPECT_EQ(fields_of(got.sight), fields_of(reference::sight_of(config, question.request, want, at.bucket,
                                                                  tables->syncache[at.bucket], tables->state)));
    ASSERT_FALSE(testing::Test::HasFailure()) << i;
    requests.answered(question.request, want.verdict);
  }
}

TEST(Kernels, EngineTopAnswers) { expect_top_answers(synward_engine, true); }
TEST(Kernels, SyncacheTopAnswers) { expect_top_answers(synward_syncache, false); }

}  // namespace
}  // namespace synward::test
