// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/card_host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "synward/counters.hpp"
#include "synward/event_json.hpp"

namespace synward::sim {

CardHost::CardHost(Card& card, const Config& config)
    : card_(card),
      config_(config),
      secrets_(*config.secrets),
      logger_(config.sysctls.host(HostSetting::log_debug) != 0, config.sysctls.host(HostSetting::icmplim_output) != 0),
      next_rotation_(config.rotate_s == 0 ? std::numeric_limits<double>::infinity() : config.rotate_s) {
  std::vector<LogLine> lines;
  for (const auto& warning : config.warnings) {
    lines.push_back({0, LogLevel::warning, warning});
  }
  write(lines);
}

Expected<void> CardHost::visit(double now, std::size_t most) {
  last_visit_ = now;
  take(most);
  while (now >= next_rotation_) {
    // A run must be repeatable: the first secrets make all others.
    Key fresh;
    if (auto made = derive_from_cookie_keys(*config_.secrets, fmt::format("cookie secret {}", rotations_), fresh);
        !made) {
      return made;
    }
    ++rotations_;
    if (auto rotated = secrets_.rotate(card_, fresh, next_rotation_); !rotated) {
      return rotated;
    }
    next_rotation_ += config_.rotate_s;
  }
  return {};
}

EventReport CardHost::finish() {
  take(std::numeric_limits<std::size_t>::max());
  std::vector<LogLine> lines;
  const auto counters = read_counters(card_);
  if (counters.drop(reg::Drop::syncache_full) != 0) {
    logger_.dropping(last_visit_, config_.services, lines);
  }
  logger_.finish(lines);
  write(lines);
  report_.lost = read_lost_events(card_);
  return std::move(report_);
}

void CardHost::take(std::size_t most) {
  std::vector<LogEvent> events;
  reader_.read(card_, most, events);
  std::vector<LogLine> lines;
  for (auto& event : events) {
    ++report_.recorded[event.code];
    secrets_.explain(event);
    report_.json_lines += to_json_line(event) + '\n';
    logger_.take(event, lines);
  }
  write(lines);
}

void CardHost::write(const std::vector<LogLine>& lines) {
  for (const auto& line : lines) {
    report_.log += fmt::format("[{:12.6f}] {}\n", line.time, line.text);
  }
}

}  // namespace synward::sim
