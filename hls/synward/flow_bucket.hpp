// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/record_codes.hpp"
#include "synward/timers.hpp"

namespace synward {

/// Flows that a bucket of the flow table can hold.
constexpr unsigned kFlowWays = 16;
/// No such way: the flow was not found, or no way is free.
constexpr unsigned kNoFlow = 0xff;

/// A flow, 36 bits.
struct FlowWay {
  std::uint8_t state;         ///< 2 bits; handed: the server has not spoken yet; closing: it said FIN or RST
  std::uint8_t aux;           ///< 6 bits; handed: visited, mark_slot, ECN; open: age, laps; closing: answered, age
  std::uint32_t fingerprint;  ///< 28 bits
};

/// A bucket of the flow table.
struct FlowBucket {
  FlowWay way[kFlowWays];
  std::uint8_t open_laps;  ///< laps for which the bucket fails open, because a flow found no way, 0..62
};

/// The sweeper has come by since the last mark of a handed flow.
constexpr std::uint8_t kFlowVisited = 32;

/// The server has answered a SYN since it ended a closing flow.
constexpr std::uint8_t kFlowAnswered = 32;

/// What a handed flow keeps of its last mark: its time (four bits of it), and whether the mark said ECN, which no
/// cookie tells.
inline std::uint8_t flow_marked(std::uint32_t time_ms, bool ecn) {
  return static_cast<std::uint8_t>((mark_slot(time_ms) & 15u) << 1 | (ecn ? 1u : 0u));
}

/// Whether the last mark of a handed flow said ECN.
inline bool flow_ecn(const FlowWay& way) { return (way.aux & 1u) != 0; }

/// Whether the last mark of a handed flow is of the same 16 ms.
inline bool flow_marked_now(std::uint32_t time_ms, const FlowWay& way) {
  return (way.aux >> 1 & 15u) == (mark_slot(time_ms) & 15u);
}

/// Empties a bucket, as a load does. `learn`: laps for which it then fails open, net.synward.flow_learn.
inline void flows_clear(FlowBucket& flows, std::uint8_t learn) {
  for (unsigned i = 0; i < kFlowWays; ++i) flows.way[i] = FlowWay{kFlowFree, 0, 0};
  flows.open_laps = learn;
}

/// The lowest way that holds `fingerprint`, or kNoFlow.
inline unsigned flows_find(const FlowBucket& flows, std::uint32_t fingerprint) {
  unsigned found = kNoFlow;
  for (unsigned i = kFlowWays; i-- > 0;) {
    if (flows.way[i].state != kFlowFree && flows.way[i].fingerprint == fingerprint) found = i;
  }
  return found;
}

/// The lowest free way, or kNoFlow.
inline unsigned flows_find_free(const FlowBucket& flows) {
  unsigned found = kNoFlow;
  for (unsigned i = kFlowWays; i-- > 0;) {
    if (flows.way[i].state == kFlowFree) found = i;
  }
  return found;
}

/// Laps that a closing flow stays after its last segment, at least: 4 x 131 s, so that a half-closed connection may be
/// silent for 500 s.
constexpr std::uint8_t kClosingLaps = 4;
/// The sweeper's visit to one way: ages it. True if it became free. `flow_idle` laps an open flow may be idle. A handed
/// one counts as open though its server was not seen once a whole lap has passed since its last mark: whoever waits for
/// a full queue, and asks again, waits on.
inline bool flow_visit(FlowWay& way, std::uint8_t flow_idle) {
  if (way.state == kFlowHanded) {
    if ((way.aux & kFlowVisited) != 0) {
      way.state = kFlowOpen;
      way.aux = 0;
    } else {
      way.aux |= kFlowVisited;
    }
    return false;
  }
  if (way.state == kFlowFree) return false;
  const bool closing = way.state == kFlowClosing;
  const std::uint8_t age = closing ? static_cast<std::uint8_t>(way.aux & (kFlowAnswered - 1u)) : way.aux;
  if (age >= (closing ? kClosingLaps : flow_idle)) {
    way = FlowWay{kFlowFree, 0, 0};
    return true;
  }
  ++way.aux;
  return false;
}

/// The sweeper's visit to a bucket, once a lap. How many flows it removed, 0..16.
inline unsigned flows_visit(FlowBucket& flows, std::uint8_t flow_idle) {
  unsigned aged = 0;
  for (unsigned i = 0; i < kFlowWays; ++i) aged += flow_visit(flows.way[i], flow_idle) ? 1u : 0u;
  if (flows.open_laps != 0) --flows.open_laps;
  return aged;
}

}  // namespace synward
