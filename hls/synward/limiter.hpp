// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace synward {

/// Length of the limiter's window, ms.
constexpr std::uint32_t kLimiterWindow = 1000;

/// net.inet.icmp.icmplim: how many RSTs were wanted in the present window, which begins with the first.
struct LimiterState {
  std::uint32_t count;
  std::uint32_t start;  ///< ms
};

/// Counts one RST that is wanted. True if it is within `limit`; 0: no limit.
inline bool limiter_take(LimiterState& limiter, std::uint32_t now, std::uint32_t limit) {
  if (limiter.count == 0) limiter.start = now;
  const bool within = limit == 0 || limiter.count < limit;
  ++limiter.count;
  return within;
}

/// Ends a window that is over. How many RSTs were wanted in it, if more than `limit`; else 0.
inline std::uint32_t limiter_tick(LimiterState& limiter, std::uint32_t now, std::uint32_t limit) {
  if (now - limiter.start < kLimiterWindow) return 0;
  const std::uint32_t wanted = limiter.count;
  limiter.count = 0;
  return limit != 0 && wanted > limit ? wanted : 0;
}

}  // namespace synward
