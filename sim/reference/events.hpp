// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <deque>

#include "synward/records.hpp"

namespace synward::reference {

inline constexpr unsigned kLogEvents = 9;
inline constexpr std::size_t kEventCodes = 32;
inline constexpr std::size_t kEventWords = 14;

/// The event ring: what it refuses is counted by code.
class EventRing {
 public:
  /// Takes an event. `limit` of one code in 1.024 s, 0: no limit.
  void push(const EventRecord& event, std::uint32_t limit);
  void pop();
  std::uint32_t size() const { return static_cast<std::uint32_t>(ring_.size()); }
  /// Word 0 to 13 of the oldest event, the least significant first; 0 if there is none.
  std::uint32_t word(std::size_t index) const;
  std::uint32_t lost(std::size_t code) const { return lost_[code]; }

 private:
  std::deque<EventRecord> ring_;
  std::array<std::uint32_t, kEventCodes> window_{};  ///< window of 1.024 s of a code's last event
  std::array<std::uint32_t, kEventCodes> taken_{};   ///< events of the code in it that the limit let pass
  std::array<std::uint32_t, kEventCodes> lost_{};
};

}  // namespace synward::reference
