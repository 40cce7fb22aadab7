// SPDX-License-Identifier: BSD-2-Clause
// Proves the hash of a connection against table_hash() of hls/, both families in random order, one a clock.
#include <Vsynward_table_hash.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"
#include "synward/table_hash.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 20;

TEST(TableHash, is_that_of_hls_back_to_back) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_table_hash> block(seed);
  block.reset();
  for (int batch = 0; batch < 10; ++batch) {
    const SipKey key{rng.next(), rng.next()};
    set_wide(block->key_i, 0, {key.k1, key.k0});
    std::deque<std::uint64_t> expected;
    for (int clock = 0; clock < 5'000; ++clock) {
      Endpoints ends{rng.bit(), {rng.next(), rng.next()}, {rng.next(), rng.next()}, rng.u16(), rng.u16()};
      if (!ends.v6) {
        ends.faddr = {0, rng.u32()};
        ends.laddr = {0, rng.u32()};
      }
      block->v6_i = ends.v6;
      set_wide(block->faddr_i, 0, ends.faddr);
      set_wide(block->laddr_i, 0, ends.laddr);
      block->fport_i = ends.fport;
      block->lport_i = ends.lport;
      block.settle();
      if (expected.size() == kLatency) {
        ASSERT_EQ(block->hash_o, expected.front()) << "batch " << batch << ", clock " << clock;
        expected.pop_front();
      }
      expected.push_back(table_hash(key, ends));
      block.edge();
    }
  }
}

}  // namespace
}  // namespace synward::test
