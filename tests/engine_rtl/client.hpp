// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>

#include "common/rng.hpp"
#include "synward/engine.hpp"

namespace synward::test {

/// What can happen to one connection.
enum class Deed : std::uint8_t {
  syn,
  syn_plain,  ///< another ISS, no timestamps, no ECN, by another gateway and without a tag
  ack,
  ack_agent,  ///< to a server that confirms
  ack_fin,
  ack_wrong,    ///< acknowledges something else
  ack_outside,  ///< beyond the window
  ack_old,      ///< with a timestamp from the past
  ack_plain,    ///< without timestamps
  rst,
  rst_window,   ///< in the window, not exact
  rst_outside,  ///< beyond the window
  unreach,
  timeout,
  server,
  server_fin,
  server_syn,
  server_syn_ack,
  server_rst,
  taken,
  full,
  refused,
  stray,
};
inline constexpr std::array<Deed, 23> kDeeds{
    Deed::syn,         Deed::syn_plain, Deed::ack,       Deed::ack_agent,  Deed::ack_fin,    Deed::ack_wrong,
    Deed::ack_outside, Deed::ack_old,   Deed::ack_plain, Deed::rst,        Deed::rst_window, Deed::rst_outside,
    Deed::unreach,     Deed::timeout,   Deed::server,    Deed::server_fin, Deed::server_syn, Deed::server_syn_ack,
    Deed::server_rst,  Deed::taken,     Deed::full,      Deed::refused,    Deed::stray};

/// A client that knows what it has been answered.
struct Client {
  Endpoints ends;
  std::uint32_t irs, iss, tsval;

  explicit Client(Rng& rng) : ends{}, irs(rng.u32()), iss(rng.u32()), tsval(rng.u32()) {
    ends.v6 = rng.bit();
    ends.faddr = {ends.v6 ? rng.next() : 0, rng.u32()};
    ends.laddr = {ends.v6 ? rng.next() : 0, rng.u32()};
    ends.fport = rng.u16();
    ends.lport = rng.u16();
  }

  RequestRecord request(Deed deed, std::uint32_t time_ms) const {
    constexpr std::uint16_t kWindow = 1000;
    constexpr std::uint32_t kOutside = 5000;
    constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kAck = 0x10;
    RequestRecord request{};
    request.time_ms = time_ms;
    request.v6 = ends.v6;
    request.faddr = ends.faddr;
    request.laddr = ends.laddr;
    request.fport = ends.fport;
    request.lport = ends.lport;
    request.window = kWindow;
    request.wscale = 5;
    request.seq = irs + 1;
    request.ack = iss + 1;
    request.ts_ok = true;
    request.tsval = tsval + 1;
    request.op = kOpAck;
    request.flags = kAck;
    switch (deed) {
      case Deed::syn:
      case Deed::syn_plain:
        request.op = kOpSyn;
        request.flags = kSyn;
        request.seq = deed == Deed::syn ? irs : irs + 7;
        request.ack = 0;
        request.ts_ok = request.ecn_ok = request.sack_ok = deed == Deed::syn;
        request.tsval = tsval;
        request.ws_ok = true;
        request.ws = 7;
        request.has_mss = true;
        request.mss = 1460;
        request.len = 74;
        request.service = 9;
        request.mac_dst = 0x020000000000 | ends.fport;
        request.mac_src = 0x020000010000 | ends.lport;
        if (deed == Deed::syn_plain) {
          ++request.mac_src;
          break;
        }
        request.tags = 1;
        request.tag1 = 0x81000000 | ends.fport;
        break;
      case Deed::ack:
        break;
      case Deed::ack_agent:
        request.agent = true;
        break;
      case Deed::ack_fin:
        request.flags |= kFin;
        break;
      case Deed::ack_wrong:
        request.ack += 0x100;
        break;
      case Deed::ack_outside:
        request.seq += kOutside;
        break;
      case Deed::ack_old:
        request.tsval = tsval - 1;
        break;
      case Deed::ack_plain:
        request.ts_ok = false;
        request.tsval = 0;
        break;
      case Deed::rst:
      case Deed::rst_window:
      case Deed::rst_outside:
        request.op = kOpRst;
        request.flags = kRst;
        if (deed != Deed::rst) request.seq += deed == Deed::rst_window ? 1 : kOutside;
        break;
      case Deed::unreach:
        request.op = kOpUnreach;
        request.seq = iss;
        request.flags = 0;
        break;
      case Deed::timeout:
        request = RequestRecord{};
        request.op = kOpTimeout;
        request.time_ms = time_ms;
        request.v6 = ends.v6;
        request.faddr = ends.faddr;
        request.laddr = ends.laddr;
        request.fport = ends.fport;
        request.lport = ends.lport;
        break;
      case Deed::server:
      case Deed::server_fin:
        request.op = kOpServer;
        request.protect = (ends.lport & 1) != 0;
        if (deed == Deed::server_fin) request.flags |= kFin;
        break;
      case Deed::server_syn:
      case Deed::server_syn_ack:
      case Deed::server_rst:
        request.op = kOpServer;
        request.flags = deed == Deed::server_syn ? kSyn : deed == Deed::server_rst ? kRst : kSyn | kAck;
        request.protect = true;
        break;
      case Deed::taken:
      case Deed::full:
      case Deed::refused:
        request.op = kOpStatus;
        request.note = deed == Deed::taken ? kStatusTaken : deed == Deed::full ? kStatusFull : kStatusRefused;
        request.service = 9;
        request.mac_src = 0x020000020000 | ends.lport;
        break;
      case Deed::stray:
        request.op = kOpStray;
        request.flags = kSyn | kAck;
        request.note = kEventSynAckInvalid;
        break;
    }
    return request;
  }

  void answered(const VerdictRecord& verdict) {
    if (verdict.send != kSendSynAck) return;
    irs = verdict.ack - 1;
    iss = verdict.seq;
  }
};

}  // namespace synward::test
