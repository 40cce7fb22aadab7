// SPDX-License-Identifier: BSD-2-Clause
// Metrics for Prometheus: their values, the rules for their names, and that they count beyond 32 bits.
#include "synward/metrics.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <tuple>

#include "exposition.hpp"

namespace synward {
namespace {

/// Every counter with a value of its own, beyond 32 bits.
Counters different() {
  Counters counters;
  for (std::size_t i = 0; i < counters.values.size(); ++i) {
    counters.values[i] = (1ULL << 40) + 1000 * i;
  }
  return counters;
}

Metrics some_metrics() {
  Metrics metrics;
  metrics.card.emplace();
  metrics.card->backend = "pcie";
  metrics.card->where = "0000:65:00.0 \"\\\n";
  metrics.card->map_version = 0x00010203;
  metrics.card->clock_hz = 322'265'625;
  metrics.card->counters = different();
  metrics.card->tables = {.entries = 11, .flows = 22, .paused = true, .backoff = 3, .pause_left_ms = 4500};
  metrics.card->entry_limit = 110;
  metrics.card->flow_limit = 220;
  metrics.card->engine = {.streams = true, .down = true, .fault = EngineFault::silent, .resets = 3};
  metrics.card->engine_resets = 65'539;
  metrics.card->events_recorded[9] = 91;
  metrics.card->events_lost[9] = (1ULL << 33) + 92;
  metrics.card_losses = 12;
  metrics.bypass = true;
  metrics.secrets.age = std::chrono::milliseconds(7'500);
  metrics.secret_lifetime = std::chrono::seconds(15);
  metrics.secrets.rotations = 5;
  metrics.secrets.missed = 2;
  metrics.log_lines = 60;
  metrics.log_lost = 6;
  metrics.admin = {.answers = 1, .refused = 2, .turned_away = 3};
  metrics.everyone = {.answers = 4, .refused = 5, .turned_away = 6};
  metrics.tcp = {.answers = 7, .refused = 8, .turned_away = 9};
  metrics.attacks[1] = {.active = true, .begun = 4};
  metrics.process = {.started = std::chrono::milliseconds(1'800'000'000'250), .cpu_s = 1.5, .resident_bytes = 4096};
  metrics.version = "9.8.7";
  return metrics;
}

TEST(Prometheus, every_counter_by_its_path) {
  const auto page = parse_exposition(prometheus_text(some_metrics()));
  const auto counters = different();
  for (std::size_t i = 0; i < reg::kFirstDrop; ++i) {
    auto name = fmt::format("synward_{}_total", reg::kCounterInfo[i].json);
    std::ranges::replace_if(
        name, [](char c) { return c == '.' || c == '-'; }, '_');
    ASSERT_TRUE(page.samples.contains(name)) << name;
    EXPECT_EQ(page.samples.at(name), static_cast<double>(counters.values[i])) << name;
    EXPECT_EQ(page.types.at(name), "counter") << name;
  }
  for (std::size_t i = 0; i < reg::kDrops; ++i) {
    const auto name = fmt::format("synward_drops_total{{reason=\"{}\"}}", reg::kDropNames[i]);
    ASSERT_TRUE(page.samples.contains(name)) << name;
    EXPECT_EQ(page.samples.at(name), static_cast<double>(counters.values[reg::kFirstDrop + i])) << name;
  }
}

TEST(Prometheus, what_else_there_is) {
  const auto page = parse_exposition(prometheus_text(some_metrics()));
  for (const auto& [name, value, type] :
       {std::tuple{"synward_card_up", 1.0, "gauge"},
        std::tuple{"synward_bypass", 1.0, "gauge"},
        std::tuple{"synward_card_losses_total", 12.0, "counter"},
        std::tuple{R"(synward_card_info{backend="pcie",device="0000:65:00.0 \"\\\n",engine="hls",map_version="1.2.3"})",
                   1.0, "gauge"},
        std::tuple{"synward_card_clock_hertz", 322'265'625.0, "gauge"},
        std::tuple{"synward_tables_syncache_entries", 11.0, "gauge"},
        std::tuple{"synward_tables_syncache_limit", 110.0, "gauge"},
        std::tuple{"synward_tables_flows", 22.0, "gauge"},
        std::tuple{"synward_tables_flows_limit", 220.0, "gauge"},
        std::tuple{"synward_tables_paused", 1.0, "gauge"},
        std::tuple{"synward_tables_backoff", 3.0, "gauge"},
        std::tuple{"synward_tables_pause_left_seconds", 4.5, "gauge"},
        std::tuple{R"(synward_events_total{event="cookie_failed",result="recorded"})", 91.0, "counter"},
        std::tuple{R"(synward_events_total{event="cookie_failed",result="lost"})", 8'589'934'684.0, "counter"},
        std::tuple{"synward_secret_age_seconds", 7.5, "gauge"},
        std::tuple{"synward_secret_lifetime_seconds", 15.0, "gauge"},
        std::tuple{"synward_secret_rotations_total", 5.0, "counter"},
        std::tuple{"synward_secret_rotations_missed_total", 2.0, "counter"},
        std::tuple{R"(synward_attack_active{class="ack-flood"})", 1.0, "gauge"},
        std::tuple{R"(synward_attack_active{class="syn-flood"})", 0.0, "gauge"},
        std::tuple{R"(synward_attacks_total{class="ack-flood"})", 4.0, "counter"},
        std::tuple{"synward_log_lines_total", 60.0, "counter"},
        std::tuple{"synward_log_lines_lost_total", 6.0, "counter"},
        std::tuple{R"(synward_api_answers_total{door="admin"})", 1.0, "counter"},
        std::tuple{R"(synward_api_refused_total{door="public"})", 5.0, "counter"},
        std::tuple{R"(synward_api_turned_away_total{door="tcp"})", 9.0, "counter"},
        std::tuple{"process_start_time_seconds", 1'800'000'000.25, "gauge"},
        std::tuple{"process_cpu_seconds_total", 1.5, "counter"},
        std::tuple{"process_resident_memory_bytes", 4096.0, "gauge"}}) {
    ASSERT_TRUE(page.samples.contains(name)) << name;
    EXPECT_EQ(page.samples.at(name), value) << name;
    const std::string_view whole = name;
    EXPECT_EQ(page.types.at(std::string(whole.substr(0, whole.find('{')))), type) << name;
  }
  EXPECT_TRUE(std::ranges::any_of(page.samples, [](const auto& sample) {
    return sample.first.starts_with("synward_build_info{") &&
           sample.first.find("version=\"9.8.7\"") != std::string::npos && sample.second == 1;
  }));
}

TEST(Prometheus, without_a_card_only_the_daemons_own) {
  const auto page = parse_exposition(prometheus_text({}));
  EXPECT_EQ(page.samples.at("synward_card_up"), 0);
  for (const auto& [name, type] : page.types) {
    EXPECT_FALSE(name.starts_with("synward_tables") || name.starts_with("synward_drops") ||
                 name.starts_with("synward_counters") || name == "synward_card_info")
        << name;
  }
  EXPECT_TRUE(page.types.contains("synward_secret_age_seconds"));
}

/// What promtool check metrics looks at (tests/monitoring has it look too, where it is there).
TEST(Prometheus, names_keep_its_rules) {
  const std::array<std::string_view, 8> abbreviated{"ms", "s", "sec", "us", "ns", "kb", "mb", "hz"};
  const std::array<std::string_view, 6> not_base{"milliseconds", "minutes", "hours", "kilobytes", "megabytes", "bits"};
  const auto page = parse_exposition(prometheus_text(some_metrics()));
  for (const auto& [name, type] : page.types) {
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string::npos) << name;
    EXPECT_EQ(type == "counter", name.ends_with("_total")) << name;
    std::istringstream words(name);
    for (std::string word; std::getline(words, word, '_');) {
      EXPECT_EQ(std::ranges::find(abbreviated, word), abbreviated.end()) << name;
      EXPECT_EQ(std::ranges::find(not_base, word), not_base.end()) << name;
      EXPECT_TRUE(word != "counter" && word != "gauge") << name;
    }
    for (const auto* ending : {"_count", "_sum", "_bucket"}) {
      EXPECT_FALSE(name.ends_with(ending)) << name;
    }
    EXPECT_FALSE(page.helps.at(name).empty()) << name;
  }
}

TEST(Prometheus, labels_take_few_values) {
  const auto page = parse_exposition(prometheus_text(some_metrics()));
  EXPECT_LT(page.samples.size(), 250U);
}

}  // namespace
}  // namespace synward
