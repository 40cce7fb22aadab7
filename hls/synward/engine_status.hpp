// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/engine_flow.hpp"
#include "synward/engine_step.hpp"
#include "synward/reply.hpp"

namespace synward {

/// What became of a mark at its server, whose agent says so (docs/theory-of-operation.md, section 4, "Status"). What is
/// full or busy needs nothing: the repetition of the SYN-ACK, or the client's next segment, brings another mark.
inline void engine_status(EngineStep& step) {
  const RequestRecord& request = step.request;
  const bool taken = request.note == kStatusTaken;
  const bool refused = request.note == kStatusNoListener || request.note == kStatusRefused;
  if (!taken && !refused) return;
  bool aborted = false;
  // Only the mark of this very handshake counts: entry and flow may be those of a later one.
  if (step.way != kNoWay) {
    const EntryRecord& entry = step_entry(step);
    if (entry.handed && request.seq == entry.irs + 1 && request.ack == entry.iss + 1) {
      step_remove_entry(step);
      step.answer.counts.completed = taken;
      step.answer.counts.aborted = refused;
      aborted = refused;
      if (taken && step.flow == kNoFlow) flow_add(step, kFlowOpen, 0);
    }
  }
  if (step.flow != kNoFlow && step_flow(step).state == kFlowHanded &&
      cookie_check(step.config.keys.cookie, step.ends, request.seq, request.ack).ok) {
    if (taken) {
      flow_open(step_flow(step));
    } else {
      flow_close(step_flow(step));
      aborted = true;
    }
  }
  if (!aborted || !reply_abort(step, request.ack)) return;
  VerdictRecord& verdict = step.answer.verdict;
  verdict.service = request.service;
  verdict.mac_dst = request.mac_dst;
  verdict.mac_src = request.mac_src;
  verdict.tags = request.tags;
  verdict.tag1 = request.tag1;
  verdict.tag2 = request.tag2;
}

/// A segment that no client sends to a listening port, but perhaps to a port from which the server itself connects.
inline void engine_stray(EngineStep& step) {
  if (flow_may_be_missing(step)) return;
  step_event(step, step.request.note);
  step_drop(step, step.request.note == kEventSynMissing ? kDropSynMissing : kDropSynAckInvalid);
}

}  // namespace synward
