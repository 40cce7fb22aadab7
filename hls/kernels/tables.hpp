// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "kernels/view.hpp"
#include "synward/engine.hpp"

namespace synward {

/// What the pause needs, computed a request ahead: nothing but a TICK ends a pause, and it stands alone.
struct PauseAhead {
  std::uint32_t renew_end;    ///< the last time at which a new pause renews the last one
  std::uint32_t next_length;  ///< of a renewal, ms
  std::uint16_t next_seconds;
  std::uint8_t next_backoff;
};

/// State of the table process besides the tables.
struct TablesState {
  EngineConfig config;
  Outcome last[kDistance];  ///< of the requests before, the last one first
  std::uint32_t count;      ///< entries in the syncache
  std::uint8_t learn;       ///< laps that a cleared bucket fails open, as at the load
  bool full;                ///< cachelimit is reached
  PauseState pause;
  PauseAhead ahead;
  GateState gate;
};

/// What a request is, from itself and the settings alone.
struct Asked {
  bool syn, ack, rst, stray, unreach, server, status, timeout, tick, visit, peek;
  bool from_line;  ///< a segment that a known flow lets pass
};

inline Asked asked_of(const Item& item) {
#pragma HLS INLINE
  const bool request = item.kind == Kind::request;
  const std::uint8_t op = item.question.request.op;
  Asked asked;
  asked.syn = request && op == kOpSyn;
  asked.ack = request && op == kOpAck;
  asked.rst = request && op == kOpRst;
  asked.stray = request && op == kOpStray;
  asked.unreach = request && op == kOpUnreach;
  asked.server = request && op == kOpServer;
  asked.status = request && op == kOpStatus;
  asked.timeout = request && op == kOpTimeout;
  asked.tick = request && op == kOpTick;
  asked.visit = request && op == kOpVisit;
  asked.peek = request && op == kOpPeek;
  asked.from_line = asked.syn || asked.ack || asked.rst || asked.stray;
  return asked;
}

/// Everything that decides about one request.
struct Case {
  RequestRecord request;
  Room room;
  bool ready;         ///< the tables are cleared
  bool cookie_ok;     ///< of an ACK
  std::uint32_t iss;  ///< of a SYN
  EngineConfig config;
  Asked asked;
};

/// The step functions' syn_*: what becomes of a SYN without a flow.
inline void decide_syn(const Case& c, const View& view, bool full, bool paused, std::uint8_t limit, Decision& d) {
#pragma HLS INLINE
  const bool syn = c.asked.syn && !view.flow.hit;
  const bool line = c.room.line;
  const bool any = (view.bucket.filled & 1u) != 0;
  const bool bucket_full = (view.bucket.filled & limit) != 0;
  const bool ready = c.ready;
  d.syn_no_room = syn && !line;
  d.syn_duplicate = syn && line && d.found;
  d.syn_new = syn && line && !d.found;
  const bool add = d.syn_new && !d.stateless && ready;
  d.syn_full = add && full;
  d.syn_evict = add && (full ? any : bucket_full);
  d.syn_store = add && !full && !bucket_full;
  d.syn_stateless = d.syn_new && (d.stateless || (ready && full && !any && c.config.syncookies));
  d.syn_drop = d.syn_new && !d.stateless && (!ready || (full && !any && !c.config.syncookies));
  d.overflow = d.syn_evict && !paused;
  d.pause_begins = d.overflow && c.config.syncookies;
}

/// What an ACK or RST says against an entry.
struct Checks {
  bool seq_in_window, seq_next, ack_right, paws, ts_missing;
};

inline Checks check_entry(const Case& c, const EntryRecord& entry) {
#pragma HLS INLINE
  const RequestRecord& request = c.request;
  const std::uint32_t seq = request.seq - 1;
  Checks checks;
  checks.seq_in_window = seq - entry.irs < request.window;
  checks.seq_next = seq == entry.irs;
  checks.ack_right = request.ack - 1 == entry.iss;
  checks.paws = entry.ts_ok && request.ts_ok && before(request.tsval, entry.tsreflect);
  checks.ts_missing = entry.ts_ok && !request.ts_ok && !c.config.tolerate_missing_ts;
  return checks;
}

/// The step functions' ack_*. Whether there is an entry is known last: what it means is ready beforehand.
inline void decide_ack(const Case& c, const View& view, const Checks& checks, bool gate_open, Decision& d) {
#pragma HLS INLINE
  const bool ack = c.asked.ack && !view.flow.hit;
  const bool host = c.room.host;
  const bool handed = view.mine.entry.handed;
  const bool gate = gate_open || c.config.cookie_gate_always || d.missing;
  const bool judges = ack && !handed && checks.ack_right;
  const bool checked = judges && !checks.paws && !checks.ts_missing;
  const bool right = (checked && checks.seq_in_window) || (ack && handed && checks.ack_right);
  const bool takes = right && host;
  const bool refuses = ack && !d.stateless && (!c.config.syncookies || !gate);
  const bool cookie = ack && !refuses;
  const bool cookie_hands = cookie && c.cookie_ok && host;
  d.ack_paws = judges && checks.paws && d.found;
  d.ack_ts_missing = judges && checks.ts_missing && d.found;
  d.ack_checked = checked && d.found;
  d.ack_seq_bad = checked && !checks.seq_in_window && d.found;
  d.ack_no_room = right && !host && d.found;
  d.ack_hand = takes && d.found;
  d.ack_agent = takes && c.request.agent && d.found;
  const bool mine = (handed || checks.ack_right) && d.found;
  d.ack_refused = refuses && !mine;
  d.cookie_bad = cookie && !c.cookie_ok && !mine;
  d.cookie_no_room = cookie && c.cookie_ok && !host && !mine;
  d.cookie_hand = cookie_hands && !mine;
}

/// The step functions' rst_*.
inline void decide_rst(const Case& c, const View& view, const Checks& checks, Decision& d) {
#pragma HLS INLINE
  const bool rst = c.asked.rst && !view.flow.hit;
  const bool kills = rst && (checks.seq_next || (c.config.insecure_rst && checks.seq_in_window));
  d.rst_in_window = checks.seq_in_window;
  d.rst_kill = kills && d.found;
  d.rst_bad = rst && !kills && !view.mine.entry.handed && d.found;
  d.rst_unknown = rst && !d.found;
}

/// The sweeper's question about an entry. It stands alone: what the tables say is what is.
inline void decide_timeout(const Case& c, const EntryView& mine, bool paused, Decision& d) {
#pragma HLS INLINE
  d.due = c.asked.timeout && mine.hit && entry_due(c.config.rexmit, mine.entry, c.request.time_ms);
  const bool over = mine.entry.rxmits > c.config.rexmtlimit;
  d.timer_flush = d.due && paused;
  d.timer_give_up = d.due && !paused && over;
  d.timer_no_room = d.due && !paused && !over && !c.room.line;
  d.timer_retransmit = d.due && !paused && !over && c.room.line;
  d.timer_keeps = d.timer_give_up && mine.entry.handed;
}

/// The step functions' engine_status.
inline void decide_status(const Case& c, const View& view, const Checks& checks, Decision& d) {
#pragma HLS INLINE
  const bool taken = c.asked.status && c.request.note == kStatusTaken;
  const bool refused = c.asked.status && (c.request.note == kStatusNoListener || c.request.note == kStatusRefused);
  const bool its = d.found && view.mine.entry.handed && checks.seq_next && checks.ack_right;
  d.status_completed = taken && its;
  d.status_aborted = refused && its;
  d.status_flow_aborted = refused && view.flow.hit && view.flow.state == kFlowHanded && c.cookie_ok;
}

/// Whether the entry goes.
inline bool removes(const Decision& d, bool unreach_kill) {
#pragma HLS INLINE
  return (d.syn_no_room && d.found) || (d.ack_hand && !d.ack_agent) || d.rst_kill || unreach_kill || d.server_taken ||
         d.status_completed || d.status_aborted || d.timer_give_up || d.timer_no_room;
}

/// What becomes of a connection's entry, kept or not.
inline EntryRecord next_entry(const Case& c, const View& view, const Decision& d, bool mark_again, bool challenges,
                              const EntryRecord& challenged, bool unreach) {
#pragma HLS INLINE
  const RequestRecord& request = c.request;
  EntryRecord entry = view.mine.entry;
  if (d.syn_duplicate) entry_refresh(entry, request);
  if (challenges) {
    entry.challenge_end = challenged.challenge_end;
    entry.challenges = challenged.challenges;
  }
  if (d.ack_agent && mark_again) {
    entry.handed = true;
    entry.marked = mark_slot(request.time_ms);
  }
  entry.unreach = entry.unreach || unreach;
  if (d.timer_retransmit) {
    if (entry.rxmits > c.config.ecn_maxretries) entry.ecn_ok = false;
    entry_arm(entry, request.time_ms, entry.rxmits + 1u);
  }
  return d.syn_store || d.syn_evict ? entry_of_syn(request, c.iss) : entry;
}

/// What becomes of a known flow; `status` closes or opens one that was handed over.
inline void next_flow(const Case& c, const View& view, const Decision& d, FlowView& flow) {
#pragma HLS INLINE
  const RequestRecord& request = c.request;
  const bool handed = view.flow.state == kFlowHanded;
  const bool ends = (request.flags & (kTcpFin | kTcpRst)) != 0;
  const bool syn_flag = (request.flags & kTcpSyn) != 0;
  const bool status_taken = c.asked.status && request.note == kStatusTaken && handed && c.cookie_ok;
  const bool closing = view.flow.state == kFlowClosing;
  const bool answers = c.asked.server && closing && !flow_teaches(request.flags);
  const bool server = c.asked.server && !answers;
  const bool again = closing && (view.flow.aux & kFlowAnswered) != 0;
  const bool closes = (server && ends) || d.status_flow_aborted;
  const bool opens = (server && !ends && (handed || syn_flag || again)) || status_taken;
  const bool line = (c.asked.syn || c.asked.ack) && view.flow.state == kFlowOpen;
  const bool fresh = line || (server && !ends);
  if (d.remark) flow.aux = flow_marked(request.time_ms, flow_ecn(FlowWay{0, view.flow.aux, 0}));
  if (answers && syn_flag) flow.aux |= kFlowAnswered;
  if (closes || opens || fresh) flow.aux = 0;
  if (opens) flow.state = kFlowOpen;
  if (closes) flow.state = kFlowClosing;
}

/// Which flow is added, if one is wanted: its state and aux are the request's alone but for ECN.
inline bool wants_flow(const Case& c, const FlowView& flow, const Decision& d) {
#pragma HLS INLINE
  const bool handed = (d.ack_hand && !d.ack_agent) || d.cookie_hand;
  const bool server = d.server_taken || (c.asked.server && flow_teaches(c.request.flags) && c.request.protect);
  return handed || ((server || d.status_completed || d.timer_keeps) && !flow.hit);
}

inline FlowView added_flow(const Case& c, const EntryRecord& entry, const Decision& d) {
#pragma HLS INLINE
  const bool ends = (c.request.flags & (kTcpFin | kTcpRst)) != 0;
  FlowView flow = FlowView();
  flow.hit = true;
  if (c.asked.ack) {
    flow.state = kFlowHanded;
    flow.aux = flow_marked(c.request.time_ms, !d.cookie_hand && entry.ecn_ok);
  } else {
    flow.state = c.asked.server && ends ? kFlowClosing : kFlowOpen;
  }
  return flow;
}

/// Begins a pause and stamps the gate, as a SYN may; ends both, as a TICK may.
inline void next_globals(TablesState& state, const Case& c, Decision& d) {
#pragma HLS INLINE
  const std::uint32_t now = c.request.time_ms;
  const PauseState before = state.pause;
  const PauseAhead ahead = state.ahead;
  const bool renews = before.ever && pause_ahead(now, ahead.renew_end, 2 * kPauseReach);
  const std::uint32_t until = now + (renews ? ahead.next_length : kPauseTime);
  d.pause_seconds = renews ? ahead.next_seconds : static_cast<std::uint16_t>(kPauseTime / 1000);
  if (d.pause_begins) {
    state.pause.paused = true;
    state.pause.ever = true;
    state.pause.until = until;
    state.pause.backoff = renews ? ahead.next_backoff : std::uint8_t{0};
  } else if (c.asked.tick) {
    state.pause.paused = before.paused && !before.end && pause_ahead(now, before.until, kPauseReach);
    state.pause.ever = renews;
    state.pause.end = false;
  }
  if (d.syn_evict || d.syn_stateless) {
    gate_stamp(state.gate, now);
  } else if (c.asked.tick) {
    gate_tick(state.gate, now);
  }
  const std::uint8_t doubled =
      static_cast<std::uint8_t>(before.backoff < kPauseMaxBackoff ? before.backoff + 1 : kPauseMaxBackoff);
  state.ahead.renew_end = before.until + (kPauseTime << before.backoff);
  state.ahead.next_length = kPauseTime << doubled;
  state.ahead.next_seconds = static_cast<std::uint16_t>((kPauseTime / 1000) << doubled);
  state.ahead.next_backoff = doubled;
}

/// Keeps how many entries there are, and whether no more may come; both choices of the latter are ready beforehand.
inline void next_count(TablesState& state, const Decision& d, bool removed) {
#pragma HLS INLINE
  const std::uint32_t limit = state.config.cachelimit;
  const std::uint32_t count = state.count;
  const bool full_more = count + 1 >= limit;
  const bool full_same = count >= limit;
  const bool full_less = count - 1 >= limit && count != 0;
  const std::uint32_t flushed = count - d.flushed;
  if (d.syn_store) {
    state.count = count + 1;
    state.full = full_more;
  } else if (removed) {
    state.count = count - 1;
    state.full = full_less;
  } else {
    state.count = d.timer_flush ? flushed : count;
    state.full = full_same;  // behind a flush comes a bubble, which puts this right
  }
}

/// A setting: what it changes at once.
inline void tables_set(TablesState& state, const EngineConfig& config, const Item& item) {
#pragma HLS INLINE
  state.config = config;
  state.pause.end = state.pause.end || item.end_pause;
  if (!item.load) return;
  state.count = 0;
  state.learn = config.flow_learn;
}

/// One item: what the tables say, what that means, what becomes of them.
template <unsigned kLogBuckets, unsigned kLogFlows, bool kFlows, typename Keys, typename Entries, typename Orders,
          typename Flows, typename Laps>
inline Decided tables_step(TablesState& state, const Looked& looked, Keys& keys, Entries& entries, Orders& orders,
                           Flows& flows, Laps& laps) {
#pragma HLS INLINE
  const Item& item = looked.item;
  const RequestRecord& request = item.question.request;
  const Case c = {request, item.question.room, item.ready, looked.cookie_ok, looked.iss, state.config, asked_of(item)};
  const bool paused = state.pause.paused;
  const EngineConfig& config = state.config;

  // From the tables, late but early.
  View stored = View();
  stored.bucket = unpack_order(memory_read(orders, looked.bucket));
  BucketWords words;
#pragma HLS ARRAY_PARTITION variable = words.keys type = complete
#pragma HLS ARRAY_PARTITION variable = words.entries type = complete
  read_bucket(keys, entries, looked.bucket, words);
  const std::uint8_t valid = item.ready ? stored.bucket.valid : std::uint8_t{0};
  const std::uint8_t peek = c.asked.peek ? static_cast<std::uint8_t>(request.ack & valid) : std::uint8_t{0};
  const std::uint8_t match = c.asked.peek ? std::uint8_t{0} : stored.bucket.valid;
  stored.mine = look_up_entry(words, match, peek, request_ends(request));
  FlowWay ways[kFlowWays];
#pragma HLS ARRAY_PARTITION variable = ways type = complete
  look_up_flows(flows, looked.flow_bucket, ways);
  for (unsigned i = 0; i < kFlowWays; ++i) {
#pragma HLS UNROLL
    if (!kFlows) ways[i] = FlowWay{kFlowFree, 0, 0};
  }
  stored.flow = match_flow(ways, looked.fingerprint);
  stored.flows.used = used_flows(ways);
  stored.flows.open_laps = memory_read(laps, looked.flow_bucket);
  if (!item.ready) {
    stored.mine.hit = false;
    stored.flow.hit = false;
  }
  if (!kFlows) {
    stored.flow = FlowView();
    stored.flows = FlowsView();
  }

  // What the requests before did; the last of them alone is in the recurrence.
  View view = stored;
  for (unsigned i = kDistance; i-- > 0;) {
#pragma HLS UNROLL
    view =
        merge(view, state.last[i], looked.same[i], looked.equal[i], looked.same_flows[i], looked.equal_fingerprint[i]);
  }

  Decision d = Decision();
  const std::uint8_t limit = static_cast<std::uint8_t>(1u << ((config.bucketlimit - 1) & 7u));
  const std::uint8_t within = static_cast<std::uint8_t>(limit - 1u);
  d.missing = !item.ready || view.flows.open_laps != 0;
  d.stateless = config.syncookies_only || (config.syncookies && (paused || !item.ready));
  const bool always = c.asked.server || c.asked.status || c.asked.timeout;
  d.found = view.mine.hit && (always || !d.stateless);
  d.segment = c.asked.from_line && view.flow.hit;
  const FlowWay flow_way = {view.flow.state, view.flow.aux, 0};
  d.remark = c.asked.ack && view.flow.hit && view.flow.state == kFlowHanded && cookies_on(config) &&
             item.question.room.host && looked.cookie_ok && !flow_marked_now(request.time_ms, flow_way);
  const Checks checks = check_entry(c, view.mine.entry);
  decide_syn(c, view, state.full, paused, limit, d);
  decide_ack(c, view, checks, state.gate.open, d);
  decide_rst(c, view, checks, d);
  decide_timeout(c, stored.mine, paused, d);
  decide_status(c, view, checks, d);
  const EntryRecord& entry = view.mine.entry;
  const bool quoted = c.asked.unreach && d.found && request.seq == entry.iss;
  d.unreach_kill = quoted && entry.unreach && entry.rxmits >= kUnreachRxmits;
  d.handed = view.mine.hit && entry.handed;
  const bool teaches = c.asked.server && entry.handed && flow_teaches(request.flags);
  d.server_taken = teaches && view.mine.hit;
  const bool mark_again = !entry.handed || entry.marked != mark_slot(request.time_ms);
  EntryRecord challenged = entry;
  const bool allowed = challenge_allowed(challenged, request.time_ms, config.ack_war_cnt, config.ack_war_timewindow);
  const bool challenges = d.ack_seq_bad || (d.rst_bad && d.rst_in_window);
  d.challenge = challenges && allowed;
  const bool removed = removes(d, d.unreach_kill);

  // What becomes of it.
  Outcome outcome;
  outcome.view = view;
  outcome.view.mine.entry = next_entry(c, view, d, mark_again, challenges, challenged, quoted);
  BucketView with = view.bucket;
  const std::uint8_t filled = view.bucket.filled;
  const std::uint8_t place = state.full ? static_cast<std::uint8_t>(filled & ~(filled >> 1)) : limit;
  const std::uint8_t taken = front_way(with, place, state.full ? filled : static_cast<std::uint8_t>(within | limit));
  if (d.syn_store) with.filled = static_cast<std::uint8_t>(filled << 1 | 1u);
  BucketView without = view.bucket;
  take_out(without, view.mine.way, limit, within);
  const bool stores = d.syn_store || d.syn_evict;
  if (removed) outcome.view.bucket = without;
  if (stores) outcome.view.bucket = with;
  if (d.timer_flush) {
    outcome.view.bucket.valid = 0;
    outcome.view.bucket.filled = 0;
  }
  outcome.view.mine.hit = stores || (view.mine.hit && !removed && !d.timer_flush);
  if (stores) outcome.view.mine.way = taken;
  outcome.lost = stores ? taken : std::uint8_t{0};
  d.flushed = 0;
  for (unsigned i = 0; i < kWays; ++i) {
#pragma HLS UNROLL
    d.flushed =
        static_cast<std::uint8_t>(d.flushed + (d.timer_flush && ((stored.bucket.valid >> i) & 1u) != 0 ? 1 : 0));
  }

  const bool wants = wants_flow(c, view.flow, d) && item.ready;
  const std::uint16_t used = view.flows.used;
  const std::uint16_t free_way = static_cast<std::uint16_t>(~used & (used + 1u));
  d.flow_added = wants && used != 0xffffu;
  d.flows_full = wants && used == 0xffffu;
  next_flow(c, view, d, outcome.view.flow);
  const FlowView added = added_flow(c, entry, d);
  if (d.flow_added) {
    outcome.view.flow = added;
    outcome.view.flow.way = free_way;
    outcome.view.flows.used = static_cast<std::uint16_t>(used | free_way);
  }
  if (d.flows_full) outcome.view.flows.open_laps = config.flow_idle;

  // The sweeper's visit to a flow bucket stands alone too.
  FlowWay visited[kFlowWays];
#pragma HLS ARRAY_PARTITION variable = visited type = complete
  unsigned aged = 0;
  for (unsigned i = 0; i < kFlowWays; ++i) {
#pragma HLS UNROLL
    visited[i] = ways[i];
    aged += flow_visit(visited[i], config.flow_idle) ? 1u : 0u;
  }
  const bool visit = c.asked.visit && item.ready;
  d.flows_aged = static_cast<std::uint8_t>(visit ? aged : 0u);
  const std::uint8_t laps_left =
      static_cast<std::uint8_t>(stored.flows.open_laps != 0 ? stored.flows.open_laps - 1 : 0);

  Decided decided = Decided();
  decided.item = item;
  decided.iss = looked.iss;
  decided.tsoff = looked.tsoff;
  decided.cookie_byte = looked.cookie_byte;
  decided.entry = entry;
  decided.mark_again = mark_again;
  decided.flow_ecn = flow_ecn(flow_way);
  decided.bucket = looked.bucket;
  decided.peeked = peek_bucket(words, valid, peek);

  // Into the tables.
  const bool tables = item.kind == Kind::request && item.ready && !c.asked.peek;
  const std::uint32_t bucket = item.clear ? item.clear_at & ((1u << kLogBuckets) - 1) : looked.bucket;
  const std::uint32_t flow_bucket = item.clear ? item.clear_at & ((1u << kLogFlows) - 1) : looked.flow_bucket;
  const EntryWord entry_word = pack_entry(outcome.view.mine.entry);
  const KeyWord key_word = pack_key(request_ends(request));
  for (unsigned i = 0; i < kWays; ++i) {
#pragma HLS UNROLL
    const bool its = ((outcome.view.mine.way >> i) & 1u) != 0 && outcome.view.mine.hit;
    memory_write(keys[i], tables && stores && its, bucket, key_word);
    memory_write(entries[i], tables && its, bucket, entry_word);
  }
  memory_write(orders, tables || item.clear, bucket, item.clear ? kClearedOrder : pack_order(outcome.view.bucket));
  for (unsigned i = 0; i < kFlowWays; ++i) {
#pragma HLS UNROLL
    const FlowView& flow = outcome.view.flow;
    const bool its = flow.hit && ((flow.way >> i) & 1u) != 0;
    const FlowWord kept = pack_flow(flow.state, flow.aux, looked.fingerprint);
    const FlowWord aged_word = pack_flow(visited[i].state, visited[i].aux, visited[i].fingerprint);
    memory_write(flows[i], kFlows && (item.clear || (tables && (c.asked.visit || its))), flow_bucket,
                 item.clear      ? FlowWord{0}
                 : c.asked.visit ? aged_word
                                 : kept);
  }
  const std::uint8_t open_laps = c.asked.visit ? laps_left : outcome.view.flows.open_laps;
  memory_write(laps, kFlows && (tables || item.clear), flow_bucket, item.clear ? state.learn : open_laps);

  next_globals(state, c, d);
  next_count(state, d, removed);
  decided.shown = TablesShown{state.count, state.pause.paused, state.pause.backoff, state.pause.until};
  for (unsigned i = kDistance - 1; i > 0; --i) {
#pragma HLS UNROLL
    state.last[i] = state.last[i - 1];
  }
  state.last[0] = outcome;
  decided.decision = d;
  return decided;
}

}  // namespace synward
