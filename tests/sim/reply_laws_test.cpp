// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/reply_laws.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "files.hpp"

namespace synward::sim {
namespace {

using Frame = std::vector<std::uint8_t>;

constexpr std::array<std::uint8_t, 20> kSynOptions{2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 7, 0, 0, 0, 0, 1, 3, 3, 7};
constexpr std::array<std::uint8_t, 20> kAckOptions{2, 4, 5, 0xb4, 1, 3, 3, 6, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 7};
constexpr std::array<std::uint8_t, 4> kMssAlone{2, 4, 5, 0xb4};

TcpFields syn(Bytes options) {
  TcpFields made;
  made.to = {2, 0, 0, 0, 0, 1};
  made.from = {2, 0, 0, 0, 0, 2};
  made.flow = {*parse_address("192.0.2.1"), *parse_address("198.51.100.7"), 40000, 443};
  made.seq = 1000;
  made.flags = tcp_flag::syn;
  made.options = options;
  return made;
}

TcpFields syn_ack(Bytes options) {
  auto made = syn(options);
  std::swap(made.to, made.from);
  made.flow = made.flow.reversed();
  made.seq = 5000;
  made.ack = 1001;
  made.flags = tcp_flag::syn | tcp_flag::ack;
  return made;
}

ReplyLaws asked(Bytes options) {
  ReplyLaws laws;
  laws.from_line(build_tcp(syn(options)));
  return laws;
}

TEST(ReplyLaws, what_a_card_sends_keeps_them) {
  EXPECT_EQ(asked(kSynOptions).broken_to_line(build_tcp(syn_ack(kAckOptions))), "");
  EXPECT_EQ(asked(kMssAlone).broken_to_line(build_tcp(syn_ack(kMssAlone))), "");
  EXPECT_EQ(asked({}).broken_to_line(build_tcp(syn_ack(kMssAlone))), "");  // 60 bytes both, padded
  auto challenge = syn_ack(Bytes(kAckOptions).subspan(8));
  static constexpr std::array<std::uint8_t, 12> kTimestamps{1, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 7};
  challenge.options = kTimestamps;
  challenge.flags = tcp_flag::ack;
  EXPECT_EQ(asked(kSynOptions).broken_to_line(build_tcp(challenge)), "");
  auto rst = syn_ack({});
  rst.flags = tcp_flag::rst;
  EXPECT_EQ(asked(kSynOptions).broken_to_line(build_tcp(rst)), "");
}

TEST(ReplyLaws, each_is_noticed_when_it_is_broken) {
  struct Case {
    std::function<void(TcpFields&)> change;
    std::function<void(Frame&)> tamper;
    const char* broken;
  };
  const auto keep = [](TcpFields&) {};
  static constexpr std::array<std::uint8_t, 4> kUnknown{77, 4, 0, 0}, kLong{2, 5, 0, 0}, kBehind{0, 1, 1, 1};
  static constexpr std::array<std::uint8_t, 12> kOtherEcho{1, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 8};
  static constexpr std::array<std::uint8_t, 1> kPayload{0};
  const std::vector<Case> cases{
      {keep, [](Frame& frame) { frame[22] ^= 1; }, "a wrong checksum"},
      {keep, [](Frame& frame) { frame[40] ^= 1; }, "a wrong checksum"},
      {keep, [](Frame& frame) { frame[12] = 9; }, "not TCP"},
      {keep, [](Frame& frame) { frame[0] ^= 1; }, "Ethernet addresses or tags that are not its SYN's"},
      {[](TcpFields& f) { f.payload = kPayload; }, {}, "a payload"},
      {[](TcpFields& f) { f.flow.destination_port = 1; }, {}, "nobody asked for it"},
      {[](TcpFields& f) { f.ack = 1002; }, {}, "no SYN that it acknowledges"},
      {[](TcpFields& f) { f.options = kUnknown; }, {}, "option 77 of a wrong kind or length"},
      {[](TcpFields& f) { f.options = kLong; }, {}, "option 2 of a wrong kind or length"},
      {[](TcpFields& f) { f.options = kBehind; }, {}, "something behind the end of its options"},
      {[](TcpFields& f) { f.options = kOtherEcho; }, {}, "a timestamp echoed that its SYN had not"},
      {[](TcpFields& f) { f.flags |= tcp_flag::psh; }, {}, "flags 1a"},
      {[](TcpFields& f) { f.flags |= 0x40; }, {}, "ECN that its SYN lacked"},
      {[](TcpFields& f) { f.flags = tcp_flag::ack; }, {}, "options that only SYNs have"},
      {[](TcpFields& f) { f.flags = tcp_flag::rst | tcp_flag::ack; }, {}, "flags 14"},
  };
  const auto laws = asked(kSynOptions);
  for (const auto& [change, tamper, broken] : cases) {
    auto fields = syn_ack(kAckOptions);
    change(fields);
    auto frame = build_tcp(fields);
    if (tamper) {
      tamper(frame);
    }
    EXPECT_EQ(laws.broken_to_line(frame), broken);
  }
  EXPECT_EQ(asked(kMssAlone).broken_to_line(build_tcp(syn_ack(kAckOptions))), "longer than its SYN, 74 of 60 bytes");
  static constexpr std::array<std::uint8_t, 4> kScale{1, 3, 3, 6};
  EXPECT_EQ(asked(kMssAlone).broken_to_line(build_tcp(syn_ack(kScale))), "an option that its SYN lacked");
  ReplyLaws acked;
  auto ack = syn({});
  ack.flags = tcp_flag::ack;
  acked.from_line(build_tcp(ack));
  EXPECT_EQ(acked.broken_to_line(build_tcp(syn_ack({}))), "no SYN that it answers");
}

TEST(ReplyLaws, marks) {
  static constexpr std::array<std::uint8_t, 12> kMark{253, 12, 0x5a, 0xc1, 0, 0, 0, 0, 0, 0, 0, 0};
  const auto laws = asked(kSynOptions);
  auto mark = syn(kMark);
  mark.flags = tcp_flag::ack;
  EXPECT_EQ(laws.broken_to_host(build_tcp(mark)), "");
  mark.options = {};
  EXPECT_EQ(laws.broken_to_host(build_tcp(mark)), "neither from the line nor a mark");
  mark.options = kMark;
  mark.flow.source_port = 1;
  EXPECT_EQ(laws.broken_to_host(build_tcp(mark)), "a mark for a connection that nobody asked for");
}

}  // namespace
}  // namespace synward::sim
