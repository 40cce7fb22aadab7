// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/timers.hpp"

namespace synward {

/// A pause after the first of a series, and the gate's time for cookies, ms (FreeBSD SYNCOOKIE_LIFETIME).
constexpr std::uint32_t kPauseTime = 15000;
constexpr std::uint8_t kPauseMaxBackoff = 6;
/// No pause ends later than this from now, ms, and no pause can be renewed later than twice as much. What would be
/// later is another lap of the clock, or was before the clock stepped back.
constexpr std::uint32_t kPauseReach = 1u << 20;

/// Whether the syncache is bypassed because it overflowed (FreeBSD syncache_pause).
struct PauseState {
  bool paused;
  bool ever;             ///< the last pause may still be renewed
  bool end;              ///< the next tick ends it
  std::uint32_t until;   ///< end of the pause, or of the last one
  std::uint8_t backoff;  ///< doublings of its length, 0..6
};

/// Whether `time` is ahead of `now`, within `reach` ms.
inline bool pause_ahead(std::uint32_t now, std::uint32_t time, std::uint32_t reach) { return time - now - 1u < reach; }

/// Whether a pause that begins now would be a renewal: within as long as the last one lasted.
inline bool pause_renewable(const PauseState& pause, std::uint32_t now) {
  return pause.ever && pause_ahead(now, pause.until + (kPauseTime << pause.backoff), 2 * kPauseReach);
}

/// Begins a pause; its length, s, 15 to 960.
inline std::uint32_t pause_begin(PauseState& pause, std::uint32_t now) {
  std::uint32_t length = kPauseTime << pause.backoff;
  if (pause_renewable(pause, now)) {
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

/// Ends a pause that is over, and forgets one that cannot be renewed any more.
inline void pause_tick(PauseState& pause, std::uint32_t now) {
  if (pause.end || !pause_ahead(now, pause.until, kPauseReach)) pause.paused = false;
  pause.ever = pause_renewable(pause, now);
  pause.end = false;
}

/// Time until the pause ends, ms; 0 without one.
inline std::uint32_t pause_left(const PauseState& pause, std::uint32_t now) {
  return pause.paused && pause_ahead(now, pause.until, kPauseReach) ? pause.until - now : 0;
}

}  // namespace synward
