// SPDX-License-Identifier: BSD-2-Clause
// The control channel's frames: what one end writes the other reads, and nothing else.
#include "synward/control_frame.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>

namespace synward::control {
namespace {

using Bytes = std::vector<std::uint8_t>;

Key key_of(std::uint8_t byte) {
  Key key;
  std::ranges::fill(key.bytes(), byte);
  return key;
}

Record record(std::string_view address, std::uint16_t port) {
  return {.address = *parse_address(address),
          .port = port,
          .verdict = Verdict::protect,
          .mss4 = 1460,
          .mss6 = 1440,
          .window = 64'240,
          .wscale = 10,
          .timestamps = true,
          .sack = true,
          .window_scaling = true,
          .ecn = true};
}

class ControlFrame : public testing::Test {
 protected:
  static constexpr Mac kTo{2, 0, 0, 0, 0, 1}, kFrom{2, 0, 0, 0, 0, 2};

  Heartbeat heartbeat() const {
    return {.agent = 0x0102030405060708,
            .boot = 9,
            .sequence = 10,
            .nonce = 11,
            .table = 12,
            .page = 1,
            .pages = 3,
            .records = {record("203.0.113.7", 443), record("2001:db8::7", 80)}};
  }
  Read<Heartbeat> read(const Bytes& frame) const {
    const auto envelope = open_envelope(frame);
    return envelope ? read_heartbeat(envelope->content, keys) : Read<Heartbeat>();
  }
  Read<Beacon> read_b(const Bytes& frame) const {
    const auto envelope = open_envelope(frame);
    return envelope ? read_beacon(envelope->content, keys) : Read<Beacon>();
  }

  Key key = key_of(7), former = key_of(8), other = key_of(9);
  std::vector<const Key*> keys{&key, &former};
};

TEST_F(ControlFrame, a_heartbeat_is_read_as_it_was_written) {
  const auto frame = to_frame(heartbeat(), key, kTo, kFrom);
  const auto got = read(frame);
  ASSERT_EQ(got.flaw, Flaw::none);
  EXPECT_EQ(got.value, heartbeat());
  EXPECT_EQ(got.key, 0U);
  EXPECT_EQ(open_envelope(frame)->from, kFrom);
  EXPECT_EQ(open_envelope(frame)->to, kTo);
}

TEST_F(ControlFrame, a_beacon_is_read_as_it_was_written_with_and_without_a_vlan) {
  const Beacon beacon{.card = 0xaabbccddeeff0011, .nonce = 5, .ms = 6, .services = 7, .room = 32, .learns = true};
  for (const auto vlan : {std::uint16_t{0}, std::uint16_t{100}}) {
    const auto frame = to_frame(beacon, key, vlan);
    EXPECT_GE(frame.size(), 60U);
    const auto got = read_b(frame);
    ASSERT_EQ(got.flaw, Flaw::none) << vlan;
    EXPECT_EQ(got.value, beacon);
    EXPECT_EQ(open_envelope(frame)->vlan, vlan);
    EXPECT_EQ(open_envelope(frame)->to, kMulticast);
    EXPECT_EQ(open_envelope(frame)->from, card_mac(beacon.card));
  }
  EXPECT_EQ(kMulticast[0] & 3, 3) << "a group, locally administered";
  EXPECT_EQ(card_mac(beacon.card)[0] & 3, 2) << "one host, locally administered";
}

TEST_F(ControlFrame, bytes_are_those_of_the_documentation) {
  const auto frame = to_frame(heartbeat(), key, kTo, kFrom);
  const Bytes head(frame.begin(), frame.begin() + 26);
  EXPECT_EQ(head, (Bytes{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5, 1, 2, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8}));
  const Bytes first(frame.begin() + 62, frame.begin() + 90);
  EXPECT_EQ(first, (Bytes{0, 0, 1,   0xbb, 0,   0, 0, 0,    0, 0,    0,    0,    0,  0,
                          0, 0, 203, 0,    113, 7, 5, 0xb4, 5, 0xa0, 0xfa, 0xf0, 10, 15}));
  EXPECT_EQ(frame.size(), 14U + 48 + 2 * 28 + 8);
}

TEST_F(ControlFrame, the_largest_page_fits_with_two_tags) {
  auto full = heartbeat();
  full.records.assign(kRecordsPerPage, record("2001:db8::7", 80));
  auto frame = to_frame(full, key, kTo, kFrom);
  frame.insert(frame.begin() + 12, {0x88, 0xa8, 0, 1, 0x81, 0, 0, 2});
  EXPECT_LE(frame.size(), kLongestFrame);
  EXPECT_EQ(read(frame).value, full);
  EXPECT_EQ(open_envelope(frame)->vlan, 1);
  frame.insert(frame.begin() + 12, {0x81, 0, 0, 3});
  EXPECT_FALSE(open_envelope(frame)) << "no more than two";
}

TEST_F(ControlFrame, every_bit_behind_the_ethertype_counts) {
  for (const bool beacon : {false, true}) {
    const auto right =
        beacon ? to_frame(Beacon{.card = 1, .nonce = 2, .ms = 3}, key) : to_frame(heartbeat(), key, kTo, kFrom);
    for (std::size_t at = 14; at < right.size(); ++at) {
      for (int bit = 0; bit < 8; ++bit) {
        auto wrong = right;
        wrong[at] = static_cast<std::uint8_t>(wrong[at] ^ 1 << bit);
        const auto flaw = beacon ? read_b(wrong).flaw : read(wrong).flaw;
        EXPECT_NE(flaw, Flaw::none) << "byte " << at << " bit " << bit;
      }
    }
  }
}

TEST_F(ControlFrame, only_the_keys_that_are_held_count) {
  EXPECT_EQ(read(to_frame(heartbeat(), former, kTo, kFrom)).key, 1U);
  EXPECT_EQ(read(to_frame(heartbeat(), other, kTo, kFrom)).flaw, Flaw::forged);
  keys.clear();
  EXPECT_EQ(read(to_frame(heartbeat(), key, kTo, kFrom)).flaw, Flaw::forged);
}

TEST_F(ControlFrame, a_beacon_is_no_heartbeat_and_a_heartbeat_no_beacon) {
  EXPECT_EQ(read_b(to_frame(heartbeat(), key, kTo, kFrom)).flaw, Flaw::malformed);
  EXPECT_EQ(read(to_frame(Beacon{.card = 1, .nonce = 2}, key)).flaw, Flaw::malformed);
  EXPECT_EQ(read_b(to_frame(Beacon{.card = 1, .nonce = 0}, key)).flaw, Flaw::malformed) << "0 is no nonce";
}

TEST_F(ControlFrame, lengths_are_exact_but_for_zeros_that_fill_a_short_frame) {
  const auto right = to_frame(heartbeat(), key, kTo, kFrom);
  for (std::size_t size = 0; size < right.size(); ++size)
    EXPECT_NE(read({right.begin(), right.begin() + static_cast<std::ptrdiff_t>(size)}).flaw, Flaw::none) << size;
  auto longer = right;
  longer.push_back(0);
  EXPECT_NE(read(longer).flaw, Flaw::none);
  auto beacon = to_frame(Beacon{.card = 1, .nonce = 2}, key);
  ASSERT_EQ(beacon.size(), 60U);
  beacon.back() = 1;
  EXPECT_NE(read_b(beacon).flaw, Flaw::none);
}

TEST_F(ControlFrame, records_that_no_agent_writes_are_refused_whoever_signs_them) {
  const auto refused = [&](const std::function<void(Record&)>& spoil) {
    auto wrong = heartbeat();
    spoil(wrong.records[0]);
    return read(to_frame(wrong, key, kTo, kFrom)).flaw == Flaw::malformed;
  };
  EXPECT_FALSE(refused([](Record&) {}));
  EXPECT_TRUE(refused([](Record& one) { one.address.bytes[3] = 1; })) << "IPv4 has four bytes";
  EXPECT_TRUE(refused([](Record& one) { one.address = {}; })) << "nobody's address";
  EXPECT_TRUE(refused([](Record& one) { one.wscale = 15; }));
  EXPECT_TRUE(refused([](Record& one) { one.port = 0; })) << "a listener has a port";
  EXPECT_TRUE(refused([](Record& one) { one.verdict = Verdict::address; })) << "an address has none";
  EXPECT_TRUE(refused([](Record& one) { one.verdict = static_cast<Verdict>(kVerdicts); }));
  for (const auto& spoil : std::initializer_list<void (*)(Heartbeat&)>{
           [](Heartbeat& all) { all.pages = 0; }, [](Heartbeat& all) { all.pages = kMostPages + 1; },
           [](Heartbeat& all) { all.page = all.pages; }}) {
    auto wrong = heartbeat();
    spoil(wrong);
    EXPECT_EQ(read(to_frame(wrong, key, kTo, kFrom)).flaw, Flaw::malformed);
  }
}

TEST_F(ControlFrame, a_table_becomes_pages_that_make_it_again) {
  for (const std::size_t count : {0, 1, 6, 7, 48, 49}) {
    std::vector<Record> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(record("203.0.113.7", static_cast<std::uint16_t>(1 + i)));
    const auto pages = pages_of(all, key, {.agent = 1, .records = {}});
    EXPECT_EQ(pages.size(), std::clamp<std::size_t>((count + 5) / 6, 1, 8)) << count;
    std::vector<Record> again;
    for (const auto& page : pages) {
      EXPECT_EQ(page.incomplete, count > kMostRecords);
      EXPECT_EQ(page.pages, pages.size());
      again.insert(again.end(), page.records.begin(), page.records.end());
    }
    all.resize(std::min(all.size(), kMostRecords));
    EXPECT_EQ(again, all);
    EXPECT_EQ(pages[0].table, table_hash(key, all));
  }
}

/// Random bytes, and right frames that were spoiled here and there, behind a right EtherType.
TEST_F(ControlFrame, random_bytes_are_never_taken) {
  const char* said = std::getenv("SYNWARD_SEED");
  const auto seed = said != nullptr ? std::strtoull(said, nullptr, 0) : std::random_device()();
  std::cout << "SYNWARD_SEED=" << seed << '\n';
  std::mt19937_64 random(seed);
  const auto right = to_frame(heartbeat(), key, kTo, kFrom);
  for (int i = 0; i < 20'000; ++i) {
    Bytes frame;
    if (i % 2 == 0) {
      frame.resize(random() % 300);
      std::ranges::generate(frame, [&] { return static_cast<std::uint8_t>(random()); });
      if (frame.size() > 18) std::copy_n(right.begin() + 12, 4, frame.begin() + 12);
    } else {
      frame = right;
      for (auto spoiled = 1 + random() % 4; spoiled > 0; --spoiled)
        frame[14 + random() % (frame.size() - 14)] ^= static_cast<std::uint8_t>(1 + random() % 255);
      if (frame == right) continue;
    }
    ASSERT_NE(read(frame).flaw, Flaw::none) << i;
    ASSERT_NE(read_b(frame).flaw, Flaw::none) << i;
  }
}

}  // namespace
}  // namespace synward::control
