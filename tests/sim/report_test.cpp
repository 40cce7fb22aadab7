// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/report.hpp"

#include <gtest/gtest.h>

#include "synward/netstat.hpp"

namespace synward::sim {
namespace {

TEST(Report, counters_nest_by_their_paths_and_netstat_is_complete) {
  using enum reg::Counter;
  Counters counters;
  counters[sendcookie] = 5;
  counters[line_rx_frames] = 7;
  counters[drop_truncated] = 2;
  counters[badsyn] = 3;
  counters[sc_dropped] = 4;
  const auto report = counters_json(counters);
  EXPECT_EQ(report["counters"]["syncookies"]["sent-cookies"], 5);
  EXPECT_EQ(report["counters"]["syncache"]["dropped"], 4);
  EXPECT_EQ(report["counters"]["tcp"]["bad-connection-attempts"], 3);
  EXPECT_EQ(report["ports"]["line_rx"]["frames"], 7);
  EXPECT_EQ(report["drops"]["truncated"], 2);
  EXPECT_EQ(report["drops"].size(), reg::kDrops);
  EXPECT_EQ(report["counters"]["syncache"].size(), 13U);
  EXPECT_EQ(report["counters"]["syncookies"].size(), 4U);
  for (const auto& line : kNetstatLines) {
    EXPECT_TRUE(report["counters"][std::string(line.container)].contains(std::string(line.key))) << line.key;
  }
}

TEST(Histogram, percentiles_are_exact) {
  Histogram histogram;
  EXPECT_TRUE(latency_json(histogram).is_null());
  for (std::uint64_t value = 100; value >= 1; --value) {
    histogram.add(value);
  }
  EXPECT_EQ(histogram.percentile(0), 1U);
  EXPECT_EQ(histogram.percentile(0.5), 50U);
  EXPECT_EQ(histogram.percentile(0.99), 99U);
  EXPECT_EQ(histogram.percentile(1), 100U);
  histogram.add(1000);
  EXPECT_EQ(histogram.percentile(0.5), 51U);
  EXPECT_EQ(latency_json(histogram)["max"], 1000);
}

}  // namespace
}  // namespace synward::sim
