// SPDX-License-Identifier: BSD-2-Clause
#include "synward/statistics.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace synward {
namespace {

/// Every counter with a value of its own.
Counters different() {
  Counters counters;
  for (std::size_t i = 0; i < counters.values.size(); ++i) {
    counters.values[i] = (1ULL << 40) + 1000 * i;
  }
  return counters;
}

TEST(Nstat, prints_the_columns_of_nstat) {
  const auto text = nstat_text({});
  EXPECT_TRUE(text.starts_with("#kernel\nTcpPassiveOpens                 0                  0.0\n")) << text;
  for (const auto* line : {"TcpExtSyncookiesSent            0                  0.0\n",
                           "TcpExtTCPReqQFullDoCookies      0                  0.0\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

TEST(Nstat, each_name_has_its_counter) {
  using enum reg::Counter;
  const auto c = different();
  std::map<std::string, std::uint64_t> shown;
  std::istringstream lines(nstat_text(c));
  std::string name;
  std::string rate;
  std::getline(lines, name);
  EXPECT_EQ(name, "#kernel");
  std::uint64_t value = 0;
  while (lines >> name >> value >> rate) {
    EXPECT_TRUE(shown.emplace(name, value).second) << name;
  }
  const auto full = c.drop(reg::Drop::syncache_full);
  EXPECT_EQ(shown, (std::map<std::string, std::uint64_t>{{"TcpPassiveOpens", c[completed] + c[recvcookie]},
                                                         {"TcpRetransSegs", c[retransmitted]},
                                                         {"TcpOutRsts", c[resets_sent]},
                                                         {"TcpInCsumErrors", c.drop(reg::Drop::bad_tcp_checksum)},
                                                         {"TcpExtSyncookiesSent", c[stateless]},
                                                         {"TcpExtSyncookiesRecv", c[recvcookie]},
                                                         {"TcpExtSyncookiesFailed", c[failcookie]},
                                                         {"TcpExtEmbryonicRsts", c[reset]},
                                                         {"TcpExtListenOverflows", 0},
                                                         {"TcpExtListenDrops", full},
                                                         {"TcpExtTCPReqQFullDoCookies", c[stateless]},
                                                         {"TcpExtTCPReqQFullDrop", full},
                                                         {"TcpExtPAWSEstab", c.drop(reg::Drop::paws)},
                                                         {"TcpExtTCPChallengeACK", c[challenge_acks]},
                                                         {"TcpExtTCPSynRetrans", c[retransmitted]}}));
}

TEST(Json, has_every_counter_at_its_path_and_every_line_of_netstat) {
  const auto counters = different();
  const auto json = counters_json(counters);
  for (std::size_t i = 0; i < reg::kCounters; ++i) {
    auto path = fmt::format("/{}", reg::kCounterInfo[i].json);
    std::ranges::replace(path, '.', '/');
    EXPECT_EQ(json[nlohmann::json::json_pointer(path)], counters.values[i]) << path;
  }
  EXPECT_EQ(json["counters"]["syncache"].size(), 13U);
  EXPECT_EQ(json["counters"]["syncache"]["cache-overflow"], 0);
  EXPECT_EQ(json["counters"]["syncookies"].size(), 4U);
}

}  // namespace
}  // namespace synward
