// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace synward::reference {

/// When the first entry of each bucket is due, at the earliest: what the sweeper asks instead of every bucket. A bucket
/// whose entries went away or were armed anew is still there at its old time, and looked at once for nothing. Times are
/// 64-bit milliseconds.
class DueBuckets {
 public:
  explicit DueBuckets(std::size_t buckets) : earliest_(buckets, kNever) {}

  /// An entry of `bucket` is due at `ms`.
  void expect(std::uint32_t bucket, std::uint64_t ms);
  /// The earliest time of all.
  std::optional<std::uint64_t> next() const;
  /// The buckets whose time has come, in order; they are forgotten.
  std::vector<std::uint32_t> take(std::uint64_t now);
  void clear();

 private:
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};
  using Due = std::pair<std::uint64_t, std::uint32_t>;

  /// Below a bucket's time may lie what that was before an earlier one came: it goes when its turn comes, so that the
  /// first in the queue is never one of those.
  void drop_outdated();

  std::priority_queue<Due, std::vector<Due>, std::greater<>> queue_;
  std::vector<std::uint64_t> earliest_;
};

}  // namespace synward::reference
