// SPDX-License-Identifier: BSD-2-Clause
#include "reference/events.hpp"

#include "synward/codes.hpp"

namespace synward::reference {

namespace {

constexpr std::size_t kDepth = std::size_t{1} << kLogEvents;
constexpr unsigned kLogWindow = 10;  ///< ms

/// Shifts fields in from the right, as the record is packed.
class Packer {
 public:
  void operator()(const Wide128& value, unsigned) {
    shift_in(value.hi, 64);
    shift_in(value.lo, 64);
  }
  template <typename T>
  void operator()(T value, unsigned width) {
    shift_in(static_cast<std::uint64_t>(value), width);
  }
  std::uint32_t word(std::size_t index) const { return words_[index]; }

 private:
  void shift_in(std::uint64_t value, unsigned width) {
    while (width-- > 0) {
      std::uint32_t carry = static_cast<std::uint32_t>(value >> width & 1);
      for (std::uint32_t& word : words_) {
        const std::uint32_t top = word >> 31;
        word = word << 1 | carry;
        carry = top;
      }
    }
  }

  std::array<std::uint32_t, kEventWords> words_{};
};

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
  Packer packer;
  oldest.each(packer);
  return packer.word(index);
}

}  // namespace synward::reference
