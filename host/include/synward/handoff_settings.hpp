// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <toml++/toml.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "synward/address.hpp"
#include "synward/config.hpp"
#include "synward/expected.hpp"

namespace synward {

/// What an agent may announce.
struct HandoffBounds {
  std::vector<IpPrefix> addresses;                             ///< none: no address
  std::vector<std::pair<std::uint16_t, std::uint16_t>> ports;  ///< first and last of each range; none: every port

  bool has(const IpAddress& address) const;
  bool has(const IpAddress& address, std::uint16_t port) const;
  bool operator==(const HandoffBounds&) const = default;
};

/// A server whose agent has a key of its own, so that no other server can speak for it.
struct HandoffServer {
  std::string name;      ///< for people
  std::string key_file;  ///< as the agent's --channel-key-file
  HandoffBounds bounds;

  bool operator==(const HandoffServer&) const = default;
};

/// [handoff] of the daemon's configuration.
struct HandoffSettings {
  std::string key_file;                 ///< what the servers share with the card; empty: there is no hand-off
  bool learn = false;                   ///< listeners within the bounds become services
  std::size_t most = 16;                ///< services that are learned at most, 1..kMaxServices
  HandoffBounds bounds;                 ///< of agents with the common key; not used where there are `servers`
  Service pattern;                      ///< what a learned service has beside what its listener says
  std::vector<std::uint16_t> vlans{0};  ///< where beacons are sent; 0: untagged
  std::vector<HandoffServer> servers;   ///< empty: agents have the common key

  bool operator==(const HandoffSettings&) const = default;
};

/// Whether an address lies in a range.
bool contains(const IpPrefix& prefix, const IpAddress& address);

/// Reads a table [handoff]. Errors as for a whole configuration.
Expected<HandoffSettings> handoff_settings_from_table(const toml::table& table, const std::string& file);

}  // namespace synward
