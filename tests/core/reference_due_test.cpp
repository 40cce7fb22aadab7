// SPDX-License-Identifier: BSD-2-Clause
// The reference's timers: what is due is found by its time.
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "common/frame.hpp"
#include "common/rng.hpp"
#include "common/setup.hpp"
#include "reference/card.hpp"
#include "reference/due_buckets.hpp"

namespace synward::reference {
namespace {

using Buckets = std::vector<std::uint32_t>;

TEST(DueBuckets, come_in_their_order_when_their_time_has_come) {
  DueBuckets due(8);
  EXPECT_EQ(due.next(), std::nullopt);
  due.expect(5, 20);
  due.expect(2, 20);
  due.expect(7, 10);
  EXPECT_EQ(due.next(), 10U);
  EXPECT_EQ(due.take(9), Buckets());
  EXPECT_EQ(due.take(20), (Buckets{2, 5, 7}));
  EXPECT_EQ(due.next(), std::nullopt);
  EXPECT_EQ(due.take(1000), Buckets());
}

TEST(DueBuckets, the_earliest_time_of_a_bucket_counts_and_once) {
  DueBuckets due(8);
  due.expect(3, 30);
  due.expect(3, 10);
  due.expect(3, 20);
  EXPECT_EQ(due.next(), 10U);
  EXPECT_EQ(due.take(10), Buckets{3});
  EXPECT_EQ(due.next(), std::nullopt);  // the 30 of before is no time any more
  due.expect(3, 40);
  EXPECT_EQ(due.take(39), Buckets());
  EXPECT_EQ(due.take(40), Buckets{3});
  due.expect(1, 1);
  due.clear();
  EXPECT_EQ(due.next(), std::nullopt);
}

TEST(DueBuckets, is_what_looking_at_all_would_give) {
  constexpr std::size_t kBuckets = 16;
  test::Rng rng(1);
  DueBuckets due(kBuckets);
  std::vector<std::optional<std::uint64_t>> times(kBuckets);
  std::uint64_t now = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto bucket = static_cast<std::uint32_t>(rng.below(kBuckets));
    const std::uint64_t time = now + rng.below(50);
    due.expect(bucket, time);
    times[bucket] = std::min(time, times[bucket].value_or(time));
    std::optional<std::uint64_t> first;
    for (const auto& one : times) first = !one ? first : std::min(*one, first.value_or(*one));
    ASSERT_EQ(due.next(), first);
    if (!rng.percent(20)) continue;
    now += rng.below(20);
    Buckets expected;
    for (std::uint32_t b = 0; b < kBuckets; ++b) {
      if (times[b] && *times[b] <= now) {
        expected.push_back(b);
        times[b].reset();
      }
    }
    ASSERT_EQ(due.take(now), expected);
  }
}

/// 10,000 half-open connections, their SYNs over a second: each timeout is a look at one bucket, or two where what had
/// been armed anew meanwhile is looked at in vain. A look at every bucket each millisecond would be 1,000 times as
/// many.
TEST(ReferenceTimers, look_at_no_more_buckets_than_are_due) {
  ReferenceCard card({14, 16});
  test::program(card, test::default_services(), test::default_secrets());
  card.write32(reg::kSysctlHashsize, 1U << 14);
  card.write32(reg::kSysctlBucketlimit, 8);
  card.write32(reg::kSysctlCachelimit, 1U << 17);
  test::load_tables(card);
  constexpr std::uint64_t kConnections = 10'000;
  constexpr auto kSecond = static_cast<std::uint64_t>(sim::kClockHz);
  std::uint64_t answers = 0;
  card.set_sink([&answers](const sim::OutFrame&) { ++answers; });
  test::FrameSpec spec;
  spec.src = test::address("192.0.2.1");
  spec.dst = test::address("198.51.100.7");
  spec.dport = 443;
  spec.flags = 0x02;
  for (std::uint64_t i = 0; i < kConnections; ++i) {
    spec.sport = static_cast<std::uint16_t>(1024 + i);
    card.offer(sim::InPort::line_rx, test::build(spec).bytes, i * kSecond / kConnections);
  }
  card.run_until(20 * kSecond);
  // Four SYN-ACKs each, and a fifth timeout that gives up.
  EXPECT_EQ(answers, 4 * kConnections);
  EXPECT_EQ(card.engine().state().count, 0U);
  EXPECT_LE(card.engine().looked(), 2 * 4 * kConnections);
}

}  // namespace
}  // namespace synward::reference
