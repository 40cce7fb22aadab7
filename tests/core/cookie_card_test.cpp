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

/// A SYN with its options (mss 0, shift -1: without), and the ISS that it must get.
struct Handshake {
  Tuple tuple;
  std::uint32_t irs;
  unsigned mss;
  int shift;
  bool sack;
  std::uint32_t iss;
};

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

  /// Sends their SYNs, expects their ISS in the answers, then ACKs them, and near misses of them.
  void handshake(const std::vector<Handshake>& all) {
    sim::Card& card = under_test_.card();
    for (const Handshake& h : all) card.offer(sim::InPort::line_rx, syn(h), card.now());
    ASSERT_TRUE(card.drain());
    const std::vector<Sent> answers = under_test_.take();
    ASSERT_EQ(answers.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      ASSERT_EQ(answers[i].port, OutPort::line_tx);
      const std::size_t tcp = all[i].tuple.client.v6 ? 54 : 34;
      EXPECT_EQ(word(answers[i].bytes, tcp + 4), all[i].iss) << i;
      EXPECT_EQ(word(answers[i].bytes, tcp + 8), all[i].irs + 1) << i;
    }

    // Near misses first, then the good one, all at once: only the good one gets a marked ACK before it.
    std::vector<Bytes> acks;
    for (const Handshake& h : all) {
      for (const std::uint32_t off_seq : {1u, 0u}) {
        for (const std::uint32_t off_ack : {0x80000000u, 0x100u, 1u, 0u}) acks.push_back(ack(h, off_seq, off_ack));
      }
    }
    for (const Bytes& ack : acks) card.offer(sim::InPort::line_rx, ack, card.now());
    ASSERT_TRUE(card.drain());
    const std::vector<Sent> sent = under_test_.take();
    ASSERT_EQ(sent.size(), acks.size() + all.size());
    for (std::size_t i = 0, at = 0; i < acks.size(); ++i) {
      const bool good = i % 8 == 7;
      if (good) {
        EXPECT_NE(sent[at++].bytes, acks[i]) << i;
      }
      EXPECT_EQ(sent[at++].bytes, acks[i]) << i;
    }
  }

 private:
  static FrameSpec from_client(const Tuple& tuple) {
    FrameSpec spec;
    spec.src = tuple.client;
    spec.dst = tuple.server;
    spec.sport = tuple.client_port;
    spec.dport = tuple.server_port;
    return spec;
  }
  static Bytes syn(const Handshake& h) {
    FrameSpec spec = from_client(h.tuple);
    spec.seq = h.irs;
    spec.flags = 0x02;
    std::vector<Bytes> options;
    if (h.mss > 0) options.push_back(opt_mss(static_cast<std::uint16_t>(h.mss)));
    if (h.shift >= 0) options.push_back(opt_ws(static_cast<std::uint8_t>(h.shift)));
    if (h.sack) options.push_back(opt_sack());
    for (const Bytes& option : options) spec.options.insert(spec.options.end(), option.begin(), option.end());
    return build(spec).bytes;
  }
  static Bytes ack(const Handshake& h, std::uint32_t off_seq, std::uint32_t off_ack) {
    FrameSpec spec = from_client(h.tuple);
    spec.flags = 0x10;
    spec.seq = h.irs + 1 + off_seq;
    spec.ack = h.iss + 1 + off_ack;
    return build(spec).bytes;
  }

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
    ASSERT_NO_FATAL_FAILURE(card.handshake({{v.tuple(), v.irs, v.mss, v.shift, v.sack, iss}}));
  }
}

TEST(CookieCard, TenThousandRandomTuples) {
  constexpr std::uint64_t kSeed = 20;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  Rng rng(kSeed);
  CookieCard card;
  for (int batch = 0; batch < 1000; ++batch) {
    Key key{};
    for (std::uint8_t& byte : key) byte = rng.u8();
    const bool parity = rng.bit();
    card.set(key, parity);
    std::vector<Handshake> all;
    for (int i = 0; i < 10; ++i) {
      const bool v6 = rng.bit();
      Tuple tuple{address(v6 ? "2001:db8::" : "10.0.0.1"), address(v6 ? "2001:db8:100::7" : "198.51.100.7"), rng.u16(),
                  rng.u16()};
      for (std::size_t k = 1; k < 4; ++k) tuple.client.bytes[v6 ? 12 + k : k] = rng.u8();
      const std::uint32_t irs = rng.u32();
      const unsigned mss = rng.percent(10) ? 0 : rng.u16() % 9000 + 1;
      const int shift = static_cast<int>(rng.below(16)) - 1;
      const bool sack = rng.bit();
      const std::uint32_t iss = oracle_iss(key, tuple, irs, oracle_cookie_byte(mss, shift, sack, parity));
      all.push_back({tuple, irs, mss, shift, sack, iss});
    }
    ASSERT_NO_FATAL_FAILURE(card.handshake(all)) << batch;
    if (testing::Test::HasFailure()) FAIL() << batch;
  }
}

}  // namespace
}  // namespace synward::test
