// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "kernels/hashes.hpp"
#include "kernels/records.hpp"

namespace synward {

/// What the answer process keeps: the limit of RSTs and the number of flows, which decide about nothing but answers.
struct AnswerState {
  EngineConfig config;
  LimiterState limiter;
  std::uint32_t flows;
};

/// The event of a request, as step_event.
inline void answer_event(EngineAnswer& answer, const RequestRecord& request, std::uint8_t code, std::uint32_t arg0,
                         std::uint32_t arg1, std::uint32_t arg2) {
#pragma HLS INLINE
  answer.event = true;
  EventRecord& record = answer.record;
  record.code = code;
  record.v6 = request.v6;
  record.faddr = request.faddr;
  record.laddr = request.laddr;
  record.fport = request.fport;
  record.lport = request.lport;
  record.flags = request.flags;
  record.time_ms = request.time_ms;
  record.arg0 = arg0;
  record.arg1 = arg1;
  record.arg2 = arg2;
}

/// The fate of the frame.
inline void answer_fate(const Decided& in, bool passes, VerdictRecord& verdict) {
#pragma HLS INLINE
  const Decision& d = in.decision;
  const RequestRecord& request = in.item.question.request;
  const bool stray = in.item.kind == Kind::request && request.op == kOpStray && !d.segment && !d.missing;
  std::uint8_t reason = 0;
  if (d.syn_no_room) reason = kDropLineTxFull;
  if (d.syn_drop) reason = kDropSyncacheFull;
  if (d.ack_paws) reason = kDropPaws;
  if (d.ack_ts_missing) reason = kDropTsMissing;
  if (d.ack_seq_bad) reason = kDropSeqInvalid;
  if (d.ack_no_room || d.cookie_no_room) reason = kDropHostTxFull;
  if ((d.ack_refused || d.cookie_bad) && !passes) reason = d.found ? kDropAckInvalid : kDropUnknownAck;
  if (d.rst_kill && !d.handed) reason = kDropRstHalfOpen;
  if (d.rst_bad && (d.rst_in_window || !passes)) reason = kDropRstInvalid;
  if (d.rst_unknown && !passes) reason = kDropUnknownRst;
  if (stray) reason = request.note == kEventSynMissing ? kDropSynMissing : kDropSynAckInvalid;
  const bool consumed = d.syn_duplicate || d.syn_stateless || d.syn_store || d.syn_evict;
  verdict.reason = reason;
  verdict.fate = consumed ? kFateConsumed : reason != 0 ? kFateDrop : kFateForward;
}

/// The SYN-ACK: of an entry, stored or not, or the timer's.
inline void answer_syn_ack(const Decided& in, VerdictRecord& verdict) {
#pragma HLS INLINE
  const Decision& d = in.decision;
  const RequestRecord& request = in.item.question.request;
  const bool fresh = d.syn_stateless || d.syn_store || d.syn_evict;
  const EntryRecord& entry = in.entry;
  verdict.send = kSendSynAck;
  verdict.seq = fresh ? in.iss : entry.iss;
  verdict.ack = (fresh ? request.seq : entry.irs) + 1;
  verdict.ws_ok = fresh ? request.ws_ok : entry.ws_ok;
  verdict.sack_ok = fresh ? request.sack_ok : entry.sack_ok;
  verdict.df = fresh || !entry.unreach;
  const bool ts_ok = fresh ? request.ts_ok : d.syn_duplicate ? entry.ts_ok && request.ts_ok : entry.ts_ok;
  verdict.ts_ok = ts_ok;
  verdict.tsoff = ts_ok ? in.tsoff : 0;
  verdict.tsecr = !ts_ok ? 0 : d.timer_retransmit ? entry.tsreflect : request.tsval;
}

/// ECN of a SYN-ACK: never without an entry, and not once it was repeated too often.
inline bool answer_ece(const Decided& in, const EngineConfig& config) {
#pragma HLS INLINE
  const Decision& d = in.decision;
  const RequestRecord& request = in.item.question.request;
  if (d.syn_store || d.syn_evict) return request.ecn_ok;
  if (d.syn_duplicate) return in.entry.ecn_ok && request.ecn_ok;
  return d.timer_retransmit && in.entry.ecn_ok && in.entry.rxmits <= config.ecn_maxretries;
}

/// What answers no frame says for which connection it is.
inline void answer_own(const RequestRecord& request, VerdictRecord& verdict) {
#pragma HLS INLINE
  verdict.own = true;
  verdict.v6 = request.v6;
  verdict.faddr = request.faddr;
  verdict.laddr = request.laddr;
  verdict.fport = request.fport;
  verdict.lport = request.lport;
  verdict.time_ms = request.time_ms;
}

/// Its Ethernet header and service: the status's own, or those of the entry.
inline void answer_frame(const Decided& in, bool status, VerdictRecord& verdict) {
#pragma HLS INLINE
  const RequestRecord& request = in.item.question.request;
  const EntryRecord& entry = in.entry;
  verdict.service = status ? request.service : entry.service;
  verdict.mac_dst = status ? request.mac_dst : entry.mac_dst;
  verdict.mac_src = status ? request.mac_src : entry.mac_src;
  verdict.tags = status ? request.tags : entry.tags;
  verdict.tag1 = status ? request.tag1 : entry.tag1;
  verdict.tag2 = status ? request.tag2 : entry.tag2;
}

/// The mark, but for its MAC.
inline void answer_mark(const Decided& in, VerdictRecord& verdict) {
#pragma HLS INLINE
  const Decision& d = in.decision;
  const RequestRecord& request = in.item.question.request;
  const bool entry = d.ack_hand;
  const MarkContent from_entry = mark_from_entry(request, in.entry);
  const MarkContent from_cookie = mark_from_cookie(request, in.cookie_byte, d.remark && in.flow_ecn);
  verdict.send = kSendMark;
  verdict.seq = entry ? in.entry.irs + 1 : request.seq;
  verdict.ack = entry ? in.entry.iss + 1 : request.ack;
  verdict.mark_flags = entry ? from_entry.flags : from_cookie.flags;
  verdict.mark_wscale = entry ? from_entry.wscale : from_cookie.wscale;
  verdict.mark_mss = entry ? from_entry.mss : from_cookie.mss;
}

/// What is counted, but for RSTs and challenge ACKs.
inline void answer_counts(const Decided& in, const EngineConfig& config, CountsRecord& counts) {
#pragma HLS INLINE
  const Decision& d = in.decision;
  const bool marks = d.ack_hand && (!d.ack_agent || in.mark_again);
  counts.added = d.syn_store || d.syn_evict;
  counts.retransmitted = d.timer_retransmit;
  counts.dupsyn = d.syn_duplicate || (d.syn_no_room && d.found);
  counts.sc_dropped = d.syn_no_room || d.timer_no_room;
  counts.completed = (d.ack_hand && !d.ack_agent) || d.server_taken || d.status_completed;
  counts.bucketoverflow = d.overflow;
  counts.reset = d.rst_kill;
  counts.stale = d.timer_give_up && !in.entry.handed;
  counts.unreach = d.unreach_kill;
  counts.zonefail = d.syn_full;
  counts.sendcookie = (d.syn_new || (d.syn_no_room && !d.found)) && cookies_on(config);
  counts.recvcookie = d.cookie_hand;
  counts.spurcookie = d.ack_refused;
  counts.failcookie = d.cookie_bad;
  counts.badrst = d.rst_bad || (d.rst_unknown && !d.stateless);
  counts.evicted = d.syn_evict;
  counts.stateless = d.syn_stateless;
  counts.flows_added = d.flow_added;
  counts.flows_full = d.flows_full;
  counts.established = d.segment;
  counts.remarked = d.remark || (marks && in.entry.handed);
  counts.handed = marks && !in.entry.handed;
  counts.aborted = (d.timer_give_up && in.entry.handed) || d.status_aborted;
  counts.flushed = d.flushed;
  counts.flows_aged = d.flows_aged;
}

/// The event, but for the limiter's.
inline void answer_events(const Decided& in, const EngineConfig& config, bool aborts, EngineAnswer& answer) {
#pragma HLS INLINE
  const Decision& d = in.decision;
  const RequestRecord& request = in.item.question.request;
  const EntryRecord& entry = in.entry;
  const bool stray = request.op == kOpStray && !d.segment && !d.missing;
  std::uint8_t code = 0;
  std::uint32_t arg0 = 0, arg1 = 0, arg2 = 0;
  bool event = true;
  if (d.syn_duplicate) {
    code = kEventDupSyn;
  } else if (d.pause_begins) {
    code = kEventOverflow;
    arg0 = d.pause_seconds;
  } else if (d.ack_paws) {
    code = kEventPaws;
    arg0 = request.tsval;
    arg1 = entry.tsreflect;
  } else if (d.ack_ts_missing) {
    code = kEventTsMissing;
  } else if (d.ack_seq_bad) {
    code = kEventSeqChallenge;
    arg0 = request.seq;
    arg1 = entry.irs + 1;
  } else if (d.found && (d.ack_refused || d.cookie_bad)) {
    code = kEventAckInvalid;
    arg0 = request.ack;
    arg1 = entry.iss + 1;
  } else if (d.ack_refused) {
    code = config.syncookies ? kEventAckSpurious : kEventAckDisabled;
    arg0 = request.seq;
    arg1 = request.ack;
  } else if (d.cookie_bad) {
    code = kEventCookieFailed;
    arg0 = request.seq;
    arg1 = request.ack;
  } else if (d.rst_kill) {
    code = kEventRstRejected;
  } else if (d.rst_bad) {
    code = d.rst_in_window ? kEventRstChallenge : kEventRstInvalid;
    arg0 = request.seq;
    arg1 = entry.irs + 1;
    arg2 = request.window;
  } else if (d.rst_unknown && !d.stateless) {
    code = kEventRstSpurious;
  } else if (d.timer_retransmit) {
    code = kEventRexmt;
    arg0 = entry.rxmits;
  } else if (d.timer_give_up && !entry.handed) {
    code = kEventRexmtExhausted;
  } else if (aborts) {
    code = config.rst_on_sock_fail ? kEventSockFailRst : kEventSockFail;
  } else if (request.op == kOpNote || stray) {
    code = request.note;
  } else {
    event = false;
  }
  const bool differs = d.ack_checked && entry.ts_ok != request.ts_ok;
  if (event || differs) answer_event(answer, request, code, arg0, arg1, arg2);
  if (differs) answer.record.note = entry.ts_ok ? kNoteTsTolerated : kNoteTsUnexpected;
}

/// What the limiter is asked, and says.
struct Limited {
  bool within;
  std::uint32_t wanted;  ///< of a window that is over, if it was too much
};

inline Limited answer_limit(AnswerState& state, std::uint32_t now, bool take, bool tick) {
#pragma HLS INLINE
  const std::uint32_t limit = state.config.icmplim;
  LimiterState taken = state.limiter;
  LimiterState ticked = state.limiter;
  Limited limited;
  limited.within = limiter_take(taken, now, limit);
  limited.wanted = limiter_tick(ticked, now, limit);
  if (take) {
    state.limiter = taken;
  } else if (tick) {
    state.limiter = ticked;
  }
  return limited;
}

/// A walk: is an entry of the bucket due, which, and when is the next of the others.
inline void sight_walk(const Decided& in, const RexmitConfig& rexmit, SightRecord& sight) {
#pragma HLS INLINE
  const std::uint32_t now = in.item.question.request.time_ms;
  std::uint32_t least = 0xffffu;
  for (unsigned i = kWays; i-- > 0;) {
#pragma HLS UNROLL
    std::uint32_t interval = 0;
    for (unsigned n = 0; n < kMostRxmits; ++n) {
#pragma HLS UNROLL
      interval |= in.peeked.rxmits[i] == n + 1 ? rexmit_interval(rexmit, n) : 0u;
    }
    const bool valid = ((in.peeked.ways >> i) & 1u) != 0;
    const std::uint32_t since = (now - in.peeked.armed[i]) & kArmedMask;
    const bool due = valid && since >= interval;
    const std::uint32_t left = valid && !due ? interval - since : 0xffffu;
    least = left < least ? left : least;
    sight.any = sight.any || valid;
    sight.found = sight.found || due;
    if (due) sight.way = static_cast<std::uint8_t>(i);
  }
  if (sight.any) sight.due = (now + (sight.found ? 0u : least)) & kArmedMask;
}

/// What a PEEK's way holds.
inline void sight_entry(const Decided& in, SightRecord& sight) {
#pragma HLS INLINE
  const EntryRecord& entry = in.entry;
  const Endpoints& ends = in.peeked.ends;
  sight.ways = in.peeked.ways;
  sight.listing = ListingRecord{ends.v6,      ends.faddr,  ends.laddr,    ends.fport,  ends.lport,   entry.mss,
                                entry.ws,     entry.ws_ok, entry.sack_ok, entry.ts_ok, entry.ecn_ok, entry.unreach,
                                entry.rxmits, entry.armed, entry.service, entry.handed};
  sight.tags = entry.tags;
  sight.tag1 = entry.tag1;
  sight.tag2 = entry.tag2;
}

/// What the card is shown of the tables with the answer.
inline SightRecord answer_sight(AnswerState& state, const Decided& in, const CountsRecord& counts) {
#pragma HLS INLINE
  SightRecord sight = SightRecord();
  const Decision& d = in.decision;
  const RequestRecord& request = in.item.question.request;
  const RexmitConfig& rexmit = state.config.rexmit;
  // A SYN begins with the first interval, new or not.
  const bool fresh = d.syn_store || d.syn_evict || d.syn_duplicate;
  const bool peek = in.item.kind == Kind::request && request.op == kOpPeek;
  const std::uint8_t kind = static_cast<std::uint8_t>(request.flags & 0xfu);
  sight.armed = fresh || d.timer_retransmit;
  sight.peek = peek;
  if (sight.armed || peek) sight.bucket = static_cast<std::uint16_t>(in.bucket);
  if (sight.armed) {
    sight.due = (request.time_ms + rexmit_interval(rexmit, fresh ? 0u : in.entry.rxmits)) & kArmedMask;
  }
  if (peek) {
    sight.kind = kind;
    if (kind == kPeekWalk) sight_walk(in, rexmit, sight);
    if ((kind & (kPeekFetch | kPeekList)) != 0) sight_entry(in, sight);
  }
  const std::uint32_t flows = state.flows + (counts.flows_added ? 1u : 0u) - counts.flows_aged;
  state.flows = in.item.kind == Kind::setting && in.item.load ? 0u : flows;
  const TablesShown& shown = in.shown;
  sight.state = EngineStateRecord{in.item.ready, shown.paused, shown.backoff, shown.until, shown.count, flows};
  return sight;
}

/// One item: its answer, but for the mark's MAC.
inline EngineReply answer_step(AnswerState& state, const Decided& in) {
#pragma HLS INLINE
  EngineReply reply = EngineReply();
  EngineAnswer& answer = reply.answer;
  const Decision& d = in.decision;
  const EngineConfig& config = state.config;
  const RequestRecord& request = in.item.question.request;
  const Room room = in.item.question.room;
  VerdictRecord& verdict = answer.verdict;
  CountsRecord& counts = answer.counts;
  verdict.op = request.op;
  const bool passes = d.missing || d.handed || config.unknown_ack == kUnknownAckPass;
  answer_fate(in, passes, verdict);
  answer_counts(in, config, counts);

  // RSTs and challenge ACKs, within their limit or without one.
  const bool no_rst = config.blackhole == kBlackholeAll;
  const bool unknown_rst = (d.ack_refused || d.cookie_bad) && !passes && config.unknown_ack == kUnknownAckRst;
  const bool limited_rst = unknown_rst && !no_rst;
  const bool tick = request.op == kOpTick;
  const Limited limited = answer_limit(state, request.time_ms, limited_rst || d.challenge, tick);
  const bool flow_aborted = d.status_aborted || d.status_flow_aborted;
  const bool gave_up = d.timer_give_up && in.entry.handed;
  const bool aborts = flow_aborted || gave_up;
  const bool abort_rst = aborts && config.rst_on_sock_fail && !no_rst && room.line;
  const bool sends_rst = (limited_rst && limited.within && room.line) || abort_rst;
  const bool sends_challenge = d.challenge && room.line;
  counts.resets_limited = limited_rst && !limited.within;
  counts.resets_sent = sends_rst;
  counts.challenge_acks = sends_challenge;

  const bool syn_ack = d.syn_duplicate || d.syn_stateless || d.syn_store || d.syn_evict || d.timer_retransmit;
  const bool marks = (d.ack_hand && (!d.ack_agent || in.mark_again)) || d.cookie_hand || d.remark;
  if (syn_ack) {
    answer_syn_ack(in, verdict);
    verdict.ece = answer_ece(in, config);
  } else if (marks) {
    answer_mark(in, verdict);
  } else if (sends_challenge) {
    verdict.send = kSendChallenge;
    verdict.seq = in.entry.iss + 1;
    verdict.ack = in.entry.irs + 1;
    verdict.df = !in.entry.unreach;
    verdict.ts_ok = in.entry.ts_ok;
    verdict.tsoff = in.entry.ts_ok ? in.tsoff : 0;
    verdict.tsecr = in.entry.ts_ok ? in.entry.tsreflect : 0;
  } else if (sends_rst) {
    verdict.send = kSendRst;
    verdict.seq = gave_up ? in.entry.iss + 1 : request.ack;
    verdict.df = true;
  }
  const bool own = d.timer_retransmit || abort_rst;
  if (own) {
    answer_own(request, verdict);
    answer_frame(in, flow_aborted, verdict);
  }
  if (d.timer_retransmit) {
    verdict.has_mss = in.entry.has_mss;
    verdict.len = in.entry.len;
  }
  answer_events(in, config, aborts, answer);
  if (tick && limited.wanted != 0) {
    answer_event(answer, request, kEventLimiting, limited.wanted, config.icmplim, 0);
  }
  reply.sight = answer_sight(state, in, counts);
  return reply;
}

/// The MAC of the mark that an answer sends, or 0.
inline std::uint32_t answer_mac(const SipKey& mark_key, const Endpoints& ends, const VerdictRecord& verdict) {
#pragma HLS INLINE
  const MarkContent mark = {verdict.mark_flags, verdict.mark_wscale, verdict.mark_mss};
  const std::uint32_t mac = kernel_mark_mac(mark_key, ends, verdict.seq, verdict.ack, mark);
  return verdict.send == kSendMark ? mac : 0;
}

}  // namespace synward
