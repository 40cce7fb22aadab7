// SPDX-License-Identifier: BSD-2-Clause
// The screen of `synward top`: rates are those of the snapshots, and it fits any window.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "synward/number_text.hpp"
#include "synward/registers.hpp"
#include "terminal.hpp"
#include "top.hpp"

namespace synward::tool {
namespace {

using nlohmann::json;

json snapshot(double time, std::uint64_t base) {
  json counters;
  for (const auto& info : reg::kCounterInfo) counters[std::string(info.name)] = 0;
  counters["line_rx_frames"] = base * 1000;
  counters["answered"] = base * 700;
  counters["drop_unknown_ack"] = base * 200;
  counters["drop_truncated"] = base * 10;
  return {{"time", time}, {"counters", counters}, {"entries", 5}, {"flows", 6}, {"paused", false}};
}

json status() {
  return {{"daemon", {{"version", "0.1.0"}, {"uptime_s", 90061}, {"config", "x.toml"}}},
          {"card",
           {{"state", "up"}, {"backend", "sim"}, {"where", "s"}, {"map_version", "0.3.0"}, {"clock_hz", 322265625}}},
          {"secrets", {{"mode", "random"}, {"age_s", 3}, {"rotations", 4}, {"missed", 0}}},
          {"tables", {{"entries", 65536}, {"limit", 131072}, {"flows", 1}, {"flow_limit", 1048576}, {"ready", true}}},
          {"pause", {{"active", true}, {"backoff", 1}, {"left_s", 7.5}}}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}
std::size_t columns(const std::string& line) {
  std::size_t count = 0;
  for (const char one : line) count += (static_cast<unsigned char>(one) & 0xc0) != 0x80;
  return count;
}
std::string line_with(const std::string& screen, const std::string& name) {
  for (const auto& line : lines_of(screen)) {
    if (line.find(name) != std::string::npos) return line;
  }
  return {};
}

TEST(Sparkline, IsAsHighAsTheShareOfTheGreatest) {
  EXPECT_EQ(sparkline({}), "");
  EXPECT_EQ(sparkline(std::array{0.0, 0.0}), "▁▁");
  EXPECT_EQ(sparkline(std::array{0.0, 7.0, 14.0}), "▁▅█");
}

TEST(RateText, HasThreeDigitsAndAUnit) {
  EXPECT_EQ(rate_text(0), "0");
  EXPECT_EQ(rate_text(999), "999");
  EXPECT_EQ(rate_text(1000), "1.00 k");
  EXPECT_EQ(rate_text(148'809'524), "149 M");
  EXPECT_EQ(rate_text(12'340'000'000), "12.3 G");
}

TEST(TopScreen, ShowsTheRateOfTheLastTwoSnapshots) {
  const json history = {snapshot(10, 1), snapshot(12, 2), snapshot(12.5, 5)};
  const auto screen = top_screen(status(), history, 120, 100);
  EXPECT_NE(line_with(screen, "offered by the line").find("6.00 k"), std::string::npos) << screen;
  EXPECT_NE(line_with(screen, "offered by the line").find("5,000"), std::string::npos) << screen;
  EXPECT_NE(line_with(screen, "pause").find("7.5 s"), std::string::npos) << screen;
  EXPECT_NE(line_with(screen, "syncache").find("65,536 of 131,072 (50.0 %)"), std::string::npos) << screen;
}

TEST(TopScreen, NamesTheReasonsOfDropsTheMostFrequentFirst) {
  const json history = {snapshot(10, 1), snapshot(11, 2)};
  const auto screen = top_screen(status(), history, 120, 100);
  const auto unknown_ack = screen.find("unknown_ack"), truncated = screen.find("truncated");
  ASSERT_NE(unknown_ack, std::string::npos);
  ASSERT_NE(truncated, std::string::npos);
  EXPECT_LT(unknown_ack, truncated);
  EXPECT_EQ(screen.find("forged_mark"), std::string::npos) << "a reason that never was";
}

TEST(TopScreen, HasRowsForAcksAndRstsThatFitNothing) {
  json history = {snapshot(10, 1), snapshot(11, 2)};
  history[1]["counters"]["spurcookie"] = 15000;
  history[1]["counters"]["failcookie"] = 5000;
  history[1]["counters"]["badrst"] = 300;
  const auto screen = top_screen(status(), history, 120, 100);
  EXPECT_NE(line_with(screen, "ACKs that fit nothing").find("20.0 k            20,000"), std::string::npos) << screen;
  EXPECT_NE(line_with(screen, "RSTs that fit nothing").find("300               300"), std::string::npos) << screen;
}

TEST(TopScreen, ALostCardHasNoRates) {
  json history = {snapshot(10, 1), snapshot(11, 2)};
  auto lost = status();
  lost["card"] = {{"state", "lost"}, {"why", "gone"}, {"backend", "sim"}, {"where", "s"}};
  lost.erase("tables");
  lost.erase("pause");
  auto old = status();
  old["history"] = {{"interval_s", 1}, {"age_s", 2.5}};
  for (const auto& stale : {lost, old}) {
    const auto screen = top_screen(stale, history, 120, 100);
    const auto line = line_with(screen, "offered by the line");
    EXPECT_NE(line.find("  -  "), std::string::npos) << line;
    EXPECT_EQ(line.find("1.00 k"), std::string::npos) << line;
    EXPECT_EQ(line.find("█"), std::string::npos) << line;
  }
  const auto screen = top_screen(lost, history, 120, 100);
  EXPECT_EQ(screen.find("syncache"), std::string::npos) << screen;
  EXPECT_EQ(screen.find("pause"), std::string::npos) << screen;
  old["history"]["age_s"] = 1.9;
  EXPECT_NE(line_with(top_screen(old, history, 120, 100), "offered by the line").find("1.00 k"), std::string::npos);
}

TEST(TopScreen, ACardThatBeganAgainHasNoRate) {
  const json history = {snapshot(10, 100), snapshot(11, 2)};
  const auto line = line_with(top_screen(status(), history, 120, 100), "offered by the line");
  EXPECT_NE(line.find(" 0 "), std::string::npos) << line;
}

TEST(TopScreen, SaysWhatDoesNotFit) {
  const json history = {snapshot(10, 1), snapshot(11, 2)};
  const auto whole = lines_of(top_screen(status(), history, 120, 100)).size();
  const auto lines = lines_of(top_screen(status(), history, 120, whole - 3));
  EXPECT_EQ(lines.size(), whole - 3);
  EXPECT_EQ(lines.back(), "(4 more lines: the window is too low)");
}

TEST(Sparkline, HasBarsInAsciiToo) { EXPECT_EQ(ascii_bars("a ▁▅█ ä"), "a _=# ä"); }

TEST(TopScreen, FitsAnyWindow) {
  const unsigned seed = 1;
  std::mt19937 random(seed);
  SCOPED_TRACE("seed " + std::to_string(seed));
  json history = json::array();
  for (int i = 0; i < 150; ++i) history.push_back(snapshot(i, random() % 1000));
  for (std::size_t width = 1; width < 200; width += 7) {
    for (std::size_t height = 1; height < 40; height += 5) {
      const auto lines = lines_of(top_screen(status(), history, width, height));
      ASSERT_LE(lines.size(), height);
      for (const auto& line : lines) ASSERT_LE(columns(line), width) << line;
    }
  }
}

TEST(TopScreen, StandsWhatADaemonMayLeaveOut) {
  EXPECT_NO_THROW(top_screen(json::object(), json::array({json::object()}), 80, 25));
  EXPECT_NO_THROW(top_screen(json(), json::array({1, "x", nullptr}), 80, 25));
}

}  // namespace
}  // namespace synward::tool
