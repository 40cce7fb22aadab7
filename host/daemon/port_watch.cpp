// SPDX-License-Identifier: BSD-2-Clause
#include "port_watch.hpp"

#include <fmt/format.h>

#include "clock.hpp"

namespace synward {

namespace {

using enum port_reg::Status;

constexpr std::chrono::seconds kSensorsEvery{10};  ///< XRT asks the card's satellite controller

std::string moment_text(const PortState& port, std::uint64_t flaps) {
  return fmt::format("{} link: was down for a moment, {} times, and is up", port.name, flaps);
}

}  // namespace

LogWords PortWatch::begin(Device& device, Milliseconds now) {
  LogWords lines;
  state_ = {};
  untold_ = {};
  next_sensors_ = now;
  read_sensors(device, now);
  auto ports = read_ports(device);
  if (!ports) {
    state_.why = ports.error().text;
    if (state_.why != said_) {
      said_ = state_.why;
      lines.emplace_back(LogLevel::info, "links are not watched: " + state_.why);
    }
    return lines;
  }
  said_.clear();
  for (std::size_t i = 0; i < ports->size(); ++i) {
    auto& port = (*ports)[i];
    count(i, port, true);
    state_.ports.push_back({port, now});
    if (!port.is(up)) {
      tell_down(i, port, lines);
    }
  }
  return lines;
}

/// The link watch holds its CMAC in reset for a moment of each second in which a link is down. A look that happens to
/// meet that does not see why; the next one tells, and a reset that lasts is told as one.
void PortWatch::tell_down(std::size_t place, const PortState& port, LogWords& lines) {
  untold_[place] = port.is(mac_reset) && !untold_[place];
  if (!untold_[place]) {
    lines.emplace_back(LogLevel::warning, fmt::format("{} link: down: {}", port.name, port_advice(port)));
  }
}

LogWords PortWatch::look(Device& device, Milliseconds now) {
  LogWords lines;
  read_sensors(device, now);
  if (state_.ports.empty()) {
    return lines;
  }
  auto ports = read_ports(device);
  state_.why = ports ? std::string() : ports.error().text;
  if (!ports) {
    if (state_.why != said_) {
      said_ = state_.why;
      lines.emplace_back(LogLevel::warning, "links cannot be read: " + state_.why);
    }
    return lines;
  }
  if (!std::exchange(said_, {}).empty()) {
    lines.emplace_back(LogLevel::notice, "links can be read again");
  }
  for (std::size_t i = 0; i < ports->size(); ++i) {
    auto& before = state_.ports[i];
    auto& port = (*ports)[i];
    count(i, port, false);
    const bool was = before.now.is(up);
    const bool untold = untold_[i];
    const auto flaps = port.counter(port_reg::Counter::flaps) - before.now.counter(port_reg::Counter::flaps);
    if (!port.is(up) && (was || untold)) {
      tell_down(i, port, lines);
    } else if (port.is(up) && untold) {
      untold_[i] = false;
      lines.emplace_back(LogLevel::warning, moment_text(port, 1));
    } else if (!was && port.is(up)) {
      lines.emplace_back(LogLevel::notice, fmt::format("{} link: up again after {:.0f} s, RS-FEC {}", port.name,
                                                       seconds(now - before.since), port.is(fec) ? "on" : "off"));
    } else if (was && flaps != 0) {
      lines.emplace_back(LogLevel::warning, moment_text(port, flaps));
    }
    const bool changed = was != port.is(up) || (was && flaps != 0);
    before = {port, changed ? now : before.since};
  }
  return lines;
}

/// Makes a port's counters what they count in all. `anew`: one that is smaller than before began at 0 again.
void PortWatch::count(std::size_t place, PortState& port, bool anew) {
  for (std::size_t i = 0; i < port_reg::kCounters; ++i) {
    const auto now = static_cast<std::uint32_t>(port.counters[i]);
    const auto before = static_cast<std::uint32_t>(std::exchange(seen_[place][i], now));
    totals_[place][i] += anew && now < before ? now : static_cast<std::uint32_t>(now - before);
    port.counters[i] = totals_[place][i];
  }
}

void PortWatch::read_sensors(Device& device, Milliseconds now) {
  if (now >= next_sensors_) {
    next_sensors_ = now + kSensorsEvery;
    state_.sensors = device.sensors();
  }
}

}  // namespace synward
