// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/engine_step.hpp"
#include "synward/reply.hpp"

namespace synward {

/// The ISS for a SYN: a cookie, or without cookies a keyed hash and the clock (RFC 6528).
inline std::uint32_t syn_iss(const EngineStep& step) {
  const EngineKeys& keys = step.config.keys;
  const RequestRecord& request = step.request;
  const SipKey& key = keys.cookie[keys.parity ? 1 : 0];
  const std::uint8_t byte = cookie_encode(request.mss, request.ws_ok, request.ws, request.sack_ok, keys.parity);
  if (cookies_on(step.config)) return cookie_iss(key, step.ends, request.seq, byte);
  return cookie_mac(key, step.ends, request.seq, byte) + (request.time_ms << 8);
}

/// The entry that a SYN makes.
inline EntryRecord entry_of_syn(const RequestRecord& request, std::uint32_t iss) {
  EntryRecord entry = EntryRecord();
  entry.irs = request.seq;
  entry.iss = iss;
  entry.tsreflect = request.ts_ok ? request.tsval : 0;
  entry.mss = request.mss;
  entry.ws = request.ws_ok ? request.ws : std::uint8_t{0};
  entry.ws_ok = request.ws_ok;
  entry.sack_ok = request.sack_ok;
  entry.ts_ok = request.ts_ok;
  entry.ecn_ok = request.ecn_ok;
  entry.has_mss = request.has_mss;
  entry.len = request.len;
  entry.service = request.service;
  entry.mac_dst = request.mac_dst;
  entry.mac_src = request.mac_src;
  entry.tags = request.tags;
  entry.tag1 = request.tag1;
  entry.tag2 = request.tag2;
  entry_arm(entry, request.time_ms, 1);
  return entry;
}

/// What a SYN of a connection that has an entry makes of it.
inline void entry_refresh(EntryRecord& entry, const RequestRecord& request) {
  entry.ts_ok = entry.ts_ok && request.ts_ok;
  entry.tsreflect = entry.ts_ok ? request.tsval : 0;
  entry.ecn_ok = entry.ecn_ok && request.ecn_ok;
  entry.mac_dst = request.mac_dst;
  entry.mac_src = request.mac_src;
  entry.tags = request.tags;
  entry.tag1 = request.tag1;
  entry.tag2 = request.tag2;
  entry_arm(entry, request.time_ms, 1);
}

/// Begins a pause if there is none (FreeBSD syncache_pause).
inline void syn_pause(EngineStep& step) {
  if (step.state.pause.paused) return;
  step.answer.counts.bucketoverflow = true;
  if (!step.config.syncookies) return;
  step_event(step, kEventOverflow, pause_begin(step.state.pause, step.request.time_ms));
}

/// A SYN of a connection that has an entry.
inline void syn_duplicate(EngineStep& step) {
  EntryRecord& entry = step_entry(step);
  step.answer.counts.dupsyn = true;
  step_event(step, kEventDupSyn);
  entry_refresh(entry, step.request);
  step.answer.verdict.fate = kFateConsumed;
  reply_syn_ack(step, entry);
}

inline void syn_stateless(EngineStep& step) {
  EntryRecord entry = entry_of_syn(step.request, syn_iss(step));
  entry.ecn_ok = false;
  step.answer.verdict.fate = kFateConsumed;
  step.answer.counts.stateless = true;
  gate_stamp(step.state.gate, step.request.time_ms);
  reply_syn_ack(step, entry);
}

/// Stores an entry where place `place` of the bucket's order is.
inline void syn_store(EngineStep& step, unsigned place) {
  const EntryRecord entry = entry_of_syn(step.request, syn_iss(step));
  const unsigned way = bucket_take(step.bucket, place);
  step.bucket.way[way & (kWays - 1)] = SyncacheWay{step.ends, entry};
  step.answer.verdict.fate = kFateConsumed;
  step.answer.counts.added = true;
  reply_syn_ack(step, entry);
}

/// Stores an entry in the place of the bucket's oldest.
inline void syn_evict(EngineStep& step, unsigned entries) {
  gate_stamp(step.state.gate, step.request.time_ms);
  syn_pause(step);
  step.answer.counts.evicted = true;
  syn_store(step, entries - 1);
}

/// No room for the SYN-ACK.
inline void syn_no_room(EngineStep& step) {
  step_drop(step, kDropLineTxFull);
  step.answer.counts.sc_dropped = true;
  if (step.way == kNoWay) {
    step.answer.counts.sendcookie = cookies_on(step.config);
  } else {
    step.answer.counts.dupsyn = true;
    step_remove_entry(step);
  }
}

/// A SYN of a new connection, with the syncache in use.
inline void syn_add(EngineStep& step) {
  const unsigned entries = bucket_entries(step.bucket);
  if (step.state.count >= step.config.cachelimit) {
    step.answer.counts.zonefail = true;
    if (entries != 0) {
      syn_evict(step, entries);
    } else if (step.config.syncookies) {
      syn_stateless(step);
    } else {
      step_drop(step, kDropSyncacheFull);
    }
  } else if (entries >= step.config.bucketlimit) {
    syn_evict(step, entries);
  } else {
    syn_store(step, step.config.bucketlimit - 1);
    ++step.state.count;
  }
}

/// A SYN without a flow (FreeBSD syncache_add).
inline void engine_syn(EngineStep& step) {
  if (!step.room.line) {
    syn_no_room(step);
  } else if (step.way != kNoWay) {
    syn_duplicate(step);
  } else {
    step.answer.counts.sendcookie = cookies_on(step.config);
    if (step.stateless) {
      syn_stateless(step);
    } else if (!step.config.tables_ready) {
      step_drop(step, kDropSyncacheFull);
    } else {
      syn_add(step);
    }
  }
}

}  // namespace synward
