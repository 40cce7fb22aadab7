// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/engine_flow.hpp"
#include "synward/engine_step.hpp"
#include "synward/reply.hpp"

namespace synward {

/// An ACK that belongs to nothing that the card knows, or not to the entry of its connection.
inline void ack_unknown(EngineStep& step, std::uint8_t event) {
  const RequestRecord& request = step.request;
  const bool entry = step.way != kNoWay;
  if (entry) {
    step_event(step, kEventAckInvalid, request.ack, step_entry(step).iss + 1);
  } else {
    step_event(step, event, request.seq, request.ack);
  }
  if (unknown_passes(step)) return;
  if (step.config.unknown_ack == kUnknownAckRst) reply_rst(step, request.ack);
  step_drop(step, entry ? kDropAckInvalid : kDropUnknownAck);
}

/// Hands an entry over that the server's agent will confirm: it stays, and the repetition of its SYN-ACK is the retry.
inline void ack_mark_entry(EngineStep& step, const MarkContent& mark) {
  EntryRecord& entry = step_entry(step);
  const std::uint8_t now = mark_slot(step.request.time_ms);
  if (entry.handed && entry.marked == now) return;
  step.answer.counts.handed = !entry.handed;
  step.answer.counts.remarked = entry.handed;
  entry.handed = true;
  entry.marked = now;
  reply_mark(step, mark, entry.irs + 1, entry.iss + 1);
}

inline void ack_hand_over_entry(EngineStep& step) {
  const EntryRecord entry = step_entry(step);
  const MarkContent mark = mark_from_entry(step.request, entry);
  if (step.request.agent) {
    ack_mark_entry(step, mark);
    return;
  }
  step_remove_entry(step);
  step.answer.counts.completed = true;
  step.answer.counts.handed = !entry.handed;
  step.answer.counts.remarked = entry.handed;
  flow_hand_over(step, mark, entry.irs + 1, entry.iss + 1);
}

/// What an ACK says about timestamps that the entry does not expect, or misses: a note to the event, or by itself.
inline void ack_note(EngineStep& step, std::uint8_t note) {
  if (!step.answer.event) step_event(step, 0);
  step.answer.record.note = note;
}

/// An ACK that its entry takes.
inline void ack_accept(EngineStep& step) {
  if (step.room.host) {
    ack_hand_over_entry(step);
  } else {
    step_drop(step, kDropHostTxFull);
  }
}

/// An ACK of ISS + 1, whose timestamps are as they should be.
inline void ack_check_seq(EngineStep& step) {
  const RequestRecord& request = step.request;
  EntryRecord& entry = step_entry(step);
  if (request.seq - entry.irs - 1 >= request.window) {
    step_event(step, kEventSeqChallenge, request.seq, entry.irs + 1);
    reply_challenge(step, entry);
    step_drop(step, kDropSeqInvalid);
  } else {
    ack_accept(step);
  }
}

/// An ACK of ISS + 1, for an entry that was not handed over yet.
inline void ack_check(EngineStep& step) {
  const RequestRecord& request = step.request;
  const EntryRecord& entry = step_entry(step);
  const bool expected = entry.ts_ok;
  if (expected && request.ts_ok && before(request.tsval, entry.tsreflect)) {
    step_event(step, kEventPaws, request.tsval, entry.tsreflect);
    step_drop(step, kDropPaws);
  } else if (expected && !request.ts_ok && !step.config.tolerate_missing_ts) {
    step_event(step, kEventTsMissing);
    step_drop(step, kDropTsMissing);
  } else {
    ack_check_seq(step);
    if (expected != request.ts_ok) ack_note(step, expected ? kNoteTsTolerated : kNoteTsUnexpected);
  }
}

/// True if an ACK is its entry's. One of another number than ISS + 1 is not of the entry's handshake: its SYN may be
/// forged, and the client's connection a living one of which the card does not know, or one with a cookie.
inline bool ack_is_of_entry(EngineStep& step) {
  if (step.way == kNoWay) return false;
  const EntryRecord& entry = step_entry(step);
  return entry.handed || step.request.ack == entry.iss + 1;
}

/// An ACK of its connection's entry. What was handed over is the server's to judge, and the card only repeats its mark.
inline void ack_entry(EngineStep& step) {
  const EntryRecord& entry = step_entry(step);
  if (!entry.handed) {
    ack_check(step);
  } else if (step.request.ack == entry.iss + 1) {
    ack_accept(step);
  }
}

/// An ACK that may bring a cookie.
inline void ack_cookie(EngineStep& step) {
  const RequestRecord& request = step.request;
  const CookieCheck cookie = cookie_check(step.config.keys.cookie, step.ends, request.seq, request.ack);
  if (!cookie.ok) {
    step.answer.counts.failcookie = true;
    ack_unknown(step, kEventCookieFailed);
  } else if (!step.room.host) {
    step_drop(step, kDropHostTxFull);
  } else {
    step.answer.counts.recvcookie = true;
    flow_hand_over(step, mark_from_cookie(request, cookie.byte, false), request.seq, request.ack);
  }
}

/// An ACK without a flow (FreeBSD syncache_expand).
inline void engine_ack(EngineStep& step) {
  // Where the table learns, the connection may be one whose entry was cleared away.
  const bool gate = step.state.gate.open || step.config.cookie_gate_always || flow_may_be_missing(step);
  const bool refused = !step.stateless && (!step.config.syncookies || !gate);
  if (ack_is_of_entry(step)) {
    ack_entry(step);
  } else if (refused) {
    step.answer.counts.spurcookie = true;
    ack_unknown(step, step.config.syncookies ? kEventAckSpurious : kEventAckDisabled);
  } else {
    ack_cookie(step);
  }
}

}  // namespace synward
