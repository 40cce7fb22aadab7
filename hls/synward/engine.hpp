// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/cookie.hpp"
#include "synward/records.hpp"
#include "synward/siphash.hpp"

namespace synward {

// Values of RequestRecord::op and VerdictRecord::op.
constexpr std::uint8_t kOpNone = 0;
constexpr std::uint8_t kOpSyn = 1;
constexpr std::uint8_t kOpAck = 2;

/// The secrets at the clock of a request.
struct EngineKeys {
  SipKey cookie[2];  ///< by parity
  bool parity;       ///< which of them new cookies use
  SipKey ts_secret;
  SipKey mark_key;
};

/// Least MSS that Linux takes for a connection, bytes: TCP_MSS_DEFAULT for IPv4, IPV6_MIN_MTU - 60 for IPv6.
constexpr std::uint16_t kMarkMinMss4 = 536;
constexpr std::uint16_t kMarkMinMss6 = 1220;

/// What the mark of a connection says, from its cookie and the ACK that brought it.
inline MarkContent make_mark(const RequestRecord& request, std::uint8_t cookie_byte) {
  const CookieContent cookie = cookie_decode(cookie_byte);
  const std::uint16_t least = request.v6 ? kMarkMinMss6 : kMarkMinMss4;
  MarkContent mark;
  mark.flags = static_cast<std::uint8_t>((cookie.sack_ok ? kMarkSack : 0u) | (request.ts_ok ? kMarkTimestamps : 0u) |
                                         (cookie.ws_ok ? kMarkScale : 0u));
  mark.wscale = cookie.ws_ok
                    ? static_cast<std::uint8_t>(static_cast<unsigned>(cookie.shift) << 4 | (request.wscale & 15u))
                    : std::uint8_t{0};
  mark.mss = cookie.mss < least ? least : cookie.mss;
  return mark;
}

/// Answers one request. Fields that mean nothing for the op, and the mark's without a valid cookie, are 0.
inline VerdictRecord engine_step(const RequestRecord& request, const EngineKeys& keys, bool ts_offset_per_conn) {
  const Endpoints ends = {request.v6, request.faddr, request.laddr, request.fport, request.lport};
  VerdictRecord verdict = {request.op, false, 0, 0, 0, 0, 0, 0};
  if (request.op == kOpSyn) {
    const std::uint8_t byte = cookie_encode(request.mss, request.ws_ok, request.ws, request.sack_ok, keys.parity);
    verdict.iss = cookie_iss(keys.cookie[keys.parity ? 1 : 0], ends, request.seq, byte);
    verdict.tsoff = timestamp_offset(keys.ts_secret, ends, ts_offset_per_conn);
  } else if (request.op == kOpAck) {
    const CookieCheck check = cookie_check(keys.cookie, ends, request.seq, request.ack);
    verdict.cookie_ok = check.ok;
    if (check.ok) {
      const MarkContent mark = make_mark(request, check.byte);
      verdict.mark_flags = mark.flags;
      verdict.mark_wscale = mark.wscale;
      verdict.mark_mss = mark.mss;
      verdict.mark_mac = mark_mac(keys.mark_key, ends, request.seq, request.ack, mark);
    }
  }
  return verdict;
}

}  // namespace synward
