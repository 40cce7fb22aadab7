// SPDX-License-Identifier: BSD-2-Clause
#include "synward/flow_bucket.hpp"

#include <gtest/gtest.h>

namespace synward::test {
namespace {

class Flows : public testing::Test {
 protected:
  Flows() { flows_clear(flows_, 0); }
  FlowBucket flows_{};
};

TEST_F(Flows, LowestFreeWayFirst) {
  EXPECT_EQ(flows_find_free(flows_), 0u);
  flows_.way[0] = {kFlowOpen, 0, 7};
  flows_.way[2] = {kFlowOpen, 0, 9};
  EXPECT_EQ(flows_find_free(flows_), 1u);
  EXPECT_EQ(flows_find(flows_, 9), 2u);
  EXPECT_EQ(flows_find(flows_, 0), kNoFlow);  // free ways hold no fingerprint
  for (FlowWay& way : flows_.way) way.state = kFlowClosing;
  EXPECT_EQ(flows_find_free(flows_), kNoFlow);
}

TEST_F(Flows, OpenOnesAgeToFlowIdle) {
  flows_.way[3] = {kFlowOpen, 0, 7};
  for (unsigned lap = 1; lap <= 5; ++lap) {
    EXPECT_EQ(flows_visit(flows_, 0, 5), 0u);
    EXPECT_EQ(flows_.way[3].aux, lap);
  }
  EXPECT_EQ(flows_visit(flows_, 0, 5), 1u);
  EXPECT_EQ(flows_.way[3].state, kFlowFree);
  // The sysctl was lowered below the age.
  flows_.way[3] = {kFlowOpen, 40, 7};
  EXPECT_EQ(flows_visit(flows_, 0, 5), 1u);
}

TEST_F(Flows, ClosingOnesGoAfterFourFullLaps) {
  flows_.way[0] = {kFlowClosing, 0, 7};
  for (unsigned lap = 1; lap <= 4; ++lap) EXPECT_EQ(flows_visit(flows_, 0, 60), 0u);
  EXPECT_EQ(flows_visit(flows_, 0, 60), 1u);
}

TEST_F(Flows, HandedOnesOpenAfter32Ms) {
  for (const std::uint32_t start : {1000u, 0xfffffff0u}) {
    flows_.way[0] = {kFlowHanded, flow_marked(start, true), 7};
    EXPECT_EQ(flows_visit(flows_, start + 24, 60), 0u);
    EXPECT_EQ(flows_.way[0].state, kFlowHanded);
    EXPECT_EQ(flows_visit(flows_, start + 32, 60), 0u);
    EXPECT_EQ(flows_.way[0].state, kFlowOpen);
    EXPECT_EQ(flows_.way[0].aux, 0);
  }
}

TEST_F(Flows, OpenLapsCountDown) {
  flows_.open_laps = 2;
  flows_visit(flows_, 0, 60);
  EXPECT_EQ(flows_.open_laps, 1);
  flows_visit(flows_, 0, 60);
  flows_visit(flows_, 0, 60);
  EXPECT_EQ(flows_.open_laps, 0);
}

TEST_F(Flows, SeveralAtOnce) {
  for (FlowWay& way : flows_.way) way = {kFlowClosing, 4, 7};
  EXPECT_EQ(flows_visit(flows_, 0, 60), 16u);
}

}  // namespace
}  // namespace synward::test
