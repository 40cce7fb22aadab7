// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/codes.hpp"
#include "synward/cookie.hpp"
#include "synward/flow_bucket.hpp"
#include "synward/gate.hpp"
#include "synward/limiter.hpp"
#include "synward/mark.hpp"
#include "synward/pause.hpp"
#include "synward/records.hpp"
#include "synward/syncache_bucket.hpp"
#include "synward/table_hash.hpp"
#include "synward/timers.hpp"

namespace synward {

/// The secrets at the clock of a request.
struct EngineKeys {
  SipKey cookie[2];  ///< by parity
  bool parity;       ///< which of them new cookies use
  SipKey ts_secret;
  SipKey mark_key;
  SipKey table_key;
};

/// The settings at the clock of a request: sysctls of rtl/csr/registers.toml, ranges as there.
struct EngineConfig {
  EngineKeys keys;
  bool tables_ready;  ///< the tables are cleared and may be used
  bool syncookies, syncookies_only, ts_offset_per_conn, tolerate_missing_ts, insecure_rst;
  std::uint32_t hashsize, bucketlimit, cachelimit;  ///< as at the last load
  std::uint8_t rexmtlimit;
  RexmitConfig rexmit;
  std::uint8_t ecn_maxretries;
  std::uint8_t ack_war_cnt;
  std::uint32_t ack_war_timewindow;  ///< ms
  std::uint8_t blackhole;
  std::uint32_t icmplim;  ///< per second
  std::uint8_t unknown_ack;
  std::uint8_t flow_idle;   ///< laps
  std::uint8_t flow_learn;  ///< laps
  bool rst_on_sock_fail;
  bool cookie_gate_always;  ///< net.synward.cookie_gate
};

/// Whether one more frame of the card's own fits towards the line and towards the host.
struct Room {
  bool line, host;
};

/// What the engine keeps besides the tables.
struct EngineState {
  std::uint32_t count;  ///< entries in the syncache
  std::uint32_t flows;  ///< flows in the flow table
  PauseState pause;
  GateState gate;
  LimiterState limiter;
};

struct EngineAnswer {
  VerdictRecord verdict;
  std::uint32_t mark_mac;  ///< of verdict.send 4
  CountsRecord counts;
  EventRecord record;
  bool event;  ///< `record` is to be kept
};

/// One request at work: what it asks, what it may read and change, and its answer so far.
struct EngineStep {
  const EngineConfig& config;
  const RequestRecord& request;
  const Room& room;
  SyncacheBucket& bucket;
  FlowBucket& flows;
  EngineState& state;
  EngineAnswer& answer;
  Endpoints ends;
  std::uint32_t fingerprint;
  bool stateless;  ///< the syncache is bypassed
  bool handed;     ///< the connection has an entry that was handed over, even if that is bypassed
  unsigned way;    ///< of the entry, or kNoWay
  unsigned flow;   ///< way of the flow, or kNoFlow
};

inline Endpoints request_ends(const RequestRecord& request) {
  return Endpoints{request.v6, request.faddr, request.laddr, request.fport, request.lport};
}

/// True if new connections get cookies for their ISS.
inline bool cookies_on(const EngineConfig& config) { return config.syncookies || config.syncookies_only; }

inline void step_drop(EngineStep& step, std::uint8_t reason) {
  step.answer.verdict.fate = kFateDrop;
  step.answer.verdict.reason = reason;
}

/// The event of this request; connection, flags and time are the request's.
inline void step_event(EngineStep& step, std::uint8_t code, std::uint32_t arg0 = 0, std::uint32_t arg1 = 0,
                       std::uint32_t arg2 = 0) {
  step.answer.event = true;
  EventRecord& record = step.answer.record;
  record.code = code;
  record.v6 = step.request.v6;
  record.faddr = step.request.faddr;
  record.laddr = step.request.laddr;
  record.fport = step.request.fport;
  record.lport = step.request.lport;
  record.flags = step.request.flags;
  record.time_ms = step.request.time_ms;
  record.arg0 = arg0;
  record.arg1 = arg1;
  record.arg2 = arg2;
}

inline EntryRecord& step_entry(EngineStep& step) { return step.bucket.way[step.way & (kWays - 1)].entry; }

inline void step_remove_entry(EngineStep& step) {
  bucket_remove(step.bucket, step.way, step.config.bucketlimit);
  --step.state.count;
}

}  // namespace synward
