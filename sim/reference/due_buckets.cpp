// SPDX-License-Identifier: BSD-2-Clause
#include "reference/due_buckets.hpp"

#include <algorithm>

namespace synward::reference {

void DueBuckets::expect(std::uint32_t bucket, std::uint64_t ms) {
  if (ms >= earliest_[bucket]) return;
  earliest_[bucket] = ms;
  queue_.emplace(ms, bucket);
}

std::optional<std::uint64_t> DueBuckets::next() const {
  if (queue_.empty()) return std::nullopt;
  return queue_.top().first;
}

std::vector<std::uint32_t> DueBuckets::take(std::uint64_t now) {
  std::vector<std::uint32_t> due;
  for (; !queue_.empty() && queue_.top().first <= now; drop_outdated()) {
    const std::uint32_t bucket = queue_.top().second;
    earliest_[bucket] = kNever;
    due.push_back(bucket);
    queue_.pop();
  }
  std::ranges::sort(due);
  return due;
}

void DueBuckets::clear() {
  queue_ = {};
  std::ranges::fill(earliest_, kNever);
}

void DueBuckets::drop_outdated() {
  while (!queue_.empty() && queue_.top().first != earliest_[queue_.top().second]) queue_.pop();
}

}  // namespace synward::reference
