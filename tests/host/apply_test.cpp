// SPDX-License-Identifier: BSD-2-Clause
#include "synward/apply.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "mock_device.hpp"

namespace synward {
namespace {

using Write = std::pair<std::uint32_t, std::uint32_t>;

Config fixed_config(const std::string& services, const std::string& more = {}) {
  auto config = parse_config(services + R"([secrets]
mode = "fixed"
key0 = "000102030405060708090a0b0c0d0e0f"
key1 = "101112131415161718191a1b1c1d1e1f"
ts_key = "202122232425262728292a2b2c2d2e2f"
mark_key = "303132333435363738393a3b3c3d3e3f"
)" + more,
                             "c.toml");
  return std::move(*config);
}

std::size_t place_of(const MockDevice& device, Write write) {
  const auto at = std::ranges::find(device.writes, write);
  EXPECT_NE(at, device.writes.end()) << std::hex << write.first << " = " << write.second;
  return static_cast<std::size_t>(at - device.writes.begin());
}

TEST(Apply, secrets_come_last_each_committed_behind_its_words) {
  MockDevice device;
  ASSERT_TRUE(apply(device, fixed_config("[[service]]\naddress = \"any\"\nport = 80\n", "parity = 1\n")));
  const std::vector<Write> expected{
      {0x090, 6},                                                                                      //
      {0x080, 0x03020100}, {0x084, 0x07060504}, {0x088, 0x0b0a0908}, {0x08c, 0x0f0e0d0c}, {0x090, 1},  //
      {0x080, 0x13121110}, {0x084, 0x17161514}, {0x088, 0x1b1a1918}, {0x08c, 0x1f1e1d1c}, {0x090, 2},  //
      {0x080, 0x23222120}, {0x084, 0x27262524}, {0x088, 0x2b2a2928}, {0x08c, 0x2f2e2d2c}, {0x090, 3},  //
      {0x080, 0x33323130}, {0x084, 0x37363534}, {0x088, 0x3b3a3938}, {0x08c, 0x3f3e3d3c}, {0x090, 4},
  };
  ASSERT_GT(device.writes.size(), expected.size());
  EXPECT_TRUE(std::equal(expected.rbegin(), expected.rend(), device.writes.rbegin()));
  // Sysctls before services.
  EXPECT_LT(place_of(device, {reg::kSysctlUnclassified, 1}), place_of(device, {reg::kServiceCommit, 0x100}));
}

TEST(Apply, services_are_packed_and_ordered_and_the_rest_removed) {
  MockDevice device;
  ASSERT_TRUE(apply(device, fixed_config(R"([[service]]
address = "any"
port = 0
mode = "drop"
options = { sack = false }
[[service]]
address = "2001:db8::7"
port = 443
mss4 = 1400
mss6 = 1380
wscale = 9
window = 4096
ttl = 63
tos = 8
[[service]]
address = "203.0.113.7"
port = 22
mode = "pass"
)")));
  // The words written since the last commit, for each entry committed.
  std::map<std::uint32_t, std::map<std::uint32_t, std::uint32_t>> entries;
  std::map<std::uint32_t, std::uint32_t> staged;
  std::size_t removed = 0;
  for (const auto& [offset, value] : device.writes) {
    if (offset == reg::kServiceCommit) {
      if ((value & 0x100) != 0) {
        entries[value & 0xff] = staged;
      } else {
        ++removed;
      }
    } else if (offset >= reg::kServiceAddr && offset < reg::kServiceCommit) {
      staged[offset] = value;
    }
  }
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(removed, 29U);
  auto v6 = entries[0];
  EXPECT_EQ(v6[0x100], 0x20010db8U);
  EXPECT_EQ(v6[0x10c], 7U);
  EXPECT_EQ(v6[reg::kServiceMatch], 443U | 1U << 17);
  EXPECT_EQ(v6[reg::kServiceMss], 1400U | 1380U << 16);
  EXPECT_EQ(v6[reg::kServiceWindow], 4096U | 9U << 16);
  EXPECT_EQ(v6[reg::kServiceIp], 63U | 8U << 8);
  EXPECT_EQ(v6[reg::kServiceOptions], 0x17U);
  auto v4 = entries[1];
  EXPECT_EQ(v4[0x100] | v4[0x104] | v4[0x108], 0U);
  EXPECT_EQ(v4[0x10c], 0xcb007107U);
  EXPECT_EQ(v4[reg::kServiceMatch], 22U | 1U << 16);
  EXPECT_EQ(v4[reg::kServiceOptions], 0x07U);
  auto any = entries[2];
  EXPECT_EQ(any[0x10c], 0U);
  EXPECT_EQ(any[reg::kServiceMatch], 7U << 16);
  EXPECT_EQ(any[reg::kServiceOptions], 0x25U);
}

TEST(Apply, random_secrets_differ_and_load_all_four) {
  std::vector<std::uint32_t> first_words;
  for (int run = 0; run < 2; ++run) {
    MockDevice device;
    const auto config = parse_config("[[service]]\naddress = \"any\"\nport = 80\n", "c.toml");
    ASSERT_TRUE(apply(device, *config));
    std::uint32_t commits = 0;
    for (const auto& [offset, value] : device.writes) {
      commits |= offset == reg::kSecretCommit ? 1U << value : 0;
      if (offset == reg::kSecretData) {
        first_words.push_back(value);
      }
    }
    EXPECT_EQ(commits, 0b111110U);
  }
  std::ranges::sort(first_words);
  EXPECT_EQ(std::ranges::adjacent_find(first_words), first_words.end());
}

TEST(Apply, strangers_are_refused_before_any_write) {
  const auto config = fixed_config("[[service]]\naddress = \"any\"\nport = 80\n");
  MockDevice stranger;
  stranger.words[reg::kId] = 0xffffffff;
  const auto refused = apply(stranger, config);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text, "not a Synward card: ID is 0xffffffff, not 0x53594e57");
  EXPECT_TRUE(stranger.writes.empty());

  MockDevice newer;
  newer.words[reg::kVersion] = 7U << 16;
  const auto unknown = apply(newer, config);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().text, "the card's register map has major version 7, this program knows 0");
  EXPECT_TRUE(newer.writes.empty());

  MockDevice small;
  small.words[reg::kSizes] = 0;
  const auto crowded = apply(small, config);
  ASSERT_FALSE(crowded);
  EXPECT_EQ(crowded.error().text, "1 services, but the card's table has 0 entries");
}

}  // namespace
}  // namespace synward
