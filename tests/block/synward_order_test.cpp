// SPDX-License-Identifier: BSD-2-Clause
// Proves the order of a bucket against that of hls/: insertions, evictions and removals in random order, for every
// bucketlimit. What the state's bits mean is said by the module.
#include <Vsynward_order.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "block/bench.hpp"
#include "synward/syncache_bucket.hpp"

namespace synward::test {
namespace {

using State = VlWide<3>;

/// The state that stands for a bucket.
State state_of(const SyncacheBucket& bucket, unsigned bucketlimit) {
  constexpr unsigned kTakenAt = 56, kValidAt = 64, kOldestAt = 72, kSomeAt = 80, kEntriesAt = 81;
  State state{};
  const unsigned first = kWays - bucketlimit;
  const unsigned entries = bucket_entries(bucket);
  unsigned up_to = 0;
  for (unsigned place = 0; place < kWays - 1; ++place) {
    if (place >= first) up_to |= 1u << bucket.order[place - first];
    set_bits(state, 8 * place, 8, up_to);
  }
  set_bits(state, kTakenAt, 8, ((1u << entries) - 1) << first);
  set_bits(state, kValidAt, 8, bucket.valid);
  set_bits(state, kOldestAt, 8, entries == 0 ? 0 : 1u << bucket.order[entries - 1]);
  set_bits(state, kSomeAt, 1, entries != 0);
  set_bits(state, kEntriesAt, 4, entries);
  return state;
}

class Order {
 public:
  explicit Order(unsigned bucketlimit) : bucketlimit_(bucketlimit) {
    const unsigned first = 1u << (kWays - bucketlimit);
    block_->first_i = static_cast<std::uint8_t>(first);
    block_->used_i = static_cast<std::uint8_t>(~(first - 1));
    block_->ways_i = static_cast<std::uint8_t>((1u << bucketlimit) - 1);
    bucket_clear(bucket_);
  }

  const SyncacheBucket& bucket() const { return bucket_; }

  /// `oldest`: in the place of the oldest entry, though ways may be free.
  void insert(bool oldest) {
    const unsigned entries = bucket_entries(bucket_);
    ask(oldest, 0);
    EXPECT_EQ(block_->full_o != 0, entries == bucketlimit_);
    EXPECT_EQ(block_->some_o != 0, entries != 0);
    const unsigned way = bucket_take(bucket_, oldest ? entries - 1 : bucketlimit_ - 1);
    EXPECT_EQ(block_->way_o, 1u << way);
    expect(block_->inserted_o);
  }
  void remove(unsigned way) {
    ask(false, 1u << way);
    bucket_remove(bucket_, way, bucketlimit_);
    expect(block_->removed_o);
  }

 private:
  void ask(bool oldest, unsigned remove) {
    block_->dir_i = state_of(bucket_, bucketlimit_);
    block_->oldest_i = oldest;
    block_->remove_i = static_cast<std::uint8_t>(remove);
    block_->eval();
  }
  void expect(const State& got) {
    const State want = state_of(bucket_, bucketlimit_);
    // Without an entry nothing is oldest, whatever is said.
    const unsigned bits = bucket_entries(bucket_) == 0 ? 72 : 85;
    for (unsigned at = 0; at < bits; ++at) ASSERT_EQ(get_bits(got, at, 1), get_bits(want, at, 1)) << "bit " << at;
    ASSERT_EQ(get_bits(got, 80, 5), get_bits(want, 80, 5));
  }

  VerilatedContext context_;
  std::unique_ptr<Vsynward_order> block_ = std::make_unique<Vsynward_order>(&context_);
  unsigned bucketlimit_;
  SyncacheBucket bucket_{};
};

class OrderOfABucket : public testing::TestWithParam<unsigned> {};

TEST_P(OrderOfABucket, is_that_of_hls_whatever_comes_and_goes) {
  Rng rng(test_seed());
  Order order(GetParam());
  unsigned fullest = 0;
  unsigned insert_chance = 50;
  for (int i = 0; i < 40'000 && !HasFailure(); ++i) {
    if (rng.percent(3)) insert_chance = rng.pick(std::array{20U, 50U, 80U});
    const unsigned entries = bucket_entries(order.bucket());
    fullest = std::max(fullest, entries);
    if (entries == 0 || rng.percent(insert_chance)) {
      order.insert(entries != 0 && rng.percent(20));
    } else {
      unsigned way = 0;
      do {
        way = static_cast<unsigned>(rng.below(kWays));
      } while (!way_valid(order.bucket(), way));
      order.remove(way);
    }
  }
  EXPECT_EQ(fullest, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Bucketlimit, OrderOfABucket, testing::Range(1u, kWays + 1));

}  // namespace
}  // namespace synward::test
