// SPDX-License-Identifier: BSD-2-Clause
#include "synward/syncache_bucket.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace synward::test {
namespace {

using Order = std::vector<unsigned>;

Endpoints client(std::uint16_t port) { return {false, {0, 0xc0000201}, {0, 0xc6336407}, port, 443}; }

class Bucket : public testing::Test {
 protected:
  Bucket() { bucket_clear(bucket_); }
  unsigned insert(std::uint16_t port, unsigned place) {
    const unsigned way = bucket_take(bucket_, place);
    bucket_.way[way].ends = client(port);
    return way;
  }
  unsigned find(std::uint16_t port) const { return bucket_find(bucket_, client(port)); }
  Order order() const { return Order(bucket_.order, bucket_.order + kWays); }

  SyncacheBucket bucket_{};
};

TEST_F(Bucket, BeginsWithTheWaysInOrder) {
  EXPECT_EQ(order(), (Order{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(bucket_entries(bucket_), 0u);
  EXPECT_EQ(find(1), kNoWay);
}

TEST_F(Bucket, TakesTheLastFreeWay) {
  EXPECT_EQ(insert(1, 7), 7u);
  EXPECT_EQ(order(), (Order{7, 0, 1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(insert(2, 7), 6u);
  EXPECT_EQ(order(), (Order{6, 7, 0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(find(1), 7u);
  EXPECT_EQ(find(2), 6u);
  EXPECT_EQ(bucket_.valid, 0xc0);
}

TEST_F(Bucket, FullItTakesTheOldest) {
  for (std::uint16_t port = 1; port <= 8; ++port) insert(port, 7);
  EXPECT_EQ(order(), (Order{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(insert(9, 7), 7u);
  EXPECT_EQ(find(1), kNoWay);
  EXPECT_EQ(find(2), 6u);
  EXPECT_EQ(insert(10, 7), 6u);
  EXPECT_EQ(find(2), kNoWay);
  EXPECT_EQ(order(), (Order{6, 7, 0, 1, 2, 3, 4, 5}));
}

TEST_F(Bucket, LimitLeavesTheOtherWaysAlone) {
  for (std::uint16_t port = 1; port <= 5; ++port) EXPECT_LT(insert(port, 2), 3u);
  EXPECT_EQ(bucket_entries(bucket_), 3u);
  EXPECT_EQ(find(2), kNoWay);
  EXPECT_EQ(find(3), 0u);
  EXPECT_EQ(order(), (Order{1, 2, 0, 3, 4, 5, 6, 7}));
}

TEST_F(Bucket, RemovedWayStandsLastWithinTheLimit) {
  for (std::uint16_t port = 1; port <= 4; ++port) insert(port, 3);  // ways 3, 2, 1, 0
  EXPECT_EQ(order(), (Order{0, 1, 2, 3, 4, 5, 6, 7}));
  bucket_remove(bucket_, 1, 4);
  EXPECT_EQ(order(), (Order{0, 2, 3, 1, 4, 5, 6, 7}));
  EXPECT_EQ(bucket_.valid, 0x0d);
  bucket_remove(bucket_, 0, 4);
  EXPECT_EQ(order(), (Order{2, 3, 1, 0, 4, 5, 6, 7}));
  // The way that was freed last is used first.
  EXPECT_EQ(insert(9, 3), 0u);
  EXPECT_EQ(order(), (Order{0, 2, 3, 1, 4, 5, 6, 7}));
}

TEST_F(Bucket, OldestEntryCanBeTakenWhileWaysAreFree) {
  for (std::uint16_t port = 1; port <= 3; ++port) insert(port, 7);  // ways 7, 6, 5
  EXPECT_EQ(insert(4, bucket_entries(bucket_) - 1), 7u);
  EXPECT_EQ(order(), (Order{7, 5, 6, 0, 1, 2, 3, 4}));
  EXPECT_EQ(bucket_entries(bucket_), 3u);
  EXPECT_EQ(find(1), kNoWay);
}

TEST_F(Bucket, FlushLeavesTheOrder) {
  for (std::uint16_t port = 1; port <= 3; ++port) insert(port, 7);
  EXPECT_EQ(bucket_flush(bucket_), 3u);
  EXPECT_EQ(bucket_entries(bucket_), 0u);
  EXPECT_EQ(order(), (Order{5, 6, 7, 0, 1, 2, 3, 4}));
  EXPECT_EQ(find(3), kNoWay);
}

TEST_F(Bucket, EveryPartOfTheKeyCounts) {
  insert(1, 7);
  const Endpoints right = client(1);
  EXPECT_EQ(bucket_find(bucket_, right), 7u);
  Endpoints wrong = right;
  wrong.v6 = true;
  EXPECT_EQ(bucket_find(bucket_, wrong), kNoWay);
  wrong = right;
  wrong.faddr.hi = 1;
  EXPECT_EQ(bucket_find(bucket_, wrong), kNoWay);
  wrong = right;
  wrong.laddr.lo ^= 1;
  EXPECT_EQ(bucket_find(bucket_, wrong), kNoWay);
  wrong = right;
  wrong.fport ^= 0x8000;
  EXPECT_EQ(bucket_find(bucket_, wrong), kNoWay);
  wrong = right;
  wrong.lport ^= 1;
  EXPECT_EQ(bucket_find(bucket_, wrong), kNoWay);
}

}  // namespace
}  // namespace synward::test
