// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "numbered_ring.hpp"
#include "synward/diagnosis.hpp"
#include "synward/event.hpp"

namespace synward {

/// The last events of the card, with Unix times, and how many there ever were. Thread safe.
class EventBook {
 public:
  static constexpr std::size_t kEvents = 16'384;
  static constexpr std::size_t kLosses = 3'600;  ///< times at which events were lost
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

  /// By code, what the card has refused more than before between two Unix times, s.
  void lose(double since, double until, const std::array<std::uint64_t, kEventCodes>& more) {
    const std::lock_guard lock(mutex_);
    for (std::size_t code = 0; code < kEventCodes; ++code) {
      lost_[code] += more[code];
    }
    losses_.push_back({since, until, more});
    if (losses_.size() > kLosses) {
      losses_.pop_front();
    }
  }
  /// By code, what cards have refused, as far as they say. Never goes back.
  std::array<std::uint64_t, kEventCodes> lost() const {
    const std::lock_guard lock(mutex_);
    return lost_;
  }
  /// A card is there, perhaps another, which has refused so many more before, nobody knows when.
  void lose_unseen(const std::array<std::uint64_t, kEventCodes>& more) {
    const std::lock_guard lock(mutex_);
    for (std::size_t code = 0; code < kEventCodes; ++code) {
      lost_[code] += more[code];
    }
  }
  /// By code, what was lost in the time of the events that are kept.
  std::array<NotRecorded, kEventCodes> lost_meanwhile() const;

 private:
  struct Loss {
    double since, until;
    std::array<std::uint64_t, kEventCodes> more;
  };

  mutable std::mutex mutex_;
  NumberedRing<LogEvent> events_{kEvents};
  std::array<std::uint64_t, kEventCodes> recorded_{}, lost_{};
  std::deque<Loss> losses_;
};

}  // namespace synward
