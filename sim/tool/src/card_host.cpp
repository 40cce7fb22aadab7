// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/card_host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "synward/counters.hpp"
#include "synward/event_json.hpp"

namespace synward::sim {

CardHost::CardHost(Device& card, const Config& config, double started)
    : card_(card),
      config_(config),
      secrets_(*config.secrets),
      logger_(config.sysctls.host(HostSetting::log_debug) != 0, config.sysctls.host(HostSetting::icmplim_output) != 0),
      started_(started),
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
  return rotate(now);
}

Expected<void> CardHost::rest(double until) {
  while (next_visit() <= until) {
    last_visit_ = next_visit();
    if (last_visit_ < next_rotation_) {
      continue;
    }
    // Of many rotations only those count that are remembered; and the slots take turns.
    constexpr unsigned kCounting = CookieSecrets::kRemembered + 2;
    const double due = std::floor((until - next_rotation_) / config_.rotate_s) + 1;
    if (due > kCounting) {
      const auto passed_over = static_cast<unsigned>((due - kCounting) / 2) * 2;
      rotations_ += passed_over;
      next_rotation_ += static_cast<double>(passed_over) * config_.rotate_s;
    }
    if (auto rotated = rotate(std::max(last_visit_, next_rotation_)); !rotated) {
      return rotated;
    }
  }
  return {};
}

Expected<void> CardHost::rotate(double now) {
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
  took_all_ = events.size() < most;
  // So that no two readings are so far apart that the card's clock wraps unseen.
  static_cast<void>(reader_.now(card_));
  std::vector<LogLine> lines;
  for (auto& event : events) {
    event.time = *event.time - started_;
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
