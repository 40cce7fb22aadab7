// SPDX-License-Identifier: BSD-2-Clause
// Both cores tell the same time: `synward sim replay` gives the same bytes through either, and a silence costs nothing.
#include <gtest/gtest.h>

#include "both_cores.hpp"
#include "device/process.hpp"

namespace synward::sim {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kStart = 1'700'000'000 * kSecond;

TcpFields syn(std::uint16_t port, Bytes options) {
  TcpFields made;
  made.to = {2, 0, 0, 0, 0, 1};
  made.from = {2, 0, 0, 0, 0, 2};
  made.flow = {*parse_address("192.0.2.1"), *parse_address("198.51.100.7"), port, 443};
  made.seq = 1000;
  made.flags = tcp_flag::syn;
  made.options = options;
  return made;
}

class SameTime : public testing::Test {
 protected:
  SameTime() { configure(""); }
  void configure(std::string_view more) {
    write_text(folder_.file("c.toml"),
               "[[service]]\naddress = \"198.51.100.7\"\nport = 443\n[secrets]\nmode = \"fixed\"\n"
               "key0 = \"000102030405060708090a0b0c0d0e0f\"\nkey1 = \"101112131415161718191a1b1c1d1e1f\"\n" +
                   std::string(more));
  }
  void expect_same_at_pace(const std::vector<TimedFrame>& frames, const std::string& more = "--pace pcap") {
    write_pcap(folder_.file("in.pcap"), frames);
    const auto arguments =
        fmt::format("--config {} --line-in {} {}", folder_.file("c.toml"), folder_.file("in.pcap"), more);
    rtl_ = replay(folder_, "rtl", arguments);
    ref_ = replay(folder_, "ref", arguments);
    expect_same(rtl_, ref_);
  }

  TemporaryFolder folder_;
  Replayed rtl_, ref_;
};

constexpr std::array<std::uint8_t, 12> kTimestamps{1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0};

TEST_F(SameTime, on_both_sides_of_a_millisecond) {
  configure("[sysctl]\n\"net.inet.tcp.syncookies_only\" = 1\n");
  // Milliseconds 1 to 40 behind the start, a SYN just before and one just behind each: within the clock itself.
  std::vector<TimedFrame> frames{{kStart, build_tcp(syn(1, kTimestamps))}};
  for (std::uint16_t ms = 1; ms <= 40; ++ms) {
    for (const std::int64_t off : {-4, 3}) {
      const auto port = static_cast<std::uint16_t>(1000 + 2 * ms + (off > 0 ? 1 : 0));
      frames.push_back({static_cast<std::uint64_t>(static_cast<std::int64_t>(kStart) + 1'000'000 * ms + off),
                        build_tcp(syn(port, kTimestamps))});
    }
  }
  expect_same_at_pace(frames);
  EXPECT_EQ(rtl_.line.size(), frames.size());
}

/// ACKs that no cookie explains, one each microsecond, are more events than the ring holds. The host empties it at
/// second 1, while they go on.
TEST_F(SameTime, which_events_are_lost) {
  for (const char* limit : {"0", "30"}) {
    configure(fmt::format("[sysctl]\n\"net.synward.event_limit\" = {}\n", limit));
    std::vector<TimedFrame> frames{{kStart, build_tcp(syn(1, kTimestamps))}};
    for (std::uint16_t i = 0; i < 1200; ++i) {
      auto ack = syn(static_cast<std::uint16_t>(1000 + i), {});
      ack.flags = tcp_flag::ack;
      frames.push_back({kStart + kSecond - 700'000 + 1'000U * i, build_tcp(ack)});
    }
    expect_same_at_pace(frames);
    EXPECT_GT(rtl_.report["events"]["ack_spurious"]["lost"], 100) << limit;
    EXPECT_GT(rtl_.report["events"]["ack_spurious"]["recorded"], 25) << limit;
  }
}

/// A frame that comes while the host is at the card's registers is not kept waiting for that.
TEST_F(SameTime, while_the_host_looks) {
  configure("rotate_s = 1\n[sysctl]\n\"net.inet.tcp.syncookies_only\" = 1\n");
  std::vector<TimedFrame> frames{{kStart, build_tcp(syn(1, kTimestamps))}};
  for (std::uint16_t i = 0; i < 400; ++i) {
    frames.push_back({kStart + kSecond - 5'000 + 313U * i, build_tcp(syn(static_cast<std::uint16_t>(1000 + i), {}))});
  }
  write_pcap(folder_.file("in.pcap"), frames);
  const auto rtl =
      replay(folder_, "rtl",
             fmt::format("--config {} --line-in {} --pace pcap", folder_.file("c.toml"), folder_.file("in.pcap")));
  ASSERT_EQ(rtl.line.size(), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_LE(rtl.line[i].ns, frames[i].ns + 350) << i;
  }
}

/// The same ACK before and behind a silence in which its cookie's secret may have been rotated away, an hour of clocks
/// that nobody evaluates.
TEST_F(SameTime, over_a_silence_with_rotations) {
  for (const auto& [silence, known] : {std::pair{29, true}, std::pair{31, false}, std::pair{90'000, false}}) {
    configure("rotate_s = 15\n[sysctl]\n\"net.inet.tcp.syncookies_only\" = 1\n");
    write_pcap(folder_.file("in.pcap"), {{kStart, build_tcp(syn(1, {}))}});
    const auto first = replay(folder_, "ref",
                              fmt::format("--config {} --line-in {}", folder_.file("c.toml"), folder_.file("in.pcap")));
    ASSERT_EQ(first.line.size(), 1U);
    auto ack = syn(1, {});
    ack.flags = tcp_flag::ack;
    ack.seq = 1001;
    ack.ack = parse_tcp(first.line[0].bytes)->seq + 1;
    expect_same_at_pace({{kStart, build_tcp(syn(1, {}))},
                         {kStart + static_cast<std::uint64_t>(silence) * kSecond, build_tcp(ack)},
                         {kStart + static_cast<std::uint64_t>(silence + 1) * kSecond, build_tcp(syn(2, {}))}});
    EXPECT_EQ(rtl_.report["fates"]["marks"], known ? 1 : 0) << silence;
  }
}

/// A flow outlives the half of what idle flows are granted (60 laps of 131 s), and is forgotten after more than that.
TEST_F(SameTime, flows_age_in_a_silence) {
  configure("[sysctl]\n\"net.synward.unknown_ack\" = \"drop\"\n");
  write_pcap(folder_.file("in.pcap"), {{kStart, build_tcp(syn(1, {}))}});
  const auto first =
      replay(folder_, "ref", fmt::format("--config {} --line-in {}", folder_.file("c.toml"), folder_.file("in.pcap")));
  ASSERT_EQ(first.line.size(), 1U);
  auto ack = syn(1, {});
  ack.flags = tcp_flag::ack;
  ack.seq = 1001;
  ack.ack = parse_tcp(first.line[0].bytes)->seq + 1;
  for (const auto& [silence, known] : {std::pair{4'000, true}, std::pair{9'000, false}}) {
    expect_same_at_pace({{kStart, build_tcp(syn(1, {}))},
                         {kStart + 1'000'000, build_tcp(ack)},
                         {kStart + static_cast<std::uint64_t>(silence) * kSecond, build_tcp(ack)}});
    EXPECT_EQ(rtl_.host.size(), known ? 3U : 2U) << silence;
    EXPECT_EQ(rtl_.report["drops"]["unknown_ack"], known ? 0 : 1) << silence;
  }
}

/// Longer than the card's clock of 32 bits can tell.
TEST_F(SameTime, over_200_days) {
  expect_same_at_pace(
      {{kStart, build_tcp(syn(1, kTimestamps))}, {kStart + 200 * 86'400 * kSecond, build_tcp(syn(2, kTimestamps))}});
  EXPECT_EQ(rtl_.line.size(), 5U);
}

}  // namespace
}  // namespace synward::sim
