// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "synward/counters.hpp"

namespace synward {

/// One line of FreeBSD's `netstat -s -p tcp` (main), and its key in netstat's libxo output.
struct NetstatLine {
  std::string_view container;           ///< libxo container
  std::string_view key;                 ///< libxo key
  unsigned tabs;                        ///< indent
  std::string_view one, many;           ///< text behind the number: for 1, and for all others
  std::optional<reg::Counter> counter;  ///< nothing: the card has no such event, the value is 0

  std::uint64_t value(const Counters& counters) const { return counter ? counters[*counter] : 0; }
};

/// The syncache's lines in netstat's order.
inline constexpr std::array<NetstatLine, 17> kNetstatLines{{
    {"syncache", "entries-added", 1, "syncache entry added", "syncache entries added", reg::Counter::added},
    {"syncache", "retransmitted", 2, "retransmitted", "retransmitted", reg::Counter::retransmitted},
    {"syncache", "duplicates", 2, "dupsyn", "dupsyn", reg::Counter::dupsyn},
    {"syncache", "dropped", 2, "dropped", "dropped", reg::Counter::sc_dropped},
    {"syncache", "completed", 2, "completed", "completed", reg::Counter::completed},
    {"syncache", "bucket-overflow", 2, "bucket overflow", "bucket overflow", reg::Counter::bucketoverflow},
    {"syncache", "cache-overflow", 2, "cache overflow", "cache overflow", {}},
    {"syncache", "reset", 2, "reset", "reset", reg::Counter::reset},
    {"syncache", "stale", 2, "stale", "stale", reg::Counter::stale},
    {"syncache", "aborted", 2, "aborted", "aborted", {}},
    {"syncache", "bad-ack", 2, "badack", "badack", {}},
    {"syncache", "unreachable", 2, "unreach", "unreach", reg::Counter::unreach},
    {"syncache", "zone-failures", 2, "zone failure", "zone failures", reg::Counter::zonefail},
    {"syncookies", "sent-cookies", 1, "cookie sent", "cookies sent", reg::Counter::sendcookie},
    {"syncookies", "received-cookies", 2, "cookie received", "cookies received", reg::Counter::recvcookie},
    {"syncookies", "spurious-cookies", 2, "spurious cookie rejected", "spurious cookies rejected",
     reg::Counter::spurcookie},
    {"syncookies", "failed-cookies", 2, "failed cookie rejected", "failed cookies rejected", reg::Counter::failcookie},
}};

/// What a card has to say of the lines of TCP as a whole, in netstat's order. What goes to the server's own stack is
/// not in them.
struct TcpTotals {
  std::uint64_t packets_sent;      ///< tcps_sndtotal: what the card itself sends to the line
  std::uint64_t ack_only;          ///< tcps_sndacks: SYN-ACKs and challenge ACKs, as FreeBSD counts them
  std::uint64_t control;           ///< tcps_sndctrl: RSTs
  std::uint64_t accepts;           ///< tcps_accepts: handshakes handed over
  std::uint64_t bad_attempts;      ///< tcps_badsyn
  std::uint64_t listen_overflows;  ///< tcps_listendrop: always 0, the card has no listen queue
  std::uint64_t ignored_resets;    ///< tcps_badrst
};
TcpTotals tcp_totals(const Counters& counters);

/// `netstat -s -p tcp` as far as a card knows: the lines of TcpTotals, the syncache's seventeen, and the connections in
/// SYN_RCVD (`half_open`, register SYNCACHE_COUNT). Each line is ended by a line break.
std::string netstat_text(const Counters& counters, std::uint64_t half_open);

}  // namespace synward
