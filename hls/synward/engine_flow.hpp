// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/engine_step.hpp"
#include "synward/reply.hpp"

namespace synward {

inline void flow_close(FlowWay& flow) {
  flow.state = kFlowClosing;
  flow.aux = 0;
}

inline void flow_open(FlowWay& flow) {
  flow.state = kFlowOpen;
  flow.aux = 0;
}

/// Least time between two marks of one connection, 4 ms: more than 10 ms between them, whatever the rounding.
constexpr std::uint8_t kRemarkTime = 4;

/// An ACK of a flow whose server has not spoken yet: perhaps the mark was lost.
inline void flow_remark(EngineStep& step, FlowWay& flow) {
  const RequestRecord& request = step.request;
  if (!cookies_on(step.config) || !step.room.host || flow_time_since(request.time_ms, flow) < kRemarkTime) return;
  const CookieCheck cookie = cookie_check(step.config.keys.cookie, step.ends, request.seq, request.ack);
  if (!cookie.ok) return;
  reply_mark(step, mark_from_cookie(request, cookie.byte));
  flow.aux = flow_time(request.time_ms);
  step.answer.counts.remarked = true;
}

/// A SYN, ACK or RST of a known flow: forwarded in any case.
inline void flow_segment(EngineStep& step) {
  FlowWay& flow = step.flows.way[step.flow & (kFlowWays - 1)];
  const RequestRecord& request = step.request;
  step.answer.counts.established = true;
  if (request.op == kOpRst || (request.op == kOpAck && (request.flags & kTcpFin) != 0)) {
    flow_close(flow);
  } else if (request.op == kOpSyn) {
    if (flow.state != kFlowHanded) flow_open(flow);
  } else if (flow.state == kFlowHanded) {
    flow_remark(step, flow);
  } else {
    flow.aux = 0;
  }
}

/// A segment of the host.
inline void flow_server(EngineStep& step) {
  if (step.flow == kNoFlow) return;
  FlowWay& flow = step.flows.way[step.flow & (kFlowWays - 1)];
  if ((step.request.flags & (kTcpFin | kTcpRst)) != 0) {
    flow_close(flow);
  } else if (flow.state == kFlowHanded) {
    flow_open(flow);
  } else {
    flow.aux = 0;
  }
}

/// Hands a connection over to the host and remembers it as a flow.
inline void flow_hand_over(EngineStep& step, const MarkContent& mark) {
  reply_mark(step, mark);
  if (!step.config.tables_ready) return;
  const unsigned free = flows_find_free(step.flows);
  if (free == kNoFlow) {
    step.flows.open_laps = step.config.flow_idle;
    step.answer.counts.flows_full = true;
    return;
  }
  step.flows.way[free & (kFlowWays - 1)] = FlowWay{kFlowHanded, flow_time(step.request.time_ms), step.fingerprint};
  ++step.state.flows;
  step.answer.counts.flows_added = true;
}

/// The sweeper's visit to a flow bucket.
inline void flow_sweep(EngineStep& step) {
  if (!step.config.tables_ready) return;
  const unsigned aged = flows_visit(step.flows, step.request.time_ms, step.config.flow_idle);
  step.state.flows -= aged;
  step.answer.counts.flows_aged = static_cast<std::uint8_t>(aged);
}

/// True if segments of unknown connections are to be forwarded, because flows of this bucket may be missing.
inline bool flow_fails_open(const EngineStep& step) {
  return !step.config.tables_ready || step.flows.open_laps != 0 || step.config.unknown_ack == kUnknownAckPass;
}

}  // namespace synward
