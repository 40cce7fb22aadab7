// SPDX-License-Identifier: BSD-2-Clause
#include "common/requests.hpp"

#include <algorithm>
#include <array>

namespace synward::test {

namespace {

constexpr std::uint8_t kFlagSyn = 0x02, kFlagPsh = 0x08, kFlagAck = 0x10;

SipKey random_key(Rng& rng) {
  const std::uint64_t k0 = rng.next();
  return {k0, rng.next()};
}

template <typename T>
T as(std::size_t value) {
  return static_cast<T>(value);
}

}  // namespace

EngineConfig default_engine_config(Rng& rng, unsigned log_buckets) {
  EngineConfig config{};
  for (SipKey& key : config.keys.cookie) key = random_key(rng);
  config.keys.ts_secret = random_key(rng);
  config.keys.mark_key = random_key(rng);
  config.keys.table_key = random_key(rng);
  config.tables_ready = true;
  config.syncookies = true;
  config.ts_offset_per_conn = true;
  config.tolerate_missing_ts = true;
  config.hashsize = 1u << log_buckets;
  config.bucketlimit = kWays;
  config.cachelimit = config.hashsize * kWays;
  config.rexmtlimit = 3;
  config.rexmit = {1000, 30, 200, 64000};
  config.ecn_maxretries = 1;
  config.ack_war_cnt = 5;
  config.ack_war_timewindow = 1000;
  config.icmplim = 200;
  config.flow_idle = 60;
  config.rst_on_sock_fail = true;
  return config;
}

void change_settings(Rng& rng, EngineConfig& config) {
  for (std::size_t changes = rng.between(1, 2); changes > 0; --changes) {
    switch (rng.below(22)) {
      case 0:
        config.syncookies = rng.percent(60);
        break;
      case 1:
        config.syncookies_only = rng.percent(20);
        break;
      case 2:
        config.ts_offset_per_conn = rng.bit();
        break;
      case 3:
        config.tolerate_missing_ts = rng.bit();
        break;
      case 4:
        config.insecure_rst = rng.bit();
        break;
      case 5:
        config.rexmtlimit = as<std::uint8_t>(rng.bit() ? rng.between(0, 4) : rng.between(0, 12));
        break;
      case 6:
        config.rexmit.initial = as<std::uint32_t>(rng.bit() ? 1000 : rng.between(1, 64000));
        break;
      case 7:
        config.rexmit.min = as<std::uint32_t>(rng.bit() ? 30 : rng.between(1, 64000));
        break;
      case 8:
        config.rexmit.slop = as<std::uint32_t>(rng.bit() ? 200 : rng.between(0, 64000));
        break;
      case 9:
        config.rexmit.max = as<std::uint32_t>(rng.bit() ? 64000 : rng.between(1, 64000));
        break;
      case 10:
        config.ecn_maxretries = as<std::uint8_t>(rng.between(0, 3));
        break;
      case 11:
        config.ack_war_cnt = as<std::uint8_t>(rng.bit() ? rng.between(0, 5) : rng.between(0, 15));
        break;
      case 12:
        config.ack_war_timewindow = as<std::uint32_t>(rng.bit() ? 1000 : rng.between(0, 60000));
        break;
      case 13:
        config.blackhole = as<std::uint8_t>(rng.between(0, 3));
        break;
      case 14:
        config.icmplim = as<std::uint32_t>(rng.bit() ? rng.between(0, 5) : 200);
        break;
      case 15:
      case 16:
        config.unknown_ack = as<std::uint8_t>(rng.between(0, 2));
        break;
      case 17:
        config.flow_idle = as<std::uint8_t>(rng.bit() ? rng.between(1, 3) : rng.between(1, 62));
        break;
      case 18:
        config.keys.parity = !config.keys.parity;
        config.keys.cookie[config.keys.parity ? 1 : 0] = random_key(rng);
        break;
      case 19:
        config.cookie_gate_always = rng.percent(30);
        break;
      case 20:
        config.rst_on_sock_fail = rng.bit();
        break;
      default:
        config.syncookies = true;
        config.syncookies_only = false;
        break;
    }
  }
}

void change_load_settings(Rng& rng, EngineConfig& config, unsigned log_buckets) {
  config.hashsize = 1u << rng.between(0, log_buckets);
  config.bucketlimit = as<std::uint32_t>(rng.between(1, kWays));
  const std::uint32_t most = config.hashsize * config.bucketlimit;
  config.cachelimit = rng.bit() ? most : as<std::uint32_t>(rng.between(1, most));
  config.flow_learn = as<std::uint8_t>(rng.percent(60) ? 0 : rng.between(1, 3));
}

RequestGenerator::RequestGenerator(std::uint64_t seed, RequestGeneratorConfig config)
    : rng_(seed), config_(config), time_ms_(rng_.bit() ? rng_.u32() : 0u - as<std::uint32_t>(rng_.below(60'000))) {
  ticked_ms_ = time_ms_;
  make_peers(config.tuples);
}

void RequestGenerator::make_peers(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    Peer peer{};
    const bool v6 = (i & 1) != 0;
    const std::uint32_t client = as<std::uint32_t>(i / 2);
    peer.ends.v6 = v6;
    peer.ends.faddr = v6 ? Wide128{0x20010db800000000, client} : Wide128{0, 0xc0000200u + client};
    peer.ends.laddr = v6 ? Wide128{0x20010db801000000, 7} : Wide128{0, 0xc6336407};
    peer.ends.fport = as<std::uint16_t>(40000 + i);
    peer.ends.lport = (i & 2) != 0 ? std::uint16_t{443} : std::uint16_t{22};
    peer.irs = rng_.u32();
    peer.iss = rng_.u32();
    peer.tsval = rng_.u32();
    peers_.push_back(peer);
  }
}

std::uint8_t RequestGenerator::pick_op() {
  if (mood_left_-- == 0) {
    mood_ = static_cast<Mood>(rng_.below(5));
    mood_left_ = as<unsigned>(rng_.between(20, 400));
  }
  // In per cent, for SYN, ACK, RST, UNREACH, SERVER, TIMEOUT, TICK, VISIT, STATUS, STRAY; the rest is NOTE.
  using Mix = std::array<unsigned, 10>;
  static constexpr std::array<Mix, 5> kMixes{Mix{23, 33, 8, 5, 7, 9, 3, 4, 5, 2}, Mix{79, 10, 2, 1, 1, 3, 1, 1, 1, 0},
                                             Mix{33, 51, 1, 1, 4, 1, 0, 1, 7, 0}, Mix{15, 10, 3, 18, 4, 37, 5, 3, 3, 1},
                                             Mix{15, 18, 20, 3, 15, 6, 2, 12, 4, 4}};
  const Mix& mix = kMixes[static_cast<std::size_t>(mood_)];
  std::size_t left = rng_.below(100);
  for (std::size_t i = 0; i < mix.size(); ++i) {
    if (left < mix[i]) {
      constexpr std::array<std::uint8_t, 10> kOps{kOpSyn,     kOpAck,  kOpRst,   kOpUnreach, kOpServer,
                                                  kOpTimeout, kOpTick, kOpVisit, kOpStatus,  kOpStray};
      return kOps[i];
    }
    left -= mix[i];
  }
  return kOpNote;
}

/// Mostly nothing happens between two requests; sometimes what only time brings becomes due.
void RequestGenerator::move_clock(std::uint8_t op) {
  const std::size_t dice = rng_.below(1000);
  if (dice < 150) {
    time_ms_ += as<std::uint32_t>(rng_.between(1, 20));
  } else if (dice < 165) {
    time_ms_ += as<std::uint32_t>(rng_.between(20, 1100));
  } else if (dice < 168) {
    time_ms_ += as<std::uint32_t>(rng_.between(1000, 35'000));
  } else if (dice == 168 && rng_.percent(20)) {
    time_ms_ += as<std::uint32_t>(rng_.between(30'000, 2'000'000));
  } else if (dice == 169 && rng_.percent(5)) {
    // To anywhere, or back.
    time_ms_ += rng_.bit() ? rng_.u32() : 0u - as<std::uint32_t>(rng_.between(1, 2'000'000));
  } else if (op == kOpTimeout && mood_ == Mood::timers && dice < 400) {
    constexpr std::array<std::uint32_t, 6> kIntervals{999, 1000, 2199, 2200, 4200, 8200};
    time_ms_ += rng_.pick(kIntervals);
  }
}

const RequestRecord& RequestGenerator::next() {
  if (ticked_ms_ != time_ms_) {
    // The first thing in a new millisecond.
    ticked_ms_ = time_ms_;
    request_ = make(kOpTick);
    return request_;
  }
  const std::uint8_t op = pick_op();
  move_clock(op);
  if (ticked_ms_ != time_ms_) return next();
  request_ = make(op);
  return request_;
}

RequestRecord RequestGenerator::about(std::uint8_t op, const Peer& peer) const {
  RequestRecord request{};
  request.op = op;
  request.time_ms = time_ms_;
  request.v6 = peer.ends.v6;
  request.faddr = peer.ends.faddr;
  request.laddr = peer.ends.laddr;
  request.fport = peer.ends.fport;
  request.lport = peer.ends.lport;
  return request;
}

/// What the parser says of the frame that holds the segment.
void RequestGenerator::put_frame(RequestRecord& request) {
  request.len = as<std::uint8_t>(rng_.between(60, 127));
  request.service = as<std::uint8_t>(rng_.below(32));
  request.window = window();
  request.wscale = as<std::uint8_t>(rng_.between(0, 14));
  if (rng_.percent(10)) request.path_mss = as<std::uint16_t>(rng_.bit() ? rng_.between(500, 1500) : rng_.u16());
  const std::uint64_t macs = rng_.next();
  request.mac_dst = 0x020000000000 | (macs & 0xffffffff);
  request.mac_src = 0x020000000000 | macs >> 32;
  request.tags = as<std::uint8_t>(rng_.below(3));
  request.tag1 = request.tags >= 1 ? 0x81000000 | rng_.u16() : 0u;
  request.tag2 = request.tags == 2 ? 0x81000000 | rng_.u16() : 0u;
}

std::uint16_t RequestGenerator::window() {
  if (rng_.percent(80)) return 65535;
  return rng_.bit() ? as<std::uint16_t>(rng_.between(0, 3)) : rng_.u16();
}

/// A sequence number at an edge of the client's window, or somewhere.
std::uint32_t RequestGenerator::near_window(const Peer& peer, std::uint16_t window) {
  switch (rng_.below(8)) {
    case 0:
      return peer.irs;
    case 1:
      return peer.irs + 2;
    case 2:
      return peer.irs + window - 1;
    case 3:
      return peer.irs + window;
    case 4:
      return peer.irs + window + 1;
    case 5:
      return peer.irs + window + 2;
    case 6:
      return peer.irs + as<std::uint32_t>(rng_.below(70'000));
    default:
      return rng_.u32();
  }
}

RequestRecord RequestGenerator::syn(Peer& peer) {
  RequestRecord request = about(kOpSyn, peer);
  put_frame(request);
  request.flags = kFlagSyn;
  request.seq = rng_.percent(60) ? peer.irs : rng_.u32();
  request.ack = rng_.percent(95) ? 0 : rng_.u32();
  request.has_mss = rng_.percent(90);
  constexpr std::array<std::uint16_t, 8> kMss{1460, 1460, 1440, 1400, 1220, 536, 100, 8960};
  if (request.has_mss) request.mss = rng_.percent(80) ? rng_.pick(kMss) : rng_.u16();
  request.ws_ok = rng_.percent(70);
  request.ws = as<std::uint8_t>(rng_.between(0, 14));
  request.sack_ok = rng_.percent(70);
  request.ts_ok = rng_.percent(75);
  request.ecn_ok = rng_.percent(40);
  if (rng_.percent(50)) peer.tsval += as<std::uint32_t>(rng_.below(100));
  request.tsval = peer.tsval;
  peer.ts_ok = request.ts_ok;
  return request;
}

RequestRecord RequestGenerator::ack(Peer& peer) {
  RequestRecord request = about(kOpAck, peer);
  put_frame(request);
  request.flags = kFlagAck;
  if (rng_.percent(20)) request.flags |= kFlagPsh;
  if (rng_.percent(mood_ == Mood::endings ? 40 : 5)) request.flags |= kTcpFin;
  request.seq = rng_.percent(80) ? peer.irs + 1 : near_window(peer, request.window);
  request.ack = peer.iss + 1;
  if (rng_.percent(15)) request.ack += rng_.bit() ? 1u << rng_.below(32) : rng_.u32();
  request.ts_ok = peer.ts_ok != rng_.percent(10);
  // Half of the connections go to servers with an agent, which seldom changes.
  request.agent = ((peer.ends.fport & 1) != 0) != rng_.percent(3);
  peer.tsval += as<std::uint32_t>(rng_.below(3));
  request.tsval = peer.tsval;
  if (rng_.percent(8)) request.tsval -= rng_.bit() ? 10u : rng_.u32();
  return request;
}

RequestRecord RequestGenerator::rst(const Peer& peer) {
  RequestRecord request = about(kOpRst, peer);
  put_frame(request);
  request.flags = rng_.bit() ? kTcpRst : as<std::uint8_t>(kTcpRst | kFlagAck);
  request.seq = rng_.percent(35) ? peer.irs + 1 : near_window(peer, request.window);
  request.ack = rng_.u32();
  return request;
}

RequestRecord RequestGenerator::make(std::uint8_t op) {
  RequestRecord request{};
  request.op = op;
  request.time_ms = time_ms_;
  if (op == kOpTick) return request;
  if (op == kOpVisit) {
    // In the order that the sweeper keeps; sometimes anywhere.
    visited_ = rng_.percent(90) ? visited_ + 1 : rng_.u32();
    visited_ &= (1u << config_.log_flows) - 1;
    request.seq = visited_;
    return request;
  }
  // The last connection again, most often, so that things happen to it.
  if (!rng_.percent(mood_ == Mood::handshakes ? 60 : 25)) last_ = rng_.below(peers_.size());
  Peer& peer = peers_[last_];
  switch (op) {
    case kOpSyn:
      return syn(peer);
    case kOpAck:
      return ack(peer);
    case kOpRst:
      return rst(peer);
    default:
      request = about(op, peer);
      break;
  }
  if (op == kOpUnreach) request.seq = rng_.percent(80) ? peer.iss : peer.iss + as<std::uint32_t>(rng_.between(1, 3));
  if (op == kOpServer) {
    constexpr std::array<std::uint8_t, 7> kFlags{0x10, 0x18, 0x11, 0x04, 0x14, 0x12, 0x02};
    request.flags = rng_.pick(kFlags);
    request.protect = rng_.percent(60);
  }
  if (op == kOpStatus) {
    put_frame(request);
    request.flags = kFlagAck;
    request.seq = peer.irs + 1 + (rng_.percent(10) ? 1 : 0);
    request.ack = peer.iss + 1 + (rng_.percent(10) ? 1 : 0);
    request.note = as<std::uint8_t>(rng_.percent(95) ? rng_.between(kStatusTaken, kStatusBusy) : rng_.below(32));
  }
  if (op == kOpStray) {
    put_frame(request);
    request.flags = rng_.bit() ? std::uint8_t{0x12} : std::uint8_t{0x01};
    request.note = request.flags == 0x12 ? kEventSynAckInvalid : kEventSynMissing;
  }
  if (op == kOpNote) {
    constexpr std::size_t kFirst = 15, kLast = 20;  // syn_missing to bad_address
    request.flags = rng_.u8();
    request.note = as<std::uint8_t>(rng_.between(kFirst, kLast));
  }
  return request;
}

void RequestGenerator::answered(const RequestRecord& request, const VerdictRecord& verdict) {
  const bool known = request.op == kOpSyn && verdict.fate == kFateForward;
  const bool handed = verdict.send == kSendMark;
  if (verdict.send != kSendSynAck && !known && !handed) return;
  const auto peer = std::find_if(peers_.begin(), peers_.end(),
                                 [&](const Peer& one) { return same_ends(one.ends, request_ends(request)); });
  if (peer == peers_.end()) return;
  if (known || handed) {
    // The client opens another connection now and then, or all would end as flows.
    if (rng_.percent(70)) ++peer->ends.fport;
    return;
  }
  peer->irs = verdict.ack - 1;
  peer->iss = verdict.seq;
}

}  // namespace synward::test
