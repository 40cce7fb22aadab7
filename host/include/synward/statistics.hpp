// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "synward/counters.hpp"

namespace synward {

/// `ports`, `fates`, `drops` and `counters` of a card, the last with every key of netstat's syncache and syncookies,
/// and with those of tcp that a card knows.
nlohmann::ordered_json counters_json(const Counters& counters);
/// `tables`: what the card's tables hold.
nlohmann::ordered_json tables_json(const TableState& tables);

/// What nstat prints: Linux' counters that a card has events for, those of 0 too, by their names in /proc/net/netstat
/// and /proc/net/snmp. The last column, a rate, is always 0.0, as nstat has it without its daemon.
std::string nstat_text(const Counters& counters);

}  // namespace synward
