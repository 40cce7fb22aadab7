// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/records.toml. Do not edit.
#pragma once

#include <cstdint>

namespace synward {

/// 128 bits, for addresses: hi holds bits 127:64.
struct Wide128 {
  std::uint64_t hi, lo;
};

/// What a service entry says about the answers given in its name.
struct ServiceRecord {
  static constexpr unsigned kWidth = 106;  ///< bits of the packed record
  std::uint8_t mode;  ///< a mode
  bool en_ws;  ///< window scale may be accepted
  bool en_sack;  ///< SACK permitted may be accepted
  bool en_ts;  ///< timestamps may be accepted
  bool en_ecn;  ///< ECN may be accepted
  std::uint16_t mss4;  ///< MSS option for IPv4, bytes
  std::uint16_t mss6;  ///< MSS option for IPv6, bytes
  std::uint16_t path_mss4;  ///< most that a mark says of the client's MSS, IPv4, bytes; 0: no bound
  std::uint16_t path_mss6;  ///< likewise, IPv6
  std::uint16_t window;  ///< window field of the SYN-ACK
  std::uint8_t wscale;  ///< RCV.WSCALE, 0..14
  std::uint8_t ttl;  ///< TTL or hop limit
  std::uint8_t tos;  ///< TOS or traffic class

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(mode, 2u);
    f(en_ws, 1u);
    f(en_sack, 1u);
    f(en_ts, 1u);
    f(en_ecn, 1u);
    f(mss4, 16u);
    f(mss6, 16u);
    f(path_mss4, 16u);
    f(path_mss6, 16u);
    f(window, 16u);
    f(wscale, 4u);
    f(ttl, 8u);
    f(tos, 8u);
  }
};

/// What the TCP options of one segment say (FreeBSD's reading).
struct OptionsRecord {
  static constexpr unsigned kWidth = 94;  ///< bits of the packed record
  bool mark;  ///< a hand-off mark is present
  bool is_signed;  ///< TCP-MD5 or TCP-AO present
  bool has_mss;  ///< MSS present
  bool has_ws;  ///< window scale present
  bool has_sack;  ///< SACK permitted present
  bool has_ts;  ///< timestamps present
  std::uint16_t mss;  ///< MSS, 0 if absent
  std::uint8_t ws;  ///< window scale as sent
  std::uint32_t tsval;  ///< TSval
  std::uint32_t tsecr;  ///< TSecr

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(mark, 1u);
    f(is_signed, 1u);
    f(has_mss, 1u);
    f(has_ws, 1u);
    f(has_sack, 1u);
    f(has_ts, 1u);
    f(mss, 16u);
    f(ws, 8u);
    f(tsval, 32u);
    f(tsecr, 32u);
  }
};

/// One question to the engine (docs/theory-of-operation.md, section 4).
struct RequestRecord {
  static constexpr unsigned kWidth = 671;  ///< bits of the packed record
  std::uint8_t op;  ///< an op
  std::uint32_t time_ms;  ///< millisecond clock
  bool v6;  ///< IPv6
  Wide128 faddr;  ///< client address; IPv4 in the low 32 bits, the rest 0
  Wide128 laddr;  ///< server address, likewise
  std::uint16_t fport;  ///< client port
  std::uint16_t lport;  ///< server port
  std::uint32_t seq;  ///< SEG.SEQ; UNREACH: the quoted one; VISIT, PEEK: bucket; STATUS: the mark's
  std::uint32_t ack;  ///< SEG.ACK; STATUS: the mark's; PEEK: a way, one-hot, or 0
  std::uint8_t flags;  ///< TCP flags, FIN in bit 0; PEEK: a peek
  bool has_mss;  ///< the segment brought an MSS option
  std::uint16_t mss;  ///< the client's MSS option, 0 if none
  bool ws_ok;  ///< window scale accepted
  std::uint8_t ws;  ///< the client's shift, 0..14
  bool sack_ok;  ///< SACK accepted
  bool ts_ok;  ///< timestamps accepted (SYN) or present (ACK)
  bool ecn_ok;  ///< ECN accepted
  std::uint32_t tsval;  ///< TSval
  std::uint8_t len;  ///< frame length, bytes, at most 127
  std::uint8_t service;  ///< number of the service entry
  std::uint16_t window;  ///< window that the service advertises
  std::uint8_t wscale;  ///< RCV.WSCALE of the service
  std::uint16_t path_mss;  ///< the service's bound on the MSS of a mark, bytes; 0: none
  bool agent;  ///< ACK: the service has an agent, which confirms hand-overs
  bool protect;  ///< SERVER: the local end is a protected service
  std::uint64_t mac_dst;  ///< destination MAC of the frame
  std::uint64_t mac_src;  ///< source MAC of the frame
  std::uint8_t tags;  ///< VLAN tags, 0..2
  std::uint32_t tag1;  ///< outer tag, TPID and TCI
  std::uint32_t tag2;  ///< inner tag
  std::uint8_t note;  ///< NOTE, STRAY: event code; STATUS: the status

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(op, 4u);
    f(time_ms, 32u);
    f(v6, 1u);
    f(faddr, 128u);
    f(laddr, 128u);
    f(fport, 16u);
    f(lport, 16u);
    f(seq, 32u);
    f(ack, 32u);
    f(flags, 8u);
    f(has_mss, 1u);
    f(mss, 16u);
    f(ws_ok, 1u);
    f(ws, 4u);
    f(sack_ok, 1u);
    f(ts_ok, 1u);
    f(ecn_ok, 1u);
    f(tsval, 32u);
    f(len, 7u);
    f(service, 5u);
    f(window, 16u);
    f(wscale, 4u);
    f(path_mss, 16u);
    f(agent, 1u);
    f(protect, 1u);
    f(mac_dst, 48u);
    f(mac_src, 48u);
    f(tags, 2u);
    f(tag1, 32u);
    f(tag2, 32u);
    f(note, 5u);
  }
};

/// A half-open connection in the syncache, without its key (v6, addresses, ports).
struct EntryRecord {
  static constexpr unsigned kWidth = 354;  ///< bits of the packed record
  std::uint32_t irs;  ///< the client's initial sequence number
  std::uint32_t iss;  ///< ours
  std::uint32_t tsreflect;  ///< the client's last TSval
  std::uint16_t mss;  ///< the client's MSS option, 0 if none
  std::uint8_t ws;  ///< the client's shift, 0 without window scale
  bool ws_ok;  ///< window scale in use
  bool sack_ok;  ///< SACK in use
  bool ts_ok;  ///< timestamps in use
  bool ecn_ok;  ///< ECN in use
  bool unreach;  ///< an ICMP error came (SCF_UNREACH)
  bool has_mss;  ///< the SYN brought an MSS option
  std::uint8_t rxmits;  ///< SYN-ACKs sent in the timer's count, 1..13
  std::uint32_t armed;  ///< time of the last of them, ms modulo 2^24
  std::uint32_t challenge_end;  ///< end of the challenge ACK window, ms modulo 2^20
  std::uint8_t challenges;  ///< challenge ACKs sent in it
  bool handed;  ///< handed over, and not confirmed yet
  std::uint8_t marked;  ///< mark_slot of the last mark
  std::uint8_t len;  ///< length of the SYN, bytes, at most 127
  std::uint8_t service;  ///< number of the service entry
  std::uint64_t mac_dst;  ///< destination MAC of the SYN
  std::uint64_t mac_src;  ///< source MAC of the SYN
  std::uint8_t tags;  ///< VLAN tags, 0..2
  std::uint32_t tag1;  ///< outer tag
  std::uint32_t tag2;  ///< inner tag

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(irs, 32u);
    f(iss, 32u);
    f(tsreflect, 32u);
    f(mss, 16u);
    f(ws, 4u);
    f(ws_ok, 1u);
    f(sack_ok, 1u);
    f(ts_ok, 1u);
    f(ecn_ok, 1u);
    f(unreach, 1u);
    f(has_mss, 1u);
    f(rxmits, 4u);
    f(armed, 24u);
    f(challenge_end, 20u);
    f(challenges, 4u);
    f(handed, 1u);
    f(marked, 5u);
    f(len, 7u);
    f(service, 5u);
    f(mac_dst, 48u);
    f(mac_src, 48u);
    f(tags, 2u);
    f(tag1, 32u);
    f(tag2, 32u);
  }
};

/// What the host is shown of a half-open connection (LIST_DATA). Never its ISS.
struct ListingRecord {
  static constexpr unsigned kWidth = 348;  ///< bits of the packed record
  bool v6;  ///< IPv6
  Wide128 faddr;  ///< client address; IPv4 in the low 32 bits
  Wide128 laddr;  ///< server address, likewise
  std::uint16_t fport;  ///< client port
  std::uint16_t lport;  ///< server port
  std::uint16_t mss;  ///< the client's MSS option, 0 if none
  std::uint8_t ws;  ///< the client's shift, 0 without window scale
  bool ws_ok;  ///< window scale in use
  bool sack_ok;  ///< SACK in use
  bool ts_ok;  ///< timestamps in use
  bool ecn_ok;  ///< ECN in use
  bool unreach;  ///< an ICMP error came (SCF_UNREACH)
  std::uint8_t rxmits;  ///< SYN-ACKs sent in the timer's count, 1..13
  std::uint32_t armed;  ///< time of the last of them, ms modulo 2^24
  std::uint8_t service;  ///< number of the service entry
  bool handed;  ///< handed over, and not confirmed yet

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(v6, 1u);
    f(faddr, 128u);
    f(laddr, 128u);
    f(fport, 16u);
    f(lport, 16u);
    f(mss, 16u);
    f(ws, 4u);
    f(ws_ok, 1u);
    f(sack_ok, 1u);
    f(ts_ok, 1u);
    f(ecn_ok, 1u);
    f(unreach, 1u);
    f(rxmits, 4u);
    f(armed, 24u);
    f(service, 5u);
    f(handed, 1u);
  }
};

/// What one request adds to the counters of the same names.
struct CountsRecord {
  static constexpr unsigned kWidth = 35;  ///< bits of the packed record
  bool added;
  bool retransmitted;
  bool dupsyn;
  bool sc_dropped;
  bool completed;
  bool bucketoverflow;
  bool reset;
  bool stale;
  bool unreach;
  bool zonefail;
  bool sendcookie;
  bool recvcookie;
  bool spurcookie;
  bool failcookie;
  bool badrst;
  bool evicted;
  bool stateless;
  bool challenge_acks;
  bool resets_sent;
  bool resets_limited;
  bool flows_added;
  bool flows_full;
  bool established;
  bool remarked;
  bool handed;
  bool aborted;
  std::uint8_t flushed;
  std::uint8_t flows_aged;

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(added, 1u);
    f(retransmitted, 1u);
    f(dupsyn, 1u);
    f(sc_dropped, 1u);
    f(completed, 1u);
    f(bucketoverflow, 1u);
    f(reset, 1u);
    f(stale, 1u);
    f(unreach, 1u);
    f(zonefail, 1u);
    f(sendcookie, 1u);
    f(recvcookie, 1u);
    f(spurcookie, 1u);
    f(failcookie, 1u);
    f(badrst, 1u);
    f(evicted, 1u);
    f(stateless, 1u);
    f(challenge_acks, 1u);
    f(resets_sent, 1u);
    f(resets_limited, 1u);
    f(flows_added, 1u);
    f(flows_full, 1u);
    f(established, 1u);
    f(remarked, 1u);
    f(handed, 1u);
    f(aborted, 1u);
    f(flushed, 4u);
    f(flows_aged, 5u);
  }
};

/// The engine's answer, one for each request, in order. What means nothing for the answer is 0.
struct VerdictRecord {
  static constexpr unsigned kWidth = 677;  ///< bits of the packed record
  std::uint8_t op;  ///< as asked
  std::uint8_t fate;  ///< a fate, of the frame; consumed: a SYN that was answered
  std::uint8_t reason;  ///< of a drop
  std::uint8_t send;  ///< what is sent; a mark: to the host, before the frame
  bool own;  ///< TIMEOUT, STATUS: no frame is answered; the fields from v6 to tag2 stand for it
  std::uint32_t seq;  ///< SEQ of what is sent
  std::uint32_t ack;  ///< ACK of what is sent
  bool ws_ok;  ///< SYN-ACK with window scale
  bool sack_ok;  ///< SYN-ACK with SACK permitted
  bool ts_ok;  ///< SYN-ACK or challenge ACK with timestamps
  bool ece;  ///< SYN-ACK with ECE
  bool df;  ///< IPv4 with DF
  std::uint32_t tsoff;  ///< timestamp offset, where ts_ok
  std::uint32_t tsecr;  ///< TSecr, where ts_ok
  std::uint8_t mark_flags;  ///< flags byte of the mark
  std::uint8_t mark_wscale;  ///< window scale byte of the mark
  std::uint16_t mark_mss;  ///< MSS of the mark
  bool v6;  ///< own: IPv6
  Wide128 faddr;  ///< own: client address
  Wide128 laddr;  ///< own: server address
  std::uint16_t fport;  ///< own: client port
  std::uint16_t lport;  ///< own: server port
  std::uint32_t time_ms;  ///< own: millisecond clock
  std::uint8_t service;  ///< own: number of the service entry
  bool has_mss;  ///< own: the SYN brought an MSS option
  std::uint8_t len;  ///< own: length of the SYN
  std::uint64_t mac_dst;  ///< own: destination MAC of the SYN
  std::uint64_t mac_src;  ///< own: source MAC of the SYN
  std::uint8_t tags;  ///< own: VLAN tags
  std::uint32_t tag1;  ///< own: outer tag
  std::uint32_t tag2;  ///< own: inner tag

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(op, 4u);
    f(fate, 2u);
    f(reason, 6u);
    f(send, 3u);
    f(own, 1u);
    f(seq, 32u);
    f(ack, 32u);
    f(ws_ok, 1u);
    f(sack_ok, 1u);
    f(ts_ok, 1u);
    f(ece, 1u);
    f(df, 1u);
    f(tsoff, 32u);
    f(tsecr, 32u);
    f(mark_flags, 8u);
    f(mark_wscale, 8u);
    f(mark_mss, 16u);
    f(v6, 1u);
    f(faddr, 128u);
    f(laddr, 128u);
    f(fport, 16u);
    f(lport, 16u);
    f(time_ms, 32u);
    f(service, 5u);
    f(has_mss, 1u);
    f(len, 7u);
    f(mac_dst, 48u);
    f(mac_src, 48u);
    f(tags, 2u);
    f(tag1, 32u);
    f(tag2, 32u);
  }
};

/// A record of the event ring: the material of a log line (registers.toml names codes and texts).
struct EventRecord {
  static constexpr unsigned kWidth = 432;  ///< bits of the packed record
  std::uint8_t code;  ///< event code; 0: the note alone
  std::uint8_t note;  ///< 1 ts_unexpected, 2 ts_tolerated
  bool v6;  ///< IPv6
  Wide128 faddr;  ///< client address
  Wide128 laddr;  ///< server address
  std::uint16_t fport;  ///< client port
  std::uint16_t lport;  ///< server port
  std::uint8_t flags;  ///< TCP flags of the segment
  std::uint32_t time_ms;  ///< millisecond clock
  std::uint32_t arg0;  ///< by code
  std::uint32_t arg1;  ///< by code
  std::uint32_t arg2;  ///< by code

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(code, 5u);
    f(note, 2u);
    f(v6, 1u);
    f(faddr, 128u);
    f(laddr, 128u);
    f(fport, 16u);
    f(lport, 16u);
    f(flags, 8u);
    f(time_ms, 32u);
    f(arg0, 32u);
    f(arg1, 32u);
    f(arg2, 32u);
  }
};

/// What the reply builder needs of a frame besides the verdict.
struct ContextRecord {
  static constexpr unsigned kWidth = 733;  ///< bits of the packed record
  std::uint64_t mac_dst;  ///< destination MAC of the frame
  std::uint64_t mac_src;  ///< source MAC of the frame
  std::uint8_t tags;  ///< VLAN tags, 0..2
  std::uint32_t tag1;  ///< outer tag, TPID and TCI
  std::uint32_t tag2;  ///< inner tag
  bool v6;  ///< IPv6
  Wide128 faddr;  ///< client address; IPv4 in the low 32 bits
  Wide128 laddr;  ///< server address
  std::uint16_t fport;  ///< client port
  std::uint16_t lport;  ///< server port
  std::uint32_t seq;  ///< SEG.SEQ
  std::uint32_t ack;  ///< SEG.ACK
  std::uint16_t window;  ///< SEG.WND, unscaled
  std::uint8_t ttl;  ///< TTL or hop limit of the frame
  std::uint8_t tos;  ///< TOS or traffic class of the frame
  std::uint32_t flowlabel;  ///< IPv6 flow label of the frame
  std::uint16_t len;  ///< frame length, bytes
  bool has_mss;  ///< the segment brought an MSS option
  bool ws_ok;  ///< window scale accepted
  bool sack_ok;  ///< SACK accepted
  bool ts_ok;  ///< timestamps accepted (SYN) or present (ACK)
  std::uint32_t tsval;  ///< TSval
  std::uint32_t tsecr;  ///< TSecr
  std::uint32_t time_ms;  ///< millisecond clock at the frame's first beat
  std::uint16_t svc_mss;  ///< service: MSS for this family
  std::uint16_t svc_window;  ///< service: window
  std::uint8_t svc_wscale;  ///< service: RCV.WSCALE
  std::uint8_t svc_ttl;  ///< service: TTL
  std::uint8_t svc_tos;  ///< service: TOS

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(mac_dst, 48u);
    f(mac_src, 48u);
    f(tags, 2u);
    f(tag1, 32u);
    f(tag2, 32u);
    f(v6, 1u);
    f(faddr, 128u);
    f(laddr, 128u);
    f(fport, 16u);
    f(lport, 16u);
    f(seq, 32u);
    f(ack, 32u);
    f(window, 16u);
    f(ttl, 8u);
    f(tos, 8u);
    f(flowlabel, 20u);
    f(len, 14u);
    f(has_mss, 1u);
    f(ws_ok, 1u);
    f(sack_ok, 1u);
    f(ts_ok, 1u);
    f(tsval, 32u);
    f(tsecr, 32u);
    f(time_ms, 32u);
    f(svc_mss, 16u);
    f(svc_window, 16u);
    f(svc_wscale, 4u);
    f(svc_ttl, 8u);
    f(svc_tos, 8u);
  }
};

/// To the engine at every clock: secrets (first key byte in bits 7:0), sysctls, sizes that count from a clearing on.
struct SettingsRecord {
  static constexpr unsigned kWidth = 811;  ///< bits of the packed record
  Wide128 cookie_key0;  ///< cookie secret of parity 0
  Wide128 cookie_key1;  ///< cookie secret of parity 1
  Wide128 ts_key;  ///< ts_secret
  Wide128 mark_key;  ///< key of the marks
  Wide128 table_key;  ///< key of the tables' hash
  bool parity;  ///< secret of new cookies
  bool ts_offset_per_conn;  ///< sysctl
  bool syncookies;  ///< sysctl
  bool syncookies_only;  ///< sysctl
  bool tolerate_missing_ts;  ///< sysctl
  bool insecure_rst;  ///< sysctl
  bool no_rst;  ///< net.inet.tcp.blackhole is 3
  bool rst_on_sock_fail;  ///< sysctl
  bool cookie_gate_always;  ///< net.synward.cookie_gate is always
  std::uint8_t unknown_ack;  ///< sysctl: 0 pass, 1 drop, 2 rst
  std::uint8_t rexmtlimit;  ///< sysctl
  std::uint16_t rexmit_initial;  ///< sysctl, ms
  std::uint16_t rexmit_min;  ///< sysctl, ms
  std::uint16_t rexmit_slop;  ///< sysctl, ms
  std::uint16_t rexmit_max;  ///< sysctl, ms
  std::uint8_t ecn_maxretries;  ///< sysctl
  std::uint8_t ack_war_cnt;  ///< sysctl
  std::uint16_t ack_war_timewindow;  ///< sysctl, ms
  std::uint32_t icmplim;  ///< sysctl
  std::uint8_t flow_idle;  ///< sysctl, laps
  std::uint8_t flow_learn;  ///< sysctl, laps
  std::uint16_t hash_mask;  ///< hashsize - 1
  std::uint8_t bucketlimit;  ///< sysctl, 1..8
  std::uint32_t cachelimit;  ///< sysctl

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(cookie_key0, 128u);
    f(cookie_key1, 128u);
    f(ts_key, 128u);
    f(mark_key, 128u);
    f(table_key, 128u);
    f(parity, 1u);
    f(ts_offset_per_conn, 1u);
    f(syncookies, 1u);
    f(syncookies_only, 1u);
    f(tolerate_missing_ts, 1u);
    f(insecure_rst, 1u);
    f(no_rst, 1u);
    f(rst_on_sock_fail, 1u);
    f(cookie_gate_always, 1u);
    f(unknown_ack, 2u);
    f(rexmtlimit, 4u);
    f(rexmit_initial, 16u);
    f(rexmit_min, 16u);
    f(rexmit_slop, 16u);
    f(rexmit_max, 16u);
    f(ecn_maxretries, 4u);
    f(ack_war_cnt, 4u);
    f(ack_war_timewindow, 16u);
    f(icmplim, 20u);
    f(flow_idle, 6u);
    f(flow_learn, 6u);
    f(hash_mask, 14u);
    f(bucketlimit, 4u);
    f(cachelimit, 18u);
  }
};

/// State of the engine, as registers show it.
struct EngineStateRecord {
  static constexpr unsigned kWidth = 76;  ///< bits of the packed record
  bool ready;  ///< both tables are cleared
  bool paused;  ///< a pause is on
  std::uint8_t backoff;  ///< of the pause
  std::uint32_t pause_until;  ///< ms
  std::uint32_t count;  ///< entries of the syncache
  std::uint32_t flows;  ///< flows

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(ready, 1u);
    f(paused, 1u);
    f(backoff, 3u);
    f(pause_until, 32u);
    f(count, 18u);
    f(flows, 21u);
  }
};

/// What a card sees of the engine's tables with an answer. What means nothing is 0.
struct SightRecord {
  static constexpr unsigned kWidth = 547;  ///< bits of the packed record
  bool armed;  ///< an entry of the syncache is armed
  bool peek;  ///< of a PEEK
  std::uint8_t kind;  ///< of the PEEK, as asked: a peek
  std::uint16_t bucket;  ///< armed: the entry's; PEEK: as asked
  std::uint32_t due;  ///< armed: when it is due; walk: when the next of the bucket is, at most; ms modulo 2^24
  bool found;  ///< walk: an entry is due
  bool any;  ///< walk: there are entries
  std::uint8_t way;  ///< walk: the first that is due
  std::uint8_t ways;  ///< fetch, listing: ways with an entry
  ListingRecord listing;  ///< fetch, listing: what the way that was asked for holds; 0 if nothing
  std::uint8_t tags;  ///< likewise: VLAN tags, 0..2
  std::uint32_t tag1;  ///< likewise: outer tag
  std::uint32_t tag2;  ///< likewise: inner tag
  EngineStateRecord state;  ///< behind the request

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(armed, 1u);
    f(peek, 1u);
    f(kind, 4u);
    f(bucket, 14u);
    f(due, 24u);
    f(found, 1u);
    f(any, 1u);
    f(way, 3u);
    f(ways, 8u);
    listing.each(f);
    f(tags, 2u);
    f(tag1, 32u);
    f(tag2, 32u);
    state.each(f);
  }
};

/// Elastic: what an engine did wrong (rtl/act/synward_engine_guard.sv).
struct EngineFaultsRecord {
  static constexpr unsigned kWidth = 20;  ///< bits of the packed record
  std::uint16_t resets;  ///< times that it was reset for a fault, modulo 2^16
  std::uint8_t cause;  ///< of the last: a fault
  bool down;  ///< it is not asked: in a reset, or not yet trusted again
  bool streams;  ///< there is one behind streams

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(resets, 16u);
    f(cause, 2u);
    f(down, 1u);
    f(streams, 1u);
  }
};

// Bits of the kernels' streams: their structs, in whole bytes (rtl/act/synward_kernel_ports.sv).
constexpr unsigned kKernelQuestionBits = 736;
constexpr unsigned kKernelSettingBits = 1000;
constexpr unsigned kKernelAnswerBits = 1880;

}  // namespace synward
