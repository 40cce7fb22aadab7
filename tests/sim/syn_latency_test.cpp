// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/syn_latency.hpp"

#include <gtest/gtest.h>

namespace synward::sim {
namespace {

TcpView syn(std::uint16_t port, std::uint32_t irs, bool v6 = false) {
  TcpView view;
  view.flow.source.v6 = view.flow.destination.v6 = v6;
  view.flow.source_port = port;
  view.flow.destination_port = 80;
  view.seq = irs;
  return view;
}

TcpView answer(const TcpView& to) {
  TcpView view;
  view.flow = to.flow.reversed();
  view.ack = to.seq + 1;
  return view;
}

TEST(SynLatency, matches_by_flow_and_sequence_number) {
  SynLatency latency;
  latency.syn(syn(1, 0xffffffff), 10);
  latency.syn(syn(1, 5), 12);
  latency.syn(syn(2, 5, true), 13);
  latency.syn_ack(answer(syn(1, 0xffffffff)), 50);
  latency.syn_ack(answer(syn(1, 6)), 51);  // nobody asked
  latency.syn_ack(answer(syn(2, 5, true)), 55);
  EXPECT_EQ(latency.all().size(), 2U);
  EXPECT_EQ(latency.ipv4().percentile(1), 40U);
  EXPECT_EQ(latency.ipv6().percentile(1), 42U);
}

TEST(SynLatency, the_same_syn_again_takes_the_next_answer) {
  SynLatency latency;
  for (std::uint64_t cycle = 0; cycle < 4; ++cycle) {
    latency.syn(syn(1, 1), cycle);
  }
  for (std::uint64_t cycle = 0; cycle < 4; ++cycle) {
    latency.syn_ack(answer(syn(1, 1)), 30 + cycle);
  }
  EXPECT_EQ(latency.all().size(), 4U);
  EXPECT_EQ(latency.all().percentile(0), 30U);
  EXPECT_EQ(latency.all().percentile(1), 30U);
}

TEST(SynLatency, an_old_syn_is_forgotten) {
  SynLatency latency;
  latency.syn(syn(1, 1), 0);
  latency.syn(syn(2, 1), SynLatency::kWindow + 1);
  latency.syn_ack(answer(syn(1, 1)), SynLatency::kWindow + 2);
  EXPECT_TRUE(latency.all().empty());
}

}  // namespace
}  // namespace synward::sim
