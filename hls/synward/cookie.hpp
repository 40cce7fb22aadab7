// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/records.hpp"
#include "synward/siphash.hpp"

namespace synward {

/// What names a connection. f is the client (foreign), l the server (local), as in FreeBSD's in_conninfo.
struct Endpoints {
  bool v6;
  Wide128 faddr, laddr;  ///< IPv4 in the low 32 bits
  std::uint16_t fport, lport;
};

// Layout of the cookie byte: MMMWWWSP, MSS index, scale index, SACK, parity of the secret.
constexpr unsigned kCookieMssShift = 5;
constexpr unsigned kCookieScaleShift = 2;
constexpr std::uint8_t kCookieSack = 0x02;
constexpr std::uint8_t kCookieParity = 0x01;

constexpr unsigned kCookieTableSize = 8;
/// MSS values that a cookie can hold, bytes (FreeBSD tcp_sc_msstab).
constexpr std::uint16_t kCookieMss[kCookieTableSize] = {216, 536, 1200, 1360, 1400, 1440, 1452, 1460};
/// Shifts that a cookie can hold (FreeBSD tcp_sc_wstab). Index 0 says "no window scale"; its entry is never used.
constexpr std::uint8_t kCookieScale[kCookieTableSize] = {0, 0, 1, 2, 4, 6, 7, 8};

/// Index of the largest table entry that is <= `mss`; 0 if none is.
inline std::uint8_t cookie_mss_index(std::uint16_t mss) {
  std::uint8_t index = 0;
  for (std::uint8_t i = 1; i < kCookieTableSize; ++i) {
    if (kCookieMss[i] <= mss) index = i;
  }
  return index;
}

/// Index of the largest table entry that is <= `shift`; never 0.
inline std::uint8_t cookie_scale_index(std::uint8_t shift) {
  std::uint8_t index = 1;
  for (std::uint8_t i = 2; i < kCookieTableSize; ++i) {
    if (kCookieScale[i] <= shift) index = i;
  }
  return index;
}

/// The cookie byte. `mss` is 0 if the SYN had none; `shift` counts only with `ws_ok`.
inline std::uint8_t cookie_encode(std::uint16_t mss, bool ws_ok, std::uint8_t shift, bool sack_ok, bool parity) {
  const unsigned scale = ws_ok ? cookie_scale_index(shift) : 0u;
  return static_cast<std::uint8_t>(static_cast<unsigned>(cookie_mss_index(mss)) << kCookieMssShift |
                                   scale << kCookieScaleShift | (sack_ok ? kCookieSack : 0u) |
                                   (parity ? kCookieParity : 0u));
}

/// What a cookie byte says of the client.
struct CookieContent {
  std::uint16_t mss;   ///< bytes
  bool ws_ok;          ///< window scale was accepted
  std::uint8_t shift;  ///< SND.WSCALE; 0 without window scale
  bool sack_ok;        ///< SACK was accepted
};

inline CookieContent cookie_decode(std::uint8_t byte) {
  const unsigned scale = (byte >> kCookieScaleShift) & 7u;
  CookieContent content;
  content.mss = kCookieMss[byte >> kCookieMssShift];
  content.ws_ok = scale != 0;
  content.shift = kCookieScale[scale];
  content.sack_ok = (byte & kCookieSack) != 0;
  return content;
}

inline void append_address(SipMessage& message, bool v6, const Wide128& address) {
  if (v6) {
    sip_append_be(message, address.hi, 8);
    sip_append_be(message, address.lo, 8);
  } else {
    sip_append_be(message, address.lo, 4);
  }
}

/// What a cookie's MAC is made of: addresses and ports in network order, irs little-endian, the byte, and FreeBSD's
/// secmod, which is 0 here.
inline SipMessage cookie_message(const Endpoints& ends, std::uint32_t irs, std::uint8_t byte) {
  SipMessage message = sip_message();
  append_address(message, ends.v6, ends.faddr);
  append_address(message, ends.v6, ends.laddr);
  sip_append_be(message, ends.fport, 2);
  sip_append_be(message, ends.lport, 2);
  for (unsigned i = 0; i < 4; ++i) sip_append_byte(message, static_cast<std::uint8_t>(irs >> (8 * i)));
  sip_append_byte(message, byte);
  sip_append_be(message, 0, 8);
  return message;
}

/// MAC of a cookie, 32 bits.
inline std::uint32_t cookie_mac(const SipKey& key, const Endpoints& ends, std::uint32_t irs, std::uint8_t byte) {
  return fold32(siphash24(key, cookie_message(ends, irs, byte)));
}

/// The cookie of a MAC and a byte. The MAC's top byte masks the other, so that equal options do not show.
inline std::uint32_t cookie_of_mac(std::uint32_t mac, std::uint8_t byte) {
  return (mac & 0xffffff00u) | (byte ^ (mac >> 24));
}

/// The byte that a cookie holds, if it is one.
inline std::uint8_t cookie_byte_of(std::uint32_t iss) { return static_cast<std::uint8_t>(iss ^ (iss >> 24)); }

/// The ISS that holds `byte`.
inline std::uint32_t cookie_iss(const SipKey& key, const Endpoints& ends, std::uint32_t irs, std::uint8_t byte) {
  return cookie_of_mac(cookie_mac(key, ends, irs, byte), byte);
}

struct CookieCheck {
  bool ok;
  std::uint8_t byte;  ///< cookie byte, of meaning only if ok
};

/// Checks the cookie in an ACK. `keys` are the secrets by parity; the cookie's own parity bit picks one.
inline CookieCheck cookie_check(const SipKey (&keys)[2], const Endpoints& ends, std::uint32_t seg_seq,
                                std::uint32_t seg_ack) {
  const std::uint32_t iss = seg_ack - 1;
  const std::uint32_t irs = seg_seq - 1;
  const std::uint8_t byte = cookie_byte_of(iss);
  const std::uint32_t mac = cookie_mac(keys[byte & kCookieParity], ends, irs, byte);
  return CookieCheck{(iss >> 8) == (mac >> 8), byte};
}

/// What the offset of our timestamp clock is made of. Without `per_conn` it is the same for a pair of hosts.
inline SipMessage timestamp_message(const Endpoints& ends, bool per_conn) {
  SipMessage message = sip_message();
  sip_append_be(message, per_conn ? ends.fport : 0u, 2);
  sip_append_be(message, per_conn ? ends.lport : 0u, 2);
  append_address(message, ends.v6, ends.faddr);
  append_address(message, ends.v6, ends.laddr);
  return message;
}

/// Offset of our timestamp clock for a connection, ms (FreeBSD tcp_new_ts_offset).
inline std::uint32_t timestamp_offset(const SipKey& ts_secret, const Endpoints& ends, bool per_conn) {
  return fold32(siphash24(ts_secret, timestamp_message(ends, per_conn)));
}

// Flags byte of the hand-off mark.
constexpr std::uint8_t kMarkSack = 0x01;
constexpr std::uint8_t kMarkTimestamps = 0x02;
constexpr std::uint8_t kMarkScale = 0x04;
constexpr std::uint8_t kMarkEcn = 0x08;

/// What a hand-off mark says of the connection, besides its MAC.
struct MarkContent {
  std::uint8_t flags;
  std::uint8_t wscale;  ///< SND.WSCALE 7:4, RCV.WSCALE 3:0
  std::uint16_t mss;    ///< bytes
};

/// What a mark's MAC is made of, all fields in network order.
inline SipMessage mark_message(const Endpoints& ends, std::uint32_t seg_seq, std::uint32_t seg_ack,
                               const MarkContent& mark) {
  SipMessage message = sip_message();
  append_address(message, ends.v6, ends.faddr);
  append_address(message, ends.v6, ends.laddr);
  sip_append_be(message, ends.fport, 2);
  sip_append_be(message, ends.lport, 2);
  sip_append_be(message, seg_seq, 4);
  sip_append_be(message, seg_ack, 4);
  sip_append_byte(message, mark.flags);
  sip_append_byte(message, mark.wscale);
  sip_append_be(message, mark.mss, 2);
  return message;
}

/// MAC of a hand-off mark, 32 bits.
inline std::uint32_t mark_mac(const SipKey& mark_key, const Endpoints& ends, std::uint32_t seg_seq,
                              std::uint32_t seg_ack, const MarkContent& mark) {
  return fold32(siphash24(mark_key, mark_message(ends, seg_seq, seg_ack, mark)));
}

/// Tag of the status of a mark, 32 bits: it stands where the mark had its MAC.
inline std::uint32_t status_tag(const SipKey& control_key, const Endpoints& ends, std::uint32_t seg_seq,
                                std::uint32_t seg_ack, const MarkContent& mark, std::uint8_t status) {
  SipMessage message = mark_message(ends, seg_seq, seg_ack, mark);
  sip_append_byte(message, status);
  return fold32(siphash24(control_key, message));
}

}  // namespace synward
