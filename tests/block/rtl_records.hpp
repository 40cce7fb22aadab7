// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/records.toml. Do not edit.
#pragma once

#include "synward/records.hpp"

namespace synward {

// Records of the RTL alone, for its tests.

/// What the request in the clock of decision asks.
struct AskRecord {
  static constexpr unsigned kWidth = 14;  ///< bits of the packed record
  bool syn;
  bool ack;
  bool rst;
  bool unreach;
  bool server;
  bool timeout;
  bool tick;
  bool taken;  ///< STATUS: the server has what was handed over
  bool refused;  ///< STATUS: the server will not have it
  bool teaches;  ///< neither RST nor SYN-ACK: if of the server, it teaches a flow
  bool ends;  ///< SERVER with RST or FIN
  bool opens;  ///< with SYN
  bool tuple;  ///< about an entry of the syncache
  bool flow;  ///< about a flow

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(syn, 1u);
    f(ack, 1u);
    f(rst, 1u);
    f(unreach, 1u);
    f(server, 1u);
    f(timeout, 1u);
    f(tick, 1u);
    f(taken, 1u);
    f(refused, 1u);
    f(teaches, 1u);
    f(ends, 1u);
    f(opens, 1u);
    f(tuple, 1u);
    f(flow, 1u);
  }
};

/// What a segment says to the entry of its connection.
struct ChecksRecord {
  static constexpr unsigned kWidth = 7;  ///< bits of the packed record
  bool seq;  ///< IRS < SEQ <= IRS + window
  bool exact;  ///< SEQ = IRS + 1
  bool acked;  ///< ACK = ISS + 1; UNREACH: SEQ = ISS
  bool paws;  ///< TSval before the entry's
  bool due;  ///< the entry's retransmission is due
  bool over;  ///< retransmitted rexmtlimit times
  bool challenge;  ///< within the entry's challenge window

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(seq, 1u);
    f(exact, 1u);
    f(acked, 1u);
    f(paws, 1u);
    f(due, 1u);
    f(over, 1u);
    f(challenge, 1u);
  }
};

/// A connection in its bucket of the syncache.
struct EntryViewRecord {
  static constexpr unsigned kWidth = 447;  ///< bits of the packed record
  std::uint8_t way;  ///< one-hot: the connection's way; 0 if it has none
  EntryRecord entry;  ///< its entry; tags, which stand beside the key, are 0
  Wide128 dir;  ///< synward_order's state of the bucket

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(way, 8u);
    entry.each(f);
    f(dir, 85u);
  }
};

/// A connection in its bucket of the flow table.
struct FlowViewRecord {
  static constexpr unsigned kWidth = 47;  ///< bits of the packed record
  bool hit;  ///< it has a flow
  std::uint16_t way;  ///< one-hot: the flow's way; 0 if it has none
  std::uint8_t state;  ///< a flow
  std::uint8_t aux;  ///< HANDED: visited since the last mark, four bits of its mark_slot, ECN; CLOSING: a SYN was answered, age in laps; OPEN: age
  std::uint16_t used;  ///< ways that are not free
  std::uint8_t open;  ///< laps for which the bucket fails open

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(hit, 1u);
    f(way, 16u);
    f(state, 2u);
    f(aux, 6u);
    f(used, 16u);
    f(open, 6u);
  }
};

/// What a request does to the syncache.
struct EntryEffectRecord {
  static constexpr unsigned kWidth = 476;  ///< bits of the packed record
  EntryViewRecord after;  ///< what is there behind it
  std::uint8_t gone;  ///< ways whose former entry is gone for others: inserted over, or flushed
  bool insert;  ///< SYN: stored
  bool duplicate;  ///< SYN: has an entry, is answered again
  bool free_answer;  ///< SYN: answered without an entry
  bool stamps;  ///< SYN: stores its timestamp, in a new entry or a duplicate's
  bool evict;  ///< stored in the place of another
  bool fewer;  ///< one place less under cachelimit
  bool removed;  ///< an entry is gone, by something else than an insertion
  bool flush;  ///< with it the whole bucket: a pause
  bool retransmit;  ///< TIMEOUT: SYN-ACK again
  bool due;  ///< TIMEOUT of an entry that is due
  bool good;  ///< ACK: timestamp, SEQ and ACK are right; handed over: ACK is
  bool paws;  ///< old timestamp
  bool ts_missing;  ///< timestamp missing, and that is not tolerated
  bool challenge;  ///< a challenge ACK within its budget
  bool hand;  ///< handed over for the first time
  bool mark;  ///< an entry that waits for its confirmation is marked
  bool remark;  ///< handed over before, marked again
  bool taken;  ///< the server has an entry that was handed over
  bool status_taken;  ///< by its status
  bool gave_up;  ///< TIMEOUT: an entry that was handed over, and never confirmed, is gone
  bool refused;  ///< the server will not have it

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    after.each(f);
    f(gone, 8u);
    f(insert, 1u);
    f(duplicate, 1u);
    f(free_answer, 1u);
    f(stamps, 1u);
    f(evict, 1u);
    f(fewer, 1u);
    f(removed, 1u);
    f(flush, 1u);
    f(retransmit, 1u);
    f(due, 1u);
    f(good, 1u);
    f(paws, 1u);
    f(ts_missing, 1u);
    f(challenge, 1u);
    f(hand, 1u);
    f(mark, 1u);
    f(remark, 1u);
    f(taken, 1u);
    f(status_taken, 1u);
    f(gave_up, 1u);
    f(refused, 1u);
  }
};

/// What a request does to the flow table.
struct FlowEffectRecord {
  static constexpr unsigned kWidth = 53;  ///< bits of the packed record
  FlowViewRecord after;  ///< what is there behind it
  bool handover;  ///< ACK: handed over by a mark that nobody confirms
  bool remark;  ///< the mark of a flow that nobody has confirmed is repeated
  bool mark_ecn;  ///< the mark says ECN
  bool added;  ///< a new flow
  bool full;  ///< there was no room for one: the bucket fails open
  bool refused;  ///< the server will not have it

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    after.each(f);
    f(handover, 1u);
    f(remark, 1u);
    f(mark_ecn, 1u);
    f(added, 1u);
    f(full, 1u);
    f(refused, 1u);
  }
};

/// What became of a request: what it did to the tables, and what it met there.
struct OutcomeRecord {
  static constexpr unsigned kWidth = 1262;  ///< bits of the packed record
  RequestRecord request;
  bool tuple;  ///< about an entry of the syncache
  bool flow;  ///< about a flow
  EntryEffectRecord entry_effect;
  FlowEffectRecord flow_effect;
  ChecksRecord checks;
  bool ready;  ///< the tables were cleared
  std::uint32_t iss;  ///< ISS of the answer; ACK, STATUS: SEG.ACK - 1
  bool cookie_ok;  ///< ACK, STATUS: the cookie is right
  bool hit;  ///< the connection had an entry
  std::uint8_t rxmits;  ///< the entry's, before
  bool handed;  ///< the entry had been handed over before
  bool flow_hit;  ///< the connection had a flow
  bool fails_open;  ///< the flow's bucket fails open
  bool stateless;  ///< stateless, or the tables are not ready
  bool cachefull;  ///< cachelimit entries
  bool gate;  ///< the cookie gate is open
  bool pause;  ///< a pause begins
  bool overflow;  ///< counts as bucketoverflow
  std::uint8_t flushed;  ///< entries flushed
  bool room_line;  ///< there was room for an answer
  bool room_host;  ///< there was room for a mark

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    request.each(f);
    f(tuple, 1u);
    f(flow, 1u);
    entry_effect.each(f);
    flow_effect.each(f);
    checks.each(f);
    f(ready, 1u);
    f(iss, 32u);
    f(cookie_ok, 1u);
    f(hit, 1u);
    f(rxmits, 4u);
    f(handed, 1u);
    f(flow_hit, 1u);
    f(fails_open, 1u);
    f(stateless, 1u);
    f(cachefull, 1u);
    f(gate, 1u);
    f(pause, 1u);
    f(overflow, 1u);
    f(flushed, 4u);
    f(room_line, 1u);
    f(room_host, 1u);
  }
};

/// AXI4-Lite: what the master says.
struct AxilRequestRecord {
  static constexpr unsigned kWidth = 61;  ///< bits of the packed record
  std::uint16_t awaddr;  ///< bytes; as wide as synward_regs_pkg::AddressBits
  bool awvalid;
  std::uint32_t wdata;
  bool wvalid;
  bool bready;
  std::uint16_t araddr;  ///< bytes
  bool arvalid;
  bool rready;

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(awaddr, 12u);
    f(awvalid, 1u);
    f(wdata, 32u);
    f(wvalid, 1u);
    f(bready, 1u);
    f(araddr, 12u);
    f(arvalid, 1u);
    f(rready, 1u);
  }
};

/// AXI4-Lite: what the slave says.
struct AxilResponseRecord {
  static constexpr unsigned kWidth = 41;  ///< bits of the packed record
  bool awready;
  bool wready;
  std::uint8_t bresp;
  bool bvalid;
  bool arready;
  std::uint32_t rdata;
  std::uint8_t rresp;
  bool rvalid;

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(awready, 1u);
    f(wready, 1u);
    f(bresp, 2u);
    f(bvalid, 1u);
    f(arready, 1u);
    f(rdata, 32u);
    f(rresp, 2u);
    f(rvalid, 1u);
  }
};

/// The sysctls as they were written. Those of the tables' sizes count from a clearing on (table_sizes).
struct SysctlsRecord {
  static constexpr unsigned kWidth = 197;  ///< bits of the packed record
  bool syncookies_only;
  std::uint8_t rfc1323;
  bool sack_enable;
  bool drop_synfin;
  bool ts_offset_per_conn;
  std::uint8_t unknown_ack;  ///< 0 pass, 1 drop, 2 rst
  bool fragments_drop;
  bool unclassified_drop;
  bool syncookies;
  std::uint16_t hashsize;
  std::uint8_t bucketlimit;
  std::uint32_t cachelimit;
  std::uint8_t rexmtlimit;
  std::uint16_t rexmit_initial;  ///< ms
  std::uint16_t rexmit_min;  ///< ms
  std::uint16_t rexmit_slop;  ///< ms
  std::uint16_t rexmit_max;  ///< ms
  std::uint8_t ecn_enable;
  std::uint8_t ecn_maxretries;
  bool tolerate_missing_ts;
  bool insecure_rst;
  std::uint8_t ack_war_cnt;
  std::uint16_t ack_war_timewindow;  ///< ms
  std::uint8_t blackhole;
  std::uint32_t icmplim;  ///< RSTs in a second
  std::uint8_t flow_idle;  ///< laps of 131 s
  std::uint8_t flow_learn;  ///< laps of 131 s
  bool rst_on_sock_fail;
  bool cookie_gate_always;
  bool signed_drop;
  std::uint16_t event_limit;  ///< events of a code in 1.024 s

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(syncookies_only, 1u);
    f(rfc1323, 2u);
    f(sack_enable, 1u);
    f(drop_synfin, 1u);
    f(ts_offset_per_conn, 1u);
    f(unknown_ack, 2u);
    f(fragments_drop, 1u);
    f(unclassified_drop, 1u);
    f(syncookies, 1u);
    f(hashsize, 15u);
    f(bucketlimit, 4u);
    f(cachelimit, 18u);
    f(rexmtlimit, 4u);
    f(rexmit_initial, 16u);
    f(rexmit_min, 16u);
    f(rexmit_slop, 16u);
    f(rexmit_max, 16u);
    f(ecn_enable, 2u);
    f(ecn_maxretries, 4u);
    f(tolerate_missing_ts, 1u);
    f(insecure_rst, 1u);
    f(ack_war_cnt, 4u);
    f(ack_war_timewindow, 16u);
    f(blackhole, 2u);
    f(icmplim, 20u);
    f(flow_idle, 6u);
    f(flow_learn, 6u);
    f(rst_on_sock_fail, 1u);
    f(cookie_gate_always, 1u);
    f(signed_drop, 1u);
    f(event_limit, 16u);
  }
};

/// Sizes of the syncache that are in force.
struct TableSizesRecord {
  static constexpr unsigned kWidth = 40;  ///< bits of the packed record
  std::uint8_t log_hashsize;  ///< log2 of the buckets in use
  std::uint16_t hash_mask;  ///< buckets in use - 1
  std::uint8_t bucketlimit;  ///< 1..8
  std::uint32_t cachelimit;  ///< 1 or more

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(log_hashsize, 4u);
    f(hash_mask, 14u);
    f(bucketlimit, 4u);
    f(cachelimit, 18u);
  }
};

/// The secrets that are in force (first key byte in bits 7:0), and which there are.
struct SecretsRecord {
  static constexpr unsigned kWidth = 900;  ///< bits of the packed record
  Wide128 cookie_key0;  ///< cookie secret of parity 0
  Wide128 cookie_key1;  ///< cookie secret of parity 1
  bool parity;  ///< secret of new cookies
  Wide128 ts_key;  ///< ts_secret
  Wide128 mark_key;  ///< key of the marks
  Wide128 table_key;  ///< key of the tables' hash
  Wide128 control_key0;  ///< current key of the statuses
  Wide128 control_key1;  ///< former one
  std::uint8_t control_keys;  ///< which of these two there are
  bool loaded;  ///< all that the card needs have been loaded

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(cookie_key0, 128u);
    f(cookie_key1, 128u);
    f(parity, 1u);
    f(ts_key, 128u);
    f(mark_key, 128u);
    f(table_key, 128u);
    f(control_key0, 128u);
    f(control_key1, 128u);
    f(control_keys, 2u);
    f(loaded, 1u);
  }
};

/// An entry of the service table that is written.
struct ServiceWriteRecord {
  static constexpr unsigned kWidth = 260;  ///< bits of the packed record
  bool write;
  std::uint8_t index;  ///< number of the entry
  bool valid;  ///< it counts
  Wide128 addr;  ///< server address; IPv4 in the low 32 bits
  bool any;  ///< any address
  bool match4;  ///< IPv4
  bool match6;  ///< IPv6
  std::uint16_t port;  ///< 0: any
  ServiceRecord service;  ///< how it is answered for

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(write, 1u);
    f(index, 5u);
    f(valid, 1u);
    f(addr, 128u);
    f(any, 1u);
    f(match4, 1u);
    f(match6, 1u);
    f(port, 16u);
    service.each(f);
  }
};

/// What the registers ask of the event ring.
struct EventsAskRecord {
  static constexpr unsigned kWidth = 10;  ///< bits of the packed record
  bool pop;  ///< the oldest event has been read
  std::uint8_t word;  ///< word of the oldest event
  std::uint8_t lost_code;  ///< code whose losses are asked for

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(pop, 1u);
    f(word, 4u);
    f(lost_code, 5u);
  }
};

/// What the event ring answers.
struct EventsTellRecord {
  static constexpr unsigned kWidth = 74;  ///< bits of the packed record
  std::uint32_t word;  ///< 2 clocks after it was asked for
  std::uint32_t lost;  ///< likewise
  std::uint16_t count;  ///< events that wait

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(word, 32u);
    f(lost, 32u);
    f(count, 10u);
  }
};

/// What the registers ask of both mailboxes: that of frames to the host, and that of the host's.
struct MailAskRecord {
  static constexpr unsigned kWidth = 56;  ///< bits of the packed record
  bool pop;  ///< the oldest frame has been read
  std::uint8_t word;  ///< word of the oldest frame
  bool write;  ///< a word of the frame to send is written
  std::uint8_t at;  ///< which
  std::uint32_t data;  ///< what
  bool send;  ///< 3 clocks behind the last write or later
  std::uint16_t length;  ///< of the frame to send, bytes

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(pop, 1u);
    f(word, 6u);
    f(write, 1u);
    f(at, 6u);
    f(data, 32u);
    f(send, 1u);
    f(length, 9u);
  }
};

/// What the mailboxes answer.
struct MailTellRecord {
  static constexpr unsigned kWidth = 50;  ///< bits of the packed record
  std::uint32_t word;  ///< 3 clocks after it was asked for
  std::uint8_t waiting;  ///< frames
  std::uint16_t length;  ///< of the oldest frame, bytes
  bool busy;  ///< a frame is on its way
  bool refused;  ///< the last frame to send was none

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(word, 32u);
    f(waiting, 7u);
    f(length, 9u);
    f(busy, 1u);
    f(refused, 1u);
  }
};

/// What the registers tell the data path.
struct ControlRecord {
  static constexpr unsigned kWidth = 1445;  ///< bits of the packed record
  SysctlsRecord sysctls;
  SecretsRecord secrets;
  std::uint32_t agents;  ///< services whose hand-overs are confirmed
  ServiceWriteRecord service;
  MailAskRecord mail;

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    sysctls.each(f);
    secrets.each(f);
    f(agents, 32u);
    service.each(f);
    mail.each(f);
  }
};

/// What a port has moved, for its counters.
struct MovedRecord {
  static constexpr unsigned kWidth = 9;  ///< bits of the packed record
  bool moved;  ///< a beat: the rest counts
  bool last;  ///< its frame's last one
  std::uint8_t bytes;  ///< 1..64

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(moved, 1u);
    f(last, 1u);
    f(bytes, 7u);
  }
};

/// The decision about a frame of the line.
struct FateRecord {
  static constexpr unsigned kWidth = 13;  ///< bits of the packed record
  bool last;  ///< its last beat is here: the rest counts
  bool missing;  ///< there is no decision: dropped; only reason counts
  bool marked;  ///< a mark goes before it
  bool forward;
  bool drop;
  bool answered;
  bool passed_signed;  ///< passed by row 18a
  std::uint8_t reason;  ///< of a drop

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(last, 1u);
    f(missing, 1u);
    f(marked, 1u);
    f(forward, 1u);
    f(drop, 1u);
    f(answered, 1u);
    f(passed_signed, 1u);
    f(reason, 6u);
  }
};

/// What the way from the line to the host tells the registers.
struct LineTellRecord {
  static constexpr unsigned kWidth = 37;  ///< bits of the packed record
  MovedRecord rx;
  FateRecord fate;
  bool stored;  ///< a frame is on its way to the host
  bool refused;  ///< there was no room for it
  bool mark_stored;  ///< a mark is on its way
  bool mail_sent;  ///< a frame of the card's own host has left
  bool mail_busy;  ///< one is on its way
  bool mail_refused;  ///< the last one was none
  MovedRecord tx;

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    rx.each(f);
    fate.each(f);
    f(stored, 1u);
    f(refused, 1u);
    f(mark_stored, 1u);
    f(mail_sent, 1u);
    f(mail_busy, 1u);
    f(mail_refused, 1u);
    tx.each(f);
  }
};

/// What the way from the host to the line tells the registers.
struct HostTellRecord {
  static constexpr unsigned kWidth = 83;  ///< bits of the packed record
  MovedRecord rx;
  bool damaged;  ///< rx.last: the frame is damaged
  bool status;  ///< a STATUS request
  std::uint8_t note;  ///< what it says: a status
  bool learn_agent;  ///< its service has an agent
  std::uint8_t service;  ///< its service
  bool mail_stored;  ///< a control frame waits for the card's own host
  bool control_refused;  ///< one was refused
  std::uint32_t mail_word;  ///< mail_tell.word
  std::uint8_t mail_waiting;  ///< mail_tell.waiting
  std::uint16_t mail_length;  ///< mail_tell.length
  bool stored;  ///< a frame is on its way to the line
  bool refused;  ///< there was no room for it
  MovedRecord tx;

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    rx.each(f);
    f(damaged, 1u);
    f(status, 1u);
    f(note, 5u);
    f(learn_agent, 1u);
    f(service, 5u);
    f(mail_stored, 1u);
    f(control_refused, 1u);
    f(mail_word, 32u);
    f(mail_waiting, 7u);
    f(mail_length, 9u);
    f(stored, 1u);
    f(refused, 1u);
    tx.each(f);
  }
};

/// A request, and the room that there is as it is put.
struct QuestionRecord {
  static constexpr unsigned kWidth = 673;  ///< bits of the packed record
  RequestRecord request;
  bool room_line;  ///< room for frames of the card's own
  bool room_host;  ///< room for marks

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    request.each(f);
    f(room_line, 1u);
    f(room_host, 1u);
  }
};

/// All settings, for the questions behind it.
struct SettingRecord {
  static constexpr unsigned kWidth = 813;  ///< bits of the packed record
  SettingsRecord settings;
  bool load;  ///< clears both tables
  bool end_pause;  ///< ends a pause at the next tick

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    settings.each(f);
    f(load, 1u);
    f(end_pause, 1u);
  }
};

/// The answer to a question, in order.
struct AnswerRecord {
  static constexpr unsigned kWidth = 1724;  ///< bits of the packed record
  VerdictRecord verdict;
  std::uint32_t mark_mac;  ///< of a mark
  CountsRecord counts;
  EventRecord record;  ///< of an event
  bool event_valid;
  SightRecord sight;  ///< what the card's timers, listing and registers are shown with it

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    verdict.each(f);
    f(mark_mac, 32u);
    counts.each(f);
    record.each(f);
    f(event_valid, 1u);
    sight.each(f);
  }
};

/// What classification made of a frame that waits for its verdict.
struct WaitingRecord {
  static constexpr unsigned kWidth = 18;  ///< bits of the packed record
  std::uint8_t tag;  ///< number of the frame among those that wait
  bool is_signed;  ///< TCP-MD5 or TCP-AO
  std::uint8_t kind;  ///< a kind
  std::uint8_t reason;  ///< of a drop
  bool asks;  ///< the engine has been asked
  bool lost;  ///< there was no room before the engine: dropped, and counted

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(tag, 7u);
    f(is_signed, 1u);
    f(kind, 2u);
    f(reason, 6u);
    f(asks, 1u);
    f(lost, 1u);
  }
};

/// What the shell tells an engine: settings, the millisecond clock, and questions, in order.
struct SocketAskRecord {
  static constexpr unsigned kWidth = 2198;  ///< bits of the packed record
  std::uint32_t time_ms;
  SettingsRecord settings;
  bool load;  ///< clears both tables
  bool end_pause;  ///< ends a pause at the next tick
  bool ask;  ///< a frame of the line asks; each one does, in order
  std::uint8_t ask_copies;  ///< ask, for a part of the request each
  RequestRecord request;
  bool room_line;  ///< room for the shell's Room more frames of the card's own
  bool room_host;  ///< likewise, for marks
  bool line_half;  ///< less than half of the replies' buffer is in use
  bool watch;  ///< a frame of the host teaches or confirms
  RequestRecord watched;
  bool list_first;  ///< half-open connections, one by one: begins
  bool list_next;  ///< the next one

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(time_ms, 32u);
    settings.each(f);
    f(load, 1u);
    f(end_pause, 1u);
    f(ask, 1u);
    f(ask_copies, 4u);
    request.each(f);
    f(room_line, 1u);
    f(room_host, 1u);
    f(line_half, 1u);
    f(watch, 1u);
    watched.each(f);
    f(list_first, 1u);
    f(list_next, 1u);
  }
};

/// What an engine tells the shell, in the clocks that the theory of operation names (section 6).
struct SocketTellRecord {
  static constexpr unsigned kWidth = 1605;  ///< bits of the packed record
  bool verdict_valid;  ///< the verdict of a frame: 46 clocks behind ask, unless the shell is Elastic
  VerdictRecord verdict;  ///< also without verdict_valid: what is sent with no frame asking
  CountsRecord counts;  ///< at every clock
  std::uint32_t mark_mac;  ///< of a mark: 23 clocks behind its verdict
  bool watch_lost;  ///< there was no room for what was watched
  bool event_valid;
  EventRecord record;  ///< of the event
  EngineStateRecord state;
  bool list_busy;
  bool list_shown;  ///< there is one
  ListingRecord listing;

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(verdict_valid, 1u);
    verdict.each(f);
    counts.each(f);
    f(mark_mac, 32u);
    f(watch_lost, 1u);
    f(event_valid, 1u);
    record.each(f);
    state.each(f);
    f(list_busy, 1u);
    f(list_shown, 1u);
    listing.each(f);
  }
};

/// Elastic: what waits outside for the verdict of a frame, and which frames there are.
struct ElasticAskRecord {
  static constexpr unsigned kWidth = 760;  ///< bits of the packed record
  WaitingRecord asked;  ///< with socket_ask.ask; not yet tag, asks and lost
  ContextRecord asked_frame;  ///< likewise
  bool unstored;  ///< 1 clock later: its frame found no room
  std::uint8_t number;  ///< or else, its number: the tag
  bool done;  ///< a frame has left, with its decision

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    asked.each(f);
    asked_frame.each(f);
    f(unstored, 1u);
    f(number, 7u);
    f(done, 1u);
  }
};

/// Elastic: what comes back with the verdict.
struct ElasticTellRecord {
  static constexpr unsigned kWidth = 772;  ///< bits of the packed record
  WaitingRecord waiting;
  ContextRecord waiting_frame;
  bool dropped;  ///< a frame was dropped for want of room before the engine, or for want of its answer
  EngineFaultsRecord faults;

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    waiting.each(f);
    waiting_frame.each(f);
    f(dropped, 1u);
    faults.each(f);
  }
};

}  // namespace synward
