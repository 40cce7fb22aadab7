// SPDX-License-Identifier: BSD-2-Clause
#include "synward/cookie.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>

#include "common/cookie_vectors.hpp"
#include "common/keys.hpp"
#include "common/oracle.hpp"
#include "common/rng.hpp"
#include "synward/engine.hpp"

namespace synward::test {
namespace {

/// What an engine that only answers with cookies says to one request.
EngineAnswer ask(const EngineKeys& keys, const RequestRecord& request, bool ts_offset_per_conn = true) {
  EngineTables<0, 0> tables;
  engine_reset(tables);
  EngineConfig config{};
  config.keys = keys;
  config.tables_ready = true;
  config.syncookies_only = true;
  config.ts_offset_per_conn = ts_offset_per_conn;
  config.hashsize = config.bucketlimit = config.cachelimit = 1;
  return engine_step(tables, config, request, {true, true});
}

bool cookie_ok(const EngineKeys& keys, const RequestRecord& ack) { return ask(keys, ack).counts.recvcookie; }

/// mac32 with any secmod, by OpenSSL, to hold the test's own oracle against the vectors.
std::uint32_t mac_with_secmod(const Vector& vector) {
  const Tuple tuple = vector.tuple();
  Bytes message;
  append(message, tuple.client.view());
  append(message, tuple.server.view());
  put16(message, tuple.client_port);
  put16(message, tuple.server_port);
  put32(message, __builtin_bswap32(vector.irs));
  message.push_back(vector.byte);
  put32(message, __builtin_bswap32(static_cast<std::uint32_t>(vector.secmod)));
  put32(message, __builtin_bswap32(static_cast<std::uint32_t>(vector.secmod >> 32)));
  const std::uint64_t hash = openssl_siphash(vector.key, message);
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

class CookieVector : public testing::TestWithParam<Vector> {
 protected:
  /// The vector's key in the slot of its parity, another one in the other.
  EngineKeys keys() const {
    const Vector& v = GetParam();
    EngineKeys keys{};
    keys.parity = v.parity;
    keys.cookie[v.parity ? 1 : 0] = to_key(v.key);
    keys.cookie[v.parity ? 0 : 1] = {~keys.cookie[v.parity ? 1 : 0].k0, 1};
    return keys;
  }
  RequestRecord request(std::uint8_t op) const {
    const Vector& v = GetParam();
    const Endpoints ends = ends_of(v.tuple());
    RequestRecord request{};
    request.op = op;
    request.v6 = ends.v6;
    request.faddr = ends.faddr;
    request.laddr = ends.laddr;
    request.fport = ends.fport;
    request.lport = ends.lport;
    request.seq = v.irs;
    request.mss = v.mss;
    request.ws_ok = v.shift >= 0;
    request.ws = static_cast<std::uint8_t>(v.shift < 0 ? 0 : v.shift);
    request.sack_ok = v.sack;
    return request;
  }
};

TEST_P(CookieVector, ByteOfSyn) {
  const Vector& v = GetParam();
  const bool scaled = v.shift >= 0;
  EXPECT_EQ(cookie_encode(v.mss, scaled, static_cast<std::uint8_t>(scaled ? v.shift : 0), v.sack, v.parity), v.byte);
  EXPECT_EQ(oracle_cookie_byte(v.mss, v.shift, v.sack, v.parity), v.byte);
}

TEST_P(CookieVector, IssOfSyn) {
  const Vector& v = GetParam();
  EXPECT_EQ(mac_with_secmod(v), v.mac);
  const std::uint32_t iss = ask(keys(), request(kOpSyn)).verdict.seq;
  EXPECT_EQ(iss, oracle_iss(v.key, v.tuple(), v.irs, v.byte));
  if (v.secmod == 0) {
    EXPECT_EQ(iss, v.iss);
  }
}

TEST_P(CookieVector, AckIsTakenAndNearMissesAreNot) {
  const Vector& v = GetParam();
  RequestRecord ack = request(kOpAck);
  ack.seq = v.irs + 1;
  ack.ack = oracle_iss(v.key, v.tuple(), v.irs, v.byte) + 1;
  EXPECT_TRUE(cookie_ok(keys(), ack));
  for (const std::uint32_t off : {1u, 0x100u, 0x80000000u}) {
    RequestRecord wrong = ack;
    wrong.ack += off;
    EXPECT_FALSE(cookie_ok(keys(), wrong)) << "ACK + " << off;
  }
  for (const std::uint32_t off : {1u, 0xffffffffu}) {
    RequestRecord wrong = ack;
    wrong.seq += off;
    EXPECT_FALSE(cookie_ok(keys(), wrong)) << "SEQ + " << off;
  }
}

INSTANTIATE_TEST_SUITE_P(FreeBsd, CookieVector, testing::ValuesIn(kVectors),
                         [](const auto& param) { return std::string(param.param.id); });

TEST(CookieByte, MssIsRoundedDownToTheTable) {
  const auto rounded = [](std::uint16_t mss) { return cookie_decode(cookie_encode(mss, false, 0, false, false)).mss; };
  EXPECT_EQ(rounded(1380), 1360);
  EXPECT_EQ(rounded(1220), 1200);
  EXPECT_EQ(rounded(1300), 1200);
  EXPECT_EQ(rounded(8960), 1460);
  EXPECT_EQ(rounded(100), 216);
  EXPECT_EQ(cookie_encode(100, false, 0, false, false), 0);
  EXPECT_EQ(cookie_encode(0, false, 0, false, false), 0);
  for (const std::uint16_t mss : kCookieMss) EXPECT_EQ(rounded(mss), mss);
  for (unsigned i = 1; i < kCookieTableSize; ++i) {
    EXPECT_EQ(rounded(static_cast<std::uint16_t>(kCookieMss[i] - 1)), kCookieMss[i - 1]);
  }
}

TEST(CookieByte, ScaleIsRoundedDownToTheTable) {
  constexpr std::uint8_t kRounded[] = {0, 1, 2, 2, 4, 4, 6, 7, 8, 8, 8, 8, 8, 8, 8};
  for (std::uint8_t shift = 0; shift <= 14; ++shift) {
    const CookieContent content = cookie_decode(cookie_encode(0, true, shift, false, false));
    EXPECT_TRUE(content.ws_ok);
    EXPECT_EQ(content.shift, kRounded[shift]) << "shift " << int{shift};
  }
  EXPECT_FALSE(cookie_decode(cookie_encode(0, false, 7, false, false)).ws_ok);
}

TEST(CookieByte, LayoutIsMssScaleSackParity) {
  EXPECT_EQ(cookie_encode(1460, false, 0, false, false), 0xe0);
  EXPECT_EQ(cookie_encode(0, true, 14, false, false), 0x1c);
  EXPECT_EQ(cookie_encode(0, false, 0, true, false), 0x02);
  EXPECT_EQ(cookie_encode(0, false, 0, false, true), 0x01);
}

Key random_key(Rng& rng) {
  Key key;
  for (std::uint8_t& byte : key) byte = rng.u8();
  return key;
}

Tuple random_tuple(Rng& rng) {
  Tuple tuple;
  tuple.client.v6 = tuple.server.v6 = rng.bit();
  const std::size_t bytes = tuple.client.v6 ? 16 : 4;
  for (std::size_t i = 0; i < bytes; ++i) {
    tuple.client.bytes[i] = rng.u8();
    tuple.server.bytes[i] = rng.u8();
  }
  tuple.client_port = rng.u16();
  tuple.server_port = rng.u16();
  return tuple;
}

TEST(Cookie, TenThousandRandomTuplesAgainstOpenssl) {
  Rng rng(20);
  for (int round = 0; round < 10000; ++round) {
    Secrets secrets;
    secrets.cookie[0] = random_key(rng);
    secrets.cookie[1] = random_key(rng);
    secrets.ts = random_key(rng);
    secrets.mark = random_key(rng);
    const Tuple tuple = random_tuple(rng);
    const Endpoints ends = ends_of(tuple);
    for (const bool parity : {false, true}) {
      const EngineKeys keys = {{to_key(secrets.cookie[0]), to_key(secrets.cookie[1])},
                               parity,
                               to_key(secrets.ts),
                               to_key(secrets.mark),
                               to_key(secrets.table)};
      RequestRecord syn{};
      syn.op = kOpSyn;
      syn.v6 = ends.v6;
      syn.faddr = ends.faddr;
      syn.laddr = ends.laddr;
      syn.fport = ends.fport;
      syn.lport = ends.lport;
      syn.seq = rng.u32();
      syn.mss = rng.u16();
      syn.ws_ok = rng.bit();
      syn.ws = static_cast<std::uint8_t>(rng.below(15));
      syn.sack_ok = rng.bit();
      syn.ts_ok = rng.bit();
      syn.wscale = static_cast<std::uint8_t>(rng.below(15));
      const bool per_conn = rng.bit();

      const VerdictRecord answer = ask(keys, syn, per_conn).verdict;
      const std::uint8_t byte = oracle_cookie_byte(syn.mss, syn.ws_ok ? syn.ws : -1, syn.sack_ok, parity);
      ASSERT_EQ(answer.op, kOpSyn);
      ASSERT_EQ(answer.seq, oracle_iss(secrets.cookie[parity ? 1 : 0], tuple, syn.seq, byte)) << "round " << round;
      ASSERT_EQ(answer.tsoff, syn.ts_ok ? oracle_tsoff(secrets.ts, tuple, per_conn) : 0) << "round " << round;

      RequestRecord ack = syn;
      ack.op = kOpAck;
      ack.seq = syn.seq + 1;
      ack.ack = answer.seq + 1;
      const EngineAnswer handed = ask(keys, ack, per_conn);
      const VerdictRecord& verdict = handed.verdict;
      ASSERT_TRUE(handed.counts.recvcookie) << "round " << round;
      ASSERT_EQ(verdict.mark_flags & 1, syn.sack_ok ? 1 : 0);
      ASSERT_EQ(verdict.mark_flags >> 1 & 1, syn.ts_ok ? 1 : 0);
      ASSERT_EQ(verdict.mark_flags >> 2, syn.ws_ok ? 1 : 0);
      ASSERT_EQ(handed.mark_mac, oracle_mark_mac(secrets.mark, tuple, ack.seq, ack.ack, verdict.mark_flags,
                                                 verdict.mark_wscale, verdict.mark_mss));
      for (const std::uint32_t seq : {ack.seq - 1, ack.seq + 1}) {
        RequestRecord wrong = ack;
        wrong.seq = seq;
        ASSERT_FALSE(cookie_ok(keys, wrong)) << "round " << round;
      }
    }
  }
}

TEST(Cookie, OldSecretStaysGoodUntilItIsReplaced) {
  EngineKeys keys = {{to_key(kK0), to_key(kK1)}, false, {}, {}, {}};
  RequestRecord syn{};
  syn.op = kOpSyn;
  const std::uint32_t iss = ask(keys, syn).verdict.seq;
  RequestRecord ack{};
  ack.op = kOpAck;
  ack.seq = 1;
  ack.ack = iss + 1;
  keys.parity = true;
  EXPECT_TRUE(cookie_ok(keys, ack));
  keys.cookie[0] = to_key(kKr);
  EXPECT_FALSE(cookie_ok(keys, ack));
}

TEST(Timestamp, OffsetVectors) {
  const Tuple v4{address("192.0.2.1"), address("198.51.100.7"), 40000, 443};
  const Tuple v6{address("2001:db8::1"), address("2001:db8:100::7"), 40000, 443};
  EXPECT_EQ(timestamp_offset(to_key(kK0), ends_of(v4), true), 0x5d00605du);
  EXPECT_EQ(timestamp_offset(to_key(kK0), ends_of(v4), false), 0x0dec42cfu);
  EXPECT_EQ(timestamp_offset(to_key(kK0), ends_of(v6), true), 0x25d49862u);
}

TEST(Mark, SaysWhatTheClientSaid) {
  RequestRecord ack{};
  ack.wscale = 6;
  const std::uint8_t smallest = cookie_encode(0, false, 0, false, false);
  // What the server's kernel takes at least is its driver's to know: the mark stays true.
  EXPECT_EQ(mark_from_cookie(ack, smallest, false).mss, 216);
  EXPECT_EQ(mark_from_cookie(ack, smallest, false).flags, 0);
  EXPECT_EQ(mark_from_cookie(ack, smallest, false).wscale, 0);
  ack.v6 = true;
  EXPECT_EQ(mark_from_cookie(ack, cookie_encode(1200, false, 0, false, false), false).mss, 1200);
  ack.ts_ok = true;
  const MarkContent full = mark_from_cookie(ack, cookie_encode(1460, true, 9, true, true), true);
  EXPECT_EQ(full.flags, kMarkSack | kMarkTimestamps | kMarkScale | kMarkEcn);
  EXPECT_EQ(full.wscale, 0x86);
  EXPECT_EQ(full.mss, 1460);
  // A shift of 0 is scaling too: our side may still scale.
  EXPECT_EQ(mark_from_cookie(ack, cookie_encode(1460, true, 0, false, false), false).wscale, 0x06);
}

TEST(Mark, ThePathOfAServiceBoundsTheMss) {
  RequestRecord ack{};
  const std::uint8_t byte = cookie_encode(1460, false, 0, false, false);
  for (const auto& [most, said] : {std::pair{0, 1460}, {1459, 1459}, {1460, 1460}, {1461, 1460}, {1, 1}}) {
    ack.path_mss = static_cast<std::uint16_t>(most);
    EXPECT_EQ(mark_from_cookie(ack, byte, false).mss, said) << most;
  }
}

}  // namespace
}  // namespace synward::test
