// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "synward/event.hpp"

namespace synward {

/// What a group of events is found to be.
enum class Cause : std::uint8_t {
  scan,               ///< one client, port after port
  late_clients,       ///< their cookies were good, but too old
  forgery,            ///< ACKs that answer no SYN-ACK, of many sources or at a rate
  lost_connections,   ///< segments of connections that the server or the card has forgotten
  syn_flood,          ///< the syncache overflowed, or Linux's listen queue
  repeating_clients,  ///< SYNs that come again, and SYN-ACKs that nobody answers
  rst_probing,        ///< RSTs that miss
  server_overloaded,  ///< handshakes whose socket could not be made
  malformed,          ///< segments that no client sends
  noise               ///< too little to be anything
};
std::string_view cause_name(Cause cause);

/// Events that belong together, and what they mean.
struct Finding {
  Cause cause = Cause::noise;
  std::string source;                 ///< "119.254.12.34", a prefix, "many sources" or "sources not told"
  std::uint16_t port = 0;             ///< the local one; 0: several, or none
  std::uint64_t count = 0;            ///< events
  std::size_t sources = 0;            ///< different addresses; 0: not told
  std::size_t client_ports = 0;       ///< different ports of them
  std::optional<double> first, last;  ///< s, where the events tell
  double confidence = 0;              ///< 0..1
  std::string pattern;                ///< what was seen
  std::string meaning;                ///< what it is, and whether anything got in
  std::string advice;                 ///< what to do

  double seconds() const { return first ? *last - *first : 0; }
};

/// Groups events by source prefix (/24, /64), local port and kind, and finds the cause of each group; the
/// most frequent first, noise last. `acks_pass`: net.synward.unknown_ack is pass, its default.
std::vector<Finding> diagnose(const std::vector<LogEvent>& events, bool acks_pass = true);

/// The findings in words.
std::string findings_text(const std::vector<Finding>& findings);
/// The findings as JSON.
std::string findings_json(const std::vector<Finding>& findings);

}  // namespace synward
