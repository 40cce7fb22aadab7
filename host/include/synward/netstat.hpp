// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "synward/counters.hpp"

namespace synward {

/// One line of the syncache part of FreeBSD's `netstat -s -p tcp`, and its key in netstat's libxo output.
struct NetstatLine {
  std::string_view container;           ///< libxo container
  std::string_view key;                 ///< libxo key
  unsigned tabs;                        ///< indent
  std::string_view one, many;           ///< text behind the number: for 1, and for all others
  std::optional<reg::Counter> counter;  ///< nothing: the card has no such event, the value is 0

  std::uint64_t value(const Counters& counters) const { return counter ? counters[*counter] : 0; }
};

/// The lines in netstat's order.
inline constexpr std::array<NetstatLine, 17> kNetstatLines{{
    {"syncache", "entries-added", 1, "syncache entry added", "syncache entries added", {}},
    {"syncache", "retransmitted", 2, "retransmitted", "retransmitted", {}},
    {"syncache", "duplicates", 2, "dupsyn", "dupsyn", {}},
    {"syncache", "dropped", 2, "dropped", "dropped", reg::Counter::sc_dropped},
    {"syncache", "completed", 2, "completed", "completed", {}},
    {"syncache", "bucket-overflow", 2, "bucket overflow", "bucket overflow", {}},
    {"syncache", "cache-overflow", 2, "cache overflow", "cache overflow", {}},
    {"syncache", "reset", 2, "reset", "reset", {}},
    {"syncache", "stale", 2, "stale", "stale", {}},
    {"syncache", "aborted", 2, "aborted", "aborted", {}},
    {"syncache", "bad-ack", 2, "badack", "badack", {}},
    {"syncache", "unreachable", 2, "unreach", "unreach", {}},
    {"syncache", "zone-failures", 2, "zone failure", "zone failures", {}},
    {"syncookies", "sent-cookies", 1, "cookie sent", "cookies sent", reg::Counter::sendcookie},
    {"syncookies", "received-cookies", 2, "cookie received", "cookies received", reg::Counter::recvcookie},
    {"syncookies", "spurious-cookies", 2, "spurious cookie rejected", "spurious cookies rejected", {}},
    {"syncookies", "failed-cookies", 2, "failed cookie rejected", "failed cookies rejected", reg::Counter::failcookie},
}};

/// The seventeen lines as netstat prints them, each ended by a line break.
std::string netstat_text(const Counters& counters);

}  // namespace synward
