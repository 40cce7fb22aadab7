// SPDX-License-Identifier: BSD-2-Clause
// Proves that SYN-ACKs, challenge ACKs, RSTs and marked ACKs, one a clock and with gaps, are byte for byte what section
// 3 of the theory of operation says, and that nothing but zeros follows them.
#include <Vsynward_reply_builder.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <optional>

#include "block/bench.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 10;
constexpr std::size_t kRoom = 106, kMinFrame = 60;
constexpr std::uint8_t kSynAck = 1, kChallenge = 2, kReset = 3, kMark = 4;

ContextRecord random_context(Rng& rng) {
  auto context = random_record<ContextRecord>(rng);
  context.tags = static_cast<std::uint8_t>(rng.below(3));
  if (!context.v6) {
    context.faddr = {0, rng.u32()};
    context.laddr = {0, rng.u32()};
  }
  // Around the lengths at which the MSS option is left out.
  context.len = static_cast<std::uint16_t>(rng.percent(80) ? rng.between(54, 110) : rng.between(54, 16383));
  context.svc_wscale = static_cast<std::uint8_t>(rng.below(15));
  return context;
}

/// A context as it comes with a reply of this kind: options that mean nothing for it are off.
ContextRecord random_context(Rng& rng, std::uint8_t kind) {
  ContextRecord context = random_context(rng);
  if (kind == kChallenge || kind == kReset) context.ws_ok = context.sack_ok = false;
  if (kind == kReset) context.ts_ok = false;
  return context;
}

Address to_address(bool v6, const Wide128& value) {
  Bytes bytes;
  for (const std::uint64_t half : {value.hi, value.lo}) {
    put32(bytes, static_cast<std::uint32_t>(half >> 32));
    put32(bytes, static_cast<std::uint32_t>(half));
  }
  Address out{.v6 = v6};
  std::copy(bytes.begin() + (v6 ? 0 : 12), bytes.end(), out.bytes.begin());
  return out;
}

std::array<std::uint8_t, 6> to_mac(std::uint64_t value) {
  std::array<std::uint8_t, 6> out{};
  for (std::size_t i = 0; i < 6; ++i) out[i] = static_cast<std::uint8_t>(value >> (40 - 8 * i));
  return out;
}

/// What every frame takes over from the one that it answers or announces.
FrameSpec from_context(const ContextRecord& c, bool answer) {
  FrameSpec spec;
  spec.mac_dst = to_mac(answer ? c.mac_src : c.mac_dst);
  spec.mac_src = to_mac(answer ? c.mac_dst : c.mac_src);
  spec.src = to_address(c.v6, answer ? c.laddr : c.faddr);
  spec.dst = to_address(c.v6, answer ? c.faddr : c.laddr);
  spec.sport = answer ? c.lport : c.fport;
  spec.dport = answer ? c.fport : c.lport;
  for (const std::uint32_t tag : {c.tag1, c.tag2}) {
    if (spec.tags.size() == c.tags) break;
    spec.tags.push_back({static_cast<std::uint16_t>(tag >> 16), static_cast<std::uint16_t>(tag)});
  }
  return spec;
}

Bytes to_line(std::uint8_t kind, const ContextRecord& c, const VerdictRecord& v) {
  FrameSpec spec = from_context(c, true);
  spec.seq = v.seq;
  spec.ack = v.ack;
  spec.ttl = c.svc_ttl;
  spec.fragment = v.df ? 0x4000 : 0;
  if (kind == kReset) {
    spec.flags = kRst;
    spec.window = 0;
    return build(spec).bytes;
  }
  spec.tos = c.svc_tos;
  spec.window = c.svc_window;
  const Bytes stamps = opt_ts(v.tsoff + c.time_ms, c.tsval);
  if (kind == kChallenge) {
    spec.flowlabel = v.seq - 1;
    spec.flags = kAck;
    if (c.ts_ok) spec.options = concat({opt_nop(2), stamps});
    return build(spec).bytes;
  }
  spec.flowlabel = v.seq;
  spec.flags = static_cast<std::uint8_t>(kSyn | kAck | (v.ece ? kEce : 0));
  Bytes rest;
  if (c.ws_ok) append(rest, concat({opt_nop(), opt_ws(c.svc_wscale)}));
  if (c.ts_ok) append(rest, concat({c.sack_ok ? opt_sack() : opt_nop(2), stamps}));
  if (c.sack_ok && !c.ts_ok) append(rest, opt_sack());
  spec.options = concat({opt_mss(c.svc_mss), rest});
  Bytes reply = build(spec).bytes;
  if (c.has_mss || reply.size() <= std::max<std::size_t>(kMinFrame, c.len)) return reply;
  spec.options = rest;
  return build(spec).bytes;
}

Bytes marked_ack(const ContextRecord& c, const VerdictRecord& v, std::uint32_t mac) {
  FrameSpec spec = from_context(c, false);
  spec.seq = v.seq;
  spec.ack = v.ack;
  spec.flags = kAck;
  spec.window = c.window;
  spec.ttl = c.ttl;
  spec.tos = c.tos;
  spec.flowlabel = c.flowlabel;
  if (c.ts_ok) spec.options = concat({opt_nop(2), opt_ts(c.tsval, c.tsecr)});
  append(spec.options, opt_mark(v.mark_flags, v.mark_wscale, v.mark_mss, mac));
  return build(spec).bytes;
}

TEST(ReplyBuilder, builds_the_frames_of_the_contract) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_reply_builder> block(seed);
  block->valid_i = 0;
  block.reset();
  std::deque<std::optional<Bytes>> under_way;
  unsigned gaps = 0;
  for (int clock = 0; clock < 60'000; ++clock) {
    if (rng.percent(1)) gaps = rng.pick(std::array{0U, 0U, 30U});
    const std::uint8_t kind = rng.pick(std::array{kSynAck, kSynAck, kChallenge, kReset, kMark});
    const ContextRecord context = random_context(rng, kind);
    const auto verdict = random_record<VerdictRecord>(rng);
    const std::uint32_t mac = rng.u32();
    const bool valid = !rng.percent(gaps);
    block->valid_i = valid;
    block->kind_i = kind;
    pack(context, block->context_i);
    pack(verdict, block->verdict_i);
    block->mark_mac_i = mac;
    block.settle();
    if (under_way.size() == kLatency) {
      const auto& expected = under_way.front();
      ASSERT_EQ(block->valid_o != 0, expected.has_value()) << "clock " << clock;
      if (expected) {
        ASSERT_EQ(block->len_o, expected->size()) << "clock " << clock << ", " << to_hex(*expected);
        Bytes padded = *expected;
        padded.resize(kRoom);
        ASSERT_EQ(to_hex(get_bytes(block->frame_o, 0, kRoom)), to_hex(padded)) << "clock " << clock;
      }
      under_way.pop_front();
    }
    under_way.emplace_back();
    if (valid) under_way.back() = kind == kMark ? marked_ack(context, verdict, mac) : to_line(kind, context, verdict);
    block.edge();
  }
}

}  // namespace
}  // namespace synward::test
