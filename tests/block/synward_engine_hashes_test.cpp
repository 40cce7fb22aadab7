// SPDX-License-Identifier: BSD-2-Clause
// Proves ISS, cookie check and timestamp offset against hls/: SYNs, ACKs with valid, nearly valid and foreign cookies,
// back to back, while the parity flips.
#include <Vsynward_engine_hashes.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"
#include "synward/codes.hpp"
#include "synward/cookie.hpp"

namespace synward::test {
namespace {

constexpr std::size_t kLatency = 41, kOffsetLatency = 44;

struct Expected {
  std::uint8_t op;
  std::uint32_t iss;
  bool cookie_ok;
};

SipKey random_key(Rng& rng) { return {rng.next(), rng.next()}; }

RequestRecord random_request(Rng& rng) {
  auto request = random_record<RequestRecord>(rng);
  request.op = rng.bit() ? kOpSyn : kOpAck;
  if (!request.v6) {
    request.faddr = {0, rng.u32()};
    request.laddr = {0, rng.u32()};
  }
  if (rng.bit()) request.mss = static_cast<std::uint16_t>(kCookieMss[rng.below(8)] + rng.below(3) - 1);
  request.ws = static_cast<std::uint8_t>(rng.below(15));
  return request;
}

Endpoints ends_of(const RequestRecord& q) { return {q.v6, q.faddr, q.laddr, q.fport, q.lport}; }

TEST(EngineHashes, are_those_of_hls_back_to_back) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_engine_hashes> block(seed);
  block.reset();
  int valid_cookies = 0;
  for (int batch = 0; batch < 10; ++batch) {
    const SipKey cookie_keys[2] = {random_key(rng), random_key(rng)};
    const SipKey ts_key = random_key(rng);
    const bool cookies = batch % 3 != 2;
    set_wide(block->cookie_key0_i, 0, {cookie_keys[0].k1, cookie_keys[0].k0});
    set_wide(block->cookie_key1_i, 0, {cookie_keys[1].k1, cookie_keys[1].k0});
    set_wide(block->ts_key_i, 0, {ts_key.k1, ts_key.k0});
    block->cookies_i = cookies;
    std::deque<Expected> expected;
    std::deque<std::uint32_t> offsets;
    for (int clock = 0; clock < 5'000; ++clock) {
      RequestRecord request = random_request(rng);
      const bool parity = rng.bit();
      const bool per_conn = rng.bit();
      const std::uint8_t byte = cookie_encode(request.mss, request.ws_ok, request.ws, request.sack_ok, parity);
      if (request.op == kOpAck && rng.percent(80)) {
        // The ACK of the cookie that it would have had as a SYN, or of nearly that.
        request.ack = cookie_iss(cookie_keys[parity], ends_of(request), request.seq - 1, byte) + 1;
        if (rng.percent(30)) request.ack ^= 1U << rng.below(32);
        if (rng.percent(10)) request.seq ^= 1U << rng.below(32);
      }
      block->parity_i = parity;
      block->ts_offset_per_conn_i = per_conn;
      pack(request, block->request_i);
      block.settle();
      if (expected.size() == kLatency) {
        const Expected& want = expected.front();
        ASSERT_EQ(block->iss_o, want.iss) << "batch " << batch << ", clock " << clock;
        if (want.op == kOpAck) {
          ASSERT_EQ(block->cookie_ok_o != 0, want.cookie_ok) << "batch " << batch;
        }
        valid_cookies += want.cookie_ok ? 1 : 0;
        expected.pop_front();
      }
      if (offsets.size() == kOffsetLatency) {
        ASSERT_EQ(block->tsoff_o, offsets.front()) << "batch " << batch << ", clock " << clock;
        offsets.pop_front();
      }
      const Endpoints ends = ends_of(request);
      if (request.op == kOpAck) {
        expected.push_back({kOpAck, request.ack - 1, cookie_check(cookie_keys, ends, request.seq, request.ack).ok});
      } else {
        const std::uint32_t clocked = cookie_mac(cookie_keys[parity], ends, request.seq, byte) + (request.time_ms << 8);
        const std::uint32_t cookie = cookie_iss(cookie_keys[parity], ends, request.seq, byte);
        expected.push_back({kOpSyn, cookies ? cookie : clocked, false});
      }
      offsets.push_back(timestamp_offset(ts_key, ends, per_conn));
      block.edge();
    }
  }
  EXPECT_GT(valid_cookies, 10'000);
}

}  // namespace
}  // namespace synward::test
