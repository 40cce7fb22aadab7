// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/engine_step.hpp"

namespace synward {

/// Requests from the read of a table to the landing of their write, at most: what each of them did is forwarded to
/// those behind it. More is safe; hls/vitis/schedule.sh checks it against the tool's own schedule.
constexpr unsigned kDistance = 8;

/// A request, and the room that there is at its clock.
struct EngineQuestion {
  RequestRecord request;
  Room room;
};

/// The answer, and what a card's timers, listing and registers are shown with it.
struct EngineReply {
  EngineAnswer answer;
  SightRecord sight;
};

/// What changes the engine's settings: all of them at once.
struct EngineSetting {
  EngineConfig config;  ///< tables_ready is the kernel's own
  bool load;            ///< clears both tables
  bool end_pause;       ///< ends a pause at the next tick
};

/// What goes from process to process, one a request, and others between them.
enum class Kind : std::uint8_t {
  bubble,   ///< nothing: it keeps what stands alone apart
  setting,  ///< every process takes the next of its settings
  request
};

/// From ingest to the hashes.
struct Item {
  Kind kind;
  EngineQuestion question;
  bool load, end_pause;    ///< of a setting
  bool ready;              ///< the tables are cleared
  bool clear;              ///< a bucket of each table is to be cleared
  std::uint32_t clear_at;  ///< which
};

/// From the hashes to the tables.
struct Looked {
  Item item;
  std::uint32_t bucket;       ///< of the syncache
  std::uint32_t flow_bucket;  ///< of the flow table
  std::uint32_t fingerprint;
  std::uint32_t iss;  ///< of a SYN
  std::uint32_t tsoff;
  bool cookie_ok;  ///< of an ACK
  std::uint8_t cookie_byte;
  // Against the requests before, the last one first. What was no request with tables is like none.
  bool same[kDistance];               ///< the same bucket
  bool equal[kDistance];              ///< the same connection
  bool same_flows[kDistance];         ///< the same flow bucket
  bool equal_fingerprint[kDistance];  ///< and the same fingerprint
};

/// What the tables say of one connection's entry.
struct EntryView {
  bool hit;
  std::uint8_t way;  ///< one bit for each way
  EntryRecord entry;
};

/// A bucket without its entries. Sets of ways have one bit for each.
struct BucketView {
  std::uint8_t valid;         ///< ways with an entry
  std::uint8_t filled;        ///< bit n: more than n entries
  std::uint8_t order[kWays];  ///< one way each: entries, newest first, then free ways
};

/// What the tables say of one connection's flow.
struct FlowView {
  bool hit;
  std::uint16_t way;  ///< one bit for each way
  std::uint8_t state, aux;
};

struct FlowsView {
  std::uint16_t used;  ///< ways with a flow
  std::uint8_t open_laps;
};

/// All of it, for one request.
struct View {
  EntryView mine;
  BucketView bucket;
  FlowView flow;
  FlowsView flows;
};

/// What a request was found to be: exactly what decides its answer besides the request itself. Names are those of the
/// step functions that do the same.
struct Decision {
  bool segment;    ///< of a known flow
  bool remark;     ///< whose mark is repeated
  bool missing;    ///< flows of this bucket may be missing
  bool stateless;  ///< the syncache is bypassed
  bool found;      ///< an entry that counts
  bool handed;     ///< an entry that was handed over, whether it counts or not
  bool flow_added, flows_full;
  bool syn_no_room, syn_duplicate, syn_stateless, syn_drop, syn_new, syn_full, syn_evict, syn_store;
  bool pause_begins, overflow;
  std::uint16_t pause_seconds;
  bool ack_paws, ack_ts_missing, ack_checked, ack_seq_bad, ack_no_room, ack_hand, ack_agent;
  bool ack_refused, cookie_bad, cookie_no_room, cookie_hand;
  bool rst_kill, rst_bad, rst_in_window, rst_unknown;
  bool challenge;  ///< its budget allows it
  bool unreach_kill;
  bool server_taken;
  bool status_completed, status_aborted;
  bool status_flow_aborted;  ///< the flow of a mark that was refused
  bool due, timer_flush, timer_give_up, timer_no_room, timer_retransmit;
  bool timer_keeps;  ///< what was handed over and never confirmed stays a flow
  std::uint8_t flushed, flows_aged;
};

/// A bucket as the memories show it, for a PEEK.
struct Peeked {
  std::uint8_t ways;           ///< with an entry
  Endpoints ends;              ///< of the way that was asked for
  std::uint32_t armed[kWays];  ///< EntryRecord::armed and ::rxmits of each
  std::uint8_t rxmits[kWays];
};

/// The tables' state behind a request.
struct TablesShown {
  std::uint32_t count;  ///< entries
  bool paused;
  std::uint8_t backoff;
  std::uint32_t until;
};

/// From the tables to the answer.
struct Decided {
  Item item;
  std::uint32_t iss, tsoff;
  std::uint8_t cookie_byte;
  Decision decision;
  EntryRecord entry;     ///< as it was before; PEEK: of the way that was asked for
  bool mark_again;       ///< entry: a mark is due
  bool flow_ecn;         ///< the last mark said ECN
  std::uint32_t bucket;  ///< of the syncache
  Peeked peeked;
  TablesShown shown;
};

}  // namespace synward
