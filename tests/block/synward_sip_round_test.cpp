// SPDX-License-Identifier: BSD-2-Clause
// Proves one SipRound against sip_round() of hls/, with what the block XORs before and behind it, one a clock.
#include <Vsynward_sip_round.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>

#include "block/bench.hpp"
#include "synward/siphash.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 2;

TEST(SipRound, is_that_of_hls_back_to_back) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_sip_round> block(seed);
  std::deque<SipState> expected;
  for (int clock = 0; clock < 100'000; ++clock) {
    const SipState in{rng.next(), rng.next(), rng.next(), rng.next()};
    const std::uint64_t word = rng.next();
    for (unsigned i = 0; const std::uint64_t v : {in.v0, in.v1, in.v2, in.v3}) set_bits(block->v_i, 64 * i++, 64, v);
    block->m_i = word;
    block->next_i = rng.next();
    // A clock behind its state, the next word meets it.
    if (!expected.empty()) expected.back().v3 ^= block->next_i;
    block.settle();
    if (expected.size() == kLatency) {
      const SipState& want = expected.front();
      for (unsigned i = 0; const std::uint64_t v : {want.v0, want.v1, want.v2, want.v3})
        ASSERT_EQ(get_bits(block->v_o, 64 * i++, 64), v) << "clock " << clock;
      expected.pop_front();
    }
    SipState out = in;
    sip_round(out);
    if (PARAM_MESSAGE) out.v0 ^= word;
    if (PARAM_NEXTFINISHES) out.v2 ^= 0xff;
    expected.push_back(out);
    block.edge();
  }
}

}  // namespace
}  // namespace synward::test
