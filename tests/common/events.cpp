// SPDX-License-Identifier: BSD-2-Clause
#include "common/events.hpp"

#include <array>
#include <cstdint>

#include "synward/registers.hpp"

namespace synward::test {

namespace {

constexpr std::size_t kWords = 14;

/// Takes fields off a packed record, the most significant first.
class Unpacker {
 public:
  explicit Unpacker(const std::array<std::uint32_t, kWords>& words) : words_(words), left_(EventRecord::kWidth) {}

  void operator()(Wide128& value, unsigned) {
    value.hi = take(64);
    value.lo = take(64);
  }
  template <typename T>
  void operator()(T& value, unsigned width) {
    value = static_cast<T>(take(width));
  }

 private:
  std::uint64_t take(unsigned width) {
    std::uint64_t value = 0;
    for (; width > 0; --width) {
      --left_;
      value = value << 1 | (words_[left_ / 32] >> left_ % 32 & 1);
    }
    return value;
  }

  const std::array<std::uint32_t, kWords>& words_;
  unsigned left_;
};

}  // namespace

std::vector<EventRecord> take_events(Device& device) {
  std::vector<EventRecord> events;
  while (device.read32(reg::kEventCount) != 0) {
    std::array<std::uint32_t, kWords> words{};
    for (std::uint32_t i = 0; i < kWords; ++i) words[i] = device.read32(reg::kEventData + 4 * i);
    EventRecord event{};
    event.each(Unpacker(words));
    events.push_back(event);
    device.write32(reg::kEventPop, 0);
    // The next one takes 8 clocks to come; a read takes at least one.
    for (int i = 0; i < 8; ++i) static_cast<void>(device.read32(reg::kEventCount));
  }
  return events;
}

}  // namespace synward::test
