// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/engine_step.hpp"

namespace synward {

/// Timestamps of what goes to the line.
inline void reply_timestamps(EngineStep& step, bool ts_ok, std::uint32_t tsecr) {
  VerdictRecord& verdict = step.answer.verdict;
  verdict.ts_ok = ts_ok;
  if (!ts_ok) return;
  verdict.tsoff = timestamp_offset(step.config.keys.ts_secret, step.ends, step.config.ts_offset_per_conn);
  verdict.tsecr = tsecr;
}

/// The SYN-ACK of `entry`, stored or not.
inline void reply_syn_ack(EngineStep& step, const EntryRecord& entry) {
  VerdictRecord& verdict = step.answer.verdict;
  verdict.send = kSendSynAck;
  verdict.seq = entry.iss;
  verdict.ack = entry.irs + 1;
  verdict.ws_ok = entry.ws_ok;
  verdict.sack_ok = entry.sack_ok;
  verdict.ece = entry.ecn_ok;
  verdict.df = !entry.unreach;
  reply_timestamps(step, entry.ts_ok, entry.tsreflect);
}

/// A challenge ACK for `entry`, if its budget and `room` allow it (FreeBSD syncache_send_challenge_ack).
inline void reply_challenge(EngineStep& step, EntryRecord& entry) {
  const EngineConfig& config = step.config;
  const std::uint32_t now = step.request.time_ms;
  if (!challenge_allowed(entry, now, config.ack_war_cnt, config.ack_war_timewindow)) return;
  limiter_take(step.state.limiter, now, config.icmplim);
  if (!step.room.line) return;
  VerdictRecord& verdict = step.answer.verdict;
  verdict.send = kSendChallenge;
  verdict.seq = entry.iss + 1;
  verdict.ack = entry.irs + 1;
  verdict.df = !entry.unreach;
  reply_timestamps(step, entry.ts_ok, entry.tsreflect);
  step.answer.counts.challenge_acks = true;
}

/// A RST with SEQ `seq`, if net.inet.tcp.blackhole and `room` allow it; true if it is sent.
inline bool reply_rst_unlimited(EngineStep& step, std::uint32_t seq) {
  if (step.config.blackhole == kBlackholeAll || !step.room.line) return false;
  VerdictRecord& verdict = step.answer.verdict;
  verdict.send = kSendRst;
  verdict.seq = seq;
  verdict.df = true;
  step.answer.counts.resets_sent = true;
  return true;
}

/// The same within net.inet.icmp.icmplim.
inline bool reply_rst(EngineStep& step, std::uint32_t seq) {
  if (step.config.blackhole == kBlackholeAll) return false;
  if (!limiter_take(step.state.limiter, step.request.time_ms, step.config.icmplim)) {
    step.answer.counts.resets_limited = true;
    return false;
  }
  return reply_rst_unlimited(step, seq);
}

/// What is sent answers no frame: the request says for which connection it is.
inline void reply_own(EngineStep& step) {
  const RequestRecord& request = step.request;
  VerdictRecord& verdict = step.answer.verdict;
  verdict.own = true;
  verdict.v6 = request.v6;
  verdict.faddr = request.faddr;
  verdict.laddr = request.laddr;
  verdict.fport = request.fport;
  verdict.lport = request.lport;
  verdict.time_ms = request.time_ms;
}

/// The server did not take a connection whose client believes in it (FreeBSD tcp_input, where syncache_socket failed:
/// its RST is BANDLIM_UNLIMITED). `seq` is ISS + 1. True if a RST is sent, whose Ethernet header is then the caller's
/// to set.
inline bool reply_abort(EngineStep& step, std::uint32_t seq) {
  step_event(step, step.config.rst_on_sock_fail ? kEventSockFailRst : kEventSockFail);
  if (!step.config.rst_on_sock_fail || !reply_rst_unlimited(step, seq)) return false;
  reply_own(step);
  return true;
}

/// A mark to the host. `seq` and `ack` are irs + 1 and ISS + 1, whatever segment came first.
inline void reply_mark(EngineStep& step, const MarkContent& mark, std::uint32_t seq, std::uint32_t ack) {
  VerdictRecord& verdict = step.answer.verdict;
  verdict.send = kSendMark;
  verdict.seq = seq;
  verdict.ack = ack;
  verdict.mark_flags = mark.flags;
  verdict.mark_wscale = mark.wscale;
  verdict.mark_mss = mark.mss;
  step.answer.mark_mac = mark_mac(step.config.keys.mark_key, step.ends, seq, ack, mark);
}

}  // namespace synward
