// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/csr/registers.toml. Do not edit.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace synward::reg {

inline constexpr std::uint32_t kDeviceId = 0x53594e57;
inline constexpr std::uint32_t kVersionMajor = 0;
inline constexpr std::uint32_t kVersionMinor = 1;
inline constexpr std::uint32_t kVersionPatch = 0;

/// `SYNW` in ASCII (0x53594e57). Anything else is not this card.
inline constexpr std::uint32_t kId = 0x000;
/// Register map version: major 31:16, minor 15:8, patch 7:0. Software refuses another major.
inline constexpr std::uint32_t kVersion = 0x004;
/// Service table entries 7:0, counters 15:8, drop reasons 23:16.
inline constexpr std::uint32_t kSizes = 0x008;
/// The clock that the core was built for, in Hz.
inline constexpr std::uint32_t kClockHz = 0x00c;
/// The millisecond clock, modulo 2^32.
inline constexpr std::uint32_t kTimeMs = 0x010;
/// No function; for bus tests.
inline constexpr std::uint32_t kScratch = 0x014;
/// `net.inet.tcp.syncookies_only`, default 1. Answer with cookies alone, keep no table. This release has no table: 1 is the only value.
inline constexpr std::uint32_t kSysctlSyncookiesOnly = 0x020;
/// `net.inet.tcp.rfc1323`, default 1. 0 neither, 1 window scale and timestamps, 2 window scale only, 3 timestamps only.
inline constexpr std::uint32_t kSysctlRfc1323 = 0x024;
/// `net.inet.tcp.sack.enable`, default 1. Accept SACK permitted.
inline constexpr std::uint32_t kSysctlSackEnable = 0x028;
/// `net.inet.tcp.drop_synfin`, default 0. Drop segments with SYN and FIN; 0 takes them for SYNs.
inline constexpr std::uint32_t kSysctlDropSynfin = 0x02c;
/// `net.inet.tcp.ts_offset_per_conn`, default 1. Timestamp offset per connection; 0: per pair of addresses.
inline constexpr std::uint32_t kSysctlTsOffsetPerConn = 0x030;
/// `net.synward.unknown_ack`, default 0. What becomes of an ACK to a protected service whose cookie is not valid. With no flow table these include every ACK of an established connection.
inline constexpr std::uint32_t kSysctlUnknownAck = 0x034;
/// `net.synward.fragments`, default 0. What becomes of a fragment that may hold TCP and goes to a service address. The server reassembles what is passed.
inline constexpr std::uint32_t kSysctlFragments = 0x038;
/// `net.synward.unclassified`, default 1. What becomes of frames that cannot be read as far as TCP: a third VLAN tag, or, to a service address, IPv6 extension headers that are not walked.
inline constexpr std::uint32_t kSysctlUnclassified = 0x03c;
/// A 128-bit key, bytes 4i to 4i+3 in word i, least significant byte first. Cleared by SECRET_COMMIT; never readable.
inline constexpr std::uint32_t kSecretData = 0x080;
/// Moves SECRET_DATA, in one clock, to: 0 the idle cookie slot and flips the parity; 1 cookie slot 0; 2 cookie slot 1; 3 ts_secret; 4 mark_key. 5 and 6 only set the parity to 0 or 1. Any value clears SECRET_DATA; others do nothing else.
inline constexpr std::uint32_t kSecretCommit = 0x090;
/// Parity 0; loaded: cookie slot 0 1, cookie slot 1 2, ts_secret 3, mark_key 4; all loaded 5; cookie rotations modulo 256 15:8.
inline constexpr std::uint32_t kSecretStatus = 0x094;
/// Address of a service, bytes 4i to 4i+3 of the 16 in word i, first byte most significant; IPv4 in word 3, the rest 0.
inline constexpr std::uint32_t kServiceAddr = 0x100;
/// Port 15:0 (0 any), matches IPv4 16, matches IPv6 17, any address 18.
inline constexpr std::uint32_t kServiceMatch = 0x110;
/// MSS option for IPv4 15:0, for IPv6 31:16, bytes.
inline constexpr std::uint32_t kServiceMss = 0x114;
/// Window field of the SYN-ACK 15:0, RCV.WSCALE 19:16 (0..14).
inline constexpr std::uint32_t kServiceWindow = 0x118;
/// TTL or hop limit 7:0, TOS or traffic class 15:8.
inline constexpr std::uint32_t kServiceIp = 0x11c;
/// Options that a SYN-ACK may carry: window scale 0, SACK permitted 1, timestamps 2; mode 5:4: 0 pass, 1 protect, 2 drop.
inline constexpr std::uint32_t kServiceOptions = 0x120;
/// Writes the staged words to the entry 7:0 in one clock; bit 8 set: the entry is valid, clear: it is removed. A frame looked up within the next 8 clocks may still meet the old address with the new port: remove an entry before its place goes to another service.
inline constexpr std::uint32_t kServiceCommit = 0x124;
/// Any write latches every counter in one clock; COUNTER then reads that instant until the next write.
inline constexpr std::uint32_t kSnapshot = 0x3fc;
/// Latched counters: counter n low word at 0x400 + 8n, high word at 0x404 + 8n.
inline constexpr std::uint32_t kCounter = 0x400;

/// Values of SECRET_COMMIT.
enum class SecretCommit : std::uint32_t { cookie_rotate = 0, cookie_slot0 = 1, cookie_slot1 = 2, ts_secret = 3, mark_key = 4, parity0 = 5, parity1 = 6 };

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
  bad_source = 11,  ///< source address 0.0.0.0 or ::
  syn_missing = 12,  ///< neither SYN, ACK nor RST
  syn_ack_invalid = 13,  ///< SYN and ACK to a listening port
  syn_fin = 14,  ///< SYN and FIN (`net.inet.tcp.drop_synfin`)
  link_multicast = 15,  ///< SYN to a broadcast or multicast MAC address
  self_connect = 16,  ///< SYN from its own destination address and port
  bad_address = 17,  ///< SYN from or to a multicast or broadcast address
  unknown_ack = 18,  ///< ACK without a valid cookie (`net.synward.unknown_ack`)
  line_tx_full = 19,  ///< no room for the SYN-ACK
  host_tx_full = 20,  ///< no room towards the host
  to_line_full = 21,  ///< host to line: no room towards the line
};
inline constexpr std::size_t kDrops = 22;
inline constexpr std::array<std::string_view, kDrops> kDropNames{{"oversize", "short_frame", "unclassified", "bad_ip_header", "truncated", "bad_ip_checksum", "fragment", "bad_tcp_header", "forged_mark", "service_drop", "bad_tcp_checksum", "bad_source", "syn_missing", "syn_ack_invalid", "syn_fin", "link_multicast", "self_connect", "bad_address", "unknown_ack", "line_tx_full", "host_tx_full", "to_line_full", }};

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
  sendcookie = 12,  ///< ISS made with the cookie algorithm (FreeBSD tcps_sc_sendcookie)
  recvcookie = 13,  ///< cookie accepted (FreeBSD tcps_sc_recvcookie)
  failcookie = 14,  ///< cookie refused (FreeBSD tcps_sc_failcookie)
  sc_dropped = 15,  ///< SYN-ACK could not be sent (FreeBSD tcps_sc_dropped)
  badsyn = 16,  ///< SYN missing, SYN|ACK or SYN|FIN to a listening port (FreeBSD tcps_badsyn)
  drop_oversize = 17,  ///< dropped: longer than 16,383 bytes
  drop_short_frame = 18,  ///< dropped: shorter than an Ethernet header
  drop_unclassified = 19,  ///< dropped: a third VLAN tag, or an IPv6 header chain that is not walked (`net.synward.unclassified`)
  drop_bad_ip_header = 20,  ///< dropped: IP header cut off, wrong version, IHL < 5, or total length < header
  drop_truncated = 21,  ///< dropped: the IP packet is longer than the frame
  drop_bad_ip_checksum = 22,  ///< dropped: IPv4 header checksum
  drop_fragment = 23,  ///< dropped: fragment to a service address (`net.synward.fragments`)
  drop_bad_tcp_header = 24,  ///< dropped: TCP header cut off, or data offset < 5
  drop_forged_mark = 25,  ///< dropped: a hand-off mark that came from the line
  drop_service_drop = 26,  ///< dropped: the service's mode is drop
  drop_bad_tcp_checksum = 27,  ///< dropped: TCP checksum, to a protected service
  drop_bad_source = 28,  ///< dropped: source address 0.0.0.0 or ::
  drop_syn_missing = 29,  ///< dropped: neither SYN, ACK nor RST
  drop_syn_ack_invalid = 30,  ///< dropped: SYN and ACK to a listening port
  drop_syn_fin = 31,  ///< dropped: SYN and FIN (`net.inet.tcp.drop_synfin`)
  drop_link_multicast = 32,  ///< dropped: SYN to a broadcast or multicast MAC address
  drop_self_connect = 33,  ///< dropped: SYN from its own destination address and port
  drop_bad_address = 34,  ///< dropped: SYN from or to a multicast or broadcast address
  drop_unknown_ack = 35,  ///< dropped: ACK without a valid cookie (`net.synward.unknown_ack`)
  drop_line_tx_full = 36,  ///< dropped: no room for the SYN-ACK
  drop_host_tx_full = 37,  ///< dropped: no room towards the host
  drop_to_line_full = 38,  ///< dropped: host to line: no room towards the line
};
inline constexpr std::size_t kCounters = 39;
inline constexpr std::size_t kFirstDrop = 17;

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
    {"sendcookie", "counters.syncookies.sent-cookies", "ISS made with the cookie algorithm (FreeBSD tcps_sc_sendcookie)"},
    {"recvcookie", "counters.syncookies.received-cookies", "cookie accepted (FreeBSD tcps_sc_recvcookie)"},
    {"failcookie", "counters.syncookies.failed-cookies", "cookie refused (FreeBSD tcps_sc_failcookie)"},
    {"sc_dropped", "counters.syncache.dropped", "SYN-ACK could not be sent (FreeBSD tcps_sc_dropped)"},
    {"badsyn", "counters.tcp.bad-connection-attempts", "SYN missing, SYN|ACK or SYN|FIN to a listening port (FreeBSD tcps_badsyn)"},
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
    {"drop_bad_source", "drops.bad_source", "dropped: source address 0.0.0.0 or ::"},
    {"drop_syn_missing", "drops.syn_missing", "dropped: neither SYN, ACK nor RST"},
    {"drop_syn_ack_invalid", "drops.syn_ack_invalid", "dropped: SYN and ACK to a listening port"},
    {"drop_syn_fin", "drops.syn_fin", "dropped: SYN and FIN (`net.inet.tcp.drop_synfin`)"},
    {"drop_link_multicast", "drops.link_multicast", "dropped: SYN to a broadcast or multicast MAC address"},
    {"drop_self_connect", "drops.self_connect", "dropped: SYN from its own destination address and port"},
    {"drop_bad_address", "drops.bad_address", "dropped: SYN from or to a multicast or broadcast address"},
    {"drop_unknown_ack", "drops.unknown_ack", "dropped: ACK without a valid cookie (`net.synward.unknown_ack`)"},
    {"drop_line_tx_full", "drops.line_tx_full", "dropped: no room for the SYN-ACK"},
    {"drop_host_tx_full", "drops.host_tx_full", "dropped: no room towards the host"},
    {"drop_to_line_full", "drops.to_line_full", "dropped: host to line: no room towards the line"},
}};

struct SysctlInfo {
  std::string_view name;
  std::uint32_t offset;  ///< register
  std::uint32_t min, max, def;
  std::array<std::string_view, 4> words;  ///< names of the values from 0 up; empty where the value is a number
  std::string_view doc;
};
inline constexpr std::array<SysctlInfo, 8> kSysctls{{
    {"net.inet.tcp.syncookies_only", 0x020, 1, 1, 1, {}, "Answer with cookies alone, keep no table. This release has no table: 1 is the only value."},
    {"net.inet.tcp.rfc1323", 0x024, 0, 3, 1, {}, "0 neither, 1 window scale and timestamps, 2 window scale only, 3 timestamps only."},
    {"net.inet.tcp.sack.enable", 0x028, 0, 1, 1, {}, "Accept SACK permitted."},
    {"net.inet.tcp.drop_synfin", 0x02c, 0, 1, 0, {}, "Drop segments with SYN and FIN; 0 takes them for SYNs."},
    {"net.inet.tcp.ts_offset_per_conn", 0x030, 0, 1, 1, {}, "Timestamp offset per connection; 0: per pair of addresses."},
    {"net.synward.unknown_ack", 0x034, 0, 1, 0, {"pass", "drop", }, "What becomes of an ACK to a protected service whose cookie is not valid. With no flow table these include every ACK of an established connection."},
    {"net.synward.fragments", 0x038, 0, 1, 0, {"pass", "drop", }, "What becomes of a fragment that may hold TCP and goes to a service address. The server reassembles what is passed."},
    {"net.synward.unclassified", 0x03c, 0, 1, 1, {"pass", "drop", }, "What becomes of frames that cannot be read as far as TCP: a third VLAN tag, or, to a service address, IPv6 extension headers that are not walked."},
}};

}  // namespace synward::reg
