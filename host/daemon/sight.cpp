// SPDX-License-Identifier: BSD-2-Clause
#include "sight.hpp"

#include <algorithm>

#include "synward/config.hpp"

namespace synward {

Sight::Sight(const DaemonConfig& config, std::optional<std::uint32_t> uid) : services_(table_order(config.services)) {
  for (const auto& service : services_) {
    const auto owner = config.users.find(service.owner);
    owned_.push_back(uid && owner != config.users.end() && owner->second == *uid);
  }
}

bool Sight::has(const IpAddress& address, std::uint16_t port) const {
  const auto service = std::ranges::find_if(services_, [&](const Service& one) { return one.matches(address, port); });
  return has(static_cast<std::size_t>(service - services_.begin()));
}

bool Sight::has(const LogEvent& event) const {
  return all_ || !event.foreign || has(event.local.value_or(IpAddress{}), event.lport);
}

std::vector<LogBook::Line> shown(std::vector<LogBook::Line> lines, const Sight& sight) {
  if (sight.arguments()) {
    return lines;
  }
  std::erase_if(lines, [&](const LogBook::Line& line) {
    return line.value.to && !sight.has(line.value.to->first, line.value.to->second);
  });
  for (auto& line : lines) {
    if (!line.value.for_others.empty() && !sight.has_all()) {
      line.value.text = line.value.for_others;
    }
    line.value.text = text_without_arguments(line.value);
  }
  return lines;
}

std::vector<EventBook::Item> shown(std::vector<EventBook::Item> events, const Sight& sight) {
  if (sight.arguments()) {
    return events;
  }
  std::erase_if(events, [&](const EventBook::Item& event) { return !sight.has(event.value); });
  for (auto& event : events) {
    event.value.args = {};
  }
  return events;
}

}  // namespace synward
