// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/report.hpp"

#include <string>

namespace synward::sim {

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
