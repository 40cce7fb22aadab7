// SPDX-License-Identifier: BSD-2-Clause
#include "event_book.hpp"

#include <algorithm>

namespace synward {

std::array<NotRecorded, kEventCodes> EventBook::lost_meanwhile() const {
  const std::lock_guard lock(mutex_);
  // Where the book has let go of events, what was lost beside those is of no more use either.
  std::optional<double> from;
  if (events_.last() > kEvents) {
    from = events_.oldest()->time;
  }
  std::array<NotRecorded, kEventCodes> lost{};
  for (const auto& loss : losses_) {
    if (from && loss.until < *from) {
      continue;
    }
    for (std::size_t code = 0; code < kEventCodes; ++code) {
      if (loss.more[code] != 0) {
        auto& sum = lost[code];
        sum.first = sum.count == 0 ? loss.since : sum.first;
        sum.last = loss.until;
        sum.count += loss.more[code];
      }
    }
  }
  return lost;
}

}  // namespace synward
