// SPDX-License-Identifier: BSD-2-Clause
#include "engine_watch.hpp"

#include <fmt/format.h>

#include <utility>

#include "clock.hpp"

namespace synward {

LogWords EngineWatch::begin(Device& device, Milliseconds now) {
  const auto status = read_engine_health(device);
  // A card that counts less than before was reset.
  const auto before = state_.now.resets;
  state_.now.down = false;  // that it is down is said of each device anew
  return see(status, status.resets >= before ? status.resets - before : status.resets, now);
}

LogWords EngineWatch::look(Device& device, Milliseconds now) {
  const auto status = read_engine_health(device);
  return see(status, static_cast<std::uint16_t>(status.resets - state_.now.resets), now);
}

LogWords EngineWatch::see(const EngineHealth& status, std::uint64_t more, Milliseconds now) {
  LogWords lines;
  const auto was = std::exchange(state_.now, status);
  state_.resets += more;
  const auto why = fault_text(status.fault);
  if (status.down && !was.down) {
    since_ = now;
    lines.emplace_back(LogLevel::error,
                       fmt::format("engine: {}; until it answers rightly again, frames of protected services are "
                                   "dropped (drop:engine_full) and all others pass",
                                   why));
  } else if (!status.down && was.down) {
    lines.emplace_back(LogLevel::notice,
                       fmt::format("engine: answers again after {:.0f} s, with empty tables", seconds(now - since_)));
  } else if (!status.down && more != 0) {
    lines.emplace_back(LogLevel::warning,
                       fmt::format("engine: {}; it was reset, {} times, and began again with empty tables", why, more));
  }
  return lines;
}

}  // namespace synward
