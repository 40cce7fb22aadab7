// SPDX-License-Identifier: BSD-2-Clause
// When the reference card, which is not clocked, lets frames go.
#include <gtest/gtest.h>

#include "common/card_under_test.hpp"

namespace synward::test {
namespace {

using sim::InPort;

TEST(Timing, ResultLeavesInTheClockOfTheLastBeat) {
  CardUnderTest under_test;
  sim::Card& card = under_test.card();
  const Bytes frame(200, 0xff);  // not IP: four beats, passed
  card.offer(InPort::line_rx, frame, 10);
  card.offer(InPort::line_rx, frame, 11);
  card.run_until(13);
  EXPECT_TRUE(under_test.take().empty());
  card.drain();
  const std::vector<Sent> sent = under_test.take();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].first_cycle, 13u);
  EXPECT_EQ(sent[0].last_cycle, 16u);
  EXPECT_EQ(sent[1].first_cycle, 17u);
  EXPECT_EQ(sent[1].last_cycle, 20u);
  EXPECT_EQ(card.now(), 21u);
}

TEST(Timing, DrainStopsAtItsLimit) {
  CardUnderTest under_test;
  sim::Card& card = under_test.card();
  card.offer(InPort::line_rx, Bytes(64, 0xff), 1000);
  EXPECT_FALSE(card.drain(1000));
  EXPECT_EQ(card.now(), 1000u);
  EXPECT_TRUE(card.drain(1));
  EXPECT_EQ(under_test.take().size(), 1u);
}

TEST(Timing, SinkMayOffer) {
  CardUnderTest under_test;
  sim::Card& card = under_test.card();
  int sent = 0;
  card.set_sink([&](const sim::OutFrame& frame) {
    if (++sent < 3) card.offer(InPort::host_rx, frame.bytes, card.now());
  });
  card.offer(InPort::line_rx, Bytes(60, 0xff), 0);
  EXPECT_TRUE(card.drain());
  EXPECT_EQ(sent, 3);
}

}  // namespace
}  // namespace synward::test
