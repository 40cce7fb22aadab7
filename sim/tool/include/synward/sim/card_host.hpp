// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "synward/config.hpp"
#include "synward/cookie_secrets.hpp"
#include "synward/device.hpp"
#include "synward/event.hpp"
#include "synward/expected.hpp"
#include "synward/log.hpp"

namespace synward::sim {

/// What came out of a card's event ring in a run.
struct EventReport {
  std::array<std::uint64_t, kEventCodes> recorded{};  ///< by code; 0: notes alone
  std::array<std::uint32_t, kEventCodes> lost{};      ///< refused by the ring, by code
  std::string json_lines;                             ///< every event, a line each
  std::string log;                                    ///< the log, with dmesg's times
};

/// The host program beside a simulated card: it rotates the cookie secrets, collects events and writes the log. Times
/// are seconds since the start of the run.
class CardHost {
 public:
  /// Clocks that the card needs at most to give one event away.
  static constexpr std::uint64_t kClocksPerEvent = 128;
  static constexpr double kVisitEvery = 1;  ///< s, at the latest

  /// `config` has been applied, with secrets in it, and outlives the host. `started`: what the card's clock shows at
  /// the start of the run, s.
  CardHost(Device& card, const Config& config, double started);

  /// When the host wants to look at the card next.
  double next_visit() const { return std::min(next_rotation_, last_visit_ + kVisitEvery); }
  /// Rotates the secrets where that is due, and takes at most `most` events.
  Expected<void> visit(double now, std::size_t most);
  /// Whether the last visit left no event on the card.
  bool took_all() const { return took_all_; }
  /// Makes up, at once, for the visits up to `until` in a time in which the card had no event to give: what they would
  /// have done is to rotate the secrets. Only after took_all().
  Expected<void> rest(double until);
  /// Takes all events that are left. Once, at the end.
  EventReport finish();

 private:
  void take(std::size_t most);
  Expected<void> rotate(double now);
  void write(const std::vector<LogLine>& lines);

  Device& card_;
  const Config& config_;
  CookieSecrets secrets_;
  EventReader reader_;
  Logger logger_;
  EventReport report_;
  double started_;
  double next_rotation_;
  double last_visit_ = 0;
  unsigned rotations_ = 0;
  bool took_all_ = false;
};

}  // namespace synward::sim
