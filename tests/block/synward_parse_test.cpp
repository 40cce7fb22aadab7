// SPDX-License-Identifier: BSD-2-Clause
// Proves, for every frame of the hostile generator and for ICMP errors of all shapes, that the decision, the engine's
// question and the builder's context are the reference's, in order and at the promised clock: with gaps between beats
// and frames, under all sysctls. This is the test of the window, the alignment, the headers, the extension header
// chain, the quotes and the checksums too.
#include <Vsynward_parse.h>
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "block/bench.hpp"
#include "block/service_write.hpp"
#include "block/stream.hpp"
#include "common/generator.hpp"
#include "reference/classify.hpp"
#include "reference/parse.hpp"
#include "reference/quote.hpp"
#include "synward/codes.hpp"

namespace synward::test {
namespace {

using reference::Action;

constexpr std::uint8_t kPass = 0, kDrop = 1, kAsk = 2;
constexpr std::uint64_t kLatency = 23;  ///< clocks from the last beat, for three beats and more

Wide128 to_wide(const Address& address) {
  Bytes bytes(address.v6 ? 0 : 12);
  append(bytes, address.view());
  const reference::FrameReader reader(bytes);
  return reader.u128(0);
}

reference::Service to_reference(const ServiceEntry& entry) {
  return {.valid = true,
          .address = to_wide(entry.address),
          .port = entry.port,
          .v4 = entry.v4,
          .v6 = entry.v6,
          .any = entry.any,
          .answer = {.mode = static_cast<std::uint8_t>(entry.mode),
                     .en_ws = entry.en_ws,
                     .en_sack = entry.en_sack,
                     .en_ts = entry.en_ts,
                     .en_ecn = entry.en_ecn,
                     .mss4 = entry.mss4,
                     .mss6 = entry.mss6,
                     .path_mss4 = entry.path_mss4,
                     .path_mss6 = entry.path_mss6,
                     .window = entry.window,
                     .wscale = entry.wscale,
                     .ttl = entry.ttl,
                     .tos = entry.tos}};
}

/// What the block says of one frame.
struct Decision {
  std::uint8_t kind = kPass;
  reg::Drop reason{};
  RequestRecord request{};
  ContextRecord context{};
};

/// Clears what means nothing: fields that the request's op does not use, options that were not accepted or do not
/// count, tags that are not there.
void normalise(Decision& d) {
  RequestRecord& r = d.request;
  ContextRecord& c = d.context;
  if (d.kind != kDrop) d.reason = {};
  if (r.op != kOpNote && r.op != kOpStray) r.note = 0;
  if (r.op == kOpNone) r = {};
  if (r.op == kOpUnreach || r.op == kOpNote) {
    RequestRecord kept{};
    kept.op = r.op;
    kept.time_ms = r.time_ms;
    kept.v6 = r.v6;
    kept.faddr = r.faddr;
    kept.laddr = r.laddr;
    kept.fport = r.fport;
    kept.lport = r.lport;
    if (r.op == kOpUnreach) kept.seq = r.seq;
    if (r.op == kOpNote) kept.flags = r.flags;
    if (r.op == kOpNote) kept.note = r.note;
    r = kept;
  }
  if (d.kind != kAsk) {
    c = {};
    return;
  }
  if (r.op != kOpSyn) {
    r.mss = 0;
    r.has_mss = r.ws_ok = r.sack_ok = r.ecn_ok = c.has_mss = c.ws_ok = c.sack_ok = false;
  }
  if (r.op != kOpAck) r.agent = false;
  if (r.op == kOpRst || r.op == kOpStray) r.ts_ok = c.ts_ok = false;
  if (!r.ws_ok) r.ws = 0;
  if (!c.ts_ok) r.tsval = c.tsval = c.tsecr = 0;
  if (c.tags < 1) r.tag1 = c.tag1 = 0;
  if (c.tags < 2) r.tag2 = c.tag2 = 0;
  if (!c.v6) c.flowlabel = 0;
}

std::string text(const Decision& d) {
  return "kind " + std::to_string(d.kind) + ", reason " + std::to_string(static_cast<int>(d.reason)) + ", request " +
         fields_text(d.request) + ", context " + fields_text(d.context);
}

std::uint8_t op_of(Action action) {
  switch (action) {
    case Action::syn:
      return kOpSyn;
    case Action::ack:
      return kOpAck;
    case Action::rst:
      return kOpRst;
    case Action::stray:
      return kOpStray;
    case Action::pass:
    case Action::drop:
      return kOpNone;
  }
  return kOpNone;
}

/// The decision by the reference's functions, put together by sections 1 to 3 of the theory of operation.
Decision decide(ByteView frame, const reference::Settings& settings, std::uint32_t agents, std::uint32_t time_ms,
                bool damaged) {
  const reference::ParsedFrame p = reference::parse(frame);
  const reference::Classified fate =
      damaged ? reference::Classified{.action = reference::Action::drop, .reason = reg::Drop::bad_fcs}
              : reference::classify(frame, p, settings);
  Decision d;
  RequestRecord& r = d.request;
  r.time_ms = time_ms;
  r.v6 = p.v6;
  r.faddr = p.src;
  r.laddr = p.dst;
  r.fport = p.sport;
  r.lport = p.dport;
  r.flags = p.flags;
  if (fate.action == Action::drop) {
    d.kind = kDrop;
    d.reason = fate.reason;
    if (!fate.event) return d;
    r.op = kOpNote;
    r.note = static_cast<std::uint8_t>(*fate.event);
    return d;
  }
  if (fate.action == Action::pass) {
    const auto quote = reference::read_quote(frame, p);
    if (!quote) return d;
    r.op = kOpUnreach;
    r.faddr = quote->faddr;
    r.laddr = quote->laddr;
    r.fport = quote->fport;
    r.lport = quote->lport;
    r.seq = quote->seq;
    return d;
  }
  d.kind = kAsk;
  r.op = op_of(fate.action);
  const ServiceRecord& s = fate.service->answer;
  const bool syn = fate.action == Action::syn;
  const unsigned rfc1323 = settings.rfc1323;
  r.seq = p.seq;
  r.ack = p.ack;
  r.has_mss = p.options.has_mss;
  r.mss = p.options.mss;
  r.ws_ok = syn && p.options.has_ws && s.en_ws && (rfc1323 == 1 || rfc1323 == 2);
  r.ws = std::min<std::uint8_t>(p.options.ws, 14);
  r.sack_ok = syn && p.options.has_sack && s.en_sack && settings.sack_enable;
  r.ts_ok = p.options.has_ts && (!syn || (s.en_ts && (rfc1323 == 1 || rfc1323 == 3)));
  r.ecn_ok = syn && (p.flags & kEce) != 0 && (p.flags & kCwr) != 0 && settings.ecn_enable && s.en_ecn;
  r.tsval = p.options.tsval;
  r.len = static_cast<std::uint8_t>(std::min<std::size_t>(frame.size(), 127));
  r.service = static_cast<std::uint8_t>(fate.service - settings.services.data());
  r.agent = (agents >> r.service & 1) != 0;
  r.window = s.window;
  r.wscale = s.wscale;
  r.path_mss = p.v6 ? s.path_mss6 : s.path_mss4;
  if (fate.event) r.note = static_cast<std::uint8_t>(*fate.event);
  r.mac_dst = p.mac_dst;
  r.mac_src = p.mac_src;
  r.tags = p.tags;
  r.tag1 = p.tag[0];
  r.tag2 = p.tag[1];
  d.context = {.mac_dst = p.mac_dst,
               .mac_src = p.mac_src,
               .tags = p.tags,
               .tag1 = p.tag[0],
               .tag2 = p.tag[1],
               .v6 = p.v6,
               .faddr = p.src,
               .laddr = p.dst,
               .fport = p.sport,
               .lport = p.dport,
               .seq = p.seq,
               .ack = p.ack,
               .window = p.window,
               .ttl = p.ttl,
               .tos = p.tos,
               .flowlabel = p.flowlabel,
               .len = static_cast<std::uint16_t>(frame.size()),
               .has_mss = p.options.has_mss,
               .ws_ok = r.ws_ok,
               .sack_ok = r.sack_ok,
               .ts_ok = r.ts_ok,
               .tsval = p.options.tsval,
               .tsecr = p.options.tsecr,
               .time_ms = time_ms,
               .svc_mss = p.v6 ? s.mss6 : s.mss4,
               .svc_window = s.window,
               .svc_wscale = s.wscale,
               .svc_ttl = s.ttl,
               .svc_tos = s.tos};
  return d;
}

Address random_address(Rng& rng, bool v6) {
  Address out{.v6 = v6};
  for (std::uint8_t& byte : out.bytes) byte = rng.u8();
  return out;
}

/// The packet that an ICMP error quotes, as much of it as fits; seldom not TCP, or a later fragment.
Bytes quoted_packet(Rng& rng, bool v6) {
  FrameSpec spec;
  spec.src = random_address(rng, v6);
  spec.dst = random_address(rng, v6);
  if (!v6) spec.ip_options = random_bytes(rng, 4 * rng.below(11));
  if (rng.percent(10)) spec.protocol = rng.u8();
  if (rng.percent(10)) spec.ip_version = static_cast<std::uint8_t>(rng.below(16));
  if (rng.percent(10)) spec.ihl = static_cast<std::uint8_t>(rng.below(16));
  if (rng.percent(10)) spec.fragment = rng.percent(50) ? 0x2000 : rng.u16();
  if (v6 && rng.percent(10)) spec.extensions.push_back({});
  spec.sport = rng.u16();
  spec.dport = rng.u16();
  spec.seq = rng.u32();
  spec.payload = random_bytes(rng, rng.below(40));
  spec.pad = false;
  const Frame frame = build(spec);
  Bytes packet(frame.bytes.begin() + static_cast<std::ptrdiff_t>(frame.l3), frame.bytes.end());
  // Around the first 8 bytes of the TCP header, which must be there.
  const std::size_t header = frame.l4 - frame.l3;
  if (rng.percent(70)) packet.resize(std::min(packet.size(), header + rng.between(4, 12)));
  if (rng.percent(5)) packet.resize(rng.below(packet.size() + 1));
  return packet;
}

/// An ICMP or ICMPv6 message, mostly an error that quotes TCP.
Bytes icmp_error(Rng& rng) {
  const bool v6 = rng.bit();
  FrameSpec spec;
  spec.src = random_address(rng, v6);
  spec.dst = random_address(rng, v6);
  for (std::uint64_t tag = rng.below(3); tag > 0; --tag) spec.tags.push_back({.tci = rng.u16()});
  spec.tcp = false;
  spec.protocol = v6 != rng.percent(5) ? 58 : 1;
  if (!v6 && rng.percent(30)) spec.ip_options = random_bytes(rng, 4 * rng.below(11));
  if (v6 && rng.percent(5)) spec.extensions.push_back({});
  if (rng.percent(5)) spec.fragment = rng.u16();
  const std::uint8_t type = rng.percent(70) ? (v6 ? static_cast<std::uint8_t>(rng.between(1, 4))
                                                  : rng.pick(std::array<std::uint8_t, 3>{3, 11, 12}))
                                            : static_cast<std::uint8_t>(rng.below(20));
  spec.payload = concat({{type, rng.u8(), 0, 0}, random_bytes(rng, 4), quoted_packet(rng, rng.percent(5) != v6)});
  const std::uint16_t pseudo =
      v6 ? ones_sum(Bytes{0, 52}, pseudo_sum(spec.src.view(), spec.dst.view(), spec.payload.size())) : std::uint16_t{0};
  const auto checksum = static_cast<std::uint16_t>(~ones_sum(spec.payload, pseudo));
  spec.payload[2] = static_cast<std::uint8_t>(checksum >> 8);
  spec.payload[3] = static_cast<std::uint8_t>(checksum);
  if (rng.percent(10)) spec.payload[rng.below(spec.payload.size())] ^= static_cast<std::uint8_t>(1U << rng.below(8));
  if (rng.percent(20)) spec.trailer = random_bytes(rng, rng.below(100));
  spec.pad = rng.bit();
  return build(spec).bytes;
}

class Parser {
 public:
  explicit Parser(std::uint64_t seed) : rng(seed), block_(seed) {
    block_->valid_i = 0;
    pack(ServiceWriteRecord{}, block_->service_i);
    block_.reset();
  }

  /// Writes all of the table and sets the sysctls; nothing may be under way.
  void configure(const std::vector<ServiceEntry>& services) {
    settings_ = {.rfc1323 = static_cast<std::uint32_t>(rng.below(4)),
                 .sack_enable = rng.bit(),
                 .drop_synfin = rng.bit(),
                 .ecn_enable = rng.bit(),
                 .fragments_drop = rng.bit(),
                 .unclassified_drop = rng.bit(),
                 .signed_drop = rng.bit(),
                 .secrets_loaded = !rng.percent(5)};
    block_->secrets_loaded_i = settings_.secrets_loaded;
    block_->unclassified_drop_i = settings_.unclassified_drop;
    block_->fragments_drop_i = settings_.fragments_drop;
    block_->drop_synfin_i = settings_.drop_synfin;
    block_->signed_drop_i = settings_.signed_drop;
    agents_ = rng.u32();
    block_->agents_i = agents_;
    block_->sack_enable_i = settings_.sack_enable;
    block_->ws_enable_i = settings_.rfc1323 == 1 || settings_.rfc1323 == 2;
    block_->ecn_enable_i = settings_.ecn_enable;
    block_->ts_enable_i = settings_.rfc1323 == 1 || settings_.rfc1323 == 3;
    for (std::size_t i = 0; i < reference::kServices; ++i) {
      if (i < services.size()) settings_.services[i] = to_reference(services[i]);
      write(i, settings_.services[i]);
    }
  }

  void send(const Bytes& frame, unsigned gap_chance) {
    const std::uint32_t time_ms = rng.u32();
    const std::size_t beats = beats_of(frame.size());
    for (std::size_t beat = 0; beat < beats; ++beat) {
      while (rng.percent(gap_chance)) idle();
      const std::size_t at = beat * kBeat;
      const std::size_t bytes = std::min(kBeat, frame.size() - at);
      block_->valid_i = 1;
      block_->first_i = beat == 0;
      block_->last_i = beat + 1 == beats;
      block_->top_i = static_cast<std::uint8_t>(bytes - 1);
      block_->data_i = {};
      set_bytes(block_->data_i, 0, ByteView(frame).subspan(at, bytes));
      block_->time_ms_i = time_ms;
      block_->tag_i = tag_;
      // Before the last beat it means nothing.
      block_->error_i = beat + 1 == beats ? rng.percent(3) : rng.bit();
      if (beat + 1 == beats) {
        Decision decision = decide(frame, settings_, agents_, time_ms, block_->error_i != 0);
        normalise(decision);
        expected_.push_back({decision, now_ + kLatency + (beats < 3 ? 3 - beats : 0), frame, tag_});
      }
      clock();
      if (testing::Test::HasFatalFailure()) return;
    }
    tag_ = static_cast<std::uint8_t>((tag_ + 1) % 64);
  }

  void drain() {
    for (int i = 0; i < 64; ++i) idle();
    EXPECT_TRUE(expected_.empty());
  }

  Rng rng;
  std::set<reg::Drop> reasons;
  std::array<std::size_t, kOpNote + 1> asked{};  ///< by op

 private:
  struct Expected {
    Decision decision;
    std::uint64_t clock;
    Bytes frame;
    std::uint8_t tag;
  };

  void write(std::size_t index, const reference::Service& service) {
    pack(service_write(index, service), block_->service_i);
    idle();
    pack(ServiceWriteRecord{}, block_->service_i);
  }

  void idle() {
    block_->valid_i = 0;
    block_->first_i = rng.bit();
    block_->last_i = rng.bit();
    block_->error_i = rng.bit();
    block_->top_i = static_cast<std::uint8_t>(rng.below(kBeat));
    block_->time_ms_i = rng.u32();
    block_->tag_i = rng.u8() % 64;
    scramble(block_->data_i, rng);
    clock();
  }

  void clock() {
    block_.settle();
    const bool due = !expected_.empty() && expected_.front().clock == now_;
    ASSERT_EQ(block_->valid_o != 0, due) << "clock " << now_;
    if (due) check(expected_.front());
    block_.edge();
    ++now_;
  }
  void check(const Expected& expected) {
    ASSERT_EQ(block_->tag_o, expected.tag);
    Decision decision{.kind = block_->kind_o,
                      .reason = static_cast<reg::Drop>(block_->reason_o),
                      .request = unpack<RequestRecord>(block_->request_o),
                      .context = unpack<ContextRecord>(block_->context_o)};
    normalise(decision);
    ASSERT_EQ(text(decision), text(expected.decision)) << to_hex(expected.frame);
    if (decision.kind == kDrop) reasons.insert(decision.reason);
    ++asked[decision.request.op];
    expected_.pop_front();
  }

  Bench<Vsynward_parse> block_;
  reference::Settings settings_;
  std::uint32_t agents_ = 0;
  std::deque<Expected> expected_;
  std::uint64_t now_ = 0;
  std::uint8_t tag_ = 5;  ///< of the next frame
};

TEST(Parse, decides_every_frame_as_the_reference_does) {
  const std::uint64_t seed = test_seed();
  Parser parser(seed);
  Rng& rng = parser.rng;
  for (std::uint64_t batch = 0; batch < 100; ++batch) {
    const std::vector<ServiceEntry> services = rng.percent(30) ? any_address_services() : default_services();
    GeneratorConfig config;
    config.services = services;
    FrameGenerator frames(seed * 1000 + batch, config);
    parser.configure(services);
    const unsigned gaps = rng.pick(std::array{0U, 0U, 20U, 60U});
    for (int i = 0; i < 1000; ++i) {
      parser.send(rng.percent(10) ? icmp_error(rng) : frames.next(), gaps);
      if (HasFatalFailure()) FAIL() << "batch " << batch << ", " << frames.kind();
    }
    parser.drain();
  }
  EXPECT_EQ(parser.reasons.size(), 20U);  // all that the parser finds
  for (const std::uint8_t op : {kOpNone, kOpSyn, kOpAck, kOpRst, kOpUnreach, kOpNote, kOpStray}) {
    EXPECT_GT(parser.asked[op], 500U) << "op " << int{op};
  }
}

}  // namespace
}  // namespace synward::test
