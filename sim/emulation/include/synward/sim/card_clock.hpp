// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>

#include "synward/sim/card.hpp"

namespace synward::sim {

/// Keeps a simulated card's time with the clock on the wall, which a card that is idle always can. One that is not is
/// slower; where it is a second late, that second is given up, so that it never runs faster than the world around it
/// for longer than that.
class CardClock {
 public:
  using Duration = std::chrono::duration<double>;
  static constexpr Duration kGrain{0.1};  ///< follow() moves the card so far at once: each move costs some clocks
  static constexpr Duration kMostLag{1};

  /// From now on, from the card's present clock. The card must outlive this.
  explicit CardClock(Card& card) : card_(card) { restart(); }

  /// How far the card is ahead of the wall; negative where it is late.
  Duration ahead();
  /// Simulates up to the present instant, once that is kGrain away; where much happens, at most for about 0.1 s.
  void follow();

 private:
  void restart();

  Card& card_;
  std::chrono::steady_clock::time_point start_;
  std::uint64_t start_cycle_ = 0;
};

}  // namespace synward::sim
