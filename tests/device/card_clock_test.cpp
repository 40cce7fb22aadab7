// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/card_clock.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "process.hpp"
#include "synward/registers.hpp"

namespace synward::sim {
namespace {

using Clock = std::chrono::steady_clock;

TEST(CardClock, a_card_that_idles_goes_with_the_wall_and_never_ahead_of_it) {
  const auto card = make_reference_card();
  const auto start = Clock::now();
  CardClock clock(*card);
  const auto end = start + std::chrono::seconds(kPatience);
  while (card->read32(reg::kTimeMs) < 500 && Clock::now() < end) {
    clock.follow();
    const CardClock::Duration simulated(static_cast<double>(card->now()) / kClockHz);
    ASSERT_LE(simulated, Clock::now() - start);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_GE(card->read32(reg::kTimeMs), 500U);
}

TEST(CardClock, a_card_that_ran_on_is_ahead_until_the_wall_has_come) {
  const auto card = make_reference_card();
  CardClock clock(*card);
  constexpr double kSeconds = 1000;
  card->run_until(static_cast<std::uint64_t>(kSeconds * kClockHz));
  EXPECT_GT(clock.ahead().count(), kSeconds - kPatience);
  EXPECT_LE(clock.ahead().count(), kSeconds);
  const auto before = card->now();
  clock.follow();
  EXPECT_EQ(card->now(), before);
}

TEST(CardClock, what_is_late_by_more_than_a_second_is_given_up) {
  const auto card = make_reference_card();
  CardClock clock(*card);
  std::this_thread::sleep_for(CardClock::kMostLag + CardClock::kGrain);
  EXPECT_EQ(clock.ahead().count(), 0);
  EXPECT_EQ(card->now(), 0U);
}

}  // namespace
}  // namespace synward::sim
