// SPDX-License-Identifier: BSD-2-Clause
// The daemon's eye on a card's engine: log, status, what it counts over resets of the card.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "synward/record_codes.hpp"
#include "watched_card.hpp"

namespace synward {
namespace {

// As the card has them.
static_assert(static_cast<std::uint8_t>(EngineFault::none) == kFaultNone);
static_assert(static_cast<std::uint8_t>(EngineFault::silent) == kFaultSilent);
static_assert(static_cast<std::uint8_t>(EngineFault::wrong) == kFaultWrong);
static_assert(static_cast<std::uint8_t>(EngineFault::forgot) == kFaultForgot);

constexpr std::uint32_t kStreams = 1, kDown = 2;
constexpr std::uint32_t said(EngineFault fault, std::uint32_t resets, std::uint32_t bits = kStreams) {
  return resets << 16 | static_cast<std::uint32_t>(fault) << 2 | bits;
}

class EngineWatchTest : public WatchedCardTest {
 protected:
  /// The lines since the last call.
  std::string news() {
    auto text = log(shown);
    shown = books.log.tail(LogBook::kLines).size();
    return text;
  }
  EngineState engine() { return keeper->state().value().engine; }

  std::size_t shown = 0;
};

TEST_F(EngineWatchTest, an_engine_of_fixed_latency_has_nothing_to_say) {
  start();
  live(5'000);
  EXPECT_EQ(news(), "");
  EXPECT_EQ(engine().now.kind(), "rtl");
  EXPECT_FALSE(engine().now.down);
}

TEST_F(EngineWatchTest, one_that_stops_is_said_once_and_that_it_is_back) {
  slot.engine_says(said(EngineFault::none, 0));
  start();
  live(3'000);
  EXPECT_EQ(news(), "");
  // A dead one is reset hundreds of times in a second.
  for (std::uint32_t resets = 1; resets < 3'000; resets += 300) {
    slot.engine_says(said(EngineFault::silent, resets, kStreams | kDown));
    live(1'000);
  }
  EXPECT_EQ(news(),
            "err: engine: it did not answer; until it answers rightly again, frames of protected services are "
            "dropped (drop:engine_full) and all others pass\n");
  EXPECT_TRUE(engine().now.down);
  EXPECT_EQ(engine().resets, 2'701U);
  slot.engine_says(said(EngineFault::silent, 2'900));
  live(1'000);
  EXPECT_EQ(news(), "notice: engine: answers again after 10 s, with empty tables\n");
  EXPECT_EQ(engine().resets, 2'900U);
  EXPECT_TRUE(keeper->up()) << "it is not the card that is lost";
}

TEST_F(EngineWatchTest, a_reset_between_two_looks_is_said_with_its_reason) {
  slot.engine_says(said(EngineFault::none, 0xffff));
  start();
  news();
  slot.engine_says(said(EngineFault::forgot, 0));
  live(1'000);
  EXPECT_EQ(news(),
            "warning: engine: it forgot its tables; it was reset, 1 times, and began again with empty tables\n");
  slot.engine_says(said(EngineFault::wrong, 3));
  live(1'000);
  EXPECT_EQ(news(),
            "warning: engine: it answered what it was not asked; it was reset, 3 times, and began again with "
            "empty tables\n");
  EXPECT_EQ(engine().resets, 0x1'0003U);
}

TEST_F(EngineWatchTest, what_a_card_counted_before_it_was_lost_stays_counted) {
  slot.engine_says(said(EngineFault::silent, 7));
  start();
  EXPECT_EQ(engine().resets, 7U);
  news();
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
