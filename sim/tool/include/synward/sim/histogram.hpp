// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

namespace synward::sim {

/// Counts of whole values, so that every percentile is exact and memory grows with distinct values only.
class Histogram {
 public:
  void add(std::uint64_t value) {
    ++counts_[value];
    ++total_;
  }

  bool empty() const { return total_ == 0; }
  std::uint64_t size() const { return total_; }
  /// The value and how often it came, by value.
  const std::map<std::uint64_t, std::uint64_t>& counts() const { return counts_; }

  /// The least value that at least `fraction` (0..1) of all values do not exceed (nearest rank); 0 gives the minimum.
  /// Not to be called while empty.
  std::uint64_t percentile(double fraction) const {
    const double wanted = std::ceil(fraction * static_cast<double>(total_));
    const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted));
    std::uint64_t seen = 0;
    for (const auto& [value, count] : counts_) {
      seen += count;
      if (seen >= rank) {
        return value;
      }
    }
    return counts_.rbegin()->first;
  }

 private:
  std::map<std::uint64_t, std::uint64_t> counts_;
  std::uint64_t total_ = 0;
};

}  // namespace synward::sim
