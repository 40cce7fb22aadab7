// SPDX-License-Identifier: BSD-2-Clause
// Somebody on the line, or at the servers' side, who makes or repeats marks and control frames: nothing is gained by
// it, each is counted, and others are served meanwhile.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <future>
#include <iostream>
#include <optional>
#include <random>
#include <thread>

#include "common/control.hpp"
#include "common/rng.hpp"
#include "handoff.h"
#include "live/ends.hpp"
#include "live/live_network.hpp"
#include "live/sniffer.hpp"

namespace synward::test {
namespace {

constexpr std::size_t kFlood = 20'000;

std::uint64_t seed() {
  const char* text = std::getenv("SYNWARD_SEED");
  const std::uint64_t value = text == nullptr ? std::random_device()() : std::strtoull(text, nullptr, 0);
  std::cout << "seed " << value << std::endl;
  return value;
}

class LiveOutsider : public testing::Test {
 protected:
  void SetUp() override {
    NEEDS_LIVE_NETWORK();
    network_.emplace();
    network_->start_agent();
    listener_ = listen_live(*network_);
    line_.emplace(network_->client, "eth0");
    host_.emplace(network_->card, "host");
    server_mac_ = mac_of(network_->server, "eth0");
    rng_.emplace(seed());
  }

  /// A mark of nobody's.
  FrameSpec forged(bool v6) {
    FrameSpec frame;
    frame.mac_dst = server_mac_;
    frame.mac_src = kOutsider;
    frame.src = address(v6 ? "fd00:99::66" : "10.99.0.66");
    frame.dst = address(v6 ? "fd00:99::2" : "10.99.0.2");
    frame.sport = rng_->u16() | 1024;
    frame.dport = 80;
    frame.seq = rng_->u32();
    frame.ack = rng_->u32();
    frame.flags = kAck;
    frame.options = opt_mark(7, 0x76, 1460, rng_->u32());
    if (rng_->u8() % 2 == 0) frame.options = concat({opt_nop(2), opt_ts(rng_->u32(), rng_->u32()), frame.options});
    return frame;
  }

  /// A mark that the server has taken, and whose connection is gone at both ends.
  Bytes used_mark() {
    const Sniffer at_server(network_->server, "eth0");
    Ends ends = connect_both(*network_, listener_, false);
    auto mark = at_server.next([](const sim::TcpView& view) {
      return view.flow.destination_port == 80 && !sim::parse_options(view.options).mark.empty();
    });
    EXPECT_TRUE(mark);
    settle();
    vanish(std::move(ends.client));
    vanish(std::move(ends.server));
    return std::move(mark).value_or(Bytes{});
  }

  /// kFlood frames within a second or two, while others are served.
  void flood(const Sniffer& from, const std::function<Bytes()>& make) {
    auto sending = std::async(std::launch::async, [&] {
      for (std::size_t i = 0; i < kFlood; ++i) {
        while (!from.send(make())) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (i % 20 == 19) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    });
    const std::uint64_t taken = network_->fate("taken");
    for (unsigned i = 0; i < kServed; ++i) expect_served(*network_, listener_, i % 2 == 1, 20'000);
    sending.get();
    EXPECT_EQ(network_->fate("taken"), taken + kServed);
    expect_nothing_gained();
  }

  void expect_nothing_gained() { EXPECT_FALSE(accept_live(listener_, 200)) << "somebody has a connection"; }

  void expect_counted(reg::Counter counter, std::uint64_t count) {
    EXPECT_TRUE(within_ten_seconds([&] { return network_->card_counters()[counter] >= count; }));
    EXPECT_EQ(network_->card_counters()[counter], count);
  }

  static constexpr unsigned kServed = 4;
  static constexpr std::array<std::uint8_t, 6> kOutsider{0x02, 0, 0, 0, 0, 0x66};
  std::optional<LiveNetwork> network_;
  FileDescriptor listener_;
  std::optional<Sniffer> line_, host_;
  std::array<std::uint8_t, 6> server_mac_{};
  std::optional<Rng> rng_;
};

TEST_F(LiveOutsider, ForgesMarksOnTheLine) {
  flood(*line_, [&] { return build(forged(rng_->u8() % 2 == 0)).bytes; });
  expect_counted(reg::Counter::drop_forged_mark, kFlood);
  EXPECT_EQ(network_->fate("bad_mac"), 0U) << "none came as far as the server";
}

TEST_F(LiveOutsider, ForgesMarksAtTheServersSide) {
  flood(*host_, [&] { return build(forged(rng_->u8() % 2 == 0)).bytes; });
  EXPECT_TRUE(within_ten_seconds([&] { return network_->fate("bad_mac") == kFlood; })) << network_->fate("bad_mac");
}

TEST_F(LiveOutsider, RepeatsMarksOnTheLine) {
  const Bytes mark = used_mark();
  flood(*line_, [&] { return mark; });
  expect_counted(reg::Counter::drop_forged_mark, kFlood);
}

/// The card was loaded anew, and knows no connection: a SYN with the tuple of one in use makes an entry, and its
/// SYN-ACK goes to the client.
TEST_F(LiveOutsider, ForgesASynForAConnectionThatTheCardHasForgotten) {
  const Ends ends = connect_both(*network_, listener_, false);
  ASSERT_TRUE(ends.server);
  settle();
  network_->stop_card();
  network_->start_card();
  sockaddr_in client{};
  socklen_t size = sizeof(client);
  ASSERT_EQ(getsockname(ends.client.get(), reinterpret_cast<sockaddr*>(&client), &size), 0);
  FrameSpec syn = forged(false);
  syn.src = address("10.99.0.1");
  syn.sport = ntohs(client.sin_port);
  syn.mac_src = mac_of(network_->client, "eth0");
  syn.flags = kSyn;
  syn.ack = 0;
  syn.options = concat({opt_mss(1460), opt_sack(), opt_ts(0xf0000000, 0)});
  ASSERT_TRUE(line_->send(build(syn).bytes));
  ASSERT_TRUE(within_ten_seconds([&] { return network_->card_counters()[reg::Counter::added] == 1; }));
  settle();
  const std::string bytes = random_bytes(200'000, 31);
  expect_whole(ends.client, ends.server, bytes);
  expect_whole(ends.server, ends.client, bytes);
  EXPECT_EQ(network_->card_counters()[reg::Counter::resets_sent], 0U);
}

TEST_F(LiveOutsider, SendsMarksInFragments) {
  const Bytes used = used_mark();
  const auto in_fragments = [&](const Bytes& mark) {
    // Behind Ethernet's and IPv4's headers, cut in the middle of the mark.
    constexpr std::size_t kHeaders = 34, kCut = 24;
    const auto view = sim::parse_tcp(mark);
    ASSERT_TRUE(view);
    const Bytes segment(view->segment.begin(), view->segment.end());
    for (const bool first : {true, false}) {
      Frame part;
      part.bytes = Bytes(mark.begin(), mark.begin() + kHeaders);
      append(part.bytes, first ? ByteView(segment).first(kCut) : ByteView(segment).subspan(kCut));
      part.l3 = 14;
      part.l4 = kHeaders;
      part.end = part.bytes.size();
      sim::store16(&part.bytes[16], static_cast<std::uint16_t>(part.end - part.l3));
      sim::store16(&part.bytes[20], static_cast<std::uint16_t>(first ? 0x2000 : kCut / 8));
      fix_checksums(part);
      part.bytes.resize(std::max<std::size_t>(part.bytes.size(), 60));
      ASSERT_TRUE(line_->send(part.bytes));
    }
  };
  const std::uint64_t taken = network_->fate("taken");
  const auto before = network_->card_counters();
  in_fragments(used);
  in_fragments(build(forged(false)).bytes);
  // A first fragment that holds the whole of it.
  FrameSpec whole = forged(false);
  whole.fragment = 0x2000;
  ASSERT_TRUE(line_->send(build(whole).bytes));
  constexpr std::uint64_t kFragments = 5;
  const auto counted = [&] {
    const auto now = network_->card_counters();
    return now[reg::Counter::drop_fragment] + now[reg::Counter::passed] - before[reg::Counter::drop_fragment] -
           before[reg::Counter::passed];
  };
  EXPECT_TRUE(within_ten_seconds([&] { return counted() >= kFragments; })) << counted();
  expect_nothing_gained();
  EXPECT_EQ(network_->fate("taken"), taken);
}

TEST_F(LiveOutsider, SendsMarksInATunnel) {
  const Bytes used = used_mark();
  network_->server.shell(
      "ip link add vx type vxlan id 7 dev eth0 dstport 4789 local 10.99.0.2 && "
      "sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.vx.rp_filter=0 && ip link set vx up");
  const Sniffer inside(network_->server, "vx");
  const auto inside_mac = mac_of(network_->server, "vx");
  const std::uint64_t taken = network_->fate("taken");
  FileDescriptor socket_of_his;
  network_->client.run([&] { socket_of_his = FileDescriptor(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)); });
  for (Bytes mark : {used, build(forged(false)).bytes}) {
    std::copy(inside_mac.begin(), inside_mac.end(), mark.begin());
    Bytes packet{0x08, 0, 0, 0, 0, 0, 7, 0};
    append(packet, mark);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(4789);
    to.sin_addr.s_addr = htonl(0x0a630002);
    ASSERT_EQ(sendto(socket_of_his.get(), packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to),
              static_cast<ssize_t>(packet.size()));
    EXPECT_TRUE(inside.next([](const sim::TcpView& view) { return view.flow.destination_port == 80; }))
        << "it did not come out of the tunnel";
  }
  expect_nothing_gained();
  EXPECT_EQ(network_->fate("taken"), taken);
}

TEST_F(LiveOutsider, ForgesControlFramesOnTheLine) {
  const Sniffer at_server(network_->server, "eth0");
  flood(*line_, [&] {
    StatusSpec status;
    status.mark = forged(false);
    status.mark.options = {};
    status.status = static_cast<std::uint8_t>(rng_->u8() % 6);
    Key key;
    for (std::uint8_t& byte : key) byte = rng_->u8();
    return status_frame(status, key);
  });
  expect_counted(reg::Counter::drop_control_frame, kFlood);
  EXPECT_EQ(at_server.count([](ByteView frame) {
    return frame.size() > 14 && frame[12] == SYNWARD_CONTROL_ETHERTYPE >> 8 &&
           frame[13] == (SYNWARD_CONTROL_ETHERTYPE & 0xff) &&
           std::equal(kOutsider.begin(), kOutsider.end(), frame.begin() + 6);
  }),
            0U);
}

TEST_F(LiveOutsider, ForgesStatusesAtTheServersSide) {
  const Sniffer server(network_->server, "eth0");
  const auto gateway = mac_of(network_->client, "eth0");
  const auto before = network_->card_counters();
  flood(server, [&] {
    StatusSpec status;
    status.mark = forged(false);
    status.mark.options = {};
    status.mark.mac_dst = gateway;
    status.status = static_cast<std::uint8_t>(1 + rng_->u8() % 5);
    Key key;
    for (std::uint8_t& byte : key) byte = rng_->u8();
    return status_frame(status, key);
  });
  expect_counted(reg::Counter::drop_host_control_frame, kFlood);
  // Statuses of the connections that were served; a mark that is repeated before its status has come has another.
  EXPECT_GE(network_->card_counters()[reg::Counter::control_frames] - before[reg::Counter::control_frames], kServed);
}

}  // namespace
}  // namespace synward::test
