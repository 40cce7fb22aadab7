// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/timers.hpp"

namespace synward {

/// A pause after the first of a series, and the gate's time for cookies, ms (FreeBSD SYNCOOKIE_LIFETIME).
constexpr std::uint32_t kPauseTime = 15000;
constexpr std::uint8_t kPauseMaxBackoff = 6;

/// Whether the syncache is bypassed because it overflowed (FreeBSD syncache_pause).
struct PauseState {
  bool paused;
  bool ever;             ///< there has been a pause since reset
  bool end;              ///< the next tick ends it
  std::uint32_t until;   ///< end of the pause, or of the last one
  std::uint8_t backoff;  ///< doublings of its length, 0..6
};

/// Begins a pause; its length, s, 15 to 960.
inline std::uint32_t pause_begin(PauseState& pause, std::uint32_t now) {
  std::uint32_t length = kPauseTime << pause.backoff;
  if (pause.ever && before(now, pause.until + length)) {
    // Renewed within as long as the last one lasted.
    if (pause.backoff < kPauseMaxBackoff) {
      length <<= 1;
      ++pause.backoff;
    }
  } else {
    length = kPauseTime;
    pause.backoff = 0;
  }
  pause.paused = true;
  pause.ever = true;
  pause.until = now + length;
  return length / 1000;
}

/// Ends a pause that is over.
inline void pause_tick(PauseState& pause, std::uint32_t now) {
  if (pause.end || !before(now, pause.until)) pause.paused = false;
  pause.end = false;
}

/// Time until the pause ends, ms; 0 without one.
inline std::uint32_t pause_left(const PauseState& pause, std::uint32_t now) {
  return pause.paused && before(now, pause.until) ? pause.until - now : 0;
}

}  // namespace synward
