// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/card_clock.hpp"

#include <algorithm>

namespace synward::sim {

void CardClock::restart() {
  start_ = std::chrono::steady_clock::now();
  start_cycle_ = card_.now();
}

CardClock::Duration CardClock::ahead() {
  const Duration simulated(static_cast<double>(card_.now() - start_cycle_) / kClockHz);
  const Duration passed = std::chrono::steady_clock::now() - start_;
  if (passed - simulated > kMostLag) {
    restart();
    return Duration(0);
  }
  return simulated - passed;
}

void CardClock::follow() {
  const auto late = -ahead();
  if (late < kGrain) {
    return;
  }
  constexpr std::uint64_t kSlice = 4096;
  constexpr std::chrono::milliseconds kBudget{100};
  const auto give_up = std::chrono::steady_clock::now() + kBudget;
  const auto end = card_.now() + static_cast<std::uint64_t>(late.count() * kClockHz);
  while (card_.now() < end && std::chrono::steady_clock::now() < give_up) {
    const auto evaluated = card_.clocks_evaluated();
    card_.run_until(std::min(end, card_.now() + kSlice));
    // A card that slept through the slice may take the rest at a leap.
    if (card_.clocks_evaluated() - evaluated < kSlice / 2) {
      card_.run_until(end);
    }
  }
}

}  // namespace synward::sim
