// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <set>

#include "common/card_under_test.hpp"
#include "common/contract.hpp"
#include "common/generator.hpp"

namespace synward::test {
namespace {

using sim::InPort;
using sim::OutPort;

constexpr std::uint32_t kTsval = 0x11223344;

std::uint32_t get(ByteView bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
  return value;
}

std::size_t l3_of(ByteView frame) {
  std::size_t type = 12;
  while (get(frame, type, 2) == 0x8100 || get(frame, type, 2) == 0x88a8) type += 4;
  return type + 2;
}

/// A frame that the card made, checked as a whole: lengths, checksums, padding.
void expect_well_formed(ByteView frame) {
  const std::size_t l3 = l3_of(frame);
  const bool v6 = frame[l3] >> 4 == 6;
  const std::size_t l4 = l3 + (v6 ? 40 : 20);
  const std::size_t end = v6 ? l4 + get(frame, l3 + 4, 2) : l3 + get(frame, l3 + 2, 2);
  ASSERT_LE(end, frame.size());
  EXPECT_EQ(frame.size(), std::max<std::size_t>(end, 60));
  for (std::size_t i = end; i < frame.size(); ++i) EXPECT_EQ(frame[i], 0);
  EXPECT_EQ(l4 + 4u * (frame[l4 + 12] >> 4), end);
  if (!v6) {
    EXPECT_EQ(frame[l3], 0x45);
    EXPECT_EQ(ones_sum(frame.subspan(l3, 20)), 0xffff);
  }
  const std::size_t width = v6 ? 16 : 4;
  const ByteView src = frame.subspan(l3 + (v6 ? 8 : 12), width);
  const ByteView dst = frame.subspan(l3 + (v6 ? 24 : 16), width);
  EXPECT_EQ(ones_sum(frame.subspan(l4, end - l4), pseudo_sum(src, dst, end - l4)), 0xffff) << to_hex(frame);
}

Bytes options_of(ByteView frame) {
  const std::size_t l3 = l3_of(frame);
  const std::size_t l4 = l3 + (frame[l3] >> 4 == 6 ? 40 : 20);
  const ByteView options = frame.subspan(l4 + 20, 4u * (frame[l4 + 12] >> 4) - 20u);
  return {options.begin(), options.end()};
}

/// What a SYN offers, and what it looks like on the way.
struct Mix {
  bool mss, ws, sack, ts, v6;
  std::size_t tags;

  FrameSpec syn() const {
    FrameSpec spec = plain_syn(v6);
    spec.options.clear();
    if (mss) append(spec.options, opt_mss(1400));
    if (ws) append(spec.options, opt_ws(5));
    if (sack) append(spec.options, opt_sack());
    if (ts) append(spec.options, opt_ts(kTsval, 0));
    for (std::size_t i = 0; i < tags; ++i) {
      spec.tags.push_back(
          {i == 0 ? std::uint16_t{0x88a8} : std::uint16_t{0x8100}, static_cast<std::uint16_t>(0x2064 + i)});
    }
    return spec;
  }
  std::string name() const {
    std::string out = std::string(v6 ? "v6" : "v4") + "_tags" + std::to_string(tags);
    for (const auto& [on, text] : {std::pair{mss, "_mss"}, {ws, "_ws"}, {sack, "_sack"}, {ts, "_ts"}}) {
      if (on) out += text;
    }
    return out;
  }
};

void PrintTo(const Mix& mix, std::ostream* out) { *out << mix.name(); }

std::vector<Mix> all_mixes() {
  std::vector<Mix> out;
  for (unsigned bits = 0; bits < 32; ++bits) {
    for (std::size_t tags = 0; tags <= 2; ++tags) {
      out.push_back({(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, (bits & 16) != 0, tags});
    }
  }
  return out;
}

/// Options of the answer but MSS, by FreeBSD's table, as hexadecimal. The service's shift is `rr`.
std::string freebsd_options(const Mix& mix, const std::string& rr, const std::string& tsval) {
  const std::string ts = "080a" + tsval + "11223344";
  if (mix.ws && mix.sack && mix.ts) return "010303" + rr + "0402" + ts;
  if (mix.sack && mix.ts) return "0402" + ts;
  if (mix.ws && mix.ts) return "010303" + rr + "0101" + ts;
  if (mix.ws && mix.sack) return "010303" + rr + "04020000";
  if (mix.ts) return "0101" + ts;
  if (mix.sack) return "04020000";
  if (mix.ws) return "010303" + rr;
  return "";
}

class SynAck : public testing::TestWithParam<Mix> {
 protected:
  SynAck() {
    under_test_.card().set_time_origin(1000);
    program(under_test_.card(), default_services(), default_secrets());
  }
  CardUnderTest under_test_;
};

TEST_P(SynAck, EveryByte) {
  const Mix& mix = GetParam();
  const FrameSpec syn = mix.syn();
  const Bytes frame = build(syn).bytes;
  const std::vector<Sent> sent = under_test_.exchange(frame);
  ASSERT_EQ(sent.size(), 1u);
  expect_well_formed(sent[0].bytes);

  const Secrets secrets = default_secrets();
  const Tuple tuple{syn.src, syn.dst, syn.sport, syn.dport};
  const ServiceEntry service = default_services()[mix.v6 ? 1 : 0];
  Bytes tsval;
  put32(tsval, oracle_tsoff(secrets.ts, tuple, true) + 1000);
  const Bytes rest = hex(freebsd_options(mix, to_hex(Bytes{service.wscale}), to_hex(tsval)));

  FrameSpec want;
  want.mac_dst = syn.mac_src;
  want.mac_src = syn.mac_dst;
  want.tags = syn.tags;
  want.src = syn.dst;
  want.dst = syn.src;
  want.tos = service.tos;
  want.ttl = service.ttl;
  want.sport = syn.dport;
  want.dport = syn.sport;
  want.seq = oracle_iss(secrets.cookie[0], tuple, syn.seq,
                        oracle_cookie_byte(mix.mss ? 1400 : 0, mix.ws ? 5 : -1, mix.sack, false));
  want.ack = syn.seq + 1;
  want.flags = kSyn | kAck;
  want.window = service.window;
  want.flowlabel = want.seq;
  want.options = concat({opt_mss(mix.v6 ? service.mss6 : service.mss4), rest});
  // Without an MSS option to answer, ours must not make the answer longer than the SYN.
  if (!mix.mss && build(want).bytes.size() > frame.size()) want.options = rest;
  EXPECT_EQ(to_hex(sent[0].bytes), to_hex(build(want).bytes));
  EXPECT_LE(sent[0].bytes.size(), frame.size());
}

INSTANTIATE_TEST_SUITE_P(Mixes, SynAck, testing::ValuesIn(all_mixes()),
                         [](const auto& param) { return param.param.name(); });

class Reply : public testing::Test {
 protected:
  /// Stateless, so that each SYN is answered for itself.
  Reply() {
    program(card(), default_services(), default_secrets());
    card().write32(reg::kSysctlSyncookiesOnly, 1);
  }
  sim::Card& card() { return under_test_.card(); }

  Bytes answer(const FrameSpec& syn) {
    const std::vector<Sent> sent = under_test_.exchange(build(syn).bytes);
    if (sent.size() != 1 || sent[0].port != OutPort::line_tx) return {};
    return sent[0].bytes;
  }
  Bytes mark(const FrameSpec& ack) {
    const std::vector<Sent> sent = under_test_.exchange(build(ack).bytes);
    return sent.size() == 2 ? sent[0].bytes : Bytes{};
  }

  CardUnderTest under_test_;
};

TEST_F(Reply, LiteralSynAcks) {
  card().set_time_origin(1000);
  EXPECT_EQ(to_hex(answer(plain_syn(false))),
            "020000000002020000000001"
            "08004500003c0000400040064e80c6336407c0000201"
            "01bb9c40d3a7f82912345679a012ffff6c440000"
            "020405b4010303060402080ab724216b11223344");
  EXPECT_EQ(to_hex(answer(plain_syn(true))),
            "020000000002020000000001"
            "86dd6085276f0028064120010db801000000000000000000000720010db8000000000000000000000001"
            "01bb9c4095c5276f12345679a012fefe49740000"
            "0204059c010303070402080a753025a711223344");
  FrameSpec bare = plain_syn(false);
  bare.options.clear();
  bare.tags = {{0x88a8, 0x2064}, {0x8100, 0x2065}};
  // No MSS option, but a trailer that leaves room for ours: 66 bytes both.
  bare.trailer = Bytes(4);
  EXPECT_EQ(to_hex(answer(bare)),
            "020000000002020000000001"
            "88a8206481002065"
            "08004500002c0000400040064e90c6336407c0000201"
            "01bb9c40307ae430123456796012ffff90860000"
            "020405b4");
  FrameSpec sack = plain_syn(true);
  sack.options = opt_sack();
  EXPECT_EQ(to_hex(answer(sack)),
            "020000000002020000000001"
            "86dd6081b96e0018064120010db801000000000000000000000720010db8000000000000000000000001"
            "01bb9c406c61b96e123456796012fefe13db0000"
            "04020000");
  FrameSpec timestamps = plain_syn(false);
  timestamps.options = opt_ts(kTsval, 0);
  EXPECT_EQ(to_hex(answer(timestamps)),
            "020000000002020000000001"
            "0800450000340000400040064e88c6336407c0000201"
            "01bb9c40307ae430123456798012ffff52350000"
            "0101080ab724216b11223344");
}

TEST_F(Reply, LiteralMarks) {
  FrameSpec ack = plain_ack(false);
  ack.tags = {{0x8100, 5}};
  ack.tos = 0x48;
  ack.ttl = 57;
  ack.flowlabel = 0xabcde;
  ack.flags = kAck | kPsh;
  ack.payload = Bytes(100, 0x41);
  EXPECT_EQ(to_hex(mark(ack)),
            "020000000001020000000002"
            "81000005"
            "0800454800400000400039065534c0000201c6336407"
            "9c4001bb12345679d3a7f82ab010faf0fe1c0000"
            "0101080a1122335555667788fd0c5ac1077605b403591534");
  FrameSpec v6 = ack;
  v6.src = address("2001:db8::1");
  v6.dst = address("2001:db8:100::7");
  v6.extensions = {{60, Bytes(8)}};
  v6.options.clear();
  const Tuple tuple{v6.src, v6.dst, v6.sport, v6.dport};
  v6.ack = oracle_iss(default_secrets().cookie[0], tuple, v6.seq - 1, 0) + 1;
  EXPECT_EQ(to_hex(mark(v6)),
            "020000000001020000000002"
            "81000005"
            "86dd648abcde0020063920010db800000000000000000000000120010db8010000000000000000000007"
            "9c4001bb123456794c4f174d8010faf0c1c10000"
            "fd0c5ac1000000d85da5460b");
}

TEST_F(Reply, AcceptsOptionsBySysctlAndService) {
  const FrameSpec syn = plain_syn(false);
  const auto kinds = [this](const FrameSpec& spec) {
    std::set<int> out;
    const Bytes frame = answer(spec);
    if (frame.empty()) return out;
    const Bytes options = options_of(frame);
    for (std::size_t at = 0; at < options.size() && options[at] != 0; at += options[at] == 1 ? 1 : options[at + 1]) {
      if (options[at] != 1) out.insert(options[at]);
    }
    return out;
  };
  const std::set<int> wanted[] = {{2, 4}, {2, 3, 4, 8}, {2, 3, 4}, {2, 4, 8}};
  for (std::uint32_t value = 0; value < 4; ++value) {
    card().write32(reg::kSysctlRfc1323, value);
    EXPECT_EQ(kinds(syn), wanted[value]) << value;
  }
  card().write32(reg::kSysctlRfc1323, 1);
  card().write32(reg::kSysctlSackEnable, 0);
  EXPECT_EQ(kinds(syn), (std::set<int>{2, 3, 8}));
  card().write32(reg::kSysctlSackEnable, 1);
  for (unsigned bits = 0; bits < 8; ++bits) {
    ServiceEntry entry = default_services()[0];
    entry.en_ws = (bits & 1) != 0;
    entry.en_sack = (bits & 2) != 0;
    entry.en_ts = (bits & 4) != 0;
    program_service(card(), 0, entry);
    std::set<int> want{2};
    if (entry.en_ws) want.insert(3);
    if (entry.en_sack) want.insert(4);
    if (entry.en_ts) want.insert(8);
    EXPECT_EQ(kinds(syn), want) << bits;
  }
}

TEST_F(Reply, CookieHoldsOnlyWhatWasAccepted) {
  card().write32(reg::kSysctlRfc1323, 0);
  card().write32(reg::kSysctlSackEnable, 0);
  const FrameSpec syn = plain_syn(false);
  const Bytes frame = answer(syn);
  ASSERT_FALSE(frame.empty());
  const Tuple tuple{syn.src, syn.dst, syn.sport, syn.dport};
  EXPECT_EQ(get(frame, 38, 4),
            oracle_iss(default_secrets().cookie[0], tuple, syn.seq, oracle_cookie_byte(1460, -1, false, false)));
}

TEST_F(Reply, ReadsOptionsAsFreeBsdDoes) {
  struct Case {
    const char* name;
    Bytes options;
    unsigned mss;
    int shift;
    bool sack;
  };
  const Case cases[] = {
      {"last MSS wins", concat({opt_mss(536), opt_mss(1400)}), 1400, -1, false},
      {"last of equal kind wins though smaller", concat({opt_ws(7), opt_ws(2), opt_mss(1400), opt_mss(536)}), 536, 2,
       false},
      {"wrong length is ignored", concat({Bytes{2, 3, 5}, Bytes{3, 4, 7, 7}, Bytes{4, 3, 0}, opt_mss(1200)}), 1200, -1,
       false},
      {"EOL stops", concat({opt_mss(1440), Bytes{0}, opt_sack(), opt_ws(7)}), 1440, -1, false},
      {"length 0 stops", concat({opt_mss(1440), Bytes{77, 0}, opt_sack()}), 1440, -1, false},
      {"length 1 stops", concat({opt_sack(), Bytes{77, 1}, opt_mss(1440)}), 0, -1, true},
      {"past the header stops", concat({opt_sack(), Bytes{77, 40}, opt_mss(1440)}), 0, -1, true},
      {"cut MSS at the end", concat({opt_nop(), opt_ws(4), opt_nop(2), Bytes{2, 4}}), 0, 4, false},
      {"kind without length at the end", concat({opt_mss(1452), opt_nop(3), Bytes{3}}), 1452, -1, false},
      {"unknown kinds are skipped", concat({Bytes{77, 5, 2, 4, 9}, opt_ws(6)}), 0, 6, false},
      {"shift over 14 counts as 14", concat({opt_nop(), opt_ws(255)}), 0, 14, false},
  };
  for (const Case& test : cases) {
    FrameSpec syn = plain_syn(false);
    syn.options = test.options;
    const Bytes frame = answer(syn);
    ASSERT_FALSE(frame.empty()) << test.name;
    const Tuple tuple{syn.src, syn.dst, syn.sport, syn.dport};
    const std::uint8_t byte = oracle_cookie_byte(test.mss, test.shift, test.sack, false);
    EXPECT_EQ(get(frame, 38, 4), oracle_iss(default_secrets().cookie[0], tuple, syn.seq, byte)) << test.name;
  }
}

TEST_F(Reply, TimestampOffsetPerPairOfHosts) {
  const FrameSpec syn = plain_syn(false);
  const Tuple tuple{syn.src, syn.dst, syn.sport, syn.dport};
  card().write32(reg::kSysctlTsOffsetPerConn, 0);
  EXPECT_EQ(get(answer(syn), 66, 4), oracle_tsoff(default_secrets().ts, tuple, false));
}

TEST_F(Reply, ClockIsThatOfTheFirstBeat) {
  FrameSpec syn = plain_syn(false);
  const std::uint32_t offset = oracle_tsoff(default_secrets().ts, {syn.src, syn.dst, syn.sport, syn.dport}, true);
  syn.payload = Bytes(6000);
  const Bytes frame = build(syn).bytes;
  // The first millisecond ends in the middle of the frame, at clock 322,265.625.
  card().offer(InPort::line_rx, frame, 322200);
  ASSERT_TRUE(card().drain());
  const std::vector<Sent> sent = under_test_.take();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_GT(sent[0].first_cycle, 322266u);
  EXPECT_EQ(get(sent[0].bytes, 66, 4), offset);
}

TEST_F(Reply, HandshakeRoundTrip) {
  for (const bool v6 : {false, true}) {
    const FrameSpec syn = plain_syn(v6);
    const Bytes reply = answer(syn);
    ASSERT_FALSE(reply.empty());
    FrameSpec ack = syn;
    ack.flags = kAck;
    ack.seq = syn.seq + 1;
    ack.ack = get(reply, (v6 ? 54u : 34u) + 4, 4) + 1;
    const Bytes made = mark(ack);
    ASSERT_FALSE(made.empty());
    expect_well_formed(made);
  }
}

/// Replies to many frames: all well-formed. Stateless they are never longer than what they answer; where an entry
/// remembers the options of a longer frame, at most by 12 bytes of them.
class ReplyToAnything : public Reply, public testing::WithParamInterface<bool> {};

TEST_P(ReplyToAnything, WellFormedAndNotAmplifying) {
  constexpr std::uint64_t kSeed = 7;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  FrameGenerator frames(kSeed);
  int answers = 0;
  int marks = 0;
  const bool only = GetParam();
  card().write32(reg::kSysctlSyncookiesOnly, only ? 1 : 0);
  for (int i = 0; i < property_frames(); ++i) {
    const Bytes& frame = frames.next();
    const std::vector<Sent> sent = under_test_.exchange(frame);
    ASSERT_LE(sent.size(), 2u);
    if (sent.empty()) continue;
    const bool answered = sent[0].port == OutPort::line_tx;
    if (answered) {
      ++answers;
      ASSERT_EQ(sent.size(), 1u);
      const std::size_t remembered = only ? 0 : 12;
      ASSERT_LE(sent[0].bytes.size(), std::max<std::size_t>(60, frame.size()) + remembered) << to_hex(frame);
    }
    if (sent.size() == 2) ++marks;
    if (answered || sent.size() == 2) expect_well_formed(sent[0].bytes);
    if (HasFailure()) FAIL() << frames.kind() << " " << to_hex(frame);
  }
  EXPECT_GT(answers, property_frames() / 10);
  EXPECT_GT(marks, property_frames() / 50);
}

INSTANTIATE_TEST_SUITE_P(Mode, ReplyToAnything, testing::Bool(),
                         [](const auto& param) { return param.param ? "stateless" : "cached"; });

}  // namespace
}  // namespace synward::test
