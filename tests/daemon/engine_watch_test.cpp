// SPDX-License-Identifier: BSD-2-Clause
// The daemon's eye on a card's engine: log, status, what it counts over resets of the card.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "card_keeper.hpp"
#include "plugged_card.hpp"

namespace synward {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kConfig =
    "[device]\nbackend = \"sim\"\nsocket = \"/card\"\n[[service]]\naddress = \"203.0.113.7\"\nport = 443\n";

constexpr std::uint32_t kStreams = 1, kDown = 2;
constexpr std::uint32_t said(EngineFault fault, std::uint32_t resets, std::uint32_t bits = kStreams) {
  return resets << 16 | static_cast<std::uint32_t>(fault) << 2 | bits;
}

class EngineWatchTest : public testing::Test {
 protected:
  void start() {
    auto config = parse_daemon_config(kConfig, "d.toml");
    ASSERT_TRUE(config);
    auto started = CardKeeper::start(
        *config, [this] { return slot.open(); },
        {[this] { return milliseconds(1'000'000 + passed); }, [this] { return milliseconds(passed); }}, books);
    ASSERT_TRUE(started) << started.error().text;
    keeper = std::move(*started);
  }
  void live(std::int64_t ms) {
    for (const auto end = passed + ms; passed < end; passed += 100) {
      slot.pass(100);
      keeper->visit();
    }
    keeper->visit();
  }
  /// The lines since the last call.
  std::string log() {
    std::string text;
    const auto lines = books.log.tail(LogBook::kLines);
    for (; shown < lines.size(); ++shown) {
      text += fmt::format("{}: {}\n", level_name(lines[shown].value.level), lines[shown].value.text);
    }
    return text;
  }
  EngineState engine() { return keeper->state().value().engine; }

  PluggedCard slot;
  Books books;
  std::int64_t passed = 0;  ///< ms
  std::size_t shown = 0;
  std::unique_ptr<CardKeeper> keeper;
};

TEST_F(EngineWatchTest, an_engine_of_fixed_latency_has_nothing_to_say) {
  start();
  live(5'000);
  EXPECT_EQ(log(), "");
  EXPECT_EQ(engine().now.kind(), "rtl");
  EXPECT_FALSE(engine().now.down);
}

TEST_F(EngineWatchTest, one_that_stops_is_said_once_and_that_it_is_back) {
  slot.engine_says(said(EngineFault::none, 0));
  start();
  live(3'000);
  EXPECT_EQ(log(), "");
  // A dead one is reset hundreds of times in a second.
  for (std::uint32_t resets = 1; resets < 3'000; resets += 300) {
    slot.engine_says(said(EngineFault::silent, resets, kStreams | kDown));
    live(1'000);
  }
  EXPECT_EQ(log(),
            "err: engine: it did not answer; until it answers rightly again, frames of protected services are "
            "dropped (drop:engine_full) and all others pass\n");
  EXPECT_TRUE(engine().now.down);
  EXPECT_EQ(engine().resets, 2'701U);
  slot.engine_says(said(EngineFault::silent, 2'900));
  live(1'000);
  EXPECT_EQ(log(), "notice: engine: answers again after 10 s, with empty tables\n");
  EXPECT_EQ(engine().resets, 2'900U);
  EXPECT_TRUE(keeper->up()) << "it is not the card that is lost";
}

TEST_F(EngineWatchTest, a_reset_between_two_looks_is_said_with_its_reason) {
  slot.engine_says(said(EngineFault::none, 0xffff));
  start();
  log();
  slot.engine_says(said(EngineFault::forgot, 0));
  live(1'000);
  EXPECT_EQ(log(), "warning: engine: it forgot its tables; it was reset, 1 times, and began again with empty tables\n");
  slot.engine_says(said(EngineFault::wrong, 3));
  live(1'000);
  EXPECT_EQ(log(),
            "warning: engine: it answered what it was not asked; it was reset, 3 times, and began again with "
            "empty tables\n");
  EXPECT_EQ(engine().resets, 0x1'0003U);
}

TEST_F(EngineWatchTest, what_a_card_counted_before_it_was_lost_stays_counted) {
  slot.engine_says(said(EngineFault::silent, 7));
  start();
  EXPECT_EQ(engine().resets, 7U);
  log();
  slot.go_silent();
  live(1'000);
  EXPECT_FALSE(keeper->up());
  slot.put_in();
  slot.engine_says(said(EngineFault::wrong, 2));
  live(5'000);
  ASSERT_TRUE(keeper->up());
  EXPECT_EQ(engine().resets, 9U) << "all ones are of no engine";
}

}  // namespace
}  // namespace synward
