// SPDX-License-Identifier: BSD-2-Clause
#include "reference/events.hpp"

#include "reference/packer.hpp"
#include "synward/codes.hpp"

namespace synward::reference {

namespace {

constexpr std::size_t kDepth = std::size_t{1} << kLogEvents;
constexpr unsigned kLogWindow = 10;  ///< ms

}  // namespace

void EventRing::push(const EventRecord& event, std::uint32_t limit) {
  if (event.time_ms >> kLogWindow != window_[event.code]) {
    window_[event.code] = event.time_ms >> kLogWindow;
    taken_[event.code] = 0;
  }
  if (limit != 0 && event.code != kEventOverflow && taken_[event.code] >= limit) {
    ++lost_[event.code];
    return;
  }
  ++taken_[event.code];
  if (ring_.size() == kDepth) {
    ++lost_[event.code];
  } else {
    ring_.push_back(event);
  }
}

void EventRing::pop() {
  if (!ring_.empty()) ring_.pop_front();
}

std::uint32_t EventRing::word(std::size_t index) const {
  if (ring_.empty()) return 0;
  EventRecord oldest = ring_.front();
  Packer<kEventWords> packer;
  oldest.each(packer);
  return packer.word(index);
}

}  // namespace synward::reference
