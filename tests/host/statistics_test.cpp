// SPDX-License-Identifier: BSD-2-Clause
#include "synward/statistics.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <tuple>

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

/// Parses the exposition format: name to value. Each sample must have its HELP and TYPE right before it.
std::map<std::string, double> parse_exposition(const std::string& text, std::map<std::string, std::string>& types) {
  std::map<std::string, double> samples;
  std::istringstream lines(text);
  std::string line;
  std::string helped;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string first;
    std::string second;
    std::string name;
    words >> first;
    if (first == "#") {
      words >> second >> name;
      if (second == "HELP") {
        helped = name;
        EXPECT_GT(line.size(), std::string("# HELP ").size() + name.size() + 1) << line;
      } else {
        EXPECT_EQ(second, "TYPE");
        EXPECT_EQ(name, helped);
        words >> types[name];
      }
      continue;
    }
    double value = 0;
    words >> value;
    EXPECT_EQ(first.substr(0, first.find('{')), helped);
    EXPECT_TRUE(types.contains(helped)) << line;
    EXPECT_TRUE(samples.emplace(first, value).second) << line;
  }
  return samples;
}

TEST(Prometheus, every_counter_by_its_path) {
  Metrics metrics;
  metrics.card.emplace();
  metrics.card->counters = different();
  metrics.card->tables = {.entries = 11, .flows = 22, .paused = true, .backoff = 3, .pause_left_ms = 4500};
  metrics.card->events_recorded[9] = 91;
  metrics.card->events_lost[9] = 92;
  metrics.secrets.age = std::chrono::milliseconds(7'500);
  metrics.secrets.rotations = 5;
  metrics.secrets.missed = 2;
  metrics.log_lost = 6;
  metrics.turned_away = {.admin = 1, .everyone = 4, .tcp = 9};
  std::map<std::string, std::string> types;
  auto samples = parse_exposition(prometheus_text(metrics), types);
  for (std::size_t i = 0; i < reg::kCounters; ++i) {
    auto name = fmt::format("synward_{}_total", reg::kCounterInfo[i].json);
    std::ranges::replace_if(
        name, [](char c) { return c == '.' || c == '-'; }, '_');
    ASSERT_TRUE(samples.contains(name)) << name;
    EXPECT_EQ(samples[name], static_cast<double>(metrics.card->counters.values[i])) << name;
    EXPECT_EQ(types[name], "counter") << name;
  }
  for (const auto& [name, value, type] :
       {std::tuple{"synward_card_up", 1.0, "gauge"}, std::tuple{"synward_tables_syncache_count", 11.0, "gauge"},
        std::tuple{"synward_tables_flows", 22.0, "gauge"}, std::tuple{"synward_tables_paused", 1.0, "gauge"},
        std::tuple{"synward_tables_backoff", 3.0, "gauge"}, std::tuple{"synward_tables_pause_left_ms", 4500.0, "gauge"},
        std::tuple{"synward_events_cookie_failed_recorded_total", 91.0, "counter"},
        std::tuple{"synward_events_cookie_failed_lost_total", 92.0, "counter"},
        std::tuple{"synward_secret_age_seconds", 7.5, "gauge"},
        std::tuple{"synward_secret_rotations_total", 5.0, "counter"},
        std::tuple{"synward_secret_rotations_missed_total", 2.0, "counter"},
        std::tuple{"synward_log_lines_lost_total", 6.0, "counter"},
        std::tuple{"synward_api_admin_turned_away_total", 1.0, "counter"},
        std::tuple{"synward_api_public_turned_away_total", 4.0, "counter"},
        std::tuple{"synward_api_tcp_turned_away_total", 9.0, "counter"}}) {
    EXPECT_EQ(samples[name], value) << name;
    EXPECT_EQ(types[name], type) << name;
  }
}

TEST(Prometheus, without_a_card_only_the_daemons_own) {
  std::map<std::string, std::string> types;
  auto samples = parse_exposition(prometheus_text({}), types);
  EXPECT_EQ(samples.size(), 8U + 2 * kAttackClasses);
  EXPECT_EQ(samples["synward_card_up"], 0);
}

}  // namespace
}  // namespace synward
