// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <vector>

#include "numbered_ring.hpp"
#include "synward/event.hpp"

namespace synward {

/// The last events of the card, with Unix times, and how many there ever were. Thread safe.
class EventBook {
 public:
  static constexpr std::size_t kEvents = 16'384;
  using Item = NumberedRing<LogEvent>::Item;

  void add(const LogEvent& event) {
    const std::lock_guard lock(mutex_);
    ++recorded_[event.code % kEventCodes];
    events_.add(event);
  }
  std::vector<Item> behind(std::uint64_t after, std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    return events_.behind(after, limit);
  }
  /// Those that `wanted` takes, without their numbers.
  template <typename Wanted>
  std::vector<LogEvent> select(Wanted wanted) const {
    const std::lock_guard lock(mutex_);
    std::vector<LogEvent> selected;
    events_.each([&](const LogEvent& event) {
      if (wanted(event)) {
        selected.push_back(event);
      }
    });
    return selected;
  }
  std::vector<Item> tail(std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    return events_.tail(limit);
  }
  std::uint64_t last() const {
    const std::lock_guard lock(mutex_);
    return events_.last();
  }
  /// By code, since the daemon began; 0: notes alone.
  std::array<std::uint64_t, kEventCodes> recorded() const {
    const std::lock_guard lock(mutex_);
    return recorded_;
  }

 private:
  mutable std::mutex mutex_;
  NumberedRing<LogEvent> events_{kEvents};
  std::array<std::uint64_t, kEventCodes> recorded_{};
};

}  // namespace synward
