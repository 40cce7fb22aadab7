// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/tcp_frame.hpp"

#include <gtest/gtest.h>
#include <tins/tins.h>

namespace synward::sim {
namespace {

TcpFields fields(bool v6) {
  TcpFields made;
  made.to = {2, 0, 0, 0, 0, 1};
  made.from = {2, 0, 0, 0, 0, 2};
  made.flow = {*parse_address(v6 ? "2001:db8::1" : "192.0.2.1"), *parse_address(v6 ? "2001:db8::2" : "198.51.100.7"),
               40000, 443};
  made.seq = 0x01020304;
  made.ack = 0xfffefdfc;
  made.flags = tcp_flag::ack | tcp_flag::psh;
  made.window = 1234;
  return made;
}

TEST(TcpFrame, libtins_reads_what_we_build_and_finds_the_same_checksums) {
  const std::vector<std::uint8_t> payload{'o', 'd', 'd'};
  const std::vector<std::uint8_t> options{1, 3, 3, 7};
  for (const bool v6 : {false, true}) {
    auto made = fields(v6);
    made.payload = payload;
    made.options = options;
    const auto frame = build_tcp(made);
    Tins::EthernetII packet(frame.data(), static_cast<std::uint32_t>(frame.size()));
    const auto& tcp = packet.rfind_pdu<Tins::TCP>();
    EXPECT_EQ(tcp.sport(), 40000);
    EXPECT_EQ(tcp.dport(), 443);
    EXPECT_EQ(tcp.seq(), made.seq);
    EXPECT_EQ(tcp.ack_seq(), made.ack);
    EXPECT_EQ(tcp.window(), 1234);
    EXPECT_EQ(tcp.rfind_pdu<Tins::RawPDU>().payload(), payload);
    // libtins computes checksums when it serialises; it must arrive at ours.
    auto again = packet.serialize();
    again.resize(frame.size());
    EXPECT_EQ(std::vector<std::uint8_t>(again), frame);
  }
}

TEST(TcpFrame, parse_gives_back_what_was_built) {
  const std::vector<std::uint8_t> payload(300, 'x');
  for (const bool v6 : {false, true}) {
    auto made = fields(v6);
    made.payload = payload;
    const auto frame = build_tcp(made);
    const auto view = parse_tcp(frame);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->flow, made.flow);
    EXPECT_EQ(view->seq, made.seq);
    EXPECT_EQ(view->ack, made.ack);
    EXPECT_EQ(view->flags, made.flags);
    EXPECT_TRUE(std::ranges::equal(view->payload, payload));
    EXPECT_TRUE(checksums_right(*view));
  }
}

TEST(TcpFrame, every_flipped_bit_behind_ethernet_is_seen) {
  for (const bool v6 : {false, true}) {
    const auto frame = build_tcp(fields(v6));
    for (std::size_t bit = 8 * 14; bit < 8 * (v6 ? 74U : 54U); ++bit) {
      // IPv6 protects neither traffic class, flow label nor hop limit.
      if (v6 && ((bit / 8 >= 14 && bit / 8 < 18) || bit / 8 == 21)) {
        continue;
      }
      auto broken = frame;
      broken[bit / 8] = static_cast<std::uint8_t>(broken[bit / 8] ^ 0x80U >> bit % 8);
      const auto view = parse_tcp(broken);
      EXPECT_FALSE(view && checksums_right(*view)) << v6 << ' ' << bit;
    }
  }
}

TEST(TcpFrame, no_prefix_of_a_frame_is_read_beyond_its_end) {
  for (const bool v6 : {false, true}) {
    const auto frame = build_tcp(fields(v6));
    for (std::size_t size = 0; size < (v6 ? 74U : 54U); ++size) {
      const std::vector<std::uint8_t> part(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_FALSE(parse_tcp(part)) << size;
    }
  }
}

TEST(TcpFrame, vlan_tags_are_stepped_over) {
  auto frame = build_tcp(fields(false));
  for (int tags = 1; tags <= 3; ++tags) {
    frame.insert(frame.begin() + 12, {0x81, 0x00, 0x00, 0x05});
    EXPECT_EQ(parse_tcp(frame).has_value(), tags <= 2);
  }
}

TEST(TcpOptionsReading, all_kinds_and_broken_ones) {
  const std::vector<std::uint8_t> linux_syn{2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 3, 3, 7};
  const auto found = parse_options(linux_syn);
  EXPECT_EQ(found.mss, 1460);
  EXPECT_EQ(found.window_scale, 7);
  EXPECT_TRUE(found.sack_permitted);
  EXPECT_EQ(found.timestamps->value, 1U);
  EXPECT_EQ(found.timestamps->echo, 2U);
  EXPECT_TRUE(found.mark.empty());
  const std::vector<std::uint8_t> mark{253, 12, 0x5a, 0xc1, 0, 0, 5, 0, 1, 2, 3, 4};
  EXPECT_EQ(parse_options(mark).mark.size(), 12U);
  const std::vector<std::uint8_t> wrong{2, 3, 0, 4, 2, 3, 0, 4, 2};
  const auto before_wrong = parse_options(wrong);
  EXPECT_FALSE(before_wrong.mss);
  EXPECT_TRUE(before_wrong.sack_permitted);
  const std::vector<std::uint8_t> beyond{1, 8, 10, 0};
  EXPECT_FALSE(parse_options(beyond).timestamps);
}

TEST(TcpFrame, refresh_repairs_a_changed_frame) {
  for (const bool v6 : {false, true}) {
    auto frame = build_tcp(fields(v6));
    frame[v6 ? 14 + 8 + 15 : 14 + 15] = 77;  // last byte of the source address
    refresh_checksums(frame);
    const auto view = parse_tcp(frame);
    ASSERT_TRUE(view);
    EXPECT_TRUE(checksums_right(*view));
  }
}

}  // namespace
}  // namespace synward::sim
