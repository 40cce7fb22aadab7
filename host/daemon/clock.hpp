// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <functional>

namespace synward {

/// The clocks that the daemon goes by. Tests have their own.
struct Clock {
  using Milliseconds = std::chrono::milliseconds;

  /// Never set, only goes on.
  std::function<Milliseconds()> steady = [] {
    return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
  };
  /// Since 1970; may be set.
  std::function<Milliseconds()> unix = [] {
    return std::chrono::duration_cast<Milliseconds>(std::chrono::system_clock::now().time_since_epoch());
  };
};

/// Seconds of a time, for people.
inline double seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }

}  // namespace synward
