// SPDX-License-Identifier: BSD-2-Clause
// Proves, for every frame of the hostile generator, that the decision, the engine's question and the builder's context
// are the reference's, in order and at the promised clock: with gaps between beats and frames, under all sysctls. This
// is the test of the window, the alignment, the headers, the extension header chain and the checksums too.
#include <Vsynward_parse.h>
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "block/bench.hpp"
#include "block/stream.hpp"
#include "common/generator.hpp"
#include "reference/classify.hpp"
#include "reference/parse.hpp"
#include "synward/engine.hpp"

namespace synward::test {
namespace {

using reference::Action;

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
                     .mss4 = entry.mss4,
                     .mss6 = entry.mss6,
                     .window = entry.window,
                     .wscale = entry.wscale,
                     .ttl = entry.ttl,
                     .tos = entry.tos}};
}

/// What the block says of one frame.
struct Decision {
  Action action = Action::pass;
  reg::Drop reason{};
  RequestRecord request{};
  ContextRecord context{};
};

/// Clears what means nothing: options that were not accepted or do not count, tags that are not there.
void normalise(Decision& d) {
  RequestRecord& r = d.request;
  ContextRecord& c = d.context;
  const bool ack = d.action == Action::ack;
  if (d.action != Action::drop) d.reason = {};
  if (d.action == Action::pass || d.action == Action::drop) {
    const std::uint8_t op = r.op;
    r = {};
    r.op = op;
    c = {};
    return;
  }
  if (ack) {
    r.mss = 0;
    r.ws_ok = r.sack_ok = c.has_mss = c.ws_ok = c.sack_ok = false;
  }
  if (!r.ws_ok) r.ws = 0;
  if (!c.ts_ok) c.tsval = c.tsecr = 0;
  if (c.tags < 1) c.tag1 = 0;
  if (c.tags < 2) c.tag2 = 0;
  if (!c.v6) c.flowlabel = 0;
}

std::string text(const Decision& d) {
  return "action " + std::to_string(static_cast<int>(d.action)) + ", reason " +
         std::to_string(static_cast<int>(d.reason)) + ", request " + fields_text(d.request) + ", context " +
         fields_text(d.context);
}

/// The decision by the reference's functions, put together by sections 1 to 3 of the theory of operation.
Decision decide(ByteView frame, const reference::Settings& settings, std::uint32_t time_ms) {
  const reference::ParsedFrame p = reference::parse(frame);
  const reference::Classified fate = reference::classify(frame, p, settings);
  Decision d{.action = fate.action, .reason = fate.reason};
  if (fate.service == nullptr || fate.action == Action::pass || fate.action == Action::drop) return d;
  const ServiceRecord& s = fate.service->answer;
  const bool syn = fate.action == Action::syn;
  const unsigned rfc1323 = settings.rfc1323;
  const bool ws_ok = syn && p.options.has_ws && s.en_ws && (rfc1323 == 1 || rfc1323 == 2);
  const bool sack_ok = syn && p.options.has_sack && s.en_sack && settings.sack_enable;
  const bool ts_ok = p.options.has_ts && (!syn || (s.en_ts && (rfc1323 == 1 || rfc1323 == 3)));
  d.request = {.op = syn ? kOpSyn : kOpAck,
               .v6 = p.v6,
               .faddr = p.src,
               .laddr = p.dst,
               .fport = p.sport,
               .lport = p.dport,
               .seq = p.seq,
               .ack = p.ack,
               .mss = p.options.mss,
               .ws_ok = ws_ok,
               .ws = std::min<std::uint8_t>(p.options.ws, 14),
               .sack_ok = sack_ok,
               .ts_ok = ts_ok,
               .wscale = s.wscale};
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
               .ws_ok = ws_ok,
               .sack_ok = sack_ok,
               .ts_ok = ts_ok,
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

class Parser {
 public:
  explicit Parser(std::uint64_t seed) : rng(seed), block_(seed) {
    block_->valid_i = 0;
    block_->svc_write_i = 0;
    block_.reset();
  }

  /// Writes all of the table and sets the sysctls; nothing may be under way.
  void configure(const std::vector<ServiceEntry>& services) {
    settings_ = {.rfc1323 = static_cast<std::uint32_t>(rng.below(4)),
                 .sack_enable = rng.bit(),
                 .drop_synfin = rng.bit(),
                 .fragments_drop = rng.bit(),
                 .unclassified_drop = rng.bit(),
                 .secrets_loaded = !rng.percent(5)};
    block_->secrets_loaded_i = settings_.secrets_loaded;
    block_->unclassified_drop_i = settings_.unclassified_drop;
    block_->fragments_drop_i = settings_.fragments_drop;
    block_->drop_synfin_i = settings_.drop_synfin;
    block_->sack_enable_i = settings_.sack_enable;
    block_->ws_enable_i = settings_.rfc1323 == 1 || settings_.rfc1323 == 2;
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
      if (beat + 1 == beats) {
        Decision decision = decide(frame, settings_, time_ms);
        normalise(decision);
        expected_.push_back({decision, now_ + kLatency + (beats < 3 ? 3 - beats : 0), frame});
      }
      clock();
      if (testing::Test::HasFatalFailure()) return;
    }
  }

  void drain() {
    for (int i = 0; i < 64; ++i) idle();
    EXPECT_TRUE(expected_.empty());
  }

  Rng rng;
  std::set<reg::Drop> reasons;
  std::size_t syns = 0, acks = 0;

 private:
  struct Expected {
    Decision decision;
    std::uint64_t clock;
    Bytes frame;
  };

  void write(std::size_t index, const reference::Service& service) {
    block_->svc_write_i = 1;
    block_->svc_index_i = static_cast<std::uint8_t>(index);
    block_->svc_valid_i = service.valid;
    set_wide(block_->svc_addr_i, 0, service.address);
    block_->svc_any_i = service.any;
    block_->svc_match4_i = service.v4;
    block_->svc_match6_i = service.v6;
    block_->svc_port_i = service.port;
    pack(service.answer, block_->svc_service_i);
    idle();
    block_->svc_write_i = 0;
  }

  void idle() {
    block_->valid_i = 0;
    block_->first_i = rng.bit();
    block_->last_i = rng.bit();
    block_->top_i = static_cast<std::uint8_t>(rng.below(kBeat));
    block_->time_ms_i = rng.u32();
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
    Decision decision{.action = static_cast<Action>(block_->kind_o),
                      .reason = static_cast<reg::Drop>(block_->reason_o),
                      .request = unpack<RequestRecord>(block_->request_o),
                      .context = unpack<ContextRecord>(block_->context_o)};
    normalise(decision);
    ASSERT_EQ(text(decision), text(expected.decision)) << to_hex(expected.frame);
    if (decision.action == Action::drop) reasons.insert(decision.reason);
    if (decision.action == Action::syn) ++syns;
    if (decision.action == Action::ack) ++acks;
    expected_.pop_front();
  }

  Bench<Vsynward_parse> block_;
  reference::Settings settings_;
  std::deque<Expected> expected_;
  std::uint64_t now_ = 0;
};

// The numbers of the RTL's kinds are the enumerators'.
static_assert(static_cast<int>(Action::pass) == 0 && static_cast<int>(Action::drop) == 1 &&
              static_cast<int>(Action::syn) == 2 && static_cast<int>(Action::ack) == 3);

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
      const Bytes& frame = frames.next();
      parser.send(frame, gaps);
      if (HasFatalFailure()) FAIL() << "batch " << batch << ", " << frames.kind();
    }
    parser.drain();
  }
  EXPECT_EQ(parser.reasons.size(), 18U);  // all that the parser finds
  EXPECT_GT(parser.syns, 5'000U);
  EXPECT_GT(parser.acks, 5'000U);
}

}  // namespace
}  // namespace synward::test
