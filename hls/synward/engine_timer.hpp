// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/engine_flow.hpp"
#include "synward/engine_step.hpp"
#include "synward/reply.hpp"

namespace synward {

/// SYN-ACKs that must have been sent before an ICMP error ends a connection.
constexpr std::uint8_t kUnreachRxmits = 4;

/// An ICMP error that quotes a segment of ours (FreeBSD syncache_unreach).
inline void engine_unreach(EngineStep& step) {
  if (step.stateless || step.way == kNoWay) return;
  EntryRecord& entry = step_entry(step);
  if (step.request.seq != entry.iss) return;
  if (!entry.unreach) {
    entry.unreach = true;
  } else if (entry.rxmits >= kUnreachRxmits) {
    step_remove_entry(step);
    step.answer.counts.unreach = true;
  }
}

/// What the timer sends takes its Ethernet header and its service from the entry.
inline void timer_own(EngineStep& step, const EntryRecord& entry) {
  VerdictRecord& verdict = step.answer.verdict;
  verdict.service = entry.service;
  verdict.mac_dst = entry.mac_dst;
  verdict.mac_src = entry.mac_src;
  verdict.tags = entry.tags;
  verdict.tag1 = entry.tag1;
  verdict.tag2 = entry.tag2;
}

/// The SYN-ACK that the timer sends; no frame is there to take its addresses and options from.
inline void timer_retransmit(EngineStep& step, EntryRecord& entry) {
  const RequestRecord& request = step.request;
  step_event(step, kEventRexmt, entry.rxmits);
  if (entry.rxmits > step.config.ecn_maxretries) entry.ecn_ok = false;
  reply_syn_ack(step, entry);
  reply_own(step);
  timer_own(step, entry);
  step.answer.verdict.has_mss = entry.has_mss;
  step.answer.verdict.len = entry.len;
  entry_arm(entry, request.time_ms, entry.rxmits + 1u);
  step.answer.counts.retransmitted = true;
}

/// The last SYN-ACK of an entry has had no answer; of one that was handed over: no confirmation. The server may have
/// it all the same, and answer another way, so that it stays a flow.
inline void timer_give_up(EngineStep& step, const EntryRecord& entry) {
  if (!entry.handed) {
    step_event(step, kEventRexmtExhausted);
    step.answer.counts.stale = true;
  } else {
    step.answer.counts.aborted = true;
    if (reply_abort(step, entry.iss + 1)) timer_own(step, entry);
    if (step.flow == kNoFlow) flow_add(step, kFlowOpen, 0);
  }
  step_remove_entry(step);
}

/// The sweeper found an entry due (FreeBSD syncache_timer).
inline void engine_timeout(EngineStep& step) {
  if (step.way == kNoWay) return;
  EntryRecord& entry = step_entry(step);
  if (!entry_due(step.config.rexmit, entry, step.request.time_ms)) return;
  if (step.state.pause.paused) {
    const unsigned flushed = bucket_flush(step.bucket);
    step.state.count -= flushed;
    step.answer.counts.flushed = static_cast<std::uint8_t>(flushed);
  } else if (entry.rxmits > step.config.rexmtlimit) {
    timer_give_up(step, entry);
  } else if (!step.room.line) {
    step_remove_entry(step);
    step.answer.counts.sc_dropped = true;
  } else {
    timer_retransmit(step, entry);
  }
}

/// What ends by itself with time.
inline void engine_tick(EngineStep& step) {
  const std::uint32_t now = step.request.time_ms;
  pause_tick(step.state.pause, now);
  gate_tick(step.state.gate, now);
  const std::uint32_t wanted = limiter_tick(step.state.limiter, now, step.config.icmplim);
  if (wanted != 0) step_event(step, kEventLimiting, wanted, step.config.icmplim);
}

}  // namespace synward
