// SPDX-License-Identifier: BSD-2-Clause
// Proves that the engine answers every request as engine_step() does, 43 clocks later, in order: SYNs, ACKs with valid,
// nearly valid and foreign cookies, back to back and with gaps, while the parity flips.
#include <Vsynward_engine.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>

#include "block/bench.hpp"
#include "synward/engine.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 43;

SipKey random_key(Rng& rng) { return {rng.next(), rng.next()}; }

void set_key(VlWide<4>& port, const SipKey& key) { set_wide(port, 0, {key.k1, key.k0}); }

Wide128 random_address(Rng& rng, bool v6) { return v6 ? Wide128{rng.next(), rng.next()} : Wide128{0, rng.u32()}; }

RequestRecord random_request(Rng& rng) {
  auto request = random_record<RequestRecord>(rng);
  request.op = static_cast<std::uint8_t>(rng.below(3));
  request.faddr = random_address(rng, request.v6);
  request.laddr = random_address(rng, request.v6);
  if (rng.percent(50))
    request.mss = static_cast<std::uint16_t>(kCookieMss[rng.below(kCookieTableSize)] + rng.below(3) - 1);
  request.ws = static_cast<std::uint8_t>(rng.below(15));
  return request;
}

/// Turns a request into an ACK of the cookie that it would have had as a SYN, or of nearly that.
void acknowledge(RequestRecord& request, Rng& rng, const EngineKeys& keys) {
  RequestRecord syn = request;
  syn.op = kOpSyn;
  EngineKeys at_syn = keys;
  at_syn.parity = rng.bit();
  const VerdictRecord verdict = engine_step(syn, at_syn, true);
  request.op = kOpAck;
  request.seq = syn.seq + 1;
  request.ack = verdict.iss + 1;
  if (rng.percent(30)) request.ack ^= 1U << rng.below(32);
  if (rng.percent(10)) request.seq ^= 1U << rng.below(32);
  if (rng.percent(10)) request.fport = static_cast<std::uint16_t>(request.fport ^ (1U << rng.below(16)));
}

/// Only what means something for the op.
VerdictRecord meaningful(VerdictRecord verdict) {
  VerdictRecord kept = {verdict.op, false, 0, 0, 0, 0, 0, 0};
  if (verdict.op == kOpSyn) {
    kept.iss = verdict.iss;
    kept.tsoff = verdict.tsoff;
  } else if (verdict.op == kOpAck && verdict.cookie_ok) {
    verdict.iss = verdict.tsoff = 0;
    kept = verdict;
  }
  return kept;
}

TEST(Engine, answers_every_clock_as_engine_step_does) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_engine> block(seed);
  block->valid_i = 0;
  block.reset();
  int valid_cookies = 0;
  for (int batch = 0; batch < 20; ++batch) {
    EngineKeys keys = {{random_key(rng), random_key(rng)}, false, random_key(rng), random_key(rng)};
    set_key(block->cookie_key0_i, keys.cookie[0]);
    set_key(block->cookie_key1_i, keys.cookie[1]);
    set_key(block->ts_key_i, keys.ts_secret);
    set_key(block->mark_key_i, keys.mark_key);
    const unsigned gaps = rng.pick(std::array{0U, 0U, 10U, 70U});
    std::deque<std::optional<VerdictRecord>> under_way;
    for (int clock = 0; clock < 5'000; ++clock) {
      RequestRecord request = random_request(rng);
      if (rng.percent(40)) acknowledge(request, rng, keys);
      keys.parity = rng.bit();
      const bool per_conn = rng.bit();
      const bool valid = !rng.percent(gaps);
      block->parity_i = keys.parity;
      block->ts_offset_per_conn_i = per_conn;
      block->valid_i = valid;
      pack(request, block->request_i);
      block.settle();
      if (under_way.size() == kLatency) {
        const auto& expected = under_way.front();
        ASSERT_EQ(block->valid_o != 0, expected.has_value()) << "batch " << batch << ", clock " << clock;
        if (expected) {
          ASSERT_EQ(fields_text(meaningful(unpack<VerdictRecord>(block->verdict_o))), fields_text(*expected))
              << "batch " << batch << ", clock " << clock;
          if (expected->cookie_ok) ++valid_cookies;
        }
        under_way.pop_front();
      }
      if (valid) {
        under_way.emplace_back(engine_step(request, keys, per_conn));
      } else {
        under_way.emplace_back();
      }
      block.edge();
    }
  }
  EXPECT_GT(valid_cookies, 10'000);
}

}  // namespace
}  // namespace synward::test
