// SPDX-License-Identifier: BSD-2-Clause
// Proves a look at a bucket against entry_due() of hls/: whether an entry is due, which, and how long none of the
// others is; times wrap at 24 bits.
#include <Vsynward_peek.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>

#include "block/bench.hpp"
#include "synward/syncache_bucket.hpp"
#include "synward/timers.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 6;
constexpr unsigned kTagsW = 66;  ///< the block takes entries without their tags
constexpr unsigned kEntryW = EntryRecord::kWidth - kTagsW;
constexpr std::uint32_t kMost = 0xffff;

struct Found {
  bool found, any;
  unsigned way;
  std::uint32_t left;
};

TEST(Peek, finds_the_first_that_is_due_and_the_next_of_the_others) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_peek> block(seed);
  unsigned found = 0, none_due = 0;
  for (int batch = 0; batch < 20; ++batch) {
    const RexmitConfig config{static_cast<std::uint32_t>(rng.between(1, 3000)), 30,
                              static_cast<std::uint32_t>(rng.below(500)), 64'000};
    for (unsigned n = 0; n < kMostRxmits; ++n) set_bits(block->interval_i, 16 * n, 16, rexmit_interval(config, n));
    std::deque<Found> expected;
    for (int clock = 0; clock < 3'000; ++clock) {
      const std::uint32_t now = rng.u32() & kArmedMask;
      const std::uint8_t valid = rng.u8();
      const unsigned due_chance = rng.pick(std::array{0U, 5U, 50U});
      Found want{false, valid != 0, 0, kMost};
      for (unsigned way = 0; way < kWays; ++way) {
        auto entry = random_record<EntryRecord>(rng);
        entry.rxmits = static_cast<std::uint8_t>(rng.between(1, kMostRxmits));
        const std::uint32_t interval = entry_interval(config, entry);
        const auto ago =
            static_cast<std::uint32_t>(rng.percent(due_chance) ? interval + rng.below(1000) : rng.below(interval));
        entry.armed = (now - ago) & kArmedMask;
        VlWide<(EntryRecord::kWidth + 31) / 32> packed{};
        pack(entry, packed);
        for (unsigned at = 0; at < kEntryW; at += 48)
          set_bits(block->entries_i, kEntryW * way + at, 48, get_bits(packed, kTagsW + at, 48));
        if ((valid >> way & 1) == 0) continue;
        if (!entry_due(config, entry, now)) {
          want.left = std::min(want.left, interval - ago);
        } else if (!want.found) {
          want.found = true;
          want.way = way;
        }
      }
      block->now_i = now;
      block->valid_i = valid;
      block.settle();
      if (expected.size() == kLatency) {
        const Found& out = expected.front();
        ASSERT_EQ(block->found_o != 0, out.found) << "batch " << batch << ", clock " << clock;
        ASSERT_EQ(block->any_o != 0, out.any) << "batch " << batch << ", clock " << clock;
        ASSERT_EQ(block->left_o, out.left) << "batch " << batch << ", clock " << clock;
        if (out.found) {
          ASSERT_EQ(block->way_o, out.way) << "batch " << batch << ", clock " << clock;
        }
        expected.pop_front();
      }
      expected.push_back(want);
      found += want.found ? 1 : 0;
      none_due += want.any && !want.found ? 1 : 0;
      block.edge();
    }
  }
  EXPECT_GT(found, 1000u);
  EXPECT_GT(none_due, 1000u);
}

}  // namespace
}  // namespace synward::test
