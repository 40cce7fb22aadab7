// SPDX-License-Identifier: BSD-2-Clause
// The reference alone, long: every fate occurs, and frames are conserved. The Verilated core is held to the same by
// differential_test.cpp.
#include <gtest/gtest.h>

#include <memory>

#include "common/card_under_test.hpp"
#include "common/generator.hpp"

namespace synward::test {
namespace {

using reg::Counter;
using sim::InPort;

/// 200,000 frames of all kinds, back to back, in both directions.
class Random : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Random, FramesAreConservedAndEveryFateOccurs) {
  const std::uint64_t seed = GetParam();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Rng rng(seed);
  GeneratorConfig config;
  if (rng.bit()) config.services = any_address_services();
  FrameGenerator frames(seed, config);
  const std::unique_ptr<sim::Card> card = make_card_under_test();
  program(*card, config.services, config.secrets);
  for (int i = 0; i < 200000; ++i) {
    if (i % 1000 == 0) {
      for (const reg::SysctlInfo& sysctl : reg::kSysctls) card->write32(sysctl.offset, rng.u32());
    }
    const bool from_host = rng.percent(10);
    card->offer(from_host ? InPort::host_rx : InPort::line_rx, frames.next(), card->now());
    if (i % 64 == 0) card->drain();  // so that no buffer fills
  }
  ASSERT_TRUE(card->drain());
  const Counters counters = read_counters(*card);
  EXPECT_EQ(conservation_faults(counters), "");
  EXPECT_EQ(counters[Counter::line_rx_frames] + counters[Counter::host_rx_frames], 200000u);
  for (std::size_t i = 0; i < reg::kCounters; ++i) {
    const auto counter = static_cast<Counter>(i);
    const bool full = counter == Counter::sc_dropped || counter >= Counter::drop_line_tx_full;
    if (full) {
      EXPECT_EQ(counters.value[i], 0u) << reg::kCounterInfo[i].name;
    } else {
      EXPECT_GT(counters.value[i], 15u) << reg::kCounterInfo[i].name;
    }
  }
  EXPECT_EQ(counters[Counter::answered], counters[Counter::sendcookie]);
  EXPECT_EQ(counters[Counter::marks], counters[Counter::recvcookie]);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Random, testing::Values(1, 2, 3));

}  // namespace
}  // namespace synward::test
