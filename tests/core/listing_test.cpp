// SPDX-License-Identifier: BSD-2-Clause
// The host's listing of half-open connections, through frames in and registers out.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "common/card_under_test.hpp"
#include "common/contract.hpp"
#include "synward/half_open.hpp"

namespace synward::test {
namespace {

constexpr std::size_t kAll = 1 << 20;

class Listing : public testing::TestWithParam<bool> {
 protected:
  Listing() { program(card(), default_services(), default_secrets()); }

  sim::Card& card() { return under_test_.card(); }
  FrameSpec syn(std::uint16_t port) const {
    FrameSpec spec = plain_syn(GetParam());
    spec.sport = port;
    return spec;
  }
  void send(const FrameSpec& spec) { under_test_.exchange(build(spec).bytes); }
  void run_ms(unsigned ms) {
    card().run_until(card().now() + static_cast<std::uint64_t>(std::ceil(ms * sim::kClockHz / 1000)));
  }
  std::vector<HalfOpen> list(std::size_t most = kAll) {
    const auto entries = read_half_open(card(), most);
    EXPECT_TRUE(entries) << (entries ? "" : entries.error().text);
    return entries ? *entries : std::vector<HalfOpen>{};
  }
  static std::set<std::uint16_t> ports(const std::vector<HalfOpen>& entries) {
    std::set<std::uint16_t> all;
    for (const HalfOpen& entry : entries) all.insert(entry.fport);
    EXPECT_EQ(all.size(), entries.size()) << "listed twice";
    return all;
  }

 private:
  CardUnderTest under_test_;
};

TEST_P(Listing, IsEmptyWithoutEntries) { EXPECT_TRUE(list().empty()); }

TEST_P(Listing, TellsWhatTheSynBrought) {
  const FrameSpec spec = syn(40000);
  send(spec);
  run_ms(40);
  const auto entries = list();
  ASSERT_EQ(entries.size(), 1u);
  const HalfOpen& entry = entries[0];
  const auto wire = [](const IpAddress& address) { return Bytes(address.wire().begin(), address.wire().end()); };
  EXPECT_EQ(entry.foreign.v6, GetParam());
  EXPECT_EQ(wire(entry.foreign), Bytes(spec.src.view().begin(), spec.src.view().end()));
  EXPECT_EQ(wire(entry.local), Bytes(spec.dst.view().begin(), spec.dst.view().end()));
  EXPECT_EQ(entry.fport, spec.sport);
  EXPECT_EQ(entry.lport, spec.dport);
  EXPECT_NE(entry.mss, 0);
  EXPECT_TRUE(entry.window_scale);
  EXPECT_TRUE(entry.sack);
  EXPECT_TRUE(entry.timestamps);
  EXPECT_FALSE(entry.ecn);
  EXPECT_FALSE(entry.unreach);
  EXPECT_EQ(entry.rxmits, 1);
  EXPECT_GE(entry.since_last_ms, 39u);
  EXPECT_LE(entry.since_last_ms, 45u);
}

TEST_P(Listing, ShowsEveryConnectionOnceAndNoneThatEnded) {
  std::set<std::uint16_t> expected;
  for (std::uint16_t port = 50000; port < 50100; ++port) {
    send(syn(port));
    expected.insert(port);
  }
  EXPECT_EQ(ports(list()), expected);
  for (std::uint16_t port = 50010; port < 50020; ++port) {
    FrameSpec rst = syn(port);
    rst.flags = kRst;
    rst.seq += 1;
    rst.options.clear();
    send(rst);
    expected.erase(port);
  }
  EXPECT_EQ(ports(list()), expected);
  EXPECT_EQ(list(7).size(), 7u);
}

TEST_P(Listing, CountsRetransmissions) {
  send(syn(40001));
  run_ms(1100);
  const auto entries = list();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].rxmits, 2);
  EXPECT_LE(entries[0].since_last_ms, 110u);
}

TEST_P(Listing, EndsWhenTheTablesAreCleared) {
  send(syn(40002));
  send(syn(40003));
  card().write32(reg::kListControl, 1);
  run_ms(1);
  ASSERT_EQ(card().read32(reg::kListStatus), 2u);
  load_tables(card());
  EXPECT_EQ(card().read32(reg::kListStatus), 0u);
  for (std::uint32_t word = 0; word < 11; ++word) EXPECT_EQ(card().read32(reg::kListData + 4 * word), 0u);
  EXPECT_TRUE(list().empty());
}

INSTANTIATE_TEST_SUITE_P(Families, Listing, testing::Bool(),
                         [](const auto& family) { return family.param ? "v6" : "v4"; });

}  // namespace
}  // namespace synward::test
