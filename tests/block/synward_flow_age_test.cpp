// SPDX-License-Identifier: BSD-2-Clause
// Proves what a visit makes of a flow against flow_visit() of hls/, for every state, age and idle time.
#include <Vsynward_flow_age.h>
#include <gtest/gtest.h>

#include "block/bench.hpp"
#include "synward/flow_bucket.hpp"

namespace synward::test {
namespace {

TEST(FlowAge, is_that_of_hls) {
  Rng rng(test_seed());
  Bench<Vsynward_flow_age> block(1);
  for (unsigned state = 0; state < 256; ++state) {
    for (unsigned idle = 0; idle < 64; ++idle) {
      for (int i = 0; i < 32; ++i) {
        FlowWay flow{static_cast<std::uint8_t>(state >> 6), static_cast<std::uint8_t>(state & 63), 0};
        block->state_i = static_cast<std::uint8_t>(state);
        block->idle_i = static_cast<std::uint8_t>(idle);
        block.clock();
        block.settle();
        const bool freed = flow_visit(flow, static_cast<std::uint8_t>(idle));
        ASSERT_EQ(block->freed_o != 0, freed) << "state " << state << ", idle " << idle;
        ASSERT_EQ(block->state_o >> 6, flow.state) << "state " << state << ", idle " << idle;
        if (flow.state != kFlowFree) {
          ASSERT_EQ(block->state_o & 63, flow.aux) << "state " << state << ", idle " << idle;
        }
      }
    }
  }
}

}  // namespace
}  // namespace synward::test
