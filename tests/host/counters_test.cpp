// SPDX-License-Identifier: BSD-2-Clause
#include "synward/counters.hpp"

#include <gtest/gtest.h>

#include "mock_device.hpp"
#include "synward/netstat.hpp"

namespace synward {
namespace {

TEST(Counters, snapshot_comes_first_and_values_are_64_bit) {
  MockDevice device;
  device.words[reg::kCounter + 8] = 0x89abcdef;
  device.words[reg::kCounter + 12] = 0x01234567;
  const auto counters = read_counters(device);
  ASSERT_EQ(device.writes.size(), 1U);
  EXPECT_EQ(device.writes[0].first, reg::kSnapshot);
  EXPECT_EQ(counters[reg::Counter::line_rx_bytes], 0x0123456789abcdefU);
  EXPECT_EQ(device.reads.size(), 2 * reg::kCounters);
}

TEST(Counters, conservation_names_the_broken_equation) {
  using enum reg::Counter;
  Counters counters;
  EXPECT_EQ(broken_conservation(counters), "");
  counters[line_rx_frames] = 5;
  counters[passed] = 2;
  counters[answered] = 1;
  counters[drop_unknown_ack] = 2;
  counters[marks] = 1;
  counters[host_tx_frames] = 3;
  counters[host_rx_frames] = 4;
  counters[to_line] = 3;
  counters[drop_to_line_full] = 1;
  counters[line_tx_frames] = 4;
  EXPECT_EQ(broken_conservation(counters), "");
  EXPECT_EQ(counters.lost(), 1U);
  counters[line_tx_frames] = 5;
  EXPECT_EQ(broken_conservation(counters), "line_tx frames = answered + to_line: 5 is not 4");
  counters[line_rx_frames] = 6;
  EXPECT_EQ(broken_conservation(counters), "line_rx frames = passed + answered + drops: 6 is not 5");
}

TEST(Netstat, plural_for_zero) {
  EXPECT_EQ(netstat_text({}),
            "\t0 syncache entries added\n"
            "\t\t0 retransmitted\n"
            "\t\t0 dupsyn\n"
            "\t\t0 dropped\n"
            "\t\t0 completed\n"
            "\t\t0 bucket overflow\n"
            "\t\t0 cache overflow\n"
            "\t\t0 reset\n"
            "\t\t0 stale\n"
            "\t\t0 aborted\n"
            "\t\t0 badack\n"
            "\t\t0 unreach\n"
            "\t\t0 zone failures\n"
            "\t0 cookies sent\n"
            "\t\t0 cookies received\n"
            "\t\t0 spurious cookies rejected\n"
            "\t\t0 failed cookies rejected\n");
}

TEST(Netstat, singular_for_one_only) {
  using enum reg::Counter;
  Counters counters;
  counters[sendcookie] = counters[recvcookie] = counters[failcookie] = counters[sc_dropped] = 1;
  auto text = netstat_text(counters);
  EXPECT_NE(text.find("\t1 cookie sent\n\t\t1 cookie received\n"), std::string::npos);
  EXPECT_NE(text.find("\t\t1 failed cookie rejected\n"), std::string::npos);
  EXPECT_NE(text.find("\t\t1 dropped\n"), std::string::npos);
  counters[sendcookie] = 1ULL << 40;
  text = netstat_text(counters);
  EXPECT_NE(text.find("\t1099511627776 cookies sent\n"), std::string::npos);
}

}  // namespace
}  // namespace synward
