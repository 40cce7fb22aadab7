// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/cookie.hpp"
#include "synward/records.hpp"

namespace synward {

/// What the mark of a connection says. `mss` in bytes, 0 where unknown; `shift` is SND.WSCALE.
inline MarkContent make_mark(const RequestRecord& request, std::uint16_t mss, bool ws_ok, std::uint8_t shift,
                             unsigned other_flags) {
  const std::uint16_t most = request.path_mss;
  MarkContent mark;
  mark.flags = static_cast<std::uint8_t>(other_flags | (ws_ok ? kMarkScale : 0u));
  mark.wscale =
      ws_ok ? static_cast<std::uint8_t>(static_cast<unsigned>(shift) << 4 | (request.wscale & 15u)) : std::uint8_t{0};
  mark.mss = most != 0 && mss > most ? most : mss;
  return mark;
}

/// The mark of a connection, from its cookie and the ACK that brought it. No cookie tells of ECN.
inline MarkContent mark_from_cookie(const RequestRecord& request, std::uint8_t cookie_byte, bool ecn) {
  const CookieContent cookie = cookie_decode(cookie_byte);
  return make_mark(request, cookie.mss, cookie.ws_ok, cookie.shift,
                   (cookie.sack_ok ? kMarkSack : 0u) | (request.ts_ok ? kMarkTimestamps : 0u) | (ecn ? kMarkEcn : 0u));
}

/// The mark of a connection, from its entry and the ACK that completed it.
inline MarkContent mark_from_entry(const RequestRecord& request, const EntryRecord& entry) {
  return make_mark(request, entry.mss, entry.ws_ok, entry.ws,
                   (entry.sack_ok ? kMarkSack : 0u) | (entry.ts_ok && request.ts_ok ? kMarkTimestamps : 0u) |
                       (entry.ecn_ok ? kMarkEcn : 0u));
}

}  // namespace synward
