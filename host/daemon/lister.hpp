// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "card_thread.hpp"
#include "synward/expected.hpp"
#include "synward/half_open.hpp"

namespace synward {

/// Walks the half-open connections of the card, which knows one place to go on from: one walk at a time. Whoever asks
/// as anybody gets a listing at most a second old, that took two seconds at most and ends where the admin wants one.
/// Thread safe.
class Lister {
 public:
  static constexpr std::size_t kMost = 16'384;  ///< in a listing
  static constexpr std::size_t kAtOnce = 64;    ///< or what 10 ms allow; then the card's thread may do something else
  struct Listing {
    std::vector<HalfOpen> entries;
    bool whole = true;  ///< false: time was over
  };
  using Gone = std::function<bool()>;

  explicit Lister(CardThread& card) : card_(card) {}

  /// Nothing where the card's thread is behind, or another's walk is not done in time. `gone` ends it: nobody waits.
  std::optional<Expected<Listing>> for_admin(std::size_t most, const Gone& gone);
  std::optional<Expected<Listing>> for_anybody(const Gone& gone);

 private:
  using Clock = std::chrono::steady_clock;

  bool begin(bool admin);
  void end();
  std::optional<Expected<Listing>> walk(std::size_t most, bool admin, const Gone& gone);
  bool admin_waits() const;

  CardThread& card_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  bool walking_ = false;
  int admins_ = 0;  ///< that wait
  Listing latest_;  ///< anybody's
  std::optional<Clock::time_point> latest_at_;
};

}  // namespace synward
