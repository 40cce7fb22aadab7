// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "synward/counters.hpp"
#include "synward/expected.hpp"
#include "synward/sim/card.hpp"
#include "synward/sim/card_host.hpp"
#include "synward/sim/histogram.hpp"
#include "synward/sim/scenario.hpp"
#include "synward/sim/server.hpp"
#include "synward/sim/syn_latency.hpp"

namespace synward::sim {

/// What happened within one bin of time.
struct Bin {
  std::uint64_t offered_syns = 0;  ///< well-formed SYNs that came in, of attackers and clients
  std::uint64_t answered = 0;      ///< SYN-ACKs that left
  std::uint64_t started = 0;       ///< connections whose client sent its first SYN and means to go on
  std::uint64_t succeeded = 0;     ///< connections whose whole response was there
  // What the card said at the end of the bin; nothing where the run ended before.
  bool sampled = false;
  TableState tables;
  std::uint64_t cached = 0;         ///< SYNs answered in the bin from an entry of the syncache
  std::uint64_t stateless = 0;      ///< SYNs answered in the bin without one
  std::uint64_t retransmitted = 0;  ///< SYN-ACKs that timers sent in the bin
};

struct AttackerTally {
  AttackKind kind;
  std::uint64_t frames = 0;         ///< sent
  std::uint64_t lost_upstream = 0;  ///< of these: found the 100 Gb/s line too busy
  std::uint64_t wire_bytes = 0;     ///< of the others, with preamble, FCS and gap
};

struct ClientTally {
  std::uint64_t started = 0;
  std::uint64_t connected = 0;     ///< received a good SYN-ACK
  std::uint64_t succeeded = 0;     ///< received the whole response
  std::uint64_t reset = 0;         ///< refused
  std::uint64_t lost = 0;          ///< left without a word, as the scenario has it
  std::uint64_t bad_syn_acks = 0;  ///< SYN-ACKs that broke a rule
  std::uint64_t retransmissions = 0;
  std::uint64_t lost_upstream = 0;  ///< frames that found the line too busy
};

/// What a run of a scenario gave.
struct RunResult {
  std::vector<Bin> bins;
  std::vector<AttackerTally> attackers;
  ClientTally clients;
  Histogram connect_cycles;  ///< first SYN sent to good SYN-ACK received, at the client
  Histogram request_cycles;  ///< request sent to whole response received, at the client
  Server::Tally server;
  SynLatency syn_latency;
  Counters counters;
  TableState tables;  ///< at the end
  EventReport events;
  std::uint64_t cycles = 0;          ///< first beat in to last beat out
  double first_us = 0, last_us = 0;  ///< when the first and the last attack frame were due
};

/// Runs a scenario around a card that has been set up for it. Errors: interrupted, the card does not come to rest, its
/// books are wrong, too few addresses for the clients.
Expected<RunResult> run_world(const Scenario& scenario, Card& card);

/// Called after each step of the world, of a tenth of a second at most; the card may be used. False ends the traffic.
using BetweenSteps = std::function<bool()>;

/// Runs a scenario's attackers, clients and server around a card that somebody else sets up and looks after: none of
/// its registers is touched, and the server believes every mark. Errors: interrupted, too few addresses for the
/// clients, the card does not come to rest.
Expected<void> run_traffic(const Scenario& scenario, Card& card, const BetweenSteps& between);

}  // namespace synward::sim
