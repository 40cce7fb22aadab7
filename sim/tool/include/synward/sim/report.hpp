// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>

#include "synward/counters.hpp"
#include "synward/sim/histogram.hpp"
#include "synward/sim/syn_latency.hpp"

namespace synward::sim {

/// Reports keep the order in which they are made, for those who read them.
using Json = nlohmann::ordered_json;

/// `ports`, `fates`, `drops` and `counters` of a card, the last with every key of netstat's syncache and syncookies.
Json counters_json(const Counters& counters);

/// {min, p50, p99, max} in the histogram's own unit; null where it is empty.
Json latency_json(const Histogram& latencies);

/// Adds latency_cycles, latency_cycles_ipv4 and latency_cycles_ipv6; all null where the core is not timed.
void add_syn_latency(Json& report, const SynLatency& latency, bool timed);

}  // namespace synward::sim
