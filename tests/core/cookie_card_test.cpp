// SPDX-License-Identifier: BSD-2-Clause
// Cookies through a whole card: the published vectors (secmod 0) and 10,000 random tuples, made and checked, against
// OpenSSL.
#include <gtest/gtest.h>

#include "common/card_under_test.hpp"
#include "common/cookie_vectors.hpp"
#include "common/rng.hpp"

namespace synward::test {
namespace {

using sim::OutPort;

std::uint32_t word(const Bytes& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | bytes[at + i];
  return value;
}

/// A card that answers for any address and port of both families.
class CookieCard {
 public:
  CookieCard() {
    ServiceEntry any;
    any.any = true;
    any.v4 = any.v6 = true;
    program_service(under_test_.card(), 0, any);
    under_test_.card().write32(reg::kSysctlSyncookiesOnly, 1);
  }
  void set(const Key& key, bool parity) {
    Secrets secrets = default_secrets();
    secrets.cookie[parity ? 1 : 0] = key;
    secrets.parity = parity;
    load_secrets(under_test_.card(), secrets);
  }

  /// Sends a SYN, expects `iss` in the answer, then ACKs it, and near misses of it.
  void handshake(const Tuple& tuple, std::uint32_t irs, unsigned mss, int shift, bool sack, std::uint32_t iss) {
    FrameSpec spec;
    spec.src = tuple.client;
    spec.dst = tuple.server;
    spec.sport = tuple.client_port;
    spec.dport = tuple.server_port;
    spec.seq = irs;
    spec.flags = 0x02;
    std::vector<Bytes> options;
    if (mss > 0) options.push_back(opt_mss(static_cast<std::uint16_t>(mss)));
    if (shift >= 0) options.push_back(opt_ws(static_cast<std::uint8_t>(shift)));
    if (sack) options.push_back(opt_sack());
    for (const Bytes& option : options) spec.options.insert(spec.options.end(), option.begin(), option.end());
    const std::vector<Sent> answer = under_test_.exchange(build(spec).bytes);
    ASSERT_EQ(answer.size(), 1u);
    ASSERT_EQ(answer[0].port, OutPort::line_tx);
    const std::size_t tcp = tuple.client.v6 ? 54 : 34;
    EXPECT_EQ(word(answer[0].bytes, tcp + 4), iss);
    EXPECT_EQ(word(answer[0].bytes, tcp + 8), irs + 1);

    spec.options.clear();
    spec.flags = 0x10;
    // Near misses first, then the good one, all at once: only the good one gets a marked ACK before it.
    std::vector<Bytes> acks;
    for (const std::uint32_t off_seq : {1u, 0u}) {
      for (const std::uint32_t off_ack : {0x80000000u, 0x100u, 1u, 0u}) {
        spec.seq = irs + 1 + off_seq;
        spec.ack = iss + 1 + off_ack;
        acks.push_back(build(spec).bytes);
      }
    }
    sim::Card& card = under_test_.card();
    for (const Bytes& ack : acks) card.offer(sim::InPort::line_rx, ack, card.now());
    ASSERT_TRUE(card.drain());
    const std::vector<Sent> sent = under_test_.take();
    ASSERT_EQ(sent.size(), acks.size() + 1);
    const std::size_t good = acks.size() - 1;
    for (std::size_t i = 0; i < good; ++i) EXPECT_EQ(sent[i].bytes, acks[i]);
    EXPECT_NE(sent[good].bytes, acks[good]);
    EXPECT_EQ(sent[good + 1].bytes, acks[good]);
  }

 private:
  CardUnderTest under_test_;
};

TEST(CookieCard, PublishedVectors) {
  CookieCard card;
  for (const Vector& v : kVectors) {
    SCOPED_TRACE(v.id);
    const std::uint32_t iss = oracle_iss(v.key, v.tuple(), v.irs, v.byte);
    if (v.secmod == 0) {
      ASSERT_EQ(iss, v.iss);
    }
    card.set(v.key, v.parity);
    ASSERT_NO_FATAL_FAILURE(card.handshake(v.tuple(), v.irs, v.mss, v.shift, v.sack, iss));
  }
}

TEST(CookieCard, TenThousandRandomTuples) {
  constexpr std::uint64_t kSeed = 20;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  Rng rng(kSeed);
  CookieCard card;
  Key key{};
  bool parity = false;
  for (int i = 0; i < 10'000; ++i) {
    if (i % 100 == 0) {
      for (std::uint8_t& byte : key) byte = rng.u8();
      parity = rng.bit();
      card.set(key, parity);
    }
    const bool v6 = rng.bit();
    Tuple tuple{address(v6 ? "2001:db8::" : "10.0.0.1"), address(v6 ? "2001:db8:100::7" : "198.51.100.7"), rng.u16(),
                rng.u16()};
    for (std::size_t k = 1; k < 4; ++k) tuple.client.bytes[v6 ? 12 + k : k] = rng.u8();
    const std::uint32_t irs = rng.u32();
    const unsigned mss = rng.percent(10) ? 0 : rng.u16() % 9000 + 1;
    const int shift = static_cast<int>(rng.below(16)) - 1;
    const bool sack = rng.bit();
    const std::uint32_t iss = oracle_iss(key, tuple, irs, oracle_cookie_byte(mss, shift, sack, parity));
    ASSERT_NO_FATAL_FAILURE(card.handshake(tuple, irs, mss, shift, sack, iss)) << i;
    if (testing::Test::HasFailure()) FAIL() << i;
  }
}

}  // namespace
}  // namespace synward::test
