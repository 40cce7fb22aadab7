// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/report.hpp"

#include <string>
#include <string_view>

#include "synward/netstat.hpp"

namespace synward::sim {

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

Json events_json(const EventReport& events) {
  Json json;
  for (std::size_t code = 1; code <= reg::kEvents.size(); ++code) {
    json[std::string(reg::kEvents[code - 1].name)] = {{"recorded", events.recorded[code]}, {"lost", events.lost[code]}};
  }
  return json;
}

Json latency_json(const Histogram& latencies) {
  if (latencies.empty()) {
    return nullptr;
  }
  return {{"min", latencies.percentile(0)},
          {"p50", latencies.percentile(0.5)},
          {"p99", latencies.percentile(0.99)},
          {"max", latencies.percentile(1)}};
}

void add_syn_latency(Json& report, const SynLatency& latency, bool timed) {
  report["latency_cycles"] = timed ? latency_json(latency.all()) : Json();
  report["latency_cycles_ipv4"] = timed ? latency_json(latency.ipv4()) : Json();
  report["latency_cycles_ipv6"] = timed ? latency_json(latency.ipv6()) : Json();
}

}  // namespace synward::sim
