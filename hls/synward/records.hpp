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
  static constexpr unsigned kWidth = 73;  ///< bits of the packed record
  std::uint8_t mode;  ///< 0 pass, 1 protect, 2 drop
  bool en_ws;  ///< window scale may be accepted
  bool en_sack;  ///< SACK permitted may be accepted
  bool en_ts;  ///< timestamps may be accepted
  std::uint16_t mss4;  ///< MSS option for IPv4, bytes
  std::uint16_t mss6;  ///< MSS option for IPv6, bytes
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
    f(mss4, 16u);
    f(mss6, 16u);
    f(window, 16u);
    f(wscale, 4u);
    f(ttl, 8u);
    f(tos, 8u);
  }
};

/// What the TCP options of one segment say (FreeBSD's reading).
struct OptionsRecord {
  static constexpr unsigned kWidth = 93;  ///< bits of the packed record
  bool mark;  ///< a hand-off mark is present
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

/// One frame's question to the engine. Every frame asks, in order; op 0 asks nothing.
struct RequestRecord {
  static constexpr unsigned kWidth = 382;  ///< bits of the packed record
  std::uint8_t op;  ///< 0 none, 1 SYN, 2 ACK
  bool v6;  ///< IPv6
  Wide128 faddr;  ///< client address; IPv4 in the low 32 bits, the rest 0
  Wide128 laddr;  ///< server address, likewise
  std::uint16_t fport;  ///< client port
  std::uint16_t lport;  ///< server port
  std::uint32_t seq;  ///< SEG.SEQ
  std::uint32_t ack;  ///< SEG.ACK
  std::uint16_t mss;  ///< the client's MSS option, 0 if none
  bool ws_ok;  ///< window scale accepted
  std::uint8_t ws;  ///< the client's shift, 0..14
  bool sack_ok;  ///< SACK accepted
  bool ts_ok;  ///< timestamps accepted (SYN) or present (ACK)
  std::uint8_t wscale;  ///< RCV.WSCALE of the service

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(op, 2u);
    f(v6, 1u);
    f(faddr, 128u);
    f(laddr, 128u);
    f(fport, 16u);
    f(lport, 16u);
    f(seq, 32u);
    f(ack, 32u);
    f(mss, 16u);
    f(ws_ok, 1u);
    f(ws, 4u);
    f(sack_ok, 1u);
    f(ts_ok, 1u);
    f(wscale, 4u);
  }
};

/// The engine's answer, one for each request, in order.
struct VerdictRecord {
  static constexpr unsigned kWidth = 131;  ///< bits of the packed record
  std::uint8_t op;  ///< as asked
  bool cookie_ok;  ///< ACK: the cookie is valid
  std::uint32_t iss;  ///< SYN: our initial send sequence number
  std::uint32_t tsoff;  ///< SYN: timestamp offset
  std::uint8_t mark_flags;  ///< ACK: flags byte of the mark
  std::uint8_t mark_wscale;  ///< ACK: window scale byte of the mark
  std::uint16_t mark_mss;  ///< ACK: MSS of the mark
  std::uint32_t mark_mac;  ///< ACK: MAC of the mark

  /// Calls f(value, width in bits) for each field, most significant first.
  template <typename F>
  void each(F&& f) {
    f(op, 2u);
    f(cookie_ok, 1u);
    f(iss, 32u);
    f(tsoff, 32u);
    f(mark_flags, 8u);
    f(mark_wscale, 8u);
    f(mark_mss, 16u);
    f(mark_mac, 32u);
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

}  // namespace synward
