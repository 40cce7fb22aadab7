// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "synward/attack.hpp"
#include "synward/counters.hpp"
#include "synward/event.hpp"
#include "synward/secret_keeper.hpp"

namespace synward {

/// `ports`, `fates`, `drops` and `counters` of a card, the last with every key of netstat's syncache and syncookies,
/// and with those of tcp that a card knows.
nlohmann::ordered_json counters_json(const Counters& counters);
/// `tables`: what the card's tables hold.
nlohmann::ordered_json tables_json(const TableState& tables);

/// What nstat prints: Linux' counters that a card has events for, those of 0 too, by their names in /proc/net/netstat
/// and /proc/net/snmp. The last column, a rate, is always 0.0, as nstat has it without its daemon.
std::string nstat_text(const Counters& counters);

/// What the card says of itself; by event code what was recorded of its events, and what it lost.
struct CardMetrics {
  Counters counters;
  TableState tables;
  std::array<std::uint64_t, kEventCodes> events_recorded{};
  std::array<std::uint64_t, kEventCodes> events_lost{};
};

/// Clients' connections to the daemon that had to make way for others.
struct TurnedAway {
  std::uint64_t admin = 0, everyone = 0, tcp = 0;
};

/// Attacks of a class.
struct AttackMetrics {
  bool active = false;
  std::uint64_t begun = 0;  ///< since the daemon began
};

/// What the metrics are made of.
struct Metrics {
  std::optional<CardMetrics> card;  ///< nothing: the card is lost
  SecretStatus secrets;
  TurnedAway turned_away{};
  std::uint64_t log_lost = 0;                           ///< lines of the log that could not be written
  std::array<AttackMetrics, kAttackClasses> attacks{};  ///< by class
};

/// Prometheus' text format: synward_card_up, every counter by its path in docs/registers.md, tables, events, secrets.
/// Without a card only what the daemon knows by itself.
std::string prometheus_text(const Metrics& metrics);

}  // namespace synward
