// SPDX-License-Identifier: BSD-2-Clause
#include "synward/siphash.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "common/keys.hpp"
#include "common/oracle.hpp"
#include "common/rng.hpp"

namespace synward::test {
namespace {

SipMessage message_of(ByteView bytes) {
  SipMessage message = sip_message();
  for (const std::uint8_t byte : bytes) sip_append_byte(message, byte);
  return message;
}

std::uint64_t hash(const Key& key, ByteView bytes) { return siphash24(to_key(key), message_of(bytes)); }
std::uint64_t hash13(const Key& key, ByteView bytes) { return siphash13(to_key(key), message_of(bytes)); }

TEST(SipHash, PublishedVectors) {
  Key key;
  std::iota(key.begin(), key.end(), std::uint8_t{0});
  Bytes message(15);
  std::iota(message.begin(), message.end(), std::uint8_t{0});
  EXPECT_EQ(hash(key, {}), 0x726fdb47dd0e0e31u);
  EXPECT_EQ(hash(key, message), 0xa129ca6149be45e5u);  // appendix A of the paper
}

TEST(SipHash, EqualsOpensslAtEveryLength) {
  Rng rng(1);
  for (std::size_t length = 0; length < 64; ++length) {
    for (int round = 0; round < 50; ++round) {
      Key key;
      Bytes message(length);
      for (std::uint8_t& byte : key) byte = rng.u8();
      for (std::uint8_t& byte : message) byte = rng.u8();
      ASSERT_EQ(hash(key, message), openssl_siphash(key, message)) << length << " bytes: " << to_hex(message);
      ASSERT_EQ(hash13(key, message), openssl_siphash(key, message, 1, 3)) << length << " bytes: " << to_hex(message);
    }
  }
}

TEST(SipHash, AppendsBigEndian) {
  SipMessage message = sip_message();
  sip_append_be(message, 0x0102030405060708u, 8);
  sip_append_be(message, 0xaabbccu, 2);
  EXPECT_EQ(message.length, 10);
  EXPECT_EQ(message.word[0], 0x0807060504030201u);
  EXPECT_EQ(message.word[1], 0xccbbu);
}

}  // namespace
}  // namespace synward::test
