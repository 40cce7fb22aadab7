// SPDX-License-Identifier: BSD-2-Clause
// What `synward history` and `synward events` print.
#include <gtest/gtest.h>

#include <sstream>

#include "events_command.hpp"
#include "history_command.hpp"
#include "terminal.hpp"

namespace synward::tool {
namespace {

using nlohmann::json;

/// Snapshots a second apart; frames of each second.
json history(const std::vector<int>& frames) {
  auto list = json::array();
  std::uint64_t total = 0;
  for (std::size_t i = 0; i <= frames.size(); ++i) {
    list.push_back({{"time", 1'800'000'000.0 + static_cast<double>(i)},
                    {"counters", {{"line_rx_frames", total}}},
                    {"entries", i},
                    {"flows", 0},
                    {"paused", false}});
    total += i < frames.size() ? static_cast<std::uint64_t>(frames[i]) : 0;
  }
  return list;
}

std::size_t columns(const std::string& line) {
  return static_cast<std::size_t>(
      std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

TEST(History, IsAPlotOfRates) {
  const auto text = history_text(history({0, 100, 200, 400, 200}), {"offered"}, 80, 2);
  ASSERT_TRUE(text) << text.error().text;
  std::istringstream lines(*text);
  std::string head, upper, lower, axis;
  std::getline(lines, head);
  std::getline(lines, upper);
  std::getline(lines, lower);
  std::getline(lines, axis);
  EXPECT_EQ(head, "offered by the line, a second: now 200, mean 180, most 400");
  EXPECT_EQ(upper, "   400 |   \u2588");
  EXPECT_EQ(lower, "     0 | \u2584\u2588\u2588\u2588");
  EXPECT_NE(axis.find(':'), std::string::npos);
  EXPECT_EQ(ascii_bars(lower), "     0 | -###") << "four eighths of eight signs";
}

TEST(History, FitsAnyWidthAndLosesNothing) {
  std::vector<int> frames(1000, 0);
  frames[777] = 50;
  for (const std::size_t width : {20U, 33U, 80U, 200U, 2000U}) {
    const auto text = history_text(history(frames), {"offered", "entries"}, width, 4);
    ASSERT_TRUE(text);
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(columns(line), width) << line;
    }
    EXPECT_NE(text->find("\u2588"), std::string::npos) << "one second of 1000 is seen in " << width;
  }
}

TEST(History, OfNothingIsSaid) {
  EXPECT_EQ(*history_text(json::array(), {"offered"}, 80, 4), "not two snapshots yet\n");
  EXPECT_EQ(*history_text(history({}), {"offered"}, 80, 4), "not two snapshots yet\n");
  EXPECT_TRUE(history_text(history({0, 0}), {"offered"}, 80, 4));
  EXPECT_FALSE(history_text(history({0, 0}), {"bogus"}, 80, 4));
}

TEST(History, HasAllRatesAsJson) {
  const auto rates = history_rates(history({10, 30}));
  ASSERT_EQ(rates.size(), 2U);
  EXPECT_EQ(rates[1]["offered"], 30);
  EXPECT_EQ(rates[1]["entries"], 2);
  EXPECT_EQ(rates[1]["paused"], false);
}

TEST(Events, AreALineEach) {
  const json event{{"n", 7},
                   {"time_s", 1'800'000'000.25},
                   {"event", "ack_invalid"},
                   {"foreign", "2001:db8::1"},
                   {"foreign_port", 1024},
                   {"local", "203.0.113.7"},
                   {"local_port", 443},
                   {"flags", 16},
                   {"args", {5, 6, 0}}};
  const auto text = event_text(event);
  EXPECT_NE(text.find(".250 ack_invalid      [2001:db8::1]:1024 > 203.0.113.7:443, SEG.ACK 5, ISS + 1 6, flags 16"),
            std::string::npos)
      << text;
  EXPECT_NE(event_text({{"event", "overflow"}, {"args", {15, 0, 0}}}).find("overflow        , seconds 15"),
            std::string::npos);
}

}  // namespace
}  // namespace synward::tool
