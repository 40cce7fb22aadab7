// SPDX-License-Identifier: BSD-2-Clause
// The HLS kernels in C simulation: the same answers as the step functions, the same tables behind them, and forwarding
// that is long enough. SYNWARD_ENGINE_REQUESTS, SYNWARD_ENGINE_SEEDS and SYNWARD_SEED make it a campaign.
#include <gtest/gtest.h>

#include <bit>
#include <iostream>
#include <memory>

#include "common/requests.hpp"
#include "common/same_record.hpp"
#include "engine_rtl/campaign.hpp"
#include "kernels/synward_cookie.hpp"
#include "kernels/synward_engine.hpp"
#include "kernels/synward_syncache.hpp"
#include "late_table.hpp"
#include "model/kernel_model.hpp"

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

 private:
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
  std::uint64_t not_ready_ = 0;
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
  }
}

TEST(Kernels, EngineAnswersAsTheStepFunctions) { expect_the_same<true, kDistance>(); }
TEST(Kernels, SyncacheAnswersAsTheStepFunctions) { expect_the_same<false, kDistance>(); }
TEST(Kernels, QuickTablesAreRightToo) { expect_the_same<true, 0>(); }

TEST(Kernels, WritesThatLandLaterThanForwardingReachesShow) {
  EXPECT_FALSE((Duel<true, kDistance + 1>(1).go(200'000, false)));
  EXPECT_FALSE((Duel<false, kDistance + 1>(1).go(200'000, false)));
}

TEST(Kernels, CookieMakesAndChecksAsTheStepFunctions) {
  constexpr std::uint64_t kSeed = 5;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  Rng rng(kSeed);
  hls::stream<CookieQuestion> questions;
  hls::stream<CookieSetting> settings;
  hls::stream<CookieReply> replies;
  CookieSetting setting{};
  std::uint64_t good = 0;
  for (int i = 0; i < 100'000; ++i) {
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
  EXPECT_GT(good, 50'000u);
  EXPECT_TRUE(replies.empty());
}

using Top = void (*)(hls::stream<EngineQuestion>&, hls::stream<EngineSetting>&, hls::stream<EngineAnswer>&);

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
  hls::stream<EngineAnswer> answers;
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
    const EngineAnswer got = answers.read();
    expect_same_answers(got, want);
    ASSERT_FALSE(testing::Test::HasFailure()) << i;
    requests.answered(question.request, want.verdict);
  }
}

TEST(Kernels, EngineTopAnswers) { expect_top_answers(synward_engine, true); }
TEST(Kernels, SyncacheTopAnswers) { expect_top_answers(synward_syncache, false); }

}  // namespace
}  // namespace synward::test
