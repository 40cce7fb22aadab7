// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "synward/attack.hpp"
#include "synward/control_frame.hpp"
#include "synward/counters.hpp"
#include "synward/engine_health.hpp"
#include "synward/event.hpp"
#include "synward/ports.hpp"
#include "synward/secret_keeper.hpp"

namespace synward {

/// What the card says of itself; by event code what was recorded of its events, and what it lost.
struct CardMetrics {
  std::string backend{}, where{};  ///< as [device] has them
  std::uint32_t map_version = 0, clock_hz = 0;
  Counters counters;
  TableState tables;
  std::uint64_t entry_limit = 0, flow_limit = 0;
  EngineHealth engine{};
  std::uint64_t engine_resets = 0;  ///< for a fault, since the daemon began
  std::array<std::uint64_t, kEventCodes> events_recorded{};
  std::array<std::uint64_t, kEventCodes> events_lost{};
  std::vector<PortState> ports{};  ///< none: they are no part of the card
  std::vector<Sensor> sensors{};
};

/// Attacks of a class.
struct AttackMetrics {
  bool active = false;
  std::uint64_t begun = 0;  ///< since the daemon began
};

/// What became of clients at one of the daemon's sockets.
struct DoorMetrics {
  std::uint64_t answers = 0;      ///< to requests
  std::uint64_t refused = 0;      ///< of them, those with a status of 400 or more
  std::uint64_t turned_away = 0;  ///< connections that had to make way for others
};

/// Servers behind the card, by their agents.
struct HandoffMetrics {
  std::size_t agents = 0, lost = 0;                       ///< that are known; of them, those that are silent
  std::uint64_t losses = 0;                               ///< how often one was lost
  std::size_t learned = 0;                                ///< services
  std::uint64_t out_of_bounds = 0;                        ///< records
  std::array<std::uint64_t, control::kMailFates> mail{};  ///< control frames, by what became of them
};

/// The daemon's process.
struct ProcessMetrics {
  std::chrono::milliseconds started{};  ///< Unix time
  double cpu_s = 0;
  std::uint64_t resident_bytes = 0;
};

/// What the metrics are made of.
struct Metrics {
  std::optional<CardMetrics> card;  ///< nothing: the card is lost
  std::uint64_t card_losses = 0;    ///< how often it was
  bool bypass = false;              ///< nothing is protected, by an operator's wish
  HandoffMetrics handoff{};
  SecretStatus secrets;
  std::chrono::milliseconds secret_lifetime{};  ///< how old a key is to become that makes cookies; 0: any age
  DoorMetrics admin{}, everyone{}, tcp{};
  std::uint64_t log_lines = 0, log_lost = 0;            ///< all lines, and those that could not be written
  std::array<AttackMetrics, kAttackClasses> attacks{};  ///< by class
  ProcessMetrics process{};
  std::string version{};  ///< of the daemon
};

/// Prometheus' text format (docs/metrics.md). Without a card only what the daemon knows by itself.
std::string prometheus_text(const Metrics& metrics);

/// A card that has all that any may have, ports and sensors among it; all of it is 0.
CardMetrics any_card();

/// docs/metrics.md: every metric with its type, labels and meaning.
std::string metrics_page();

}  // namespace synward
