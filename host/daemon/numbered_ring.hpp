// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace synward {

/// The last items of a sequence, which are numbered from 1. Not thread safe.
template <typename T>
class NumberedRing {
 public:
  struct Item {
    std::uint64_t number;
    T value;
  };

  explicit NumberedRing(std::size_t most) : most_(most) {}

  void add(T value) {
    items_.push_back({++last_, std::move(value)});
    trim();
  }
  /// Keeps at most `most` from now on.
  void resize(std::size_t most) {
    most_ = most;
    trim();
  }
  /// The number of the last item; 0 before the first.
  std::uint64_t last() const { return last_; }

  /// The oldest that is kept; nothing where there is none.
  const T* oldest() const { return items_.empty() ? nullptr : &items_.front().value; }

  /// Items behind number `after`, the oldest first, at most `limit`.
  std::vector<Item> behind(std::uint64_t after, std::size_t limit) const {
    const auto begin = std::ranges::upper_bound(items_, after, {}, &Item::number);
    const auto count = std::min(limit, static_cast<std::size_t>(items_.end() - begin));
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
  }
  /// All of them, the oldest first.
  template <typename Take>
  void each(Take take) const {
    for (const auto& item : items_) {
      take(item.value);
    }
  }
  /// The last `limit` items, the oldest first.
  std::vector<Item> tail(std::size_t limit) const {
    return {items_.end() - static_cast<std::ptrdiff_t>(std::min(limit, items_.size())), items_.end()};
  }

 private:
  void trim() {
    while (items_.size() > most_) {
      items_.pop_front();
    }
  }

  std::size_t most_;
  std::uint64_t last_ = 0;
  std::deque<Item> items_;
};

}  // namespace synward
