// SPDX-License-Identifier: BSD-2-Clause
#include "adversary.hpp"

#include <algorithm>
#include <array>

namespace synward::test {

namespace {

constexpr std::size_t kKnown = 40;

}  // namespace

Adversary::Adversary(std::uint64_t seed)
    : rng_(seed ^ 0xadadadad), now_(0u - static_cast<std::uint32_t>(rng_.below(60'000))) {}

/// Time goes to where something changes, or one short of it, or one beyond.
void Adversary::move_clock(const ThirdModel& model, const EngineConfig& config) {
  const std::uint32_t was = now_;
  const auto go = [this](std::uint32_t time) {
    const std::uint32_t edge = time - 1 + static_cast<std::uint32_t>(rng_.below(3));
    if (!before(edge, now_)) now_ = edge;
  };
  const std::size_t dice = rng_.below(100);
  if (dice < 30) {
    now_ += static_cast<std::uint32_t>(rng_.below(25));
  } else if (dice < 60 && !victims_.empty()) {
    // To the timeout of an entry, which is then asked for.
    const SyncacheWay& victim = rng_.pick(victims_);
    const std::uint32_t waited = (now_ - victim.entry.armed) & kArmedMask;
    const std::uint32_t interval = entry_interval(config.rexmit, victim.entry);
    if (interval > waited) go(now_ + (interval - waited));
    next_timeout_ = victim;
  } else if (dice < 64 && model.paused() && rng_.percent(15)) {
    go(model.pause_until());
  } else if (dice < 65 && model.gate_open()) {
    go(model.gate_stamp() + 16'000);
  } else if (dice < 66) {
    now_ += static_cast<std::uint32_t>(rng_.below(1200));
  } else if (dice < 68 && !victims_.empty()) {
    // To the end of a challenge window.
    const SyncacheWay& victim = rng_.pick(victims_);
    const std::uint32_t left = (victim.entry.challenge_end - now_) & kChallengeMask;
    if (left < 60'000) go(now_ + left);
  } else if (dice == 68 && rng_.percent(2)) {
    now_ += static_cast<std::uint32_t>(rng_.below(4'000'000));
  } else if (dice == 69 && rng_.percent(2)) {
    // Weeks, or back.
    now_ += rng_.bit() ? static_cast<std::uint32_t>(rng_.below(30)) * 86'400'000
                       : 0u - static_cast<std::uint32_t>(rng_.below(4'000'000));
  }
  tick_ = now_ != was;
}

Endpoints Adversary::random_ends() {
  const std::uint32_t client = static_cast<std::uint32_t>(rng_.below(6));
  const std::uint16_t port = static_cast<std::uint16_t>(40000 + rng_.below(rng_.percent(90) ? 12 : 400));
  if (rng_.bit()) return {false, {0, 0xc0000201 + client}, {0, 0xc6336407}, port, 443};
  return {true, {0x20010db800000000, 1 + client}, {0x20010db801000000, 7}, port, 443};
}

/// Of a connection that is known, most often.
Endpoints Adversary::any_ends() {
  const std::size_t dice = rng_.below(10);
  if (dice < 5 && !victims_.empty()) return rng_.pick(victims_).ends;
  if (dice < 8 && !known_.empty()) return rng_.pick(known_).ends;
  return random_ends();
}

RequestRecord Adversary::about(std::uint8_t op, const Endpoints& ends) {
  RequestRecord request{};
  request.op = op;
  request.time_ms = now_;
  request.v6 = ends.v6;
  request.faddr = ends.faddr;
  request.laddr = ends.laddr;
  request.fport = ends.fport;
  request.lport = ends.lport;
  if (op == kOpSyn || op == kOpAck || op == kOpRst) {
    constexpr std::array<std::uint16_t, 6> kWindows{65535, 65535, 1000, 2, 1, 0};
    request.window = rng_.pick(kWindows);
    request.wscale = static_cast<std::uint8_t>(rng_.below(15));
    if (rng_.percent(20)) request.path_mss = static_cast<std::uint16_t>(rng_.between(200, 1500));
    // Servers at odd ports have an agent, most of the time.
    request.agent = ((ends.fport & 1) != 0) != rng_.percent(3);
  }
  return request;
}

RequestRecord Adversary::choose(const ThirdModel& model, const EngineConfig& config) {
  if (tick_) {
    tick_ = false;
    RequestRecord request{};
    request.op = kOpTick;
    request.time_ms = now_;
    return request;
  }
  if (next_timeout_) {
    const Endpoints ends = next_timeout_->ends;
    next_timeout_.reset();
    return about(kOpTimeout, ends);
  }
  move_clock(model, config);
  if (tick_ || next_timeout_) return choose(model, config);
  const std::size_t dice = rng_.below(100);
  if (dice < 32) return syn();
  if (dice < 64) return ack();
  if (dice < 71) return rst();
  if (dice < 77) return unreach();
  if (dice < 83) return server();
  if (dice < 90) return visit();
  if (dice < 95) return status();
  if (dice < 97) return stray();
  if (dice < 98) return about(rng_.bit() ? kOpPeek : kOpNone, random_ends());
  RequestRecord note = about(kOpNote, random_ends());
  note.note = static_cast<std::uint8_t>(rng_.between(15, 20));
  note.flags = rng_.u8();
  return note;
}

RequestRecord Adversary::syn() {
  RequestRecord request = about(kOpSyn, rng_.percent(60) ? random_ends() : any_ends());
  request.flags = 0x02;
  request.seq = rng_.percent(20) ? 0xffffffff - static_cast<std::uint32_t>(rng_.below(3)) : rng_.u32();
  request.has_mss = rng_.percent(80);
  request.mss = request.has_mss ? rng_.u16() : std::uint16_t{0};
  request.ws_ok = rng_.bit();
  request.ws = static_cast<std::uint8_t>(rng_.below(15));
  request.sack_ok = rng_.bit();
  request.ts_ok = rng_.percent(75);
  request.tsval = rng_.percent(70) ? 0xfffffff0 + static_cast<std::uint32_t>(rng_.below(32)) : rng_.u32();
  request.ecn_ok = rng_.percent(70);
  request.len = static_cast<std::uint8_t>(rng_.below(128));
  request.service = static_cast<std::uint8_t>(rng_.below(32));
  request.mac_dst = rng_.next() >> 16;
  request.mac_src = rng_.next() >> 16;
  request.tags = static_cast<std::uint8_t>(rng_.below(3));
  request.tag1 = rng_.u32();
  request.tag2 = rng_.u32();
  return request;
}

std::uint32_t Adversary::edge(std::uint32_t irs, std::uint16_t window) {
  switch (rng_.below(8)) {
    case 0:
      return irs;
    case 1:
      return irs + 2;
    case 2:
      return irs + window;
    case 3:
      return irs + window + 1;
    case 4:
      return irs + static_cast<std::uint32_t>(rng_.below(2u * window + 2));
    case 5:
      return irs - static_cast<std::uint32_t>(rng_.below(100));
    case 6:
      return rng_.u32();
    default:
      return irs + 1;
  }
}

void Adversary::put_timestamps(const EntryRecord& entry, RequestRecord& request) {
  request.ts_ok = entry.ts_ok != rng_.percent(20);
  request.tsval = entry.tsreflect;
  const std::size_t dice = rng_.below(10);
  if (dice < 2) {
    request.tsval -= rng_.bit() ? 1u : 0x7fffffffu;
  } else if (dice < 6) {
    request.tsval += static_cast<std::uint32_t>(rng_.below(3));
  } else if (dice == 6) {
    request.tsval = rng_.u32();
  }
}

RequestRecord Adversary::ack_entry(const SyncacheWay& victim) {
  const EntryRecord& entry = victim.entry;
  RequestRecord request = about(kOpAck, victim.ends);
  request.flags = rng_.percent(90) ? 0x10 : 0x11;
  request.seq = rng_.percent(45) ? entry.irs + 1 : edge(entry.irs, request.window);
  request.ack = entry.iss + 1;
  if (rng_.percent(30)) request.ack += rng_.bit() ? 1u : rng_.u32();
  put_timestamps(entry, request);
  return request;
}

RequestRecord Adversary::ack_cookie(const Known& known) {
  RequestRecord request = about(kOpAck, known.ends);
  request.flags = rng_.percent(75) ? 0x10 : 0x11;
  request.seq = known.irs + 1;
  request.ack = known.iss + 1;
  if (rng_.percent(15)) request.ack ^= 1u << rng_.below(32);
  if (rng_.percent(5)) ++request.seq;
  request.ts_ok = known.ts_ok;
  request.tsval = rng_.u32();
  return request;
}

RequestRecord Adversary::ack() {
  if (!victims_.empty() && rng_.percent(45)) return ack_entry(rng_.pick(victims_));
  if (!known_.empty() && rng_.percent(85)) return ack_cookie(rng_.pick(known_));
  RequestRecord request = about(kOpAck, random_ends());
  request.flags = 0x10;
  request.seq = rng_.u32();
  request.ack = rng_.u32();
  return request;
}

RequestRecord Adversary::rst() {
  if (!victims_.empty() && rng_.percent(75)) {
    const SyncacheWay& victim = rng_.pick(victims_);
    RequestRecord request = about(kOpRst, victim.ends);
    request.flags = 0x04;
    request.seq = edge(victim.entry.irs, request.window);
    return request;
  }
  RequestRecord request = about(kOpRst, any_ends());
  request.flags = 0x14;
  request.seq = rng_.u32();
  return request;
}

RequestRecord Adversary::unreach() {
  if (victims_.empty() || rng_.percent(10)) return about(kOpUnreach, random_ends());
  // The one that has waited longest, most often: only that can be ended.
  const auto most = [](const SyncacheWay& a, const SyncacheWay& b) { return a.entry.rxmits < b.entry.rxmits; };
  const SyncacheWay& victim =
      rng_.bit() ? *std::max_element(victims_.begin(), victims_.end(), most) : rng_.pick(victims_);
  RequestRecord request = about(kOpUnreach, victim.ends);
  request.seq = victim.entry.iss + (rng_.percent(80) ? 0u : 1u);
  return request;
}

RequestRecord Adversary::server() {
  RequestRecord request = about(kOpServer, any_ends());
  constexpr std::array<std::uint8_t, 6> kFlags{0x10, 0x10, 0x11, 0x14, 0x12, 0x02};
  request.flags = rng_.pick(kFlags);
  request.protect = rng_.percent(30);
  return request;
}

/// The word of a server's agent, most often about a hand-over that waits for it.
RequestRecord Adversary::status() {
  RequestRecord request = about(kOpStatus, any_ends());
  if (!victims_.empty() && rng_.percent(60)) {
    const SyncacheWay& victim = rng_.pick(victims_);
    request = about(kOpStatus, victim.ends);
    request.seq = victim.entry.irs + (rng_.percent(90) ? 1u : 2u);
    request.ack = victim.entry.iss + (rng_.percent(90) ? 1u : 2u);
  } else if (!known_.empty() && rng_.percent(80)) {
    const Known& known = rng_.pick(known_);
    request = about(kOpStatus, known.ends);
    request.seq = known.irs + (rng_.percent(90) ? 1u : 2u);
    request.ack = known.iss + (rng_.percent(90) ? 1u : 2u);
  }
  request.flags = 0x10;
  request.note = static_cast<std::uint8_t>(rng_.percent(95) ? rng_.between(kStatusTaken, kStatusBusy) : rng_.below(32));
  request.service = static_cast<std::uint8_t>(rng_.below(32));
  request.mac_dst = rng_.next() >> 16;
  request.mac_src = rng_.next() >> 16;
  request.tags = static_cast<std::uint8_t>(rng_.below(3));
  request.tag1 = rng_.u32();
  request.tag2 = rng_.u32();
  return request;
}

RequestRecord Adversary::stray() {
  RequestRecord request = about(kOpStray, any_ends());
  const bool syn_ack = rng_.bit();
  request.flags = syn_ack ? 0x12 : 0x01;
  request.note = syn_ack ? kEventSynAckInvalid : kEventSynMissing;
  return request;
}

RequestRecord Adversary::visit() {
  RequestRecord request{};
  request.op = kOpVisit;
  request.time_ms = now_;
  request.seq = visited_++;
  return request;
}

void Adversary::answered(const RequestRecord& request, const VerdictRecord& verdict) {
  if (verdict.send != kSendSynAck) return;
  const Known known{request_ends(request), verdict.ack - 1, verdict.seq, verdict.ts_ok};
  if (known_.size() < kKnown) {
    known_.push_back(known);
  } else {
    known_[rng_.below(kKnown)] = known;
  }
}

}  // namespace synward::test
