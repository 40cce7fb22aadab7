// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <mutex>
#include <vector>

#include "numbered_ring.hpp"
#include "synward/counters.hpp"

namespace synward {

/// A card's counters and tables at an instant.
struct Snapshot {
  double time = 0;  ///< Unix time, s
  Counters counters;
  TableState tables;
};

/// The last snapshots. Thread safe.
class History {
 public:
  explicit History(std::size_t keep) : snapshots_(keep) {}

  void add(const Snapshot& snapshot) {
    const std::lock_guard lock(mutex_);
    snapshots_.add(snapshot);
  }
  void resize(std::size_t keep) {
    const std::lock_guard lock(mutex_);
    snapshots_.resize(keep);
  }
  std::vector<NumberedRing<Snapshot>::Item> tail(std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    return snapshots_.tail(limit);
  }

 private:
  mutable std::mutex mutex_;
  NumberedRing<Snapshot> snapshots_;
};

}  // namespace synward
