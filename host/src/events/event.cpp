// SPDX-License-Identifier: BSD-2-Clause
#include "synward/event.hpp"

#include <algorithm>

#include "card/record_fields.hpp"
#include "synward/record_bits.hpp"

namespace synward {

namespace {

constexpr std::size_t kWords = (kEventBits + 31) / 32;
constexpr std::array<std::string_view, 10> kForeignNames{
    "closed_port", "socket_failed",   "other",        "flood_cookies",  "flood_dropping",
    "queue_full",  "limited_unreach", "limited_ping", "limited_closed", "limited_other"};
constexpr auto kFirstForeign = static_cast<unsigned>(ForeignEvent::closed_port);

std::array<std::uint32_t, kWords> pop(Device& device) {
  std::array<std::uint32_t, kWords> words{};
  for (std::uint32_t i = 0; i < kWords; ++i) {
    words[i] = device.read32(reg::kEventData + 4 * i);
  }
  device.write32(reg::kEventPop, 1);
  // The next one stands there eight clocks later: no bus reads four words in less.
  for (int i = 0; i < 4; ++i) {
    device.read32(reg::kScratch);
  }
  return words;
}

/// A segment's flags: of timers, of what concerns no segment and of codes that no card has there are none.
bool has_flags(const LogEvent& event) {
  return event.code == 0 || (event.code <= reg::kEvents.size() && reg::kEvents[event.code - 1].flags);
}

}  // namespace

std::string_view event_name(unsigned code) {
  if (code >= 1 && code <= reg::kEvents.size()) {
    return reg::kEvents[code - 1].name;
  }
  return code >= kFirstForeign && code < kFirstForeign + kForeignNames.size() ? kForeignNames[code - kFirstForeign]
                                                                              : std::string_view{};
}

std::optional<unsigned> event_code(std::string_view name) {
  if (const auto* at = std::ranges::find(reg::kEvents, name, &reg::EventInfo::name); at != reg::kEvents.end()) {
    return static_cast<unsigned>(at - reg::kEvents.begin()) + 1;
  }
  if (const auto* at = std::ranges::find(kForeignNames, name); at != kForeignNames.end()) {
    return static_cast<unsigned>(at - kForeignNames.begin()) + kFirstForeign;
  }
  return std::nullopt;
}

void EventReader::read(Device& device, std::size_t most, std::vector<LogEvent>& out) {
  const auto waiting = std::min<std::size_t>(device.read32(reg::kEventCount), most);
  for (std::size_t i = 0; i < waiting; ++i) {
    const auto words = pop(device);
    RecordFields fields(words, kEventBits);
    LogEvent event;
    event.code = fields.take(5);
    event.note = fields.take(2);
    const bool v6 = fields.take_bit();
    event.foreign = fields.take_address(v6);
    event.local = fields.take_address(v6);
    event.fport = static_cast<std::uint16_t>(fields.take(16));
    event.lport = static_cast<std::uint16_t>(fields.take(16));
    const auto flags = static_cast<std::uint16_t>(fields.take(8));
    if (has_flags(event)) {
      event.flags = flags;
    }
    event.time = seconds(fields.take(32));
    for (auto& arg : event.args) {
      arg = fields.take(32);
    }
    if (event.is(reg::Event::limiting)) {
      event.foreign = event.local = std::nullopt;  // it concerns nobody alone
    }
    out.push_back(event);
  }
}

double EventReader::now(Device& device) { return seconds(device.read32(reg::kTimeMs)); }

double EventReader::seconds(std::uint32_t time_ms) {
  // The clock wraps after 49 days; what is read in turn is never that far apart.
  const auto last = last_ms_.value_or(time_ms);
  const auto step = static_cast<std::int32_t>(time_ms - static_cast<std::uint32_t>(last));
  last_ms_ = last + static_cast<std::uint64_t>(static_cast<std::int64_t>(step));
  return static_cast<double>(*last_ms_) / 1000;
}

std::array<std::uint32_t, kEventCodes> read_lost_events(Device& device) {
  std::array<std::uint32_t, kEventCodes> lost{};
  for (std::uint32_t code = 0; code < lost.size(); ++code) {
    lost[code] = device.read32(reg::kEventLost + 4 * code);
  }
  return lost;
}

}  // namespace synward
