// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
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
  held_back,          ///< answers that FreeBSD limits: to UDP, pings, segments to closed ports
  healthy,            ///< counters of handshakes that were completed
  malformed,          ///< segments that no client sends
  noise               ///< too little to be anything
};
std::string_view cause_name(Cause cause);

/// Events that belong together, and what they mean.
struct Finding {
  Cause cause = Cause::noise;
  std::string source;                 ///< "119.254.12.34", a prefix, "many sources" or "sources not told"
  std::uint16_t port = 0;             ///< the local one; 0: several, or none
  std::uint64_t count = 0;            ///< events, those that were not recorded too
  std::uint64_t not_recorded = 0;     ///< of them
  std::size_t sources = 0;            ///< different addresses; 0: not told
  std::size_t client_ports = 0;       ///< different ports of them
  std::optional<double> first, last;  ///< s, where the events tell
  std::uint64_t timed = 0;            ///< of the count, within these
  double confidence = 0;              ///< 0..1
  std::string pattern;                ///< what was seen
  std::string meaning;                ///< what it is, and whether anything got in
  std::string advice;                 ///< what to do

  double seconds() const { return first ? *last - *first : 0; }
  /// 0: not known.
  double per_second() const { return seconds() > 0 ? static_cast<double>(timed) / seconds() : 0; }
};

/// Events of one code that a card has counted, and not recorded.
struct NotRecorded {
  std::uint64_t count = 0;
  double first = 0, last = 0;  ///< s, within which they came
};

/// What is known beside the events.
struct Circumstances {
  bool acks_pass = true;  ///< net.synward.unknown_ack is pass, its default
  std::array<NotRecorded, kEventCodes> not_recorded{};
};

/// Groups events by source prefix (/24, /64), local port and kind, and finds the cause of each group; the
/// most frequent first, noise last. What was not recorded is spread over the groups as what was recorded is.
std::vector<Finding> diagnose(const std::vector<LogEvent>& events, const Circumstances& circumstances = {});

/// The findings in words.
std::string findings_text(const std::vector<Finding>& findings);
/// The findings as JSON.
std::string findings_json(const std::vector<Finding>& findings);

}  // namespace synward
