// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>

#include "synward/sim/card_host.hpp"
#include "synward/sim/histogram.hpp"
#include "synward/sim/syn_latency.hpp"
#include "synward/statistics.hpp"

namespace synward::sim {

/// Reports keep the order in which they are made, for those who read them.
using Json = nlohmann::ordered_json;

/// `events`: for each code of the card, by name, how many were recorded and how many the ring refused.
Json events_json(const EventReport& events);

/// {min, p50, p99, max} in the histogram's own unit; null where it is empty.
Json latency_json(const Histogram& latencies);

/// Adds latency_cycles, latency_cycles_ipv4 and latency_cycles_ipv6; all null where the core is not timed.
void add_syn_latency(Json& report, const SynLatency& latency, bool timed);

}  // namespace synward::sim
