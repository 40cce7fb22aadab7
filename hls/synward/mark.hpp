// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/cookie.hpp"
#include "synward/records.hpp"

namespace synward {

/// Least MSS that Linux takes for a connection, bytes: TCP_MSS_DEFAULT for IPv4, IPV6_MIN_MTU - 60 for IPv6.
constexpr std::uint16_t kMarkMinMss4 = 536;
constexpr std::uint16_t kMarkMinMss6 = 1220;

/// What the mark of a connection says. `mss` in bytes, 0 where unknown; `shift` is SND.WSCALE.
inline MarkContent make_mark(const RequestRecord& request, std::uint16_t mss, bool ws_ok, std::uint8_t shift,
                             bool sack_ok, bool ts_ok) {
  const std::uint16_t least = request.v6 ? kMarkMinMss6 : kMarkMinMss4;
  MarkContent mark;
  mark.flags = static_cast<std::uint8_t>((sack_ok ? kMarkSack : 0u) | (ts_ok ? kMarkTimestamps : 0u) |
                                         (ws_ok ? kMarkScale : 0u));
  mark.wscale =
      ws_ok ? static_cast<std::uint8_t>(static_cast<unsigned>(shift) << 4 | (request.wscale & 15u)) : std::uint8_t{0};
  mark.mss = mss < least ? least : mss;
  return mark;
}

/// The mark of a connection, from its cookie and the ACK that brought it.
inline MarkContent mark_from_cookie(const RequestRecord& request, std::uint8_t cookie_byte) {
  const CookieContent cookie = cookie_decode(cookie_byte);
  return make_mark(request, cookie.mss, cookie.ws_ok, cookie.shift, cookie.sack_ok, request.ts_ok);
}

/// The mark of a connection, from its entry and the ACK that completed it.
inline MarkContent mark_from_entry(const RequestRecord& request, const EntryRecord& entry) {
  return make_mark(request, entry.mss, entry.ws_ok, entry.ws, entry.sack_ok, entry.ts_ok && request.ts_ok);
}

}  // namespace synward
