// SPDX-License-Identifier: BSD-2-Clause
#include "core/reset_rig.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "common/contract.hpp"
#include "common/mail.hpp"
#include "common/reply_view.hpp"
#include "common/setup.hpp"

namespace synward::test {

namespace {

constexpr std::size_t kBeat = 64;
constexpr std::size_t kKnown = 4'000;
constexpr std::uint64_t kQuiet = 300;
/// Clocks from the pin to the core, skew included, and those for which the core is held behind the reset's end.
constexpr std::uint64_t kLands = 40, kHold = 64;

std::string text_of(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// Of a client: where the card's answers go.
std::string client_of(const Address& address, std::uint16_t port) {
  std::string text = text_of(address.view());
  text += static_cast<char>(port >> 8);
  text += static_cast<char>(port);
  return text;
}

std::uint8_t cookie_byte() { return oracle_cookie_byte(1460, 7, true, false); }

}  // namespace

ResetRig::ResetRig(std::uint64_t seed)
    : rng(seed),
      core_([&] {
        Verilated::threadContextp(&context_);
        context_.randReset(2);
        context_.randSeed(static_cast<int>(seed % 0x7fffffff) + 1);
        return sim::make_small_core(context_);
      }()),
      pins_(core_->pins()),
      faults_(*core_->faults()) {
  pins_.time_given = 1;
  pins_.time_ms = 1'000;  // time stands: nothing is sent twice
  pins_.bready = pins_.rready = 1;
  pins_.rst_n = 1;
}
ResetRig::~ResetRig() {
  Verilated::threadContextp(&context_);
  core_.reset();
}

void ResetRig::fail(const std::string& what) {
  if (fault_.empty()) fault_ = "clock " + std::to_string(now_) + ": " + what;
}

/// Behind the headers come bytes up to a beat's edge, and from there a whole frame, to the end.
Bytes ResetRig::with_bait(FrameSpec spec, unsigned depth) {
  FrameSpec inner;
  inner.mac_src = {0xde, 0xad, 0xbe, 0xef, 0, 0};
  inner.src = address("203.0.113.66");
  inner.dst = address(rng.bit() ? "198.51.100.7" : "198.51.100.99");
  inner.sport = rng.u16();
  inner.dport = 443;
  inner.flags = rng.bit() ? kSyn : kAck;
  inner.seq = rng.u32();
  inner.pad = false;
  const Bytes bait = depth == 0 ? build(inner).bytes : with_bait(inner, depth - 1);
  constexpr std::size_t kHeaders = 54;
  spec.payload.assign(kBeat * rng.between(1, 3) - kHeaders, rng.u8());
  append(spec.payload, bait);
  spec.pad = false;
  return build(spec).bytes;
}

const Offered& ResetRig::make(Way way) {
  Offered frame;
  frame.way = way;
  frame.serial = ++serial_[way];
  frame.first_clock = now_;
  FrameSpec spec;
  const unsigned kind = static_cast<unsigned>(rng.below(10));
  const auto id = static_cast<std::uint32_t>(frame.serial);
  spec.src = address("10.0.0.0");
  spec.src.bytes[1] = static_cast<std::uint8_t>(id >> 16);
  spec.src.bytes[2] = static_cast<std::uint8_t>(id >> 8);
  spec.src.bytes[3] = static_cast<std::uint8_t>(id);
  spec.dst = address("198.51.100.7");
  spec.sport = static_cast<std::uint16_t>(1024 + rng.below(60'000));
  spec.dport = 443;
  spec.seq = rng.u32();
  if (way == kToLine) {
    // From an unprotected server; no flow stands for it.
    std::swap(spec.src, spec.dst);
    spec.src = address("198.51.100.99");
    spec.flags = kAck;
    frame.bytes = with_bait(spec, kind < 5 ? 0 : static_cast<unsigned>(rng.below(3)));
  } else if (kind < 3) {
    FrameSpec syn = plain_syn(false);
    syn.src = spec.src;
    syn.sport = spec.sport;
    syn.seq = spec.seq;
    spec = syn;
    frame.syn = true;
    frame.bytes = build(spec).bytes;
  } else if (kind < 5) {
    FrameSpec ack = plain_ack(false);
    ack.src = spec.src;
    ack.sport = spec.sport;
    ack.seq = spec.seq;
    ack.ack = oracle_iss(default_secrets().cookie[0], {spec.src, ack.dst, spec.sport, ack.dport}, spec.seq - 1,
                         cookie_byte()) +
              1;
    spec = ack;
    frame.handshake = true;
    frame.bytes = rng.bit() ? build(spec).bytes : with_bait(spec, 0);
  } else if (kind < 6) {
    spec.flags = kSyn;
    spec.tcp_checksum = rng.u16();
    frame.bytes = build(spec).bytes;
    FrameSpec right = spec;
    right.tcp_checksum.reset();
    frame.forged = build(right).bytes != frame.bytes;
  } else {
    spec.dst = address("198.51.100.99");
    spec.flags = kAck;
    frame.bytes = with_bait(spec, static_cast<unsigned>(rng.below(3)));
    if (frame.bytes.size() > traffic_.longest) frame.bytes = with_bait(spec, 0);
  }
  frame.tuple = {spec.src, spec.dst, spec.sport, spec.dport};
  frame.seq = spec.seq;
  if (known_.size() >= kKnown) {
    const Offered& old = known_.front();
    by_bytes_.erase(text_of(old.bytes));
    if (old.way == kToHost) by_client_.erase(client_of(old.tuple.client, old.tuple.client_port));
    known_.pop_front();
  }
  const Offered& kept = known_.emplace_back(std::move(frame));
  by_bytes_[text_of(kept.bytes)] = &kept;
  if (way == kToHost) by_client_[client_of(kept.tuple.client, kept.tuple.client_port)] = &kept;
  ++seen.offered[way];
  seen.forged += kept.forged;
  seen.syns += kept.syn;
  seen.handshakes += kept.handshake;
  return kept;
}

/// True if a beat goes in.
bool ResetRig::drive(Way way, sim::CorePins::StreamIn& pins) {
  Source& source = sources_[way];
  pins.valid = 0;
  pins.error = 0;
  pins.last = rng.bit();
  if (source.frame == nullptr) {
    if (quiet_ || !rng.percent(way == kToHost ? traffic_.line : traffic_.host)) return false;
    if (way == kToLine && traffic_.mails > 0 && rng.percent(traffic_.mails)) {
      MailSpec spec;
      spec.tags = rng.below(3);
      spec.size = rng.between(60, 256);
      mail_.bytes = mail_frame(spec);
      source = {&mail_, 0};
    } else {
      source = {&make(way), 0};
    }
  } else if (rng.percent(traffic_.gaps)) {
    return false;
  }
  const Bytes& bytes = source.frame->bytes;
  const std::size_t n = std::min(kBeat, bytes.size() - source.at);
  std::memset(pins.data.data(), 0, kBeat);
  std::memcpy(pins.data.data(), bytes.data() + source.at, n);
  pins.valid = 1;
  pins.keep = ~0ULL >> (kBeat - n);
  source.at += n;
  pins.last = source.at == bytes.size();
  if (pins.last != 0) source.frame = nullptr;
  return true;
}

void ResetRig::collect(Way way, const sim::CorePins::StreamOut& pins) {
  Collector& out = out_[way];
  const char* port = way == kToHost ? "host_tx" : "line_tx";
  Bytes shown;
  if (pins.valid != 0) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(pins.data.data());
    shown.assign(data, data + kBeat);
    for (int i = 0; i < 8; ++i) shown.push_back(static_cast<std::uint8_t>(pins.keep >> 8 * i));
    shown.push_back(static_cast<std::uint8_t>(pins.last << 1 | pins.error));
  }
  if (pins.valid != 0 && out.frame.empty() && !out.stalled) out.first_clock = now_;
  if (out.stalled && shown != out.held) fail(std::string(port) + ": a beat changed before it was taken");
  if (pins.valid == 0 && !out.frame.empty()) fail(std::string(port) + ": tvalid fell inside a frame");
  out.stalled = pins.valid != 0 && pins.ready == 0;
  out.held = std::move(shown);
  if (pins.valid == 0) return;
  moved_at_ = now_;
  if (pins.ready == 0) return;
  const auto n = static_cast<std::size_t>(__builtin_popcountll(pins.keep));
  if (n == 0 || pins.keep != ~0ULL >> (kBeat - n) || (n < kBeat && pins.last == 0))
    fail(std::string(port) + ": tkeep has holes");
  if (pins.error != 0 && pins.last == 0) fail(std::string(port) + ": an error before the last beat");
  if (pins.error != 0) {
    judge_cut(way, out);
    out.frame.clear();
    return;
  }
  append(out.frame, ByteView(out.held).first(n));
  if (pins.last == 0) return;
  judge(way, out);
  out.frame.clear();
}

void ResetRig::judge(Way way, Collector& out) {
  if (way == kToHost && out.frame == mail_out) {
    ++seen.mails;
    return;
  }
  const auto found = by_bytes_.find(text_of(out.frame));
  if (found == by_bytes_.end()) {
    way == kToHost ? judge_mark(out) : judge_answer(out);
    return;
  }
  const Offered& frame = *found->second;
  if (frame.way != way) return fail("a frame was sent back");
  if (frame.serial <= out.last_serial[0]) return fail("a frame was sent twice, or out of order");
  out.last_serial[0] = frame.serial;
  if (frame.first_clock < reset_ended_ + kHold && out.first_clock > reset_began_ + kLands)
    return fail("a frame that came before the end of the reset");
  if (frame.first_clock > serving_since_ && frame.forged) return fail("a frame with a wrong checksum was passed");
  ++seen.passed[way];
}

/// The end of a frame that a reset has cut: what came of it is the beginning of one.
void ResetRig::judge_cut(Way way, Collector& out) {
  ++seen.cut;
  if (out.frame.empty()) return fail("the end of a frame that had not begun");
  if (way == kToHost && mail_out.size() > out.frame.size() &&
      std::equal(out.frame.begin(), out.frame.end(), mail_out.begin()))
    return;
  for (const Offered& frame : known_)
    if (frame.way == way && frame.serial > out.last_serial[0] && frame.bytes.size() > out.frame.size() &&
        std::equal(out.frame.begin(), out.frame.end(), frame.bytes.begin()))
      return;
  // The card's own, of two beats: its end, which is missing, belongs to what can be judged.
  if (out.frame.size() != kBeat || out.frame[6] == 0xde) fail("a cut frame that nobody sent: " + to_hex(out.frame));
}

void ResetRig::judge_answer(Collector& out) {
  const std::string nobody = "a frame that nobody sent: " + to_hex(out.frame);
  if (out.frame.size() < 60 || out.frame[12] != 8 || out.frame[23] != 6) return fail(nobody);
  const ReplyView reply = read_reply(out.frame);
  Address client;
  std::copy_n(out.frame.begin() + 30, 4, client.bytes.begin());
  const auto found = by_client_.find(client_of(client, reply.dport));
  if (found == by_client_.end() || !found->second->syn) return fail(nobody);
  const Offered& syn = *found->second;
  if (reply.flags != (kSyn | kAck) || reply.ack != syn.seq + 1 ||
      reply.seq != oracle_iss(default_secrets().cookie[0], syn.tuple, syn.seq, cookie_byte()))
    return fail("a wrong SYN-ACK: " + to_hex(out.frame));
  if (syn.serial <= out.last_serial[1]) return fail("a SYN was answered twice, or out of order");
  out.last_serial[1] = syn.serial;
  ++seen.answers;
}

void ResetRig::judge_mark(Collector& out) {
  const std::string nobody = "a frame that nobody sent: " + to_hex(out.frame);
  if (out.frame.size() < 66 || out.frame[12] != 8 || out.frame[23] != 6) return fail(nobody);
  const ReplyView mark = read_reply(out.frame);
  Address client;
  std::copy_n(out.frame.begin() + 26, 4, client.bytes.begin());
  const auto found = by_client_.find(client_of(client, mark.sport));
  if (found == by_client_.end() || !found->second->handshake) return fail(nobody);
  const Offered& ack = *found->second;
  // The mark stands first, or right behind timestamps.
  const ByteView o = ByteView(mark.options).subspan(mark.tsval ? 12 : 0);
  if (o.size() < 12 || o[0] != 253 || o[1] != 12 || mark.flags != kAck || mark.seq != ack.seq) return fail(nobody);
  const std::uint32_t mac = oracle_mark_mac(default_secrets().mark, ack.tuple, mark.seq, mark.ack, o[4], o[5],
                                            static_cast<std::uint16_t>(o[6] << 8 | o[7]));
  Bytes expected;
  put32(expected, mac);
  const bool right = std::equal(expected.begin(), expected.end(), o.begin() + 8);
  if (!right) ++seen.wrong_marks;
  if (!right && !macs_lost) return fail("a mark of another: " + to_hex(out.frame));
  if (ack.serial <= out.last_serial[1] || ack.serial <= out.last_serial[0]) return fail("a mark behind its frame");
  out.last_serial[1] = ack.serial;
  ++seen.marks;
}

void ResetRig::edge() {
  pins_.clk = 1;
  core_->eval();
  // Skew of the copies: each rises, and falls, some clocks late.
  const auto late = [](std::uint8_t& copies, unsigned bit, Skew& skew) {
    const auto mask = static_cast<std::uint8_t>(1U << bit);
    const bool high = (copies & mask) != 0;
    skew.fell = skew.fell || !high;
    if (!high && skew.fall > 0) {
      --skew.fall;
      copies = static_cast<std::uint8_t>(copies | mask);
    } else if (high && skew.fell && skew.rise > 0) {
      --skew.rise;
      copies = static_cast<std::uint8_t>(copies & ~mask);
    }
  };
  for (unsigned i = 0; i < sim::CoreFaults::kShellResets; ++i) late(faults_.shell_resets, i, skews_[i]);
  late(faults_.engine_reset, 0, skews_.back());
  if (on_edge) on_edge(faults_);
}

void ResetRig::clock() {
  bool moves = drive(kToHost, pins_.line_rx);
  moves |= drive(kToLine, pins_.host_rx);
  if (moves) moved_at_ = now_;
  pins_.line_tx.ready = rng.percent(quiet_ ? 100 : traffic_.line_ready);
  pins_.host_tx.ready = rng.percent(quiet_ ? 100 : traffic_.host_ready);
  pins_.clk = 0;
  core_->eval();
  collect(kToLine, pins_.line_tx);
  collect(kToHost, pins_.host_tx);
  edge();
  ++now_;
}

void ResetRig::drain() {
  quiet_ = true;
  moved_at_ = now_;
  while (fault_.empty() && (now_ < moved_at_ + kQuiet || sources_[0].frame != nullptr || sources_[1].frame != nullptr))
    clock();
}

void ResetRig::reset(std::uint64_t length, unsigned skew) {
  serving_since_ = ~std::uint64_t{0};
  reset_began_ = now_;
  for (Skew& one : skews_)
    one = {static_cast<unsigned>(rng.below(skew + 1)), static_cast<unsigned>(rng.below(skew + 1)), false};
  pins_.rst_n = 0;
  core_->eval();
  clocks(length);
  // Whoever spoke to the registers speaks no more.
  pins_.awvalid = pins_.wvalid = pins_.arvalid = 0;
  pins_.bready = pins_.rready = 1;
  pins_.rst_n = 1;
  core_->eval();
  reset_ended_ = now_;
  clocks(8);
  for (int i = 0; i < 48 && fault_.empty(); ++i) {
    clock();
    if (skew == 0 && (pins_.bvalid != 0 || pins_.rvalid != 0)) fail("a register answers in a reset");
  }
}

void ResetRig::begin_access() {
  pins_.awvalid = rng.bit();
  pins_.wvalid = rng.bit();
  pins_.arvalid = rng.bit();
  pins_.bready = rng.bit();
  pins_.rready = rng.bit();
  clocks(rng.below(8));
}

std::uint64_t ResetRig::syn_latency() {
  forget();
  quiet_ = true;
  traffic_ = {};  // no gaps
  while (true) {
    const Offered& frame = make(kToHost);
    if (frame.syn) {
      sources_[kToHost] = {&frame, 0};
      break;
    }
  }
  const std::uint64_t from = now_;
  std::uint64_t first = 0;
  while (fault_.empty() && first == 0 && now_ < from + kQuiet) {
    clock();
    if (seen.answers > 0) first = out_[kToLine].first_clock;
  }
  return first == 0 ? 0 : first - from;
}

template <typename Done>
void ResetRig::wait_for(Done&& done) {
  for (int i = 0; i < 10'000 && fault_.empty(); ++i) {
    pins_.clk = 0;
    core_->eval();
    if (done()) return;
    clock();
  }
  throw std::runtime_error(fault_.empty() ? "the card does not answer on its register port" : fault_);
}

std::uint32_t ResetRig::read32(std::uint32_t offset) {
  pins_.araddr = static_cast<std::uint16_t>(offset);
  pins_.arvalid = 1;
  wait_for([&] { return pins_.arready != 0; });
  clock();
  pins_.arvalid = 0;
  wait_for([&] { return pins_.rvalid != 0; });
  const std::uint32_t value = pins_.rdata;
  clock();
  return value;
}

void ResetRig::write32(std::uint32_t offset, std::uint32_t value) {
  pins_.awaddr = static_cast<std::uint16_t>(offset);
  pins_.awvalid = 1;
  pins_.wdata = value;
  pins_.wvalid = 1;
  wait_for([&] { return pins_.awready != 0 && pins_.wready != 0; });
  clock();
  pins_.awvalid = 0;
  pins_.wvalid = 0;
  wait_for([&] { return pins_.bvalid != 0; });
  clock();
}

}  // namespace synward::test
