// SPDX-License-Identifier: BSD-2-Clause
// What an agent says of its server, and to whom.
#include "synward/driver/announcer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <iostream>
#include <random>

#include "driver/network.hpp"
#include "synward/driver/listeners.hpp"

namespace synward::test {
namespace {

using control::Verdict;
using driver::Announcement;
using driver::Announcer;
using std::chrono::milliseconds;

synward_listener listener(std::string_view address, std::uint16_t port) {
  const auto parsed = *parse_address(address);
  synward_listener one{};
  std::memcpy(one.laddr, parsed.wire().data(), parsed.wire().size());
  one.v6 = parsed.v6 ? 1 : 0;
  one.lport = port;
  one.rcvbuf = 131'072;
  return one;
}

class Announced : public testing::Test {
 protected:
  /// "address:port verdict window" of the listeners.
  std::vector<std::string> said(const std::vector<synward_listener>& listeners, bool kernel = true) const {
    std::vector<std::string> texts;
    for (const auto& one : driver::announcement(listeners, settings, addresses, kernel, 7).records)
      if (one.port != 0)
        texts.push_back(to_string(one.address) + " " + std::to_string(one.port) + " " +
                        std::string(control::info(one.verdict).name));
    return texts;
  }
  using Texts = std::vector<std::string>;

  driver::ServerSettings settings{.rmem_max = 212'992, .tcp_rmem_max = 6'291'456};
  std::vector<IpAddress> addresses{*parse_address("10.0.0.1"), *parse_address("10.0.0.2"), *parse_address("fd00::1")};
};

TEST_F(Announced, a_listener_without_an_address_stands_at_each_of_its_families) {
  EXPECT_EQ(said({listener("0.0.0.0", 80)}), (Texts{"10.0.0.1 80 protect", "10.0.0.2 80 protect"}));
  EXPECT_EQ(said({listener("::", 80)}), (Texts{"10.0.0.1 80 protect", "10.0.0.2 80 protect", "fd00::1 80 protect"}));
  auto only = listener("::", 80);
  only.v6only = 1;
  EXPECT_EQ(said({only}), (Texts{"fd00::1 80 protect"}));
  EXPECT_EQ(said({listener("10.0.0.2", 80), listener("127.0.0.1", 80), listener("192.0.2.1", 80)}),
            (Texts{"10.0.0.2 80 protect"}));
  EXPECT_EQ(said({listener("::ffff:10.0.0.2", 80)}), (Texts{"10.0.0.2 80 protect"}));
}

TEST_F(Announced, who_has_an_address_or_a_family_to_himself_gets_what_comes) {
  auto mptcp = listener("10.0.0.2", 80);
  mptcp.mptcp = 1;
  EXPECT_EQ(said({listener("::", 80), mptcp}),
            (Texts{"10.0.0.1 80 protect", "10.0.0.2 80 mptcp", "fd00::1 80 protect"}));
  auto four = listener("0.0.0.0", 80);
  four.md5 = 1;
  EXPECT_EQ(said({listener("::", 80), four}), (Texts{"10.0.0.1 80 md5", "10.0.0.2 80 md5", "fd00::1 80 protect"}));
}

TEST_F(Announced, what_cannot_be_reached_or_handed_over_is_left_out_or_says_so) {
  auto bound = listener("0.0.0.0", 80);
  bound.bound_dev = 8;
  EXPECT_TRUE(said({bound}).empty()) << "another device";
  bound.bound_dev = 7;
  EXPECT_EQ(said({bound}).size(), 2U);
  auto ao = listener("10.0.0.1", 80);
  ao.ao = 1;
  EXPECT_EQ(said({ao, listener("10.0.0.1", 81)}, false), (Texts{"10.0.0.1 80 ao", "10.0.0.1 81 kernel"}));
}

TEST_F(Announced, addresses_come_first_and_what_is_too_much_is_said_to_be_missing) {
  std::vector<synward_listener> many;
  for (std::uint16_t port = 1; port <= 20; ++port) many.push_back(listener("::", port));
  const auto all = driver::announcement(many, settings, addresses, true, 7);
  EXPECT_EQ(all.records.size(), control::kMostRecords);
  EXPECT_TRUE(all.incomplete);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(all.records[i].verdict, Verdict::address);
  EXPECT_FALSE(driver::announcement({many[0]}, settings, addresses, true, 7).incomplete);
}

class AnnouncerTest : public testing::Test {
 protected:
  AnnouncerTest() {
    std::ranges::fill(key.bytes(), std::uint8_t{1});
    std::ranges::fill(former.bytes(), std::uint8_t{2});
    std::ranges::fill(other.bytes(), std::uint8_t{3});
    announcer.set_keys(key, &former);
  }
  std::vector<std::uint8_t> beacon(std::uint32_t ms, const Key& by, std::uint64_t card = 0xc0ffee) {
    return control::to_frame(control::Beacon{.card = card, .nonce = 1'000 + ms, .ms = ms}, by);
  }
  Announcer::Frames hear(const std::vector<std::uint8_t>& frame) { return announcer.hear(frame, now); }

  Key key, former, other;
  milliseconds now{5'000};
  Announcement table{{{.address = *parse_address("10.0.0.1"), .verdict = Verdict::address}}, false};
  Announcer announcer{1, 2, {2, 0, 0, 0, 0, 7}, [this] { return table; }};
};

TEST_F(AnnouncerTest, a_beacon_is_answered_at_once_by_its_key_and_to_its_card) {
  for (const Key* by : {&key, &former}) {
    const auto frames = hear(beacon(by == &key ? 1 : 2, *by));
    ASSERT_EQ(frames.size(), 1U);
    const auto envelope = control::open_envelope(frames[0]);
    EXPECT_EQ(envelope->to, control::card_mac(0xc0ffee));
    const auto read = control::read_heartbeat(envelope->content, std::vector<const Key*>{by});
    ASSERT_EQ(read.flaw, control::Flaw::none);
    EXPECT_EQ(read.value.nonce, by == &key ? 1'001U : 1'002U);
    EXPECT_EQ(read.value.records, table.records);
  }
}

TEST_F(AnnouncerTest, a_beacon_counts_once_and_never_after_a_later_one) {
  EXPECT_EQ(hear(beacon(10, key)).size(), 1U);
  EXPECT_TRUE(hear(beacon(10, key)).empty());
  EXPECT_TRUE(hear(beacon(9, key)).empty());
  EXPECT_EQ(hear(beacon(11, key)).size(), 1U);
  EXPECT_EQ(hear(beacon(0x80000000, key, 2)).size(), 1U);
  EXPECT_EQ(hear(beacon(0xfffffff0, key, 2)).size(), 1U);
  EXPECT_EQ(hear(beacon(5, key, 2)).size(), 1U) << "time goes round in 49 days";
  EXPECT_EQ(announcer.counts().ignored, 2U);
}

TEST_F(AnnouncerTest, nobody_elses_frames_are_answered) {
  EXPECT_TRUE(hear(beacon(1, other)).empty());
  EXPECT_TRUE(hear(std::vector<std::uint8_t>(60, 0)).empty());
  const auto own = hear(beacon(1, key));
  EXPECT_TRUE(hear(own[0]).empty()) << "not even a heartbeat";
  EXPECT_EQ(announcer.counts().refused, 3U);
}

TEST_F(AnnouncerTest, a_flood_of_beacons_is_answered_so_often_and_no_more) {
  std::size_t frames = 0;
  for (std::uint32_t ms = 1; ms <= 100; ++ms) frames += hear(beacon(ms, key)).size();
  EXPECT_EQ(frames, Announcer::kMostAnswers);
  announcer.tick(now);
  EXPECT_EQ(hear(beacon(200, key)).size(), 1U);
}

TEST_F(AnnouncerTest, without_beacons_it_says_so_in_one_frame_a_second) {
  table.records.assign(20, table.records[0]);
  const auto frames = announcer.tick(now);
  ASSERT_EQ(frames.size(), 1U);
  const auto envelope = control::open_envelope(frames[0]);
  EXPECT_EQ(envelope->to, control::kMulticast);
  EXPECT_EQ(control::read_heartbeat(envelope->content, std::vector<const Key*>{&key}).value.nonce, 0U);
  EXPECT_EQ(hear(beacon(1, key)).size(), 4U);
  now += milliseconds(1'500);
  EXPECT_TRUE(announcer.tick(now).empty());
  now += milliseconds(1);
  EXPECT_EQ(announcer.tick(now).size(), 1U);
}

TEST_F(AnnouncerTest, random_bytes_are_never_answered) {
  const char* said = std::getenv("SYNWARD_SEED");
  const auto seed = said != nullptr ? std::strtoull(said, nullptr, 0) : std::random_device()();
  std::cout << "SYNWARD_SEED=" << seed << '\n';
  std::mt19937_64 random(seed);
  for (std::uint32_t i = 1; i < 20'000; ++i) {
    auto frame = beacon(i, key);
    // Not of the zeros that fill it: without those it is as right.
    frame[14 + random() % 36] ^= static_cast<std::uint8_t>(1 + random() % 255);
    frame.resize(random() % 4 == 0 ? random() % frame.size() : frame.size());
    ASSERT_TRUE(hear(frame).empty()) << i;
  }
}

TEST(LocalAddresses, are_those_that_frames_of_the_interface_may_have) {
  if (const std::string why = Network::missing(); !why.empty()) GTEST_SKIP() << why;
  const Network network;
  const auto found = driver::local_addresses("server");
  ASSERT_TRUE(found) << found.error().text;
  std::vector<std::string> texts;
  std::ranges::transform(*found, std::back_inserter(texts), [](const IpAddress& one) { return to_string(one); });
  EXPECT_EQ(texts, (std::vector<std::string>{"10.77.0.1", "fd00:77::1"})) << "no loopback, none of the link";
  const FileDescriptor open = listen_at(false, 4'712);
  const auto listed = driver::list_listeners();
  ASSERT_TRUE(listed) << listed.error().text;
  const auto settings = driver::read_server_settings("server");
  const auto said = driver::announcement(*listed, *settings, *found, driver::kernel_takes_marks(), network.server());
  ASSERT_EQ(said.records.size(), 3U);
  EXPECT_EQ(said.records[2].port, 4'712);
  EXPECT_EQ(said.records[2].verdict, Verdict::protect);
  Network::set_sysctl("tcp_syncookies", "0");
  EXPECT_FALSE(driver::kernel_takes_marks());
}

}  // namespace
}  // namespace synward::test
