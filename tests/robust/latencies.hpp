// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <mutex>
#include <vector>

namespace synward::test {

/// How long requests took, ms. Thread safe.
class Latencies {
 public:
  void add(double ms) {
    const std::lock_guard lock(mutex_);
    sorted_ = false;
    all_.push_back(ms);
  }
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return all_.size();
  }
  /// The least that so many of a hundred did not exceed; 0 where there is none.
  double percentile(double percent) {
    const std::lock_guard lock(mutex_);
    if (all_.empty()) {
      return 0;
    }
    if (!sorted_) {
      std::ranges::sort(all_);
      sorted_ = true;
    }
    const auto rank = std::ceil(percent / 100 * static_cast<double>(all_.size()));
    return all_[std::max<std::size_t>(static_cast<std::size_t>(rank), 1) - 1];
  }

 private:
  mutable std::mutex mutex_;
  std::vector<double> all_;
  bool sorted_ = false;
};

}  // namespace synward::test
