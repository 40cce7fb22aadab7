// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "event_book.hpp"
#include "log_book.hpp"
#include "synward/daemon_config.hpp"

namespace synward {

/// Whose clients somebody may see: everybody's, or those of the services that he owns. Arguments of events, sequence
/// numbers among them, are for those alone who see everything by right, by the admin socket.
class Sight {
 public:
  /// The admin's.
  static Sight admin() { return Sight(true, true); }
  /// Every client, but no arguments: see_other.
  static Sight of_all_clients() { return Sight(true, false); }
  /// A user's; nobody known owns nothing.
  Sight(const DaemonConfig& config, std::optional<std::uint32_t> uid);

  bool arguments() const { return arguments_; }
  /// Every client.
  bool has_all() const { return all_; }
  /// Clients of the service at this place of the table.
  bool has(std::size_t place) const { return all_ || (place < owned_.size() && owned_[place]); }
  /// Clients that go there.
  bool has(const IpAddress& address, std::uint16_t port) const;
  /// An event's client, if it has one.
  bool has(const LogEvent& event) const;

 private:
  Sight(bool all, bool arguments) : all_(all), arguments_(arguments) {}

  bool all_ = false, arguments_ = false;
  std::vector<Service> services_;  ///< in the order of the table
  std::vector<bool> owned_;
};

/// What of it may be shown.
std::vector<LogBook::Line> shown(std::vector<LogBook::Line> lines, const Sight& sight);
std::vector<EventBook::Item> shown(std::vector<EventBook::Item> events, const Sight& sight);

}  // namespace synward
