// SPDX-License-Identifier: BSD-2-Clause
#include "synward/table_hash.hpp"

#include <gtest/gtest.h>

#include "common/keys.hpp"
#include "common/rng.hpp"

namespace synward::test {
namespace {

TEST(TableHash, IsSipHash13OfTheConnectionAsOpensslMakesIt) {
  constexpr std::uint64_t kSeed = 5;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  Rng rng(kSeed);
  for (int i = 0; i < 1000; ++i) {
    Key key;
    for (std::uint8_t& byte : key) byte = rng.u8();
    Tuple tuple{address(i % 2 != 0 ? "2001:db8::" : "192.0.2.0"), address(i % 2 != 0 ? "2001:db8:1::" : "198.51.100.0"),
                rng.u16(), rng.u16()};
    for (std::size_t at = 0; at < tuple.client.view().size(); ++at) {
      tuple.client.bytes[at] = rng.u8();
      tuple.server.bytes[at] = rng.u8();
    }
    ASSERT_EQ(table_hash(to_key(key), ends_of(tuple)), oracle_table_hash(key, tuple));
  }
}

TEST(TableHash, BitsOfTheHash) {
  constexpr std::uint64_t kHash = 0xfedcba9876543210;
  EXPECT_EQ(syncache_index(kHash, 16384), 0x3210u);
  EXPECT_EQ(syncache_index(kHash, 32), 0x10u);
  EXPECT_EQ(syncache_index(kHash, 1), 0u);
  EXPECT_EQ(flow_index(kHash, 16), 0x7654u);
  EXPECT_EQ(flow_index(kHash, 6), 0x14u);
  EXPECT_EQ(flow_fingerprint(kHash), 0xfedcba9u);
}

}  // namespace
}  // namespace synward::test
