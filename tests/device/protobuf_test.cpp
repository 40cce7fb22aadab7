// SPDX-License-Identifier: BSD-2-Clause
#include "protobuf.hpp"

#include <gtest/gtest.h>

#include <random>

namespace synward::sim {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(Protobuf, reads_every_wire_type) {
  const Bytes message{0x08, 0x96, 0x01,                        // 1: 150
                      0x11, 1,    2,    3,   4,   5, 6, 7, 8,  // 2: fixed64
                      0x1d, 1,    2,    3,   4,                // 3: fixed32
                      0x22, 3,    'a',  'b', 'c',              // 4: bytes
                      0xfa, 0x01, 0,                           // 31: no bytes
                      0x08, 7};                                // 1 again
  const auto fields = ProtoFields::parse(message);
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->number(1), 7U);
  EXPECT_EQ(fields->number(2), 0x0807060504030201U);
  EXPECT_EQ(fields->number(3), 0x04030201U);
  EXPECT_EQ(Bytes(fields->bytes(4).begin(), fields->bytes(4).end()), (Bytes{'a', 'b', 'c'}));
  EXPECT_TRUE(fields->bytes(31).empty());
  EXPECT_EQ(fields->number(9), 0U);
  EXPECT_TRUE(fields->bytes(9).empty());
}

TEST(Protobuf, refuses_what_is_cut_off_or_malformed) {
  const Bytes cases[] = {{0x08},                                                                 // no value
                         {0x08, 0x80},                                                           // within a varint
                         {0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1},  // too long
                         {0x11, 1, 2, 3, 4, 5, 6, 7},                                            // seven of eight bytes
                         {0x1d, 1, 2, 3},
                         {0x22, 3, 'a', 'b'},
                         {0x22, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01},  // 2^64 - 1 bytes
                         {0x0b},                                                              // a group
                         {0x00, 1}};                                                          // field 0
  for (const auto& message : cases) {
    EXPECT_FALSE(ProtoFields::parse(message)) << testing::PrintToString(message);
  }
  EXPECT_TRUE(ProtoFields::parse({}));
}

TEST(Protobuf, reads_what_it_writes) {
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, ~std::uint64_t{0}}) {
    const auto bytes = ProtoWriter().number(1, value).bytes(2, Bytes(300, 9)).number(1000, value).take();
    const auto fields = ProtoFields::parse(bytes);
    ASSERT_TRUE(fields);
    EXPECT_EQ(fields->number(1), value);
    EXPECT_EQ(fields->number(1000), value);
    EXPECT_EQ(fields->bytes(2).size(), 300U);
  }
}

TEST(Protobuf, any_bytes_are_read_or_refused_within_their_bounds) {
  std::mt19937 random(1);
  int taken = 0;
  for (int i = 0; i < 200'000; ++i) {
    // On the heap and as long as it says, so that the sanitizers see a step beyond.
    Bytes message(random() % 24);
    for (auto& byte : message) {
      byte = static_cast<std::uint8_t>(random());
    }
    if (const auto fields = ProtoFields::parse(message)) {
      ++taken;
      for (std::uint32_t field = 1; field < 32; ++field) {
        ASSERT_LE(fields->bytes(field).size(), message.size());
      }
    }
  }
  EXPECT_GT(taken, 0);
}

}  // namespace
}  // namespace synward::sim
