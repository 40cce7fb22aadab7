// SPDX-License-Identifier: BSD-2-Clause
#include "synward/netstat.hpp"

#include <fmt/format.h>

namespace synward {

namespace {

std::string line(unsigned tabs, std::uint64_t value, std::string_view one, std::string_view many) {
  return fmt::format("{}{} {}\n", std::string(tabs, '\t'), value, value == 1 ? one : many);
}

}  // namespace

TcpTotals tcp_totals(const Counters& counters) {
  using enum reg::Counter;
  const auto acks = counters[answered] + counters[retransmitted] + counters[challenge_acks];
  return {.packets_sent = acks + counters[resets_sent],
          .ack_only = acks,
          .control = counters[resets_sent],
          .accepts = counters[completed] + counters[recvcookie],
          .bad_attempts = counters[badsyn],
          .listen_overflows = 0,
          .ignored_resets = counters[badrst]};
}

std::string netstat_text(const Counters& counters, std::uint64_t half_open) {
  const auto tcp = tcp_totals(counters);
  std::string text = "tcp:\n" + line(1, tcp.packets_sent, "packet sent", "packets sent");
  text += line(2, tcp.ack_only, "ack-only packet (0 delayed)", "ack-only packets (0 delayed)");
  text += line(2, tcp.control, "control packet", "control packets");
  text += line(1, tcp.accepts, "connection accept", "connection accepts");
  text += line(1, tcp.bad_attempts, "bad connection attempt", "bad connection attempts");
  text += line(1, tcp.listen_overflows, "listen queue overflow", "listen queue overflows");
  text += line(1, tcp.ignored_resets, "ignored RSTs in the window", "ignored RSTs in the windows");
  for (const auto& one : kNetstatLines) {
    text += line(one.tabs, one.value(counters), one.one, one.many);
  }
  // The singular has a blank more: netstat's own slip, which scripts may know.
  return text + "TCP connection count by state:\n" +
         line(1, half_open, "connection  in SYN_RCVD state", "connections in SYN_RCVD state");
}

}  // namespace synward
