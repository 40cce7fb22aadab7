// SPDX-License-Identifier: BSD-2-Clause
#include "synward/apply.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

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
table_key = "404142434445464748494a4b4c4d4e4f"
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
}

TEST(Apply, table_key_sysctls_load_services_in_this_order) {
  MockDevice device;
  ASSERT_TRUE(apply(device, fixed_config("[[service]]\naddress = \"any\"\nport = 80\n")));
  EXPECT_EQ(device.writes[0], (Write{0x080, 0x43424140}));
  EXPECT_EQ(device.writes[4], (Write{reg::kSecretCommit, 7}));
  const auto load = place_of(device, {reg::kTableControl, 1});
  for (const auto& info : reg::kSysctls) {
    EXPECT_LT(place_of(device, {info.offset, info.def}), load) << info.name;
  }
  EXPECT_LT(load, place_of(device, {reg::kServiceCommit, 0x100}));
  EXPECT_EQ(std::ranges::count(device.reads, reg::kTableStatus), 2) << "identified, then loaded";
}

TEST(Apply, sizes_that_are_not_set_are_the_cards) {
  struct Case {
    std::string sysctls;
    std::uint32_t hashsize, bucketlimit, cachelimit;
  };
  for (const auto& [sysctls, hashsize, bucketlimit, cachelimit] :
       {Case{"", 64, 4, 256}, Case{"\"net.inet.tcp.syncache.hashsize\" = 16\n", 16, 4, 64},
        Case{"\"net.inet.tcp.syncache.bucketlimit\" = 3\n", 64, 3, 192},
        Case{"\"net.inet.tcp.syncache.hashsize\" = 12\n", 64, 4, 256},
        Case{"\"net.inet.tcp.syncache.cachelimit\" = 7\n", 64, 4, 7}}) {
    MockDevice device;
    device.words[reg::kTableStatus] = 1 | 6U << 8 | 4U << 12 | 6U << 16 | 9U << 24;
    ASSERT_TRUE(apply(device, fixed_config("[sysctl]\n" + sysctls + "[[service]]\naddress = \"any\"\nport = 80\n")));
    EXPECT_EQ(device.words[reg::kSysctlHashsize], hashsize) << sysctls;
    EXPECT_EQ(device.words[reg::kSysctlBucketlimit], bucketlimit) << sysctls;
    EXPECT_EQ(device.words[reg::kSysctlCachelimit], cachelimit) << sysctls;
  }
}

TEST(Apply, sizes_beyond_the_cards_are_refused_before_any_write) {
  for (const auto& [name, value, most] :
       {std::tuple{"hashsize", 128, 64}, std::tuple{"bucketlimit", 5, 4}, std::tuple{"cachelimit", 257, 256}}) {
    MockDevice device;
    device.words[reg::kTableStatus] = 1 | 6U << 8 | 4U << 12 | 6U << 16 | 9U << 24;
    const auto refused =
        apply(device, fixed_config(fmt::format("[sysctl]\n\"net.inet.tcp.syncache.{}\" = {}\n", name, value) +
                                   "[[service]]\naddress = \"any\"\nport = 80\n"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text,
              fmt::format("net.inet.tcp.syncache.{} is {}, but the card's is at most {}", name, value, most));
    EXPECT_TRUE(device.writes.empty());
  }
}

TEST(Apply, tables_that_never_become_ready_are_an_error) {
  MockDevice device;
  device.words[reg::kTableStatus] &= ~1U;
  const auto failed = apply(device, fixed_config("[[service]]\naddress = \"any\"\nport = 80\n"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().text, "the card's tables do not become ready");
  EXPECT_EQ(device.words.count(reg::kServiceCommit), 0U);
}

TEST(Apply, a_rotation_commits_behind_the_key) {
  MockDevice device;
  Key key;
  key.bytes()[0] = 0x11;
  key.bytes()[15] = 0x22;
  EXPECT_TRUE(rotate_cookie_key(device, key));
  EXPECT_EQ(device.writes,
            (std::vector<Write>{{0x080, 0x11}, {0x084, 0}, {0x088, 0}, {0x08c, 0x22000000}, {0x090, 0}}));
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
  EXPECT_EQ(v6[reg::kServiceOptions], 0x1fU);
  auto v4 = entries[1];
  EXPECT_EQ(v4[0x100] | v4[0x104] | v4[0x108], 0U);
  EXPECT_EQ(v4[0x10c], 0xcb007107U);
  EXPECT_EQ(v4[reg::kServiceMatch], 22U | 1U << 16);
  EXPECT_EQ(v4[reg::kServiceOptions], 0x0fU);
  auto any = entries[2];
  EXPECT_EQ(any[0x10c], 0U);
  EXPECT_EQ(any[reg::kServiceMatch], 7U << 16);
  EXPECT_EQ(any[reg::kServiceOptions], 0x2dU);
}

TEST(Apply, random_secrets_differ_and_load_all_five) {
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
    EXPECT_EQ(commits & ~0b1100000U, 0b10011110U);
  }
  std::ranges::sort(first_words);
  EXPECT_EQ(std::ranges::adjacent_find(first_words), first_words.end());
}

TEST(Apply, strangers_and_small_cards_are_refused_before_any_write) {
  const auto config =
      fixed_config("[[service]]\naddress = \"any\"\nport = 80\n[[service]]\naddress = \"any\"\nport = 81\n");
  MockDevice stranger;
  stranger.words[reg::kId] = 0xffffffff;
  const auto refused = apply(stranger, config);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text,
            "the card does not answer (ID is 0xffffffff): no bitstream, a function that is not enabled, or a reset");
  EXPECT_TRUE(stranger.writes.empty());

  MockDevice small;
  small.words[reg::kSizes] -= 31;
  const auto crowded = apply(small, config);
  ASSERT_FALSE(crowded);
  EXPECT_EQ(crowded.error().text, "2 services, but the card's table has 1 entries");
  EXPECT_TRUE(small.writes.empty());
}

/// A service table as it stands behind each commit.
class TableDevice : public MockDevice {
 public:
  void write32(std::uint32_t offset, std::uint32_t value) override {
    MockDevice::write32(offset, value);
    if (offset != reg::kServiceCommit) {
      return;
    }
    const auto entry = value & 0xff;
    // A valid place goes to another service only by way of being empty.
    straight_over |= (value & 0x100) != 0 && table.contains(entry) && table[entry] != words[reg::kServiceMatch];
    table.erase(entry);
    if ((value & 0x100) != 0) {
      table[entry] = words[reg::kServiceMatch];
    }
    for (const auto port : watched) {
      unprotected |= std::ranges::none_of(table, [port](const auto& one) { return (one.second & 0xffff) == port; });
    }
  }
  std::vector<std::uint32_t> ports() const {
    std::vector<std::uint32_t> list;
    for (const auto& [entry, match] : table) {
      list.push_back(match & 0xffff);
    }
    return list;
  }

  std::map<std::uint32_t, std::uint32_t> table;  ///< SERVICE_MATCH by entry
  std::vector<std::uint32_t> watched;            ///< ports that must always be there
  bool straight_over = false, unprotected = false;
};

std::vector<Service> services_of(std::initializer_list<std::uint16_t> ports) {
  std::vector<Service> services;
  for (const auto port : ports) {
    services.push_back({.address = parse_address("203.0.113.7"), .port = port});
  }
  return services;
}

TEST(ReplaceServices, those_that_stay_are_there_all_the_time) {
  struct Case {
    std::vector<Service> before, after;
    std::vector<std::uint32_t> stay;
  };
  for (const auto& [before, after, stay] : {Case{services_of({1, 2, 3}), services_of({9, 1, 2, 3}), {1, 2, 3}},
                                            Case{services_of({1, 2, 3}), services_of({2, 3}), {2, 3}},
                                            Case{services_of({1, 2, 3}), services_of({1, 8, 3}), {1, 3}}}) {
    TableDevice device;
    auto card = Card::identify(device);
    ASSERT_TRUE(card);
    for (std::uint32_t entry = 0; entry < before.size(); ++entry) {
      card->write_service(entry, before[entry]);
    }
    device.watched = stay;
    ASSERT_TRUE(replace_services(*card, before, after));
    EXPECT_FALSE(device.straight_over);
    EXPECT_FALSE(device.unprotected);
    std::vector<std::uint32_t> wanted;
    std::ranges::transform(after, std::back_inserter(wanted), &Service::port);
    EXPECT_EQ(device.ports(), wanted);
  }
}

TEST(ReplaceServices, nothing_is_written_where_nothing_changes) {
  MockDevice device;
  auto card = Card::identify(device);
  ASSERT_TRUE(card);
  auto services = services_of({1, 2});
  ASSERT_TRUE(replace_services(*card, services, services));
  EXPECT_TRUE(device.writes.empty());
  auto changed = services;
  changed[1].ttl = 63;
  ASSERT_TRUE(replace_services(*card, services, changed));
  EXPECT_EQ(std::ranges::count(device.writes, reg::kServiceCommit, &Write::first), 1);
  EXPECT_EQ(device.words[reg::kServiceIp], 63U);
}

}  // namespace
}  // namespace synward
