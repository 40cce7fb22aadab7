// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "kernels/records.hpp"
#include "kernels/synward_cookie.hpp"

namespace synward {

// Calls f(value, width in bits) for each field of what goes through the kernels' ports, for whoever writes, reads or
// compares them.

template <typename F>
inline void each_field(SipKey& key, F&& f) {
  f(key.k0, 64u);
  f(key.k1, 64u);
}

template <typename F>
inline void each_field(Endpoints& ends, F&& f) {
  f(ends.v6, 1u);
  f(ends.faddr, 128u);
  f(ends.laddr, 128u);
  f(ends.fport, 16u);
  f(ends.lport, 16u);
}

template <typename F>
inline void each_field(EngineSetting& setting, F&& f) {
  EngineConfig& config = setting.config;
  each_field(config.keys.cookie[0], f);
  each_field(config.keys.cookie[1], f);
  f(config.keys.parity, 1u);
  each_field(config.keys.ts_secret, f);
  each_field(config.keys.mark_key, f);
  each_field(config.keys.table_key, f);
  f(config.syncookies, 1u);
  f(config.syncookies_only, 1u);
  f(config.ts_offset_per_conn, 1u);
  f(config.tolerate_missing_ts, 1u);
  f(config.insecure_rst, 1u);
  f(config.hashsize, 32u);
  f(config.bucketlimit, 32u);
  f(config.cachelimit, 32u);
  f(config.rexmtlimit, 8u);
  f(config.rexmit.initial, 32u);
  f(config.rexmit.min, 32u);
  f(config.rexmit.slop, 32u);
  f(config.rexmit.max, 32u);
  f(config.ecn_maxretries, 8u);
  f(config.ack_war_cnt, 8u);
  f(config.ack_war_timewindow, 32u);
  f(config.blackhole, 8u);
  f(config.icmplim, 32u);
  f(config.unknown_ack, 8u);
  f(config.flow_idle, 8u);
  f(config.flow_learn, 8u);
  f(config.rst_on_sock_fail, 1u);
  f(config.cookie_gate_always, 1u);
  f(setting.load, 1u);
  f(setting.end_pause, 1u);
}

template <typename F>
inline void each_field(EngineQuestion& question, F&& f) {
  question.request.each(f);
  f(question.room.line, 1u);
  f(question.room.host, 1u);
}

template <typename F>
inline void each_field(EngineAnswer& answer, F&& f) {
  answer.verdict.each(f);
  f(answer.mark_mac, 32u);
  answer.counts.each(f);
  answer.record.each(f);
  f(answer.event, 1u);
}

template <typename F>
inline void each_field(EngineReply& reply, F&& f) {
  each_field(reply.answer, f);
  reply.sight.each(f);
}

template <typename F>
inline void each_field(CookieSetting& setting, F&& f) {
  each_field(setting.keys[0], f);
  each_field(setting.keys[1], f);
  f(setting.parity, 1u);
}

template <typename F>
inline void each_field(CookieQuestion& question, F&& f) {
  f(question.check, 1u);
  each_field(question.ends, f);
  f(question.seq, 32u);
  f(question.ack, 32u);
  f(question.mss, 16u);
  f(question.ws_ok, 1u);
  f(question.ws, 8u);
  f(question.sack_ok, 1u);
}

template <typename F>
inline void each_field(CookieReply& reply, F&& f) {
  f(reply.iss, 32u);
  f(reply.ok, 1u);
  f(reply.byte, 8u);
  f(reply.content.mss, 16u);
  f(reply.content.ws_ok, 1u);
  f(reply.content.shift, 8u);
  f(reply.content.sack_ok, 1u);
}

}  // namespace synward
