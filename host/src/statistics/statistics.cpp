// SPDX-License-Identifier: BSD-2-Clause
#include "synward/statistics.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "synward/netstat.hpp"

namespace synward {

namespace {

using Json = nlohmann::ordered_json;

/// A counter of Linux and what it is here.
struct LinuxCounter {
  std::string_view name;
  std::uint64_t value;
};

std::vector<LinuxCounter> linux_counters(const Counters& counters) {
  using enum reg::Counter;
  const auto handed_over = counters[completed] + counters[recvcookie];
  const auto dropped = counters.drop(reg::Drop::syncache_full);
  return {{"TcpPassiveOpens", handed_over},
          {"TcpRetransSegs", counters[retransmitted]},
          {"TcpOutRsts", counters[resets_sent]},
          {"TcpInCsumErrors", counters.drop(reg::Drop::bad_tcp_checksum)},
          {"TcpExtSyncookiesSent", counters[stateless]},
          {"TcpExtSyncookiesRecv", counters[recvcookie]},
          {"TcpExtSyncookiesFailed", counters[failcookie]},
          {"TcpExtEmbryonicRsts", counters[reset]},
          {"TcpExtListenOverflows", 0},
          {"TcpExtListenDrops", dropped},
          {"TcpExtTCPReqQFullDoCookies", counters[stateless]},
          {"TcpExtTCPReqQFullDrop", dropped},
          {"TcpExtPAWSEstab", counters.drop(reg::Drop::paws)},
          {"TcpExtTCPChallengeACK", counters[challenge_acks]},
          {"TcpExtTCPSynRetrans", counters[retransmitted]}};
}

}  // namespace

Json counters_json(const Counters& counters) {
  Json report;
  for (std::size_t i = 0; i < reg::kCounters; ++i) {
    Json* at = &report;
    std::string_view path = reg::kCounterInfo[i].json;
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
      at = &(*at)[std::string(path.substr(0, dot))];
      path.remove_prefix(dot + 1);
    }
    (*at)[std::string(path)] = counters.values[i];
  }
  // All of netstat's lines, in its order, before what else the card counts.
  Json named;
  const auto tcp = tcp_totals(counters);
  named["tcp"] = {{"sent-packets", tcp.packets_sent},
                  {"sent-ack-only-packets", tcp.ack_only},
                  {"sent-control-packets", tcp.control},
                  {"connection-accepts", tcp.accepts},
                  {"listen-queue-overflows", tcp.listen_overflows}};
  for (const auto& line : kNetstatLines) {
    named[std::string(line.container)][std::string(line.key)] = line.value(counters);
  }
  for (const auto& [container, values] : report["counters"].items()) {
    named[container].update(values);
  }
  report["counters"] = std::move(named);
  return report;
}

Json tables_json(const TableState& tables) {
  return {{"syncache_count", tables.entries},
          {"flows", tables.flows},
          {"paused", tables.paused},
          {"backoff", tables.backoff},
          {"pause_left_ms", tables.pause_left_ms}};
}

std::string nstat_text(const Counters& counters) {
  std::string text = "#kernel\n";
  for (const auto& [name, value] : linux_counters(counters)) {
    text += fmt::format("{:<32}{:<16}{:>6}\n", name, value, "0.0");
  }
  return text;
}

}  // namespace synward
