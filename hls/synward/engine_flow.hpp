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

inline FlowWay& step_flow(EngineStep& step) { return step.flows.way[step.flow & (kFlowWays - 1)]; }

/// An ACK of a flow whose server has not spoken yet: perhaps the mark was lost.
inline void flow_remark(EngineStep& step, FlowWay& flow) {
  const RequestRecord& request = step.request;
  if (!cookies_on(step.config) || !step.room.host || flow_marked_now(request.time_ms, flow)) return;
  const CookieCheck cookie = cookie_check(step.config.keys.cookie, step.ends, request.seq, request.ack);
  if (!cookie.ok) return;
  const bool ecn = flow_ecn(flow);
  reply_mark(step, mark_from_cookie(request, cookie.byte, ecn), request.seq, request.ack);
  flow.aux = flow_marked(request.time_ms, ecn);
  step.answer.counts.remarked = true;
}

/// A segment from the line of a known flow: forwarded in any case. What a RST or FIN says is the server's to judge, so
/// neither changes the flow: whoever guesses a tuple could send them. Nor does the line keep a flow that the server has
/// ended: what of it still goes on, the server answers.
inline void flow_segment(EngineStep& step) {
  FlowWay& flow = step_flow(step);
  const std::uint8_t op = step.request.op;
  step.answer.counts.established = true;
  if (op != kOpSyn && op != kOpAck) return;
  if (flow.state == kFlowOpen) {
    flow.aux = 0;
  } else if (flow.state == kFlowHanded && op == kOpAck) {
    flow_remark(step, flow);
  }
}

/// A new flow; false if its bucket has no room, and fails open from now on.
inline bool flow_add(EngineStep& step, std::uint8_t state, std::uint8_t aux) {
  if (!step.config.tables_ready) return false;
  const unsigned free = flows_find_free(step.flows);
  if (free == kNoFlow) {
    step.flows.open_laps = step.config.flow_idle;
    step.answer.counts.flows_full = true;
    return false;
  }
  step.flows.way[free & (kFlowWays - 1)] = FlowWay{state, aux, step.fingerprint};
  ++step.state.flows;
  step.answer.counts.flows_added = true;
  return true;
}

/// True for a segment that says that its server knows the connection: neither a RST, nor the answer to a SYN.
inline bool flow_teaches(std::uint8_t flags) {
  return (flags & kTcpRst) == 0 && (flags & (kTcpSyn | kTcpAck)) != (kTcpSyn | kTcpAck);
}

/// A segment of the host of a flow that the server has ended. What it says to anybody's SYN or ACK neither opens nor
/// keeps that; but to whom it then says something else it is connected again.
inline void flow_server_ended(FlowWay& flow, std::uint8_t flags) {
  const bool syn = (flags & kTcpSyn) != 0;
  if (!flow_teaches(flags)) {
    if (syn) flow.aux |= kFlowAnswered;
  } else if ((flags & kTcpFin) == 0 && (syn || (flow.aux & kFlowAnswered) != 0)) {
    flow_open(flow);
  } else {
    flow.aux = 0;
  }
}

/// A segment of the host.
inline void flow_server(EngineStep& step) {
  if (!step.config.tables_ready) return;
  const std::uint8_t flags = step.request.flags;
  const bool ends = (flags & (kTcpFin | kTcpRst)) != 0;
  // A server that speaks has taken what was handed to it.
  const bool taken = step.handed && flow_teaches(flags);
  if (taken) {
    step_remove_entry(step);
    step.answer.counts.completed = true;
  }
  if (step.flow == kNoFlow) {
    if (taken || (step.request.protect && flow_teaches(flags))) flow_add(step, ends ? kFlowClosing : kFlowOpen, 0);
    return;
  }
  FlowWay& flow = step_flow(step);
  if (flow.state == kFlowClosing) {
    flow_server_ended(flow, flags);
  } else if (ends) {
    flow_close(flow);
  } else if (flow.state == kFlowHanded || (flags & kTcpSyn) != 0) {
    flow_open(flow);
  } else {
    flow.aux = 0;
  }
}

/// Hands a connection over to the host and remembers it as a flow. `seq` and `ack` are irs + 1 and ISS + 1.
inline void flow_hand_over(EngineStep& step, const MarkContent& mark, std::uint32_t seq, std::uint32_t ack) {
  reply_mark(step, mark, seq, ack);
  flow_add(step, kFlowHanded, flow_marked(step.request.time_ms, (mark.flags & kMarkEcn) != 0));
}

/// The sweeper's visit to a flow bucket.
inline void flow_sweep(EngineStep& step) {
  if (!step.config.tables_ready) return;
  const unsigned aged = flows_visit(step.flows, step.config.flow_idle);
  step.state.flows -= aged;
  step.answer.counts.flows_aged = static_cast<std::uint8_t>(aged);
}

/// True if segments of unknown connections are to be forwarded, because flows of this bucket may be missing.
inline bool flow_may_be_missing(const EngineStep& step) {
  return !step.config.tables_ready || step.flows.open_laps != 0;
}

/// True if an ACK or RST of an unknown connection is to be forwarded.
inline bool unknown_passes(const EngineStep& step) {
  return flow_may_be_missing(step) || step.handed || step.config.unknown_ack == kUnknownAckPass;
}

}  // namespace synward
