// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <hls_stream.h>

#include <cstdint>

#include "synward/cookie.hpp"

namespace synward {

/// What cookies are made with: all of it at once.
struct CookieSetting {
  SipKey keys[2];  ///< by parity
  bool parity;     ///< which of them new cookies use
};

/// A SYN that wants a cookie, or an ACK that brings one.
struct CookieQuestion {
  bool check;  ///< an ACK
  Endpoints ends;
  std::uint32_t seq;  ///< SEG.SEQ
  std::uint32_t ack;  ///< SEG.ACK, of an ACK
  std::uint16_t mss;  ///< of a SYN: its MSS option, 0 if none
  bool ws_ok;         ///< of a SYN: window scale is accepted
  std::uint8_t ws;    ///< of a SYN: its shift, 0..14
  bool sack_ok;       ///< of a SYN: SACK is accepted
};

/// The cookie of a SYN, or what the cookie of an ACK says.
struct CookieReply {
  std::uint32_t iss;      ///< of a SYN
  bool ok;                ///< of an ACK: the cookie is one of ours
  std::uint8_t byte;      ///< of an ACK: what it holds, of meaning only if ok
  CookieContent content;  ///< the same, taken apart
};

/// The kernel: SYN cookies (FreeBSD's layout, SipHash-2-4). Takes a setting and a question a clock, if there are any,
/// and gives one reply to each question, in order. Free running (ap_ctrl_none), all ports AXI4-Stream.
void synward_cookie(hls::stream<CookieQuestion>& questions, hls::stream<CookieSetting>& settings,
                    hls::stream<CookieReply>& replies);

}  // namespace synward
