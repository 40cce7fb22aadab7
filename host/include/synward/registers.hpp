// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/csr/registers.toml. Do not edit.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace synward::reg {

inline constexpr std::uint32_t kDeviceId = 0x53594e57;
inline constexpr std::uint32_t kVersionMajor = 0;
inline constexpr std::uint32_t kVersionMinor = 4;
inline constexpr std::uint32_t kVersionPatch = 1;

/// `SYNW` in ASCII (0x53594e57). Anything else is not this card.
inline constexpr std::uint32_t kId = 0x000;
/// Register map version: major 31:16, minor 15:8, patch 7:0. Software refuses another major, and while major is 0 another minor.
inline constexpr std::uint32_t kVersion = 0x004;
/// Service table entries 7:0, counters 15:8, drop reasons 23:16, event codes 31:24.
inline constexpr std::uint32_t kSizes = 0x008;
/// The core's real clock in Hz, by which it counts milliseconds; the host sets it. At reset: what the core was built for. Below 2^20 or from 2^31 on: ignored.
inline constexpr std::uint32_t kClockHz = 0x00c;
/// The millisecond clock, modulo 2^32.
inline constexpr std::uint32_t kTimeMs = 0x010;
/// No function; for bus tests.
inline constexpr std::uint32_t kScratch = 0x014;
/// The engine behind the socket: 0 of fixed latency (the RTL's), 1 behind streams (the HLS kernel) 0; not asked, because it is being reset or not yet trusted again, 1; cause of its last reset 3:2: 1 silent, 2 answered what it was not asked, 3 forgot its tables; resets for a fault since reset, modulo 2^16, 31:16. Only one behind streams has faults.
inline constexpr std::uint32_t kEngineStatus = 0x018;
/// `net.inet.tcp.syncookies_only`, default 0. Answer with cookies alone, bypass the syncache. Works without `net.inet.tcp.syncookies`, as in FreeBSD main.
inline constexpr std::uint32_t kSysctlSyncookiesOnly = 0x020;
/// `net.inet.tcp.rfc1323`, default 1. 0 neither, 1 window scale and timestamps, 2 window scale only, 3 timestamps only.
inline constexpr std::uint32_t kSysctlRfc1323 = 0x024;
/// `net.inet.tcp.sack.enable`, default 1. Accept SACK permitted.
inline constexpr std::uint32_t kSysctlSackEnable = 0x028;
/// `net.inet.tcp.drop_synfin`, default 0. Drop segments with SYN and FIN; 0 takes them for SYNs.
inline constexpr std::uint32_t kSysctlDropSynfin = 0x02c;
/// `net.inet.tcp.ts_offset_per_conn`, default 1. Timestamp offset per connection; 0: per pair of addresses.
inline constexpr std::uint32_t kSysctlTsOffsetPerConn = 0x030;
/// `net.synward.unknown_ack`, default 0. What becomes of an ACK or RST to a protected service that belongs to no known flow, no handshake of a syncache entry and no valid cookie. rst answers ACKs with RST, within `net.inet.icmp.icmplim`.
inline constexpr std::uint32_t kSysctlUnknownAck = 0x034;
/// `net.synward.fragments`, default 0. What becomes of a fragment that may hold TCP and goes to a service address. The server reassembles what is passed.
inline constexpr std::uint32_t kSysctlFragments = 0x038;
/// `net.synward.unclassified`, default 1. What becomes of frames that cannot be read as far as TCP: a third VLAN tag, or, to a service address, IPv6 extension headers that are not walked.
inline constexpr std::uint32_t kSysctlUnclassified = 0x03c;
/// `net.inet.tcp.syncookies`, default 1. Cookies as initial sequence numbers, and stateless answers when the syncache overflows.
inline constexpr std::uint32_t kSysctlSyncookies = 0x040;
/// `net.inet.tcp.syncache.hashsize`, default 16384. Buckets of the syncache; a power of two. Takes effect at a load (TABLE_CONTROL).
inline constexpr std::uint32_t kSysctlHashsize = 0x044;
/// `net.inet.tcp.syncache.bucketlimit`, default 8. Entries in a bucket. Takes effect at a load. 0, which FreeBSD does not catch, is refused.
inline constexpr std::uint32_t kSysctlBucketlimit = 0x048;
/// `net.inet.tcp.syncache.cachelimit`, default 131072. Entries in the syncache. Takes effect at a load. 0 is refused; the card takes it for 1.
inline constexpr std::uint32_t kSysctlCachelimit = 0x04c;
/// `net.inet.tcp.syncache.rexmtlimit`, default 3. Retransmissions of a SYN-ACK before its entry is given up; applies at once to existing entries.
inline constexpr std::uint32_t kSysctlRexmtlimit = 0x050;
/// `net.inet.tcp.rexmit_initial`, default 1000. First retransmission timeout, ms.
inline constexpr std::uint32_t kSysctlRexmitInitial = 0x054;
/// `net.inet.tcp.rexmit_min`, default 30. Least retransmission timeout, ms; not for the first.
inline constexpr std::uint32_t kSysctlRexmitMin = 0x058;
/// `net.inet.tcp.rexmit_slop`, default 200. What is added to each retransmission timeout but the first, ms.
inline constexpr std::uint32_t kSysctlRexmitSlop = 0x05c;
/// `net.inet.tcp.rexmit_max`, default 64000. Greatest retransmission timeout, ms; not for the first.
inline constexpr std::uint32_t kSysctlRexmitMax = 0x060;
/// `net.inet.tcp.ecn.enable`, default 2. 0: ECN is not accepted; 1, 2: RFC 3168 ECN is. AccECN (3, 4) is not offered.
inline constexpr std::uint32_t kSysctlEcnEnable = 0x064;
/// `net.inet.tcp.ecn.maxretries`, default 1. Retransmissions of a SYN-ACK that still say ECE.
inline constexpr std::uint32_t kSysctlEcnMaxretries = 0x068;
/// `net.inet.tcp.tolerate_missing_ts`, default 1. Take an ACK without timestamps where they were negotiated.
inline constexpr std::uint32_t kSysctlTolerateMissingTs = 0x06c;
/// `net.inet.tcp.insecure_rst`, default 0. Take a RST anywhere in the window (RFC 793) rather than at RCV.NXT alone (RFC 5961).
inline constexpr std::uint32_t kSysctlInsecureRst = 0x070;
/// `net.inet.tcp.ack_war_cnt`, default 5. Challenge ACKs for one half-open connection in `ack_war_timewindow`; 0: no limit.
inline constexpr std::uint32_t kSysctlAckWarCnt = 0x074;
/// `net.inet.tcp.ack_war_timewindow`, default 1000. Window of `ack_war_cnt`, ms; 0: no limit.
inline constexpr std::uint32_t kSysctlAckWarTimewindow = 0x078;
/// `net.inet.tcp.blackhole`, default 0. 3: the card sends no RST. 1 and 2 concern closed ports, which are the server's own.
inline constexpr std::uint32_t kSysctlBlackhole = 0x07c;
/// A 128-bit key, bytes 4i to 4i+3 in word i, least significant byte first. Used up by SECRET_COMMIT; never readable.
inline constexpr std::uint32_t kSecretData = 0x080;
/// Moves SECRET_DATA, in one clock, to: 0 the idle cookie slot and flips the parity; 1 cookie slot 0; 2 cookie slot 1; 3 ts_secret; 4 mark_key; 7 table_key, which clears both tables; 8 the control key, whose former value stays valid until the next one; 9 the next mark_key. 5 and 6 only set the parity to 0 or 1; 10 makes the next mark_key the current one, and the current one the next. A key is only taken if all four words of SECRET_DATA were written since the last commit; otherwise nothing changes and SECRET_STATUS says so. Any value uses SECRET_DATA up; others do nothing else.
inline constexpr std::uint32_t kSecretCommit = 0x090;
/// Parity 0; loaded: cookie slot 0 1, cookie slot 1 2, ts_secret 3, mark_key 4; all loaded, table_key too, 5; table_key 6; control key 7; cookie rotations modulo 256 15:8; next mark_key 16; 31: the last commit of a key was refused, because a word of SECRET_DATA was missing.
inline constexpr std::uint32_t kSecretStatus = 0x094;
/// `net.synward.cookie_gate`, default 0. When an ACK without a syncache entry may be a cookie: freebsd, while the card itself had a reason to send cookies within 15 s; always, for a fleet whose cards take each other's connections over, at the price that one forged ACK in 2^24 opens a connection also in peace.
inline constexpr std::uint32_t kSysctlCookieGate = 0x098;
/// `net.synward.signed`, default 0. What becomes of a segment with TCP-MD5 (RFC 2385) or TCP-AO (RFC 5925) to a protected service. Only the server has the key that an answer must be signed with.
inline constexpr std::uint32_t kSysctlSigned = 0x09c;
/// `net.inet.icmp.icmplim`, default 200. RSTs that the card sends in a second; 0: no limit.
inline constexpr std::uint32_t kSysctlIcmplim = 0x0a0;
/// `net.synward.flow_idle`, default 60. How long an idle connection stays in the flow table, in laps of 131 s (60: 2 h 11 min).
inline constexpr std::uint32_t kSysctlFlowIdle = 0x0a4;
/// `net.synward.event_limit`, default 64. Events of one code that are recorded in 1.024 s; 0: no limit. What is refused is counted by code.
inline constexpr std::uint32_t kSysctlEventLimit = 0x0a8;
/// `net.inet.tcp.syncache.rst_on_sock_fail`, default 1. Send a RST to a client whose handshake was completed, but whose server did not take the connection (no listener, refused, or not confirmed until the last retransmission).
inline constexpr std::uint32_t kSysctlRstOnSockFail = 0x0ac;
/// 1: clears both tables and takes hashsize, bucketlimit and cachelimit. 2: ends a pause at the next tick.
inline constexpr std::uint32_t kTableControl = 0x0b0;
/// Tables ready 0, paused 1, back-off of the pause 4:2; log2 of the most buckets 11:8, ways 15:12, log2 of the flow buckets 20:16, log2 of the event ring 27:24.
inline constexpr std::uint32_t kTableStatus = 0x0b4;
/// Entries in the syncache now (`net.inet.tcp.syncache.count`).
inline constexpr std::uint32_t kSyncacheCount = 0x0b8;
/// Milliseconds until the pause ends; 0 without one.
inline constexpr std::uint32_t kPauseLeft = 0x0bc;
/// Flows in the flow table now.
inline constexpr std::uint32_t kFlowCount = 0x0c0;
/// Events that wait in the ring. EVENT_DATA shows the oldest.
inline constexpr std::uint32_t kEventCount = 0x0c4;
/// Any write takes the oldest event away. The next one may be read 8 clocks later.
inline constexpr std::uint32_t kEventPop = 0x0c8;
/// 1: looks for the first half-open connection, 2: for the next; by bucket and way. Ignored while LIST_STATUS is busy. Clearing the tables ends a listing.
inline constexpr std::uint32_t kListControl = 0x0cc;
/// Busy looking 0; LIST_DATA shows a connection 1. Neither: there is none, or no other.
inline constexpr std::uint32_t kListStatus = 0x0d0;
/// A half-open connection: the listing record of rtl/records.toml, its most significant 27 bits in word 10, its least significant 32 in word 0. 0 where none is shown.
inline constexpr std::uint32_t kListData = 0x0d4;
/// Address of a service, bytes 4i to 4i+3 of the 16 in word i, first byte most significant; IPv4 in word 3, the rest 0.
inline constexpr std::uint32_t kServiceAddr = 0x100;
/// Port 15:0 (0 any), matches IPv4 16, matches IPv6 17, any address 18.
inline constexpr std::uint32_t kServiceMatch = 0x110;
/// MSS option for IPv4 15:0, for IPv6 31:16, bytes.
inline constexpr std::uint32_t kServiceMss = 0x114;
/// Window field of the SYN-ACK 15:0, RCV.WSCALE 19:16 (0..14).
inline constexpr std::uint32_t kServiceWindow = 0x118;
/// TTL or hop limit 7:0, TOS or traffic class 15:8, whose two ECN bits (9:8) are taken as 0.
inline constexpr std::uint32_t kServiceIp = 0x11c;
/// Options that a SYN-ACK may carry: window scale 0, SACK permitted 1, timestamps 2, ECN 3; mode 5:4: 0 pass, 1 protect, 2 drop.
inline constexpr std::uint32_t kServiceOptions = 0x120;
/// Writes the staged words to the entry 7:0 in one clock; bit 8 set: the entry is valid, clear: it is removed. A frame looked up within the next 8 clocks may still meet the old address with the new port: remove an entry before its place goes to another service.
inline constexpr std::uint32_t kServiceCommit = 0x124;
/// Most that a mark tells the server of the client's MSS, for IPv4 15:0, for IPv6 31:16, bytes; 0: no bound. For tunnels behind the card.
inline constexpr std::uint32_t kServicePathMss = 0x128;
/// Bit n: a server behind entry n of the service table has confirmed a hand-over, or bit n was written as 1. Its hand-overs wait for confirmation. Writing an entry (SERVICE_COMMIT) clears its bit.
inline constexpr std::uint32_t kHandoffAgents = 0x130;
/// `net.synward.flow_learn`, default 0. For how many laps of 131 s the flow table learns after it was cleared (a load, or a new table key): segments of unknown connections pass meanwhile, and cookies count. 0: not at all.
inline constexpr std::uint32_t kSysctlFlowLearn = 0x134;
/// Control frames that wait in the mailbox 6:0; length of the oldest in bytes 16:8, 0 where there is none; a frame is being sent 24; the last send was refused 25.
inline constexpr std::uint32_t kMailStatus = 0x138;
/// 7:0 = 1: takes the oldest frame away. 7:0 = 2: sends MAIL_OUT, whose length in bytes is 24:16, 60 to 256, and uses it up; refused, with nothing done, where the EtherType (behind up to two VLAN tags) is not 0x88b5, where the length is another, and while a frame is being sent.
inline constexpr std::uint32_t kMailControl = 0x13c;
/// The oldest event: the event record of rtl/records.toml, its most significant 16 bits in word 13, its least significant 32 in word 0.
inline constexpr std::uint32_t kEventData = 0x140;
/// Events of code n that the ring refused since reset, word n.
inline constexpr std::uint32_t kEventLost = 0x180;
/// Any write latches every counter in one clock; COUNTER then reads that instant until the next write.
inline constexpr std::uint32_t kSnapshot = 0x3fc;
/// Latched counters: counter n low word at 0x400 + 8n, high word at 0x404 + 8n.
inline constexpr std::uint32_t kCounter = 0x400;
/// The oldest frame in the mailbox: bytes 4i to 4i+3 in word i, first byte least significant. 0 beyond its length, and where there is none.
inline constexpr std::uint32_t kMailData = 0x800;
/// The frame to send, likewise. Words not written since the frame before are 0. Ignored while a frame is being sent.
inline constexpr std::uint32_t kMailOut = 0x900;

/// Values of SECRET_COMMIT.
enum class SecretCommit : std::uint32_t { cookie_rotate = 0, cookie_slot0 = 1, cookie_slot1 = 2, ts_secret = 3, mark_key = 4, parity0 = 5, parity1 = 6, table_key = 7, control_key = 8, mark_next = 9, mark_swap = 10 };

/// Why a frame was dropped; the value is the reason's number.
enum class Drop : std::uint8_t {
  oversize = 0,  ///< longer than 16,383 bytes
  short_frame = 1,  ///< shorter than an Ethernet header
  unclassified = 2,  ///< a third VLAN tag, or an IPv6 header chain that is not walked (`net.synward.unclassified`)
  bad_ip_header = 3,  ///< IP header cut off, wrong version, IHL < 5, or total length < header
  truncated = 4,  ///< the IP packet is longer than the frame
  bad_ip_checksum = 5,  ///< IPv4 header checksum
  fragment = 6,  ///< fragment to a service address (`net.synward.fragments`)
  bad_tcp_header = 7,  ///< TCP header cut off, or data offset < 5
  forged_mark = 8,  ///< a hand-off mark that came from the line
  service_drop = 9,  ///< the service's mode is drop
  bad_tcp_checksum = 10,  ///< TCP checksum, to a protected service
  bad_source = 11,  ///< source address that no packet on the wire has: unspecified, loopback (127/8, ::1), or IPv4-mapped (::ffff:0:0/96); or SYN from its own destination address
  syn_missing = 12,  ///< neither SYN, ACK nor RST
  syn_ack_invalid = 13,  ///< SYN and ACK to a listening port, not of a connection that the server opened
  syn_fin = 14,  ///< SYN and FIN (`net.inet.tcp.drop_synfin`)
  link_multicast = 15,  ///< SYN to or from a broadcast or multicast MAC address
  self_connect = 16,  ///< SYN from its own destination address and port
  bad_address = 17,  ///< SYN from or to a multicast or broadcast address; any other segment so, with a group MAC, or from its own destination address
  unknown_ack = 18,  ///< ACK without a flow, a syncache entry or a valid cookie (`net.synward.unknown_ack`)
  line_tx_full = 19,  ///< no room for the SYN-ACK
  host_tx_full = 20,  ///< no room towards the host
  to_line_full = 21,  ///< host to line: no room towards the line
  unknown_rst = 22,  ///< RST without a flow or a syncache entry (`net.synward.unknown_ack`)
  syncache_full = 23,  ///< SYN that found no room in the syncache, with `net.inet.tcp.syncookies` = 0
  paws = 24,  ///< ACK for a syncache entry with an old timestamp
  ts_missing = 25,  ///< ACK for a syncache entry without its timestamps (`net.inet.tcp.tolerate_missing_ts`)
  seq_invalid = 26,  ///< ACK for a syncache entry with SEQ outside the window
  ack_invalid = 27,  ///< ACK for a syncache entry that does not acknowledge our SYN (`net.synward.unknown_ack`)
  rst_half_open = 28,  ///< RST that ended a half-open connection
  rst_invalid = 29,  ///< RST for a syncache entry with a wrong SEQ; out of the window `net.synward.unknown_ack` counts
  bad_fcs = 30,  ///< the line port found the frame damaged (FCS)
  control_frame = 31,  ///< control frame (EtherType 0x88b5) that came from the line
  host_control_frame = 32,  ///< control frame from the host that is broken or has a wrong tag, or came too fast, or found no room in the mailbox
  signed_segment = 33,  ///< segment with TCP-MD5 or TCP-AO to a protected service (`net.synward.signed`)
  ipv6_option = 34,  ///< IPv6 segment to a protected service with an option for which RFC 8200 section 4.2 discards it
  pairing_lost = 35,  ///< what belonged to the frame was lost within the card (a fault)
  engine_full = 36,  ///< no room in front of an elastic engine, which takes requests slower than they come or does not answer
};
inline constexpr std::size_t kDrops = 37;
inline constexpr std::array<std::string_view, kDrops> kDropNames{{"oversize", "short_frame", "unclassified", "bad_ip_header", "truncated", "bad_ip_checksum", "fragment", "bad_tcp_header", "forged_mark", "service_drop", "bad_tcp_checksum", "bad_source", "syn_missing", "syn_ack_invalid", "syn_fin", "link_multicast", "self_connect", "bad_address", "unknown_ack", "line_tx_full", "host_tx_full", "to_line_full", "unknown_rst", "syncache_full", "paws", "ts_missing", "seq_invalid", "ack_invalid", "rst_half_open", "rst_invalid", "bad_fcs", "control_frame", "host_control_frame", "signed_segment", "ipv6_option", "pairing_lost", "engine_full", }};

/// Counter numbers: the counter's low word is at kCounter + 8 x number.
enum class Counter : std::uint8_t {
  line_rx_frames = 0,  ///< frames in from the line
  line_rx_bytes = 1,  ///< bytes in from the line, without FCS
  line_tx_frames = 2,  ///< frames out to the line
  line_tx_bytes = 3,  ///< bytes out to the line, without FCS
  host_rx_frames = 4,  ///< frames in from the host
  host_rx_bytes = 5,  ///< bytes in from the host, without FCS
  host_tx_frames = 6,  ///< frames out to the host
  host_tx_bytes = 7,  ///< bytes out to the host, without FCS
  passed = 8,  ///< line frames forwarded to the host, those behind a mark included
  answered = 9,  ///< SYNs answered with a SYN-ACK
  marks = 10,  ///< marked ACKs sent to the host
  to_line = 11,  ///< host frames forwarded to the line
  host_bad_fcs = 12,  ///< host frames dropped because the host port found them damaged (FCS)
  sendcookie = 13,  ///< ISS made with the cookie algorithm (FreeBSD tcps_sc_sendcookie)
  recvcookie = 14,  ///< cookie accepted (FreeBSD tcps_sc_recvcookie)
  failcookie = 15,  ///< cookie refused (FreeBSD tcps_sc_failcookie)
  sc_dropped = 16,  ///< SYN-ACK could not be sent (FreeBSD tcps_sc_dropped)
  badsyn = 17,  ///< SYN missing, SYN|ACK or SYN|FIN to a listening port (FreeBSD tcps_badsyn)
  added = 18,  ///< entry stored (FreeBSD tcps_sc_added)
  retransmitted = 19,  ///< SYN-ACK sent by the timer (FreeBSD tcps_sc_retransmitted)
  dupsyn = 20,  ///< SYN that matched an entry (FreeBSD tcps_sc_dupsyn)
  completed = 21,  ///< handshake of an entry taken by the server; without an agent: handed over (FreeBSD tcps_sc_completed)
  bucketoverflow = 22,  ///< pause begun by a full bucket or cache; without cookies each overflow (FreeBSD tcps_sc_bucketoverflow)
  reset = 23,  ///< entry removed by an acceptable RST (FreeBSD tcps_sc_reset)
  stale = 24,  ///< entry removed after the last retransmission (FreeBSD tcps_sc_stale)
  unreach = 25,  ///< entry removed by an ICMP error (FreeBSD tcps_sc_unreach)
  zonefail = 26,  ///< SYN that met a full cache (FreeBSD tcps_sc_zonefail)
  spurcookie = 27,  ///< ACK of no handshake that the card has, cookies off or none sent lately (FreeBSD tcps_sc_spurcookie)
  badrst = 28,  ///< RST to a half-open connection that was not taken (FreeBSD tcps_badrst)
  evicted = 29,  ///< entry removed for a newer one
  flushed = 30,  ///< entry removed by a pause, which FreeBSD does not count
  stateless = 31,  ///< SYN answered without an entry
  challenge_acks = 32,  ///< challenge ACKs sent
  resets_sent = 33,  ///< RSTs sent by the card
  resets_limited = 34,  ///< RSTs held back by `net.inet.icmp.icmplim`
  established = 35,  ///< line segments of known flows
  remarked = 36,  ///< marks repeated: the server has not spoken yet, nor its agent
  handed = 37,  ///< entries handed over, each at its first mark
  aborted = 38,  ///< handshake of an entry completed, but not taken by the server (FreeBSD tcps_sc_aborted)
  signed_passed = 39,  ///< segments with TCP-MD5 or TCP-AO passed to the server, unanswered
  control_frames = 40,  ///< control frames of the host that were taken in as statuses
  status_taken = 41,  ///< statuses of the host's agent: the connection was made
  status_full = 42,  ///< likewise: the accept queue was full; the hand-over goes on
  status_no_listener = 43,  ///< likewise: nobody listens there
  status_refused = 44,  ///< likewise: the server's kernel refuses such a connection for good
  status_busy = 45,  ///< likewise: not now; the hand-over goes on
  flows_added = 46,  ///< flows stored
  flows_full = 47,  ///< flows not stored, their bucket being full
  flows_aged = 48,  ///< flows removed for idleness
  watch_lost = 49,  ///< host frames that the flow table did not see, for want of a free clock
  mail_received = 50,  ///< control frames of the host that were put into the mailbox
  mail_sent = 51,  ///< control frames of the card's own host (MAIL_CONTROL) sent to the servers
  drop_oversize = 52,  ///< dropped: longer than 16,383 bytes
  drop_short_frame = 53,  ///< dropped: shorter than an Ethernet header
  drop_unclassified = 54,  ///< dropped: a third VLAN tag, or an IPv6 header chain that is not walked (`net.synward.unclassified`)
  drop_bad_ip_header = 55,  ///< dropped: IP header cut off, wrong version, IHL < 5, or total length < header
  drop_truncated = 56,  ///< dropped: the IP packet is longer than the frame
  drop_bad_ip_checksum = 57,  ///< dropped: IPv4 header checksum
  drop_fragment = 58,  ///< dropped: fragment to a service address (`net.synward.fragments`)
  drop_bad_tcp_header = 59,  ///< dropped: TCP header cut off, or data offset < 5
  drop_forged_mark = 60,  ///< dropped: a hand-off mark that came from the line
  drop_service_drop = 61,  ///< dropped: the service's mode is drop
  drop_bad_tcp_checksum = 62,  ///< dropped: TCP checksum, to a protected service
  drop_bad_source = 63,  ///< dropped: source address that no packet on the wire has: unspecified, loopback (127/8, ::1), or IPv4-mapped (::ffff:0:0/96); or SYN from its own destination address
  drop_syn_missing = 64,  ///< dropped: neither SYN, ACK nor RST
  drop_syn_ack_invalid = 65,  ///< dropped: SYN and ACK to a listening port, not of a connection that the server opened
  drop_syn_fin = 66,  ///< dropped: SYN and FIN (`net.inet.tcp.drop_synfin`)
  drop_link_multicast = 67,  ///< dropped: SYN to or from a broadcast or multicast MAC address
  drop_self_connect = 68,  ///< dropped: SYN from its own destination address and port
  drop_bad_address = 69,  ///< dropped: SYN from or to a multicast or broadcast address; any other segment so, with a group MAC, or from its own destination address
  drop_unknown_ack = 70,  ///< dropped: ACK without a flow, a syncache entry or a valid cookie (`net.synward.unknown_ack`)
  drop_line_tx_full = 71,  ///< dropped: no room for the SYN-ACK
  drop_host_tx_full = 72,  ///< dropped: no room towards the host
  drop_to_line_full = 73,  ///< dropped: host to line: no room towards the line
  drop_unknown_rst = 74,  ///< dropped: RST without a flow or a syncache entry (`net.synward.unknown_ack`)
  drop_syncache_full = 75,  ///< dropped: SYN that found no room in the syncache, with `net.inet.tcp.syncookies` = 0
  drop_paws = 76,  ///< dropped: ACK for a syncache entry with an old timestamp
  drop_ts_missing = 77,  ///< dropped: ACK for a syncache entry without its timestamps (`net.inet.tcp.tolerate_missing_ts`)
  drop_seq_invalid = 78,  ///< dropped: ACK for a syncache entry with SEQ outside the window
  drop_ack_invalid = 79,  ///< dropped: ACK for a syncache entry that does not acknowledge our SYN (`net.synward.unknown_ack`)
  drop_rst_half_open = 80,  ///< dropped: RST that ended a half-open connection
  drop_rst_invalid = 81,  ///< dropped: RST for a syncache entry with a wrong SEQ; out of the window `net.synward.unknown_ack` counts
  drop_bad_fcs = 82,  ///< dropped: the line port found the frame damaged (FCS)
  drop_control_frame = 83,  ///< dropped: control frame (EtherType 0x88b5) that came from the line
  drop_host_control_frame = 84,  ///< dropped: control frame from the host that is broken or has a wrong tag, or came too fast, or found no room in the mailbox
  drop_signed_segment = 85,  ///< dropped: segment with TCP-MD5 or TCP-AO to a protected service (`net.synward.signed`)
  drop_ipv6_option = 86,  ///< dropped: IPv6 segment to a protected service with an option for which RFC 8200 section 4.2 discards it
  drop_pairing_lost = 87,  ///< dropped: what belonged to the frame was lost within the card (a fault)
  drop_engine_full = 88,  ///< dropped: no room in front of an elastic engine, which takes requests slower than they come or does not answer
};
inline constexpr std::size_t kCounters = 89;
inline constexpr std::size_t kFirstDrop = 52;

struct CounterInfo {
  std::string_view name;  ///< name of the enumerator
  std::string_view json;  ///< path in reports, dots between levels
  std::string_view doc;
};
inline constexpr std::array<CounterInfo, kCounters> kCounterInfo{{
    {"line_rx_frames", "ports.line_rx.frames", "frames in from the line"},
    {"line_rx_bytes", "ports.line_rx.bytes", "bytes in from the line, without FCS"},
    {"line_tx_frames", "ports.line_tx.frames", "frames out to the line"},
    {"line_tx_bytes", "ports.line_tx.bytes", "bytes out to the line, without FCS"},
    {"host_rx_frames", "ports.host_rx.frames", "frames in from the host"},
    {"host_rx_bytes", "ports.host_rx.bytes", "bytes in from the host, without FCS"},
    {"host_tx_frames", "ports.host_tx.frames", "frames out to the host"},
    {"host_tx_bytes", "ports.host_tx.bytes", "bytes out to the host, without FCS"},
    {"passed", "fates.passed", "line frames forwarded to the host, those behind a mark included"},
    {"answered", "fates.answered", "SYNs answered with a SYN-ACK"},
    {"marks", "fates.marks", "marked ACKs sent to the host"},
    {"to_line", "fates.to_line", "host frames forwarded to the line"},
    {"host_bad_fcs", "fates.host_bad_fcs", "host frames dropped because the host port found them damaged (FCS)"},
    {"sendcookie", "counters.syncookies.sent-cookies", "ISS made with the cookie algorithm (FreeBSD tcps_sc_sendcookie)"},
    {"recvcookie", "counters.syncookies.received-cookies", "cookie accepted (FreeBSD tcps_sc_recvcookie)"},
    {"failcookie", "counters.syncookies.failed-cookies", "cookie refused (FreeBSD tcps_sc_failcookie)"},
    {"sc_dropped", "counters.syncache.dropped", "SYN-ACK could not be sent (FreeBSD tcps_sc_dropped)"},
    {"badsyn", "counters.tcp.bad-connection-attempts", "SYN missing, SYN|ACK or SYN|FIN to a listening port (FreeBSD tcps_badsyn)"},
    {"added", "counters.syncache.entries-added", "entry stored (FreeBSD tcps_sc_added)"},
    {"retransmitted", "counters.syncache.retransmitted", "SYN-ACK sent by the timer (FreeBSD tcps_sc_retransmitted)"},
    {"dupsyn", "counters.syncache.duplicates", "SYN that matched an entry (FreeBSD tcps_sc_dupsyn)"},
    {"completed", "counters.syncache.completed", "handshake of an entry taken by the server; without an agent: handed over (FreeBSD tcps_sc_completed)"},
    {"bucketoverflow", "counters.syncache.bucket-overflow", "pause begun by a full bucket or cache; without cookies each overflow (FreeBSD tcps_sc_bucketoverflow)"},
    {"reset", "counters.syncache.reset", "entry removed by an acceptable RST (FreeBSD tcps_sc_reset)"},
    {"stale", "counters.syncache.stale", "entry removed after the last retransmission (FreeBSD tcps_sc_stale)"},
    {"unreach", "counters.syncache.unreachable", "entry removed by an ICMP error (FreeBSD tcps_sc_unreach)"},
    {"zonefail", "counters.syncache.zone-failures", "SYN that met a full cache (FreeBSD tcps_sc_zonefail)"},
    {"spurcookie", "counters.syncookies.spurious-cookies", "ACK of no handshake that the card has, cookies off or none sent lately (FreeBSD tcps_sc_spurcookie)"},
    {"badrst", "counters.tcp.ignored-in-window-resets", "RST to a half-open connection that was not taken (FreeBSD tcps_badrst)"},
    {"evicted", "counters.synward.evicted", "entry removed for a newer one"},
    {"flushed", "counters.synward.flushed", "entry removed by a pause, which FreeBSD does not count"},
    {"stateless", "counters.synward.stateless-replies", "SYN answered without an entry"},
    {"challenge_acks", "counters.synward.challenge-acks", "challenge ACKs sent"},
    {"resets_sent", "counters.synward.resets-sent", "RSTs sent by the card"},
    {"resets_limited", "counters.synward.resets-limited", "RSTs held back by `net.inet.icmp.icmplim`"},
    {"established", "counters.synward.established", "line segments of known flows"},
    {"remarked", "counters.synward.remarked", "marks repeated: the server has not spoken yet, nor its agent"},
    {"handed", "counters.synward.handed", "entries handed over, each at its first mark"},
    {"aborted", "counters.syncache.aborted", "handshake of an entry completed, but not taken by the server (FreeBSD tcps_sc_aborted)"},
    {"signed_passed", "counters.synward.signed-passed", "segments with TCP-MD5 or TCP-AO passed to the server, unanswered"},
    {"control_frames", "fates.control_frames", "control frames of the host that were taken in as statuses"},
    {"status_taken", "counters.handoff.taken", "statuses of the host's agent: the connection was made"},
    {"status_full", "counters.handoff.full", "likewise: the accept queue was full; the hand-over goes on"},
    {"status_no_listener", "counters.handoff.no-listener", "likewise: nobody listens there"},
    {"status_refused", "counters.handoff.refused", "likewise: the server's kernel refuses such a connection for good"},
    {"status_busy", "counters.handoff.busy", "likewise: not now; the hand-over goes on"},
    {"flows_added", "counters.synward.flows-added", "flows stored"},
    {"flows_full", "counters.synward.flows-full", "flows not stored, their bucket being full"},
    {"flows_aged", "counters.synward.flows-aged", "flows removed for idleness"},
    {"watch_lost", "counters.synward.watch-lost", "host frames that the flow table did not see, for want of a free clock"},
    {"mail_received", "fates.mail_received", "control frames of the host that were put into the mailbox"},
    {"mail_sent", "fates.mail_sent", "control frames of the card's own host (MAIL_CONTROL) sent to the servers"},
    {"drop_oversize", "drops.oversize", "dropped: longer than 16,383 bytes"},
    {"drop_short_frame", "drops.short_frame", "dropped: shorter than an Ethernet header"},
    {"drop_unclassified", "drops.unclassified", "dropped: a third VLAN tag, or an IPv6 header chain that is not walked (`net.synward.unclassified`)"},
    {"drop_bad_ip_header", "drops.bad_ip_header", "dropped: IP header cut off, wrong version, IHL < 5, or total length < header"},
    {"drop_truncated", "drops.truncated", "dropped: the IP packet is longer than the frame"},
    {"drop_bad_ip_checksum", "drops.bad_ip_checksum", "dropped: IPv4 header checksum"},
    {"drop_fragment", "drops.fragment", "dropped: fragment to a service address (`net.synward.fragments`)"},
    {"drop_bad_tcp_header", "drops.bad_tcp_header", "dropped: TCP header cut off, or data offset < 5"},
    {"drop_forged_mark", "drops.forged_mark", "dropped: a hand-off mark that came from the line"},
    {"drop_service_drop", "drops.service_drop", "dropped: the service's mode is drop"},
    {"drop_bad_tcp_checksum", "drops.bad_tcp_checksum", "dropped: TCP checksum, to a protected service"},
    {"drop_bad_source", "drops.bad_source", "dropped: source address that no packet on the wire has: unspecified, loopback (127/8, ::1), or IPv4-mapped (::ffff:0:0/96); or SYN from its own destination address"},
    {"drop_syn_missing", "drops.syn_missing", "dropped: neither SYN, ACK nor RST"},
    {"drop_syn_ack_invalid", "drops.syn_ack_invalid", "dropped: SYN and ACK to a listening port, not of a connection that the server opened"},
    {"drop_syn_fin", "drops.syn_fin", "dropped: SYN and FIN (`net.inet.tcp.drop_synfin`)"},
    {"drop_link_multicast", "drops.link_multicast", "dropped: SYN to or from a broadcast or multicast MAC address"},
    {"drop_self_connect", "drops.self_connect", "dropped: SYN from its own destination address and port"},
    {"drop_bad_address", "drops.bad_address", "dropped: SYN from or to a multicast or broadcast address; any other segment so, with a group MAC, or from its own destination address"},
    {"drop_unknown_ack", "drops.unknown_ack", "dropped: ACK without a flow, a syncache entry or a valid cookie (`net.synward.unknown_ack`)"},
    {"drop_line_tx_full", "drops.line_tx_full", "dropped: no room for the SYN-ACK"},
    {"drop_host_tx_full", "drops.host_tx_full", "dropped: no room towards the host"},
    {"drop_to_line_full", "drops.to_line_full", "dropped: host to line: no room towards the line"},
    {"drop_unknown_rst", "drops.unknown_rst", "dropped: RST without a flow or a syncache entry (`net.synward.unknown_ack`)"},
    {"drop_syncache_full", "drops.syncache_full", "dropped: SYN that found no room in the syncache, with `net.inet.tcp.syncookies` = 0"},
    {"drop_paws", "drops.paws", "dropped: ACK for a syncache entry with an old timestamp"},
    {"drop_ts_missing", "drops.ts_missing", "dropped: ACK for a syncache entry without its timestamps (`net.inet.tcp.tolerate_missing_ts`)"},
    {"drop_seq_invalid", "drops.seq_invalid", "dropped: ACK for a syncache entry with SEQ outside the window"},
    {"drop_ack_invalid", "drops.ack_invalid", "dropped: ACK for a syncache entry that does not acknowledge our SYN (`net.synward.unknown_ack`)"},
    {"drop_rst_half_open", "drops.rst_half_open", "dropped: RST that ended a half-open connection"},
    {"drop_rst_invalid", "drops.rst_invalid", "dropped: RST for a syncache entry with a wrong SEQ; out of the window `net.synward.unknown_ack` counts"},
    {"drop_bad_fcs", "drops.bad_fcs", "dropped: the line port found the frame damaged (FCS)"},
    {"drop_control_frame", "drops.control_frame", "dropped: control frame (EtherType 0x88b5) that came from the line"},
    {"drop_host_control_frame", "drops.host_control_frame", "dropped: control frame from the host that is broken or has a wrong tag, or came too fast, or found no room in the mailbox"},
    {"drop_signed_segment", "drops.signed_segment", "dropped: segment with TCP-MD5 or TCP-AO to a protected service (`net.synward.signed`)"},
    {"drop_ipv6_option", "drops.ipv6_option", "dropped: IPv6 segment to a protected service with an option for which RFC 8200 section 4.2 discards it"},
    {"drop_pairing_lost", "drops.pairing_lost", "dropped: what belonged to the frame was lost within the card (a fault)"},
    {"drop_engine_full", "drops.engine_full", "dropped: no room in front of an elastic engine, which takes requests slower than they come or does not answer"},
}};

struct SysctlInfo {
  std::string_view name;
  std::uint32_t offset;  ///< register
  std::uint32_t min, max, def;
  bool load;  ///< takes effect when the tables are loaded
  std::array<std::string_view, 4> words;  ///< names of the values from 0 up; empty where the value is a number
  std::string_view doc;
};
inline constexpr std::array<SysctlInfo, 31> kSysctls{{
    {"net.inet.tcp.syncookies_only", 0x020, 0, 1, 0, false, {}, "Answer with cookies alone, bypass the syncache. Works without `net.inet.tcp.syncookies`, as in FreeBSD main."},
    {"net.inet.tcp.rfc1323", 0x024, 0, 3, 1, false, {}, "0 neither, 1 window scale and timestamps, 2 window scale only, 3 timestamps only."},
    {"net.inet.tcp.sack.enable", 0x028, 0, 1, 1, false, {}, "Accept SACK permitted."},
    {"net.inet.tcp.drop_synfin", 0x02c, 0, 1, 0, false, {}, "Drop segments with SYN and FIN; 0 takes them for SYNs."},
    {"net.inet.tcp.ts_offset_per_conn", 0x030, 0, 1, 1, false, {}, "Timestamp offset per connection; 0: per pair of addresses."},
    {"net.synward.unknown_ack", 0x034, 0, 2, 0, false, {"pass", "drop", "rst", }, "What becomes of an ACK or RST to a protected service that belongs to no known flow, no handshake of a syncache entry and no valid cookie. rst answers ACKs with RST, within `net.inet.icmp.icmplim`."},
    {"net.synward.fragments", 0x038, 0, 1, 0, false, {"pass", "drop", }, "What becomes of a fragment that may hold TCP and goes to a service address. The server reassembles what is passed."},
    {"net.synward.unclassified", 0x03c, 0, 1, 1, false, {"pass", "drop", }, "What becomes of frames that cannot be read as far as TCP: a third VLAN tag, or, to a service address, IPv6 extension headers that are not walked."},
    {"net.inet.tcp.syncookies", 0x040, 0, 1, 1, false, {}, "Cookies as initial sequence numbers, and stateless answers when the syncache overflows."},
    {"net.inet.tcp.syncache.hashsize", 0x044, 1, 16384, 16384, true, {}, "Buckets of the syncache; a power of two. Takes effect at a load (TABLE_CONTROL)."},
    {"net.inet.tcp.syncache.bucketlimit", 0x048, 1, 8, 8, true, {}, "Entries in a bucket. Takes effect at a load. 0, which FreeBSD does not catch, is refused."},
    {"net.inet.tcp.syncache.cachelimit", 0x04c, 1, 131072, 131072, true, {}, "Entries in the syncache. Takes effect at a load. 0 is refused; the card takes it for 1."},
    {"net.inet.tcp.syncache.rexmtlimit", 0x050, 0, 12, 3, false, {}, "Retransmissions of a SYN-ACK before its entry is given up; applies at once to existing entries."},
    {"net.inet.tcp.rexmit_initial", 0x054, 1, 64000, 1000, false, {}, "First retransmission timeout, ms."},
    {"net.inet.tcp.rexmit_min", 0x058, 1, 64000, 30, false, {}, "Least retransmission timeout, ms; not for the first."},
    {"net.inet.tcp.rexmit_slop", 0x05c, 0, 64000, 200, false, {}, "What is added to each retransmission timeout but the first, ms."},
    {"net.inet.tcp.rexmit_max", 0x060, 1, 64000, 64000, false, {}, "Greatest retransmission timeout, ms; not for the first."},
    {"net.inet.tcp.ecn.enable", 0x064, 0, 2, 2, false, {}, "0: ECN is not accepted; 1, 2: RFC 3168 ECN is. AccECN (3, 4) is not offered."},
    {"net.inet.tcp.ecn.maxretries", 0x068, 0, 15, 1, false, {}, "Retransmissions of a SYN-ACK that still say ECE."},
    {"net.inet.tcp.tolerate_missing_ts", 0x06c, 0, 1, 1, false, {}, "Take an ACK without timestamps where they were negotiated."},
    {"net.inet.tcp.insecure_rst", 0x070, 0, 1, 0, false, {}, "Take a RST anywhere in the window (RFC 793) rather than at RCV.NXT alone (RFC 5961)."},
    {"net.inet.tcp.ack_war_cnt", 0x074, 0, 15, 5, false, {}, "Challenge ACKs for one half-open connection in `ack_war_timewindow`; 0: no limit."},
    {"net.inet.tcp.ack_war_timewindow", 0x078, 0, 60000, 1000, false, {}, "Window of `ack_war_cnt`, ms; 0: no limit."},
    {"net.inet.tcp.blackhole", 0x07c, 0, 3, 0, false, {}, "3: the card sends no RST. 1 and 2 concern closed ports, which are the server's own."},
    {"net.inet.icmp.icmplim", 0x0a0, 0, 1000000, 200, false, {}, "RSTs that the card sends in a second; 0: no limit."},
    {"net.synward.flow_idle", 0x0a4, 1, 62, 60, false, {}, "How long an idle connection stays in the flow table, in laps of 131 s (60: 2 h 11 min)."},
    {"net.synward.flow_learn", 0x134, 0, 62, 0, false, {}, "For how many laps of 131 s the flow table learns after it was cleared (a load, or a new table key): segments of unknown connections pass meanwhile, and cookies count. 0: not at all."},
    {"net.inet.tcp.syncache.rst_on_sock_fail", 0x0ac, 0, 1, 1, false, {}, "Send a RST to a client whose handshake was completed, but whose server did not take the connection (no listener, refused, or not confirmed until the last retransmission)."},
    {"net.synward.cookie_gate", 0x098, 0, 1, 0, false, {"freebsd", "always", }, "When an ACK without a syncache entry may be a cookie: freebsd, while the card itself had a reason to send cookies within 15 s; always, for a fleet whose cards take each other's connections over, at the price that one forged ACK in 2^24 opens a connection also in peace."},
    {"net.synward.signed", 0x09c, 0, 1, 0, false, {"pass", "drop", }, "What becomes of a segment with TCP-MD5 (RFC 2385) or TCP-AO (RFC 5925) to a protected service. Only the server has the key that an answer must be signed with."},
    {"net.synward.event_limit", 0x0a8, 0, 65535, 64, false, {}, "Events of one code that are recorded in 1.024 s; 0: no limit. What is refused is counted by code."},
}};

/// What an event of the ring is, by its code.
enum class Event : std::uint8_t {
  rexmt_exhausted = 1,
  rexmt = 2,
  rst_spurious = 3,
  rst_rejected = 4,
  rst_challenge = 5,
  rst_invalid = 6,
  ack_disabled = 7,
  ack_spurious = 8,
  cookie_failed = 9,
  paws = 10,
  ts_missing = 11,
  seq_challenge = 12,
  ack_invalid = 13,
  dup_syn = 14,
  syn_missing = 15,
  syn_ack_invalid = 16,
  syn_fin = 17,
  link_multicast = 18,
  self_connect = 19,
  bad_address = 20,
  overflow = 21,
  limiting = 22,
  sock_fail_rst = 23,
  sock_fail = 24,
};

struct EventInfo {
  std::string_view name, level, function;
  std::string_view text;   ///< of the log line, printf style, for IPv4
  std::string_view text6;  ///< for IPv6
  bool flags;              ///< the line shows tcpflags
  std::array<std::string_view, 3> args;
};
/// By code - 1.
inline constexpr std::array<EventInfo, 24> kEvents{{
    {"rexmt_exhausted", "debug", "syncache_timer", "Retransmits exhausted, giving up and removing syncache entry", "Retransmits exhausted, giving up and removing syncache entry", false, {}},
    {"rexmt", "debug", "syncache_timer", "Response timeout, retransmitting (%u) SYN|ACK", "Response timeout, retransmitting (%u) SYN|ACK", false, {"rxmits", }},
    {"rst_spurious", "debug", "syncache_chkrst", "Spurious RST without matching syncache entry (possibly syncookie only), segment ignored", "Spurious RST without matching syncache entry (possibly syncookie only), segment ignored", true, {}},
    {"rst_rejected", "debug", "syncache_chkrst", "Our SYN|ACK was rejected, connection attempt aborted by remote endpoint", "Our SYN|ACK was rejected, connection attempt aborted by remote endpoint", true, {}},
    {"rst_challenge", "debug", "syncache_chkrst", "RST with invalid  SEQ %u != NXT %u (+WND %u), sending challenge ACK", "RST with invalid  SEQ %u != NXT %u (+WND %u), sending challenge ACK", true, {"SEG.SEQ", "irs + 1", "window", }},
    {"rst_invalid", "debug", "syncache_chkrst", "RST with invalid SEQ %u != NXT %u (+WND %u), segment ignored", "RST with invalid SEQ %u != NXT %u (+WND %u), segment ignored", true, {"SEG.SEQ", "irs + 1", "window", }},
    {"ack_disabled", "debug", "syncache_expand", "Spurious ACK, segment rejected (syncookies disabled)", "Spurious ACK, segment rejected (syncookies disabled)", true, {"SEG.SEQ", "SEG.ACK", }},
    {"ack_spurious", "debug", "syncache_expand", "Spurious ACK, segment rejected (no syncache entry)", "Spurious ACK, segment rejected (no syncache entry)", true, {"SEG.SEQ", "SEG.ACK", }},
    {"cookie_failed", "debug", "syncache_expand", "Segment failed SYNCOOKIE authentication, segment rejected (probably spoofed)", "Segment failed SYNCOOKIE authentication, segment rejected (probably spoofed)", true, {"SEG.SEQ", "SEG.ACK", }},
    {"paws", "debug", "syncache_expand", "SEG.TSval %u < TS.Recent %u, segment dropped", "SEG.TSval %u < TS.Recent %u, segment dropped", true, {"TSval", "tsreflect", }},
    {"ts_missing", "debug", "syncache_expand", "Timestamp missing, segment silently dropped", "Timestamp missing, segment silently dropped", true, {}},
    {"seq_challenge", "debug", "syncache_expand", "SEQ %u != IRS+1 %u, sending challenge ACK", "SEQ %u != IRS+1 %u, sending challenge ACK", true, {"SEG.SEQ", "irs + 1", }},
    {"ack_invalid", "debug", "syncache_expand", "ACK %u != ISS+1 %u, segment rejected", "ACK %u != ISS+1 %u, segment rejected", true, {"SEG.ACK", "ISS + 1", }},
    {"dup_syn", "debug", "syncache_add", "Received duplicate SYN, resetting timer and retransmitting SYN|ACK", "Received duplicate SYN, resetting timer and retransmitting SYN|ACK", true, {}},
    {"syn_missing", "debug", "tcp_input_with_port", "Listen socket: SYN is missing, segment ignored", "Listen socket: SYN is missing, segment ignored", true, {}},
    {"syn_ack_invalid", "debug", "tcp_input_with_port", "Listen socket: SYN|ACK invalid, segment ignored", "Listen socket: SYN|ACK invalid, segment ignored", true, {}},
    {"syn_fin", "debug", "tcp_input_with_port", "Listen socket: SYN|FIN segment ignored (based on sysctl setting)", "Listen socket: SYN|FIN segment ignored (based on sysctl setting)", true, {}},
    {"link_multicast", "debug", "tcp_input_with_port", "Listen socket: Connection attempt from broad- or multicast link layer address ignored", "Listen socket: Connection attempt from broad- or multicast link layer address ignored", true, {}},
    {"self_connect", "debug", "tcp_input_with_port", "Listen socket: Connection attempt to/from self ignored", "Listen socket: Connection attempt to/from self ignored", true, {}},
    {"bad_address", "debug", "tcp_input_with_port", "Listen socket: Connection attempt from/to broad- or multicast address ignored", "Listen socket: Connection attempt from/to multicast address ignored", true, {}},
    {"overflow", "warning", "", "TCP syncache overflow detected; using syncookies for the next %u seconds", "TCP syncache overflow detected; using syncookies for the next %u seconds", false, {"seconds", }},
    {"limiting", "notice", "", "Limiting tcp reset response from %u to %u packets/sec", "Limiting tcp reset response from %u to %u packets/sec", false, {"wanted", "limit", }},
    {"sock_fail_rst", "debug", "tcp_input_with_port", "Listen socket: Socket allocation failed due to limits or memory shortage, sending RST", "Listen socket: Socket allocation failed due to limits or memory shortage, sending RST", true, {}},
    {"sock_fail", "debug", "tcp_input_with_port", "Listen socket: Socket allocation failed due to limits or memory shortage, try again", "Listen socket: Socket allocation failed due to limits or memory shortage, try again", true, {}},
}};
/// By note - 1.
inline constexpr std::array<EventInfo, 2> kNotes{{
    {"ts_unexpected", "", "", "Timestamp not expected, segment processed normally", "Timestamp not expected, segment processed normally", false, {}},
    {"ts_tolerated", "", "", "Timestamp missing, segment processed normally", "Timestamp missing, segment processed normally", false, {}},
}};

struct RegisterInfo {
  std::string_view name;
  std::uint32_t offset;
};
/// What a dump of the card's state reads besides the sysctls: words that reading does not change.
inline constexpr std::array<RegisterInfo, 16> kState{{
    {"ID", 0x000},
    {"VERSION", 0x004},
    {"SIZES", 0x008},
    {"CLOCK_HZ", 0x00c},
    {"TIME_MS", 0x010},
    {"SCRATCH", 0x014},
    {"ENGINE_STATUS", 0x018},
    {"SECRET_STATUS", 0x094},
    {"TABLE_STATUS", 0x0b4},
    {"SYNCACHE_COUNT", 0x0b8},
    {"PAUSE_LEFT", 0x0bc},
    {"FLOW_COUNT", 0x0c0},
    {"EVENT_COUNT", 0x0c4},
    {"LIST_STATUS", 0x0d0},
    {"HANDOFF_AGENTS", 0x130},
    {"MAIL_STATUS", 0x138},
}};

}  // namespace synward::reg
