// SPDX-License-Identifier: BSD-2-Clause
#include "rows.hpp"

namespace synward::test {

namespace {

using O = Observation;

/// The event, or 0.
std::uint8_t code(const O& o) { return o.answer.event ? o.answer.record.code : std::uint8_t{0}; }
bool is_syn(const O& o) { return o.request.op == kOpSyn; }
bool is_ack(const O& o) { return o.request.op == kOpAck; }
bool is_rst(const O& o) { return o.request.op == kOpRst; }
bool is_unreach(const O& o) { return o.request.op == kOpUnreach; }
bool is_server(const O& o) { return o.request.op == kOpServer; }
/// A duplicate SYN that was answered.
bool is_answered_duplicate(const O& o) {
  return o.answer.counts.dupsyn && o.entry && o.answer.verdict.send == kSendSynAck;
}
/// A challenge ACK was sent.
bool is_challenged(const O& o) { return o.answer.counts.challenge_acks && o.entry && o.entry_after; }
/// A pause began.
bool is_overflow(const O& o) { return code(o) == kEventOverflow && !o.before.pause.paused && o.after.pause.paused; }
/// A segment that belongs to nothing.
bool is_unknown(const O& o) {
  const std::uint8_t event = code(o);
  return event == kEventAckDisabled || event == kEventAckSpurious || event == kEventCookieFailed ||
         event == kEventAckInvalid || event == kEventRstSpurious;
}
/// One that a RST is to answer.
bool is_reset_wanted(const O& o) {
  const std::uint8_t reason = o.answer.verdict.reason;
  return o.config.unknown_ack == kUnknownAckRst && (reason == kDropUnknownAck || reason == kDropAckInvalid);
}
/// A segment of a known flow.
bool is_known(const O& o) { return o.answer.counts.established && o.flow && o.flow_after; }
bool limited(const O& o) { return o.config.ack_war_cnt != 0 && o.config.ack_war_timewindow != 0; }
bool unchanged(const O& o) { return o.before.count == o.after.count && !o.answer.event; }
/// How long the entry has waited, ms.
std::uint32_t waited(const O& o) { return (o.request.time_ms - o.entry->armed) & kArmedMask; }
/// Its interval before it is brought into bounds, ms.
std::uint32_t raw(const O& o) {
  const unsigned n = o.entry->rxmits - 1u;
  return (o.config.rexmit.initial << (n > 9 ? 9 : n)) + o.config.rexmit.slop;
}

void add_rows(std::vector<RowInfo>& out) {
  out.push_back({Row::add_cookies_only, "1.6.5  cookies only: no lookup, temporary entry", [](const O& o) {
                   return is_syn(o) && o.config.tables_ready && o.stateless && o.answer.counts.stateless;
                 }});
  out.push_back({Row::add_dup_ts_refreshed, "1.6.6  duplicate with TS: tsreflect is the new TSval", [](const O& o) {
                   return is_answered_duplicate(o) && o.entry->ts_ok && o.answer.verdict.ts_ok &&
                          o.answer.verdict.tsecr == o.request.tsval;
                 }});
  out.push_back({Row::add_dup_ts_cleared, "1.6.6  duplicate without TS: TS is turned off",
                 [](const O& o) { return is_answered_duplicate(o) && o.entry->ts_ok && !o.answer.verdict.ts_ok; }});
  out.push_back(
      {Row::add_dup_ts_not_turned_on, "1.6.6  duplicate with TS for an entry without: stays off", [](const O& o) {
         return is_answered_duplicate(o) && !o.entry->ts_ok && o.request.ts_ok && !o.answer.verdict.ts_ok;
       }});
  out.push_back({Row::add_dup_ecn_recomputed, "1.6.6  duplicate without ECN: ECN is turned off",
                 [](const O& o) { return is_answered_duplicate(o) && o.entry->ecn_ok && !o.answer.verdict.ece; }});
  out.push_back(
      {Row::add_dup_old_irs, "1.6.6  duplicate with another ISN: the old one is acknowledged", [](const O& o) {
         return is_answered_duplicate(o) && o.request.seq != o.entry->irs && o.answer.verdict.ack == o.entry->irs + 1;
       }});
  out.push_back({Row::add_dup_timer_restarted, "1.6.6  duplicate restarts the timer", [](const O& o) {
                   return is_answered_duplicate(o) && o.entry->rxmits > 1 && o.entry_after.has_value() &&
                          o.entry_after->rxmits == 1;
                 }});
  out.push_back({Row::add_dup_fails, "1.6.6  duplicate, SYN-ACK fails: entry removed", [](const O& o) {
                   return o.answer.counts.dupsyn && o.answer.counts.sc_dropped && !o.entry_after.has_value();
                 }});
  out.push_back({Row::add_zonefail_evicts, "1.6.7  zone failure, bucket not empty: its tail goes", [](const O& o) {
                   return o.answer.counts.zonefail && o.answer.counts.evicted && o.after.count == o.before.count;
                 }});
  out.push_back({Row::add_zonefail_cookie, "1.6.7  zone failure, bucket empty: stateless",
                 [](const O& o) { return o.answer.counts.zonefail && o.answer.counts.stateless && o.entries == 0; }});
  out.push_back({Row::add_zonefail_dropped, "1.6.7  zone failure, bucket empty, no cookies: dropped",
                 [](const O& o) { return o.answer.counts.zonefail && o.answer.verdict.reason == kDropSyncacheFull; }});
  out.push_back({Row::add_iss_cookie_cached, "1.6.9  cookie as the ISS of a cached entry, counted",
                 [](const O& o) { return o.answer.counts.added && o.answer.counts.sendcookie; }});
  out.push_back({Row::add_iss_cookie_only_alone, "1.6.9  syncookies_only works without syncookies", [](const O& o) {
                   return is_syn(o) && !o.config.syncookies && o.answer.counts.sendcookie && o.answer.counts.stateless;
                 }});
  out.push_back({Row::add_iss_random, "1.6.9  no cookies: another ISS, not counted",
                 [](const O& o) { return o.answer.counts.added && !o.answer.counts.sendcookie; }});
  out.push_back({Row::add_ecn_offered, "1.9    ECN in a cached SYN-ACK",
                 [](const O& o) { return o.answer.counts.added && o.answer.verdict.ece; }});
  out.push_back({Row::add_stateless_no_ece, "1.9    no ECE in a stateless SYN-ACK",
                 [](const O& o) { return o.answer.counts.stateless && o.request.ecn_ok && !o.answer.verdict.ece; }});
  out.push_back({Row::add_inserted, "1.6.10 stored", [](const O& o) {
                   return o.answer.counts.added && o.entry_after.has_value() && o.entry_after->irs == o.request.seq;
                 }});
  out.push_back({Row::add_bucket_full, "1.6.10 bucket full: its tail goes", [](const O& o) {
                   return o.answer.counts.evicted && !o.answer.counts.zonefail && o.entries == o.config.bucketlimit;
                 }});
  out.push_back({Row::add_fails, "1.6.10 SYN-ACK of a new entry fails: dropped",
                 [](const O& o) { return is_syn(o) && o.answer.counts.sc_dropped && !o.answer.counts.dupsyn; }});
}

void reply_rows(std::vector<RowInfo>& out) {
  out.push_back({Row::reply_no_df, "1.7    no DF after an ICMP error", [](const O& o) {
                   return o.answer.verdict.send == kSendSynAck && !o.answer.verdict.df && o.entry.has_value() &&
                          o.entry->unreach;
                 }});
  out.push_back({Row::reply_tsoff_per_conn, "1.7    TS offset per connection",
                 [](const O& o) { return o.answer.verdict.tsoff != 0 && o.config.ts_offset_per_conn; }});
  out.push_back({Row::reply_tsoff_per_pair, "1.7    TS offset per pair of hosts",
                 [](const O& o) { return o.answer.verdict.tsoff != 0 && !o.config.ts_offset_per_conn; }});
  out.push_back({Row::reply_challenge_ts, "1.7    challenge ACK with TS",
                 [](const O& o) { return o.answer.verdict.send == kSendChallenge && o.answer.verdict.ts_ok; }});
}

void timer_rows(std::vector<RowInfo>& out) {
  out.push_back({Row::timer_0, "1.8    timeout after the initial interval",
                 [](const O& o) { return o.answer.counts.retransmitted && o.entry->rxmits == 1; }});
  out.push_back({Row::timer_1, "1.8    timeout after twice that",
                 [](const O& o) { return o.answer.counts.retransmitted && o.entry->rxmits == 2; }});
  out.push_back({Row::timer_2, "1.8    timeout after 4 times that",
                 [](const O& o) { return o.answer.counts.retransmitted && o.entry->rxmits == 3; }});
  out.push_back({Row::timer_3, "1.8    timeout after 8 times that",
                 [](const O& o) { return o.answer.counts.retransmitted && o.entry->rxmits == 4; }});
  out.push_back({Row::timer_4, "1.8    timeout after 16 times that",
                 [](const O& o) { return o.answer.counts.retransmitted && o.entry->rxmits == 5; }});
  out.push_back({Row::timer_5, "1.8    timeout after 32 times that",
                 [](const O& o) { return o.answer.counts.retransmitted && o.entry->rxmits == 6; }});
  out.push_back({Row::timer_6_up, "1.8    timeout after 64 times that and more",
                 [](const O& o) { return o.answer.counts.retransmitted && o.entry->rxmits >= 7; }});
  out.push_back({Row::timer_min, "1.8    interval raised to rexmit_min", [](const O& o) {
                   return o.answer.counts.retransmitted && o.entry->rxmits > 1 && waited(o) >= o.config.rexmit.min &&
                          raw(o) <= o.config.rexmit.min;
                 }});
  out.push_back({Row::timer_max, "1.8    interval lowered to rexmit_max", [](const O& o) {
                   return o.answer.counts.retransmitted && o.entry->rxmits > 1 && raw(o) >= o.config.rexmit.max &&
                          waited(o) >= o.config.rexmit.max;
                 }});
  out.push_back({Row::timer_not_due, "1.8.2  not due yet", [](const O& o) {
                   return o.request.op == kOpTimeout && o.entry.has_value() && o.entry_after.has_value() &&
                          o.entry_after->armed == o.entry->armed && o.entry_after->rxmits == o.entry->rxmits &&
                          !o.answer.event;
                 }});
  out.push_back({Row::timer_paused, "1.8.1  paused: entries go, uncounted but by us", [](const O& o) {
                   return o.answer.counts.flushed != 0 && o.before.pause.paused &&
                          o.after.count + o.answer.counts.flushed == o.before.count;
                 }});
  out.push_back({Row::timer_ecn_kept, "1.8.3  retransmission still with ECE",
                 [](const O& o) { return o.answer.counts.retransmitted && o.answer.verdict.ece; }});
  out.push_back({Row::timer_ecn_cleared, "1.8.3  later ones without",
                 [](const O& o) { return o.answer.counts.retransmitted && o.entry->ecn_ok && !o.answer.verdict.ece; }});
  out.push_back({Row::timer_exhausted, "1.8.4  retransmits exhausted", [](const O& o) {
                   return o.answer.counts.stale && !o.entry_after.has_value() && code(o) == kEventRexmtExhausted;
                 }});
  out.push_back({Row::timer_limit_0, "1.8    rexmtlimit 0: one SYN-ACK only",
                 [](const O& o) { return o.answer.counts.stale && o.config.rexmtlimit == 0; }});
  out.push_back({Row::timer_sent, "1.8.5  retransmitted, stored ISS", [](const O& o) {
                   return o.answer.counts.retransmitted && o.answer.verdict.seq == o.entry->iss && o.answer.verdict.own;
                 }});
  out.push_back({Row::timer_fails, "1.8.5  retransmission fails: entry removed", [](const O& o) {
                   return o.request.op == kOpTimeout && o.answer.counts.sc_dropped && !o.entry_after.has_value();
                 }});
  out.push_back({Row::timer_clock_wraps, "1.8    the clock wraps while an entry waits", [](const O& o) {
                   return o.answer.counts.retransmitted && (o.request.time_ms & kArmedMask) < o.entry->armed;
                 }});
}

void ack_rows(std::vector<RowInfo>& out) {
  out.push_back(
      {Row::ack_cookies_only_no_lookup, "1.10.1 cookies only: no lookup though there is an entry", [](const O& o) {
         return is_ack(o) && o.stateless && o.entry.has_value() && o.entry_after.has_value() &&
                (o.answer.counts.recvcookie || o.answer.counts.failcookie ||
                 o.answer.verdict.reason == kDropHostTxFull);
       }});
  out.push_back({Row::ack_cookies_only_no_gate, "1.10.2 cookies only: no gate", [](const O& o) {
                   return is_ack(o) && o.stateless && !o.before.gate.open &&
                          (o.answer.counts.recvcookie || o.answer.counts.failcookie);
                 }});
  out.push_back({Row::ack_disabled, "1.10.2 no entry, cookies off",
                 [](const O& o) { return o.answer.counts.spurcookie && code(o) == kEventAckDisabled; }});
  out.push_back({Row::ack_gate_closed, "1.10.2 no entry, no cookie sent lately", [](const O& o) {
                   return o.answer.counts.spurcookie && code(o) == kEventAckSpurious && !o.before.gate.open;
                 }});
  out.push_back({Row::ack_gate_open, "1.10.2 no entry, cookies sent lately: checked", [](const O& o) {
                   return is_ack(o) && !o.stateless && o.before.gate.open &&
                          (o.answer.counts.recvcookie || o.answer.counts.failcookie);
                 }});
  out.push_back({Row::ack_cookie_bad, "1.10.2 cookie refused",
                 [](const O& o) { return o.answer.counts.failcookie && code(o) == kEventCookieFailed; }});
  out.push_back({Row::ack_cookie_good, "1.10.2 cookie accepted",
                 [](const O& o) { return o.answer.counts.recvcookie && o.answer.verdict.send == kSendMark; }});
  out.push_back({Row::ack_paws, "1.10.3 PAWS: dropped, entry stays",
                 [](const O& o) { return o.answer.verdict.reason == kDropPaws && o.entry_after.has_value(); }});
  out.push_back({Row::ack_ts_equal, "1.10.3 TSval as before is no old one", [](const O& o) {
                   return is_ack(o) && o.entry.has_value() && o.entry->ts_ok && o.request.ts_ok &&
                          o.request.tsval == o.entry->tsreflect &&
                          (o.answer.counts.completed || o.answer.verdict.reason > kDropPaws);
                 }});
  out.push_back({Row::ack_ts_unexpected, "1.10.3 timestamp not expected: noted",
                 [](const O& o) { return o.answer.record.note == kNoteTsUnexpected && o.answer.event; }});
  out.push_back({Row::ack_ts_tolerated, "1.10.3 timestamp missing: noted",
                 [](const O& o) { return o.answer.record.note == kNoteTsTolerated && o.answer.event; }});
  out.push_back({Row::ack_ts_missing, "1.10.3 timestamp missing: dropped",
                 [](const O& o) { return o.answer.verdict.reason == kDropTsMissing && o.entry_after.has_value(); }});
  out.push_back({Row::ack_seq_low, "1.10.3 SEQ not beyond irs", [](const O& o) {
                   return o.answer.verdict.reason == kDropSeqInvalid &&
                          (o.request.seq - o.entry->irs == 0 || (o.request.seq - o.entry->irs) >> 31 != 0);
                 }});
  out.push_back({Row::ack_seq_last, "1.10.3 SEQ is the last of the window", [](const O& o) {
                   return o.answer.counts.completed && o.request.window > 1 &&
                          o.request.seq == o.entry->irs + o.request.window;
                 }});
  out.push_back({Row::ack_seq_high, "1.10.3 SEQ beyond the window", [](const O& o) {
                   return o.answer.verdict.reason == kDropSeqInvalid && (o.request.seq - o.entry->irs) >> 31 == 0 &&
                          o.request.seq - o.entry->irs > o.request.window;
                 }});
  out.push_back({Row::ack_seq_wraps, "1.10.3 the window wraps 2^32",
                 [](const O& o) { return o.answer.counts.handed && o.request.seq < o.entry->irs; }});
  out.push_back({Row::ack_window_0, "1.10.5 no window: no SEQ is right",
                 [](const O& o) { return o.answer.verdict.reason == kDropSeqInvalid && o.request.window == 0; }});
  out.push_back({Row::ack_wrong, "1.10.3 ACK is not iss + 1: entry stays",
                 [](const O& o) { return code(o) == kEventAckInvalid && o.entry_after.has_value(); }});
  out.push_back({Row::ack_wrong_cookie, "---    ACK is not iss + 1, but a valid cookie", [](const O& o) {
                   return is_ack(o) && !o.stateless && o.entry && o.answer.counts.recvcookie &&
                          o.request.ack != o.entry->iss + 1 && o.entry_after;
                 }});
  out.push_back({Row::ack_handed_other, "---    handed over, ACK is not iss + 1: the server's", [](const O& o) {
                   return is_ack(o) && !o.stateless && o.entry && o.entry->handed && !o.flow &&
                          o.request.ack != o.entry->iss + 1 && o.answer.verdict.fate == kFateForward &&
                          o.answer.verdict.send == kSendNothing && unchanged(o);
                 }});
  out.push_back({Row::ack_handed_beyond, "---    handed over, beyond the window: still marked again", [](const O& o) {
                   return is_ack(o) && o.entry && o.entry->handed && o.answer.counts.remarked &&
                          o.request.seq - o.entry->irs - 1 >= o.request.window && !o.answer.event;
                 }});
  out.push_back({Row::ack_completed, "1.10.3 completed", [](const O& o) {
                   return o.answer.counts.handed && o.answer.verdict.send == kSendMark &&
                          o.entry_after.has_value() == o.request.agent;
                 }});
  out.push_back({Row::ack_other_first, "---    another segment came first: the mark is of irs + 1", [](const O& o) {
                   return o.answer.verdict.send == kSendMark && o.entry && o.request.seq != o.entry->irs + 1 &&
                          o.answer.verdict.seq == o.entry->irs + 1;
                 }});
  out.push_back({Row::ack_gate_always, "---    gate closed, cookie_gate always", [](const O& o) {
                   return is_ack(o) && !o.entry && !o.stateless && !o.before.gate.open && o.config.cookie_gate_always &&
                          (o.answer.counts.recvcookie || o.answer.counts.failcookie);
                 }});
  out.push_back({Row::ack_gate_learning, "---    gate closed, but the flow bucket fails open", [](const O& o) {
                   return is_ack(o) && !o.entry && !o.stateless && !o.before.gate.open &&
                          !o.config.cookie_gate_always && o.open_laps != 0 &&
                          (o.answer.counts.recvcookie || o.answer.counts.failcookie);
                 }});
  out.push_back({Row::ack_no_room, "---    ACK without room towards the host",
                 [](const O& o) { return is_ack(o) && o.answer.verdict.reason == kDropHostTxFull && !o.room.host; }});
}

void rst_rows(std::vector<RowInfo>& out) {
  out.push_back({Row::rst_cookies_only, "1.11   cookies only: nothing counted", [](const O& o) {
                   return is_rst(o) && o.stateless && !o.answer.event && !o.answer.counts.established;
                 }});
  out.push_back({Row::rst_spurious, "1.11   no entry", [](const O& o) {
                   return o.answer.counts.badrst && code(o) == kEventRstSpurious && !o.entry.has_value();
                 }});
  out.push_back({Row::rst_exact, "1.11   SEQ is irs + 1: entry removed", [](const O& o) {
                   return o.answer.counts.reset && o.request.seq == o.entry->irs + 1 && !o.entry_after.has_value();
                 }});
  out.push_back({Row::rst_insecure, "1.11   insecure_rst: anywhere in the window",
                 [](const O& o) { return o.answer.counts.reset && o.request.seq != o.entry->irs + 1; }});
  out.push_back({Row::rst_challenge, "1.11   in the window: challenged", [](const O& o) {
                   return o.answer.counts.badrst && code(o) == kEventRstChallenge && o.entry_after.has_value();
                 }});
  out.push_back({Row::rst_outside, "1.11   outside: ignored", [](const O& o) {
                   return o.answer.counts.badrst && code(o) == kEventRstInvalid &&
                          o.answer.verdict.send == kSendNothing;
                 }});
  out.push_back({Row::rst_window_0, "1.11   no window: irs + 1 is right",
                 [](const O& o) { return o.answer.counts.reset && o.request.window == 0; }});
  out.push_back({Row::rst_handed_ends, "---    SEQ is irs + 1, handed over: entry removed, the RST is the server's too",
                 [](const O& o) {
                   return o.answer.counts.reset && o.entry->handed && !o.entry_after &&
                          o.answer.verdict.fate == kFateForward && o.config.unknown_ack != 0 && o.open_laps == 0;
                 }});
  out.push_back({Row::rst_handed_other, "---    another SEQ, handed over: the server's alone", [](const O& o) {
                   return is_rst(o) && !o.stateless && o.entry && o.entry->handed && o.entry_after && !o.flow &&
                          !o.answer.counts.badrst && o.answer.verdict.fate == kFateForward && unchanged(o);
                 }});
  out.push_back({Row::challenge_first, "1.11   first challenge ACK of an entry", [](const O& o) {
                   return is_challenged(o) && o.entry->challenges == 0 && o.entry_after->challenges == 1;
                 }});
  out.push_back({Row::challenge_budget, "1.11   more of them in the window", [](const O& o) {
                   return is_challenged(o) && o.entry_after->challenges == o.entry->challenges + 1 &&
                          o.entry->challenges != 0;
                 }});
  out.push_back({Row::challenge_exhausted, "1.11   budget exhausted", [](const O& o) {
                   return (code(o) == kEventSeqChallenge || code(o) == kEventRstChallenge) && o.room.line &&
                          !o.answer.counts.challenge_acks;
                 }});
  out.push_back({Row::challenge_new_window, "1.11   another window", [](const O& o) {
                   return is_challenged(o) && limited(o) && o.entry->challenges > 0 && o.entry_after->challenges == 1 &&
                          o.entry_after->challenge_end != o.entry->challenge_end;
                 }});
  out.push_back({Row::challenge_no_limit, "1.11   a sysctl is 0: no limit",
                 [](const O& o) { return is_challenged(o) && !limited(o); }});
  out.push_back({Row::challenge_no_room, "---    challenge ACK without room", [](const O& o) {
                   return (code(o) == kEventSeqChallenge || code(o) == kEventRstChallenge) && !o.room.line &&
                          o.after.limiter.count == o.before.limiter.count + 1;
                 }});
}

void limiter_rows(std::vector<RowInfo>& out) {
  out.push_back({Row::limiter_refuses, "1.4    more RSTs than icmplim", [](const O& o) {
                   return o.answer.counts.resets_limited && o.before.limiter.count >= o.config.icmplim;
                 }});
  out.push_back({Row::limiter_off, "1.4    icmplim 0: no limit",
                 [](const O& o) { return o.answer.counts.resets_sent && o.config.icmplim == 0; }});
  out.push_back({Row::limiter_blackhole, "1.4    blackhole 3: no RST", [](const O& o) {
                   return is_reset_wanted(o) && o.config.blackhole == 3 && o.answer.verdict.send == kSendNothing;
                 }});
  out.push_back({Row::limiter_no_room, "---    RST without room", [](const O& o) {
                   return is_reset_wanted(o) && !o.room.line && o.after.limiter.count == o.before.limiter.count + 1 &&
                          !o.answer.counts.resets_limited;
                 }});
  out.push_back({Row::abort_blackhole, "---    blackhole 3: no RST for what the server did not take", [](const O& o) {
                   return code(o) == kEventSockFailRst && o.config.blackhole == 3 &&
                          o.answer.verdict.send == kSendNothing;
                 }});
  out.push_back({Row::abort_no_room, "---    such a RST without room", [](const O& o) {
                   return code(o) == kEventSockFailRst && !o.room.line && o.answer.verdict.send == kSendNothing;
                 }});
  out.push_back({Row::abort_unlimited, "---    icmplim does not hold for it (BANDLIM_UNLIMITED)", [](const O& o) {
                   return code(o) == kEventSockFailRst && o.answer.verdict.send == kSendRst &&
                          o.before.limiter.count >= o.config.icmplim && o.after.limiter.count == o.before.limiter.count;
                 }});
  out.push_back({Row::limiter_told, "1.4    limiting is reported",
                 [](const O& o) { return code(o) == kEventLimiting && o.after.limiter.count == 0; }});
}

void pause_rows(std::vector<RowInfo>& out) {
  out.push_back({Row::pause_already, "1.12   already paused: nothing", [](const O& o) {
                   return o.answer.counts.evicted && o.before.pause.paused && !o.answer.counts.bucketoverflow;
                 }});
  out.push_back({Row::pause_no_cookies, "1.12   no cookies: counted alone",
                 [](const O& o) { return o.answer.counts.bucketoverflow && !o.after.pause.paused; }});
  out.push_back({Row::pause_first, "1.12   the first takes 15 s",
                 [](const O& o) { return is_overflow(o) && !o.before.pause.ever && o.answer.record.arg0 == 15; }});
  out.push_back({Row::pause_doubled, "1.12   renewed soon: twice as long", [](const O& o) {
                   return is_overflow(o) && o.after.pause.backoff == o.before.pause.backoff + 1 &&
                          o.answer.record.arg0 == 15u << o.after.pause.backoff;
                 }});
  out.push_back({Row::pause_longest, "1.12   but never beyond 960 s", [](const O& o) {
                   return is_overflow(o) && o.before.pause.backoff == 6 && o.answer.record.arg0 == 960;
                 }});
  out.push_back(
      {Row::pause_ends, "1.12   ends", [](const O& o) { return o.before.pause.paused && !o.after.pause.paused; }});
  out.push_back({Row::pause_forgotten, "1.12   cannot be renewed any more",
                 [](const O& o) { return o.before.pause.ever && !o.after.pause.ever; }});
  out.push_back({Row::pause_stamps_gate, "---    a stateless SYN-ACK stamps the gate", [](const O& o) {
                   return o.answer.counts.stateless && o.after.gate.open && o.after.gate.stamp == o.request.time_ms;
                 }});
  out.push_back({Row::gate_closes, "1.10.2 the gate closes",
                 [](const O& o) { return o.before.gate.open && !o.after.gate.open; }});
}

void unreach_rows(std::vector<RowInfo>& out) {
  out.push_back({Row::unreach_cookies_only, "1.13   cookies only: ignored",
                 [](const O& o) { return is_unreach(o) && o.stateless && unchanged(o); }});
  out.push_back({Row::unreach_no_entry, "1.13   no entry: ignored",
                 [](const O& o) { return is_unreach(o) && !o.stateless && !o.entry.has_value(); }});
  out.push_back({Row::unreach_wrong_seq, "1.13   wrong SEQ: ignored", [](const O& o) {
                   return is_unreach(o) && !o.stateless && o.entry.has_value() && o.request.seq != o.entry->iss &&
                          unchanged(o);
                 }});
  out.push_back({Row::unreach_first, "1.13   the first is remembered", [](const O& o) {
                   return is_unreach(o) && o.entry.has_value() && o.entry_after.has_value() && !o.entry->unreach &&
                          o.entry_after->unreach;
                 }});
  out.push_back({Row::unreach_early, "1.13   another, before the third retransmission: stays", [](const O& o) {
                   return is_unreach(o) && !o.stateless && o.entry.has_value() && o.entry->unreach &&
                          o.entry->rxmits < 4 && o.request.seq == o.entry->iss && o.entry_after.has_value();
                 }});
  out.push_back({Row::unreach_removes, "1.13   another, after it: entry removed", [](const O& o) {
                   return o.answer.counts.unreach && !o.entry_after.has_value() && o.entry->rxmits >= 4;
                 }});
}

void own_rows(std::vector<RowInfo>& out) {
  out.push_back({Row::unknown_pass, "---    unknown_ack pass", [](const O& o) {
                   return is_unknown(o) && o.config.unknown_ack == 0 && o.answer.verdict.fate == kFateForward;
                 }});
  out.push_back({Row::unknown_drop, "---    unknown_ack drop", [](const O& o) {
                   return o.answer.verdict.reason == kDropUnknownAck || o.answer.verdict.reason == kDropUnknownRst;
                 }});
  out.push_back({Row::unknown_rst, "---    unknown_ack rst", [](const O& o) {
                   return o.answer.verdict.reason == kDropUnknownAck && o.answer.verdict.send == kSendRst;
                 }});
  out.push_back({Row::unknown_fails_open, "---    flow bucket that fails open", [](const O& o) {
                   return is_unknown(o) && o.config.unknown_ack != 0 && o.answer.verdict.fate == kFateForward &&
                          (o.open_laps != 0 || !o.config.tables_ready);
                 }});
  out.push_back({Row::unknown_handed, "---    handed over, though bypassed", [](const O& o) {
                   return o.stateless && o.entry && o.entry->handed && o.config.unknown_ack != 0 && o.open_laps == 0 &&
                          !o.flow && (is_ack(o) ? o.answer.counts.failcookie : is_rst(o)) &&
                          o.answer.verdict.fate == kFateForward;
                 }});
  out.push_back({Row::flow_syn_closing, "---    flow: SYN neither opens nor keeps a closing one", [](const O& o) {
                   return is_known(o) && o.request.op == kOpSyn && o.flow->state == kFlowClosing && o.flow->aux != 0 &&
                          o.flow_after->state == kFlowClosing && o.flow_after->aux == o.flow->aux;
                 }});
  out.push_back({Row::flow_ack_closing, "---    flow: nor does an ACK", [](const O& o) {
                   return is_known(o) && is_ack(o) && o.flow->state == kFlowClosing && o.flow->aux != 0 &&
                          o.flow_after->state == kFlowClosing && o.flow_after->aux == o.flow->aux;
                 }});
  out.push_back({Row::flow_syn_handed, "---    flow: SYN leaves a handed one alone", [](const O& o) {
                   return is_known(o) && o.request.op == kOpSyn && o.flow_after->state == kFlowHanded;
                 }});
  out.push_back({Row::flow_fin, "---    flow: FIN of the line changes no state", [](const O& o) {
                   return is_known(o) && is_ack(o) && (o.request.flags & kTcpFin) != 0 && o.flow->state == kFlowOpen &&
                          o.flow_after->state == kFlowOpen;
                 }});
  out.push_back({Row::flow_ack, "---    flow: ACK keeps young", [](const O& o) {
                   return is_known(o) && is_ack(o) && o.flow->aux != 0 && o.flow->state == kFlowOpen &&
                          o.flow_after->aux == 0;
                 }});
  out.push_back({Row::flow_remarked, "---    flow: marked again",
                 [](const O& o) { return o.answer.counts.remarked && o.answer.verdict.send == kSendMark; }});
  out.push_back({Row::flow_remark_too_soon, "---    flow: not within the same 16 ms", [](const O& o) {
                   return is_known(o) && is_ack(o) && o.flow->state == kFlowHanded &&
                          flow_marked_now(o.request.time_ms, *o.flow) && o.answer.verdict.send == kSendNothing;
                 }});
  out.push_back({Row::flow_rst, "---    flow: RST of the line changes nothing", [](const O& o) {
                   return is_known(o) && is_rst(o) && o.flow_after->state == o.flow->state &&
                          o.flow_after->aux == o.flow->aux;
                 }});
  out.push_back({Row::flow_stray, "---    flow: SYN-ACK passes", [](const O& o) {
                   return is_known(o) && o.request.op == kOpStray && o.answer.verdict.fate == kFateForward;
                 }});
  out.push_back({Row::flow_remarked_fin, "---    flow: a segment with FIN is marked again", [](const O& o) {
                   return is_known(o) && (o.request.flags & kTcpFin) != 0 && o.answer.counts.remarked &&
                          o.flow_after->state == kFlowHanded;
                 }});
  out.push_back({Row::flow_remarked_ecn, "---    flow: a repeated mark still says ECN", [](const O& o) {
                   return is_known(o) && o.answer.counts.remarked && (o.answer.verdict.mark_flags & kMarkEcn) != 0;
                 }});
  out.push_back({Row::flow_server_speaks, "---    flow: the server speaks", [](const O& o) {
                   return is_server(o) && o.flow.has_value() && o.flow->state == kFlowHanded &&
                          o.flow_after->state == kFlowOpen;
                 }});
  out.push_back({Row::flow_server_ends, "---    flow: the server ends it", [](const O& o) {
                   return is_server(o) && o.flow.has_value() && o.flow_after->state == kFlowClosing &&
                          o.flow->state != kFlowClosing;
                 }});
  out.push_back({Row::flow_server_unknown, "---    flow: RST or SYN-ACK of the server teaches nothing", [](const O& o) {
                   return is_server(o) && !o.flow.has_value() && !o.flow_after.has_value() &&
                          !flow_teaches(o.request.flags);
                 }});
  out.push_back({Row::flow_server_reopens, "---    flow: the server's SYN reopens", [](const O& o) {
                   return is_server(o) && o.flow && o.flow->state == kFlowClosing && o.flow_after->state == kFlowOpen;
                 }});
  out.push_back(
      {Row::flow_server_resets_closing, "---    flow: its RST does not keep what it has ended", [](const O& o) {
         return is_server(o) && o.flow && o.flow->state == kFlowClosing && o.flow->aux != 0 &&
                (o.request.flags & (kTcpRst | kTcpSyn)) == kTcpRst && o.flow_after->aux == o.flow->aux;
       }});
  out.push_back({Row::flow_server_answers_closing, "---    flow: nor does its SYN-ACK open that", [](const O& o) {
                   return is_server(o) && o.flow && o.flow->state == kFlowClosing && (o.request.flags & kTcpRst) == 0 &&
                          !flow_teaches(o.request.flags) && o.flow_after->state == kFlowClosing;
                 }});
  out.push_back(
      {Row::flow_server_connected_again, "---    flow: but who was answered so is connected again", [](const O& o) {
         return is_server(o) && o.flow && o.flow->state == kFlowClosing && o.flow->aux >= kFlowAnswered &&
                (o.request.flags & kTcpSyn) == 0 && o.flow_after->state == kFlowOpen;
       }});
  out.push_back({Row::flow_server_connects, "---    flow: the server's SYN makes one", [](const O& o) {
                   return is_server(o) && !o.flow && o.request.flags == kTcpSyn && o.answer.counts.flows_added &&
                          o.flow_after->state == kFlowOpen;
                 }});
  out.push_back({Row::flow_taught, "---    flow: a segment of the server makes one", [](const O& o) {
                   return is_server(o) && !o.flow && (o.request.flags & kTcpSyn) == 0 && o.answer.counts.flows_added &&
                          !o.answer.counts.completed;
                 }});
  out.push_back({Row::flow_not_protected, "---    flow: none where no service is protected",
                 [](const O& o) { return is_server(o) && !o.flow && flow_teaches(o.request.flags) && !o.flow_after; }});
  out.push_back({Row::flow_added, "---    flow: added", [](const O& o) {
                   return o.answer.counts.flows_added && o.after.flows == o.before.flows + 1 &&
                          o.flow_after.has_value();
                 }});
  out.push_back({Row::flow_bucket_full, "---    flow: bucket full", [](const O& o) {
                   return o.answer.counts.flows_full && o.after.flows == o.before.flows &&
                          o.open_laps_after == o.config.flow_idle;
                 }});
  out.push_back({Row::flow_idle, "---    flow: idle too long", [](const O& o) {
                   return o.request.op == kOpVisit && o.opens > o.opens_after && o.answer.counts.flows_aged != 0;
                 }});
  out.push_back({Row::flow_closed, "---    flow: closed", [](const O& o) {
                   return o.request.op == kOpVisit && o.closings > o.closings_after && o.answer.counts.flows_aged != 0;
                 }});
  out.push_back({Row::flow_handed_ages, "---    flow: handed long ago",
                 [](const O& o) { return o.request.op == kOpVisit && o.handed > o.handed_after; }});
  out.push_back({Row::add_dup_ethernet, "---    duplicate by another way: its Ethernet header is kept", [](const O& o) {
                   return is_answered_duplicate(o) && o.entry->mac_src != o.request.mac_src &&
                          o.entry_after->mac_src == o.request.mac_src;
                 }});
  out.push_back({Row::timer_aborts, "---    handed over, not confirmed: aborted, RST", [](const O& o) {
                   return o.request.op == kOpTimeout && o.answer.counts.aborted && o.entry->handed && !o.entry_after &&
                          (o.flow_after || o.answer.counts.flows_full) && o.answer.verdict.send == kSendRst &&
                          o.answer.verdict.seq == o.entry->iss + 1;
                 }});
  out.push_back({Row::timer_aborts_silently, "---    likewise, rst_on_sock_fail 0", [](const O& o) {
                   return o.request.op == kOpTimeout && o.answer.counts.aborted && code(o) == kEventSockFail &&
                          o.answer.verdict.send == kSendNothing;
                 }});
  out.push_back({Row::timer_handed, "---    handed over, not confirmed: SYN-ACK again",
                 [](const O& o) { return o.answer.counts.retransmitted && o.entry->handed && o.entry_after->handed; }});
  out.push_back({Row::handoff_waits, "---    with an agent the entry stays", [](const O& o) {
                   return is_ack(o) && o.answer.counts.handed && o.entry_after && o.entry_after->handed;
                 }});
  out.push_back({Row::handoff_marked_again, "---    and is marked again", [](const O& o) {
                   return is_ack(o) && o.answer.counts.remarked && o.entry && o.entry->handed && o.entry_after;
                 }});
  out.push_back({Row::handoff_too_soon, "---    but not within the same 16 ms", [](const O& o) {
                   return is_ack(o) && o.entry && o.entry->handed && o.entry_after && !o.flow &&
                          o.answer.verdict.fate == kFateForward && o.answer.verdict.send == kSendNothing;
                 }});
  out.push_back({Row::handoff_agent_gone, "---    the agent is gone: handed over for good", [](const O& o) {
                   return is_ack(o) && o.answer.counts.remarked && o.answer.counts.completed && !o.entry_after;
                 }});
  out.push_back({Row::handoff_ecn, "---    the mark says ECN", [](const O& o) {
                   return o.answer.verdict.send == kSendMark && (o.answer.verdict.mark_flags & kMarkEcn) != 0 &&
                          o.entry;
                 }});
  out.push_back({Row::handoff_server_speaks, "---    the server speaks: taken", [](const O& o) {
                   return is_server(o) && o.answer.counts.completed && o.entry->handed && !o.entry_after;
                 }});
  out.push_back(
      {Row::handoff_server_speaks_of_flow, "---    the server speaks, and there is a flow: taken", [](const O& o) {
         return is_server(o) && o.answer.counts.completed && o.flow && o.entry->handed && !o.entry_after;
       }});
  out.push_back({Row::mark_path_mss, "---    the service's path bounds the MSS of a mark", [](const O& o) {
                   return o.answer.verdict.send == kSendMark && o.request.path_mss != 0 &&
                          o.answer.verdict.mark_mss == o.request.path_mss;
                 }});
  out.push_back({Row::status_taken, "---    status: taken", [](const O& o) {
                   return o.request.op == kOpStatus && o.answer.counts.completed && !o.entry_after &&
                          o.flow_after.has_value() != o.answer.counts.flows_full;
                 }});
  out.push_back({Row::status_full, "---    status: full changes nothing", [](const O& o) {
                   return o.request.op == kOpStatus && o.request.note == kStatusFull && o.entry && o.entry->handed &&
                          o.entry_after && unchanged(o);
                 }});
  out.push_back({Row::status_busy, "---    status: busy changes nothing", [](const O& o) {
                   return o.request.op == kOpStatus && o.request.note == kStatusBusy && o.entry && o.entry->handed &&
                          o.entry_after && unchanged(o);
                 }});
  out.push_back({Row::status_no_listener, "---    status: no listener: aborted", [](const O& o) {
                   return o.request.op == kOpStatus && o.request.note == kStatusNoListener && o.answer.counts.aborted &&
                          !o.entry_after;
                 }});
  out.push_back({Row::status_refused, "---    status: refused: aborted", [](const O& o) {
                   return o.request.op == kOpStatus && o.request.note == kStatusRefused && o.answer.counts.aborted &&
                          !o.entry_after;
                 }});
  out.push_back({Row::status_other_handshake, "---    status of another handshake: ignored", [](const O& o) {
                   return o.request.op == kOpStatus && o.entry && o.entry->handed && o.entry_after &&
                          (o.request.seq != o.entry->irs + 1 || o.request.ack != o.entry->iss + 1);
                 }});
  out.push_back({Row::status_of_nothing, "---    status of nothing: ignored", [](const O& o) {
                   return o.request.op == kOpStatus && !o.flow && (!o.entry || !o.entry->handed) && unchanged(o);
                 }});
  out.push_back({Row::status_flow_taken, "---    status: taken, from a cookie", [](const O& o) {
                   return o.request.op == kOpStatus && o.flow && o.flow->state == kFlowHanded &&
                          o.flow_after->state == kFlowOpen;
                 }});
  out.push_back({Row::status_flow_refused, "---    status: refused, from a cookie", [](const O& o) {
                   return o.request.op == kOpStatus && o.flow && o.flow->state == kFlowHanded &&
                          o.flow_after->state == kFlowClosing;
                 }});
  out.push_back({Row::status_flow_waits, "---    status: full or busy, from a cookie", [](const O& o) {
                   return o.request.op == kOpStatus && o.flow && o.flow->state == kFlowHanded &&
                          o.flow_after->state == kFlowHanded;
                 }});
  out.push_back({Row::status_flow_other, "---    status: of another handshake than the flow's", [](const O& o) {
                   return o.request.op == kOpStatus && o.request.note == kStatusTaken && o.flow &&
                          o.flow->state == kFlowHanded && o.flow_after->state == kFlowHanded;
                 }});
  out.push_back({Row::stray_dropped, "---    SYN-ACK of nothing", [](const O& o) {
                   return o.request.op == kOpStray && !o.flow && o.answer.verdict.fate == kFateDrop &&
                          code(o) == o.request.note;
                 }});
  out.push_back({Row::stray_fails_open, "---    SYN-ACK where flows may be missing", [](const O& o) {
                   return o.request.op == kOpStray && !o.flow && o.answer.verdict.fate == kFateForward &&
                          (o.open_laps != 0 || !o.config.tables_ready);
                 }});
  out.push_back({Row::tables_not_ready, "---    tables not ready",
                 [](const O& o) { return !o.config.tables_ready && o.request.op != kOpTick; }});
}

}  // namespace

std::vector<RowInfo> all_rows() {
  std::vector<RowInfo> out;
  add_rows(out);
  reply_rows(out);
  timer_rows(out);
  ack_rows(out);
  rst_rows(out);
  limiter_rows(out);
  pause_rows(out);
  unreach_rows(out);
  own_rows(out);
  return out;
}

}  // namespace synward::test
