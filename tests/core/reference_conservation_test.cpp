// SPDX-License-Identifier: BSD-2-Clause
// The reference alone, long: every fate occurs, and frames are conserved. The Verilated core is held to the same by
// differential_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>

#include "common/card_under_test.hpp"
#include "common/generator.hpp"
#include "common/mail.hpp"

namespace synward::test {
namespace {

using reg::Counter;
using sim::InPort;

/// 300,000 frames of all kinds, mostly back to back, in both directions, with all settings, and time for all timers.
class Random : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Random, FramesAreConservedAndEveryFateOccurs) {
  const std::uint64_t seed = GetParam();
  SCOPED_TRACE("seed " + std::to_string(seed));
  constexpr int kFrames = 300'000;
  Rng rng(seed);
  GeneratorConfig config;
  if (rng.bit()) config.services = any_address_services();
  FrameGenerator frames(seed, config);
  const std::unique_ptr<sim::Card> card = make_card_under_test({6, 3});
  card->set_time_origin(rng.u32());
  program(*card, config.services, config.secrets);
  card->write32(reg::kSysctlCachelimit, 60);
  load_tables(*card);
  for (int i = 0; i < kFrames; ++i) {
    if (i % 500 == 0) {
      for (const reg::SysctlInfo& sysctl : reg::kSysctls) {
        const std::uint32_t most = rng.bit() ? sysctl.max : std::min(sysctl.max, sysctl.min + 3);
        const auto value = static_cast<std::uint32_t>(rng.between(sysctl.min, most));
        if (!sysctl.load) card->write32(sysctl.offset, rng.percent(12) ? value : sysctl.def);
      }
      card->write32(reg::kSysctlIcmplim, static_cast<std::uint32_t>(rng.below(3)));
      pop_mail(*card);
      write_mail(*card, mail_frame({.tags = rng.below(4)}));
      send_mail(*card, rng.between(59, 257));
    }
    const bool from_host = rng.percent(10);
    const bool status = from_host && rng.bit();
    const Bytes& frame = status ? frames.next_status() : from_host ? frames.next_from_host() : frames.next();
    const InPort port = from_host ? InPort::host_rx : InPort::line_rx;
    if (rng.below(200) == 0) {
      card->offer_damaged(port, frame, card->now());
    } else {
      card->offer(port, frame, card->now());
    }
    // Floods, in which pauses begin, and calm, in which timers get their turn.
    const bool calm = i % 20'000 < 10'000;
    if (i % (calm ? 4 : 64) == 0) {
      ASSERT_TRUE(card->drain());
      const std::uint64_t most = calm ? 1'000'000'000 : rng.percent(30) ? 20'000'000 : 1000;
      card->run_until(card->now() + rng.next() % most);
    }
  }
  ASSERT_TRUE(card->drain());
  const Counters counters = read_counters(*card);
  EXPECT_EQ(conservation_faults(counters, card->read32(reg::kSyncacheCount)), "");
  EXPECT_EQ(counters[Counter::line_rx_frames] + counters[Counter::host_rx_frames], std::uint64_t{kFrames});
  EXPECT_EQ(counters[Counter::flows_added] - counters[Counter::flows_aged], card->read32(reg::kFlowCount));
  // Of what the reference never does, there is nothing.
  const std::set<Counter> never{Counter::sc_dropped,        Counter::watch_lost,        Counter::drop_line_tx_full,
                                Counter::drop_host_tx_full, Counter::drop_to_line_full, Counter::drop_pairing_lost,
                                Counter::drop_engine_full};
  for (std::size_t i = 0; i < reg::kCounters; ++i) {
    if (never.contains(static_cast<Counter>(i))) {
      EXPECT_EQ(counters.value[i], 0u) << reg::kCounterInfo[i].name;
    } else {
      EXPECT_GT(counters.value[i], 0u) << reg::kCounterInfo[i].name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Random, testing::Values(1, 2, 3));

}  // namespace
}  // namespace synward::test
