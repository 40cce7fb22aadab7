// SPDX-License-Identifier: BSD-2-Clause
// What goes wrong on the way: frames that are lost, doubled or late, full queues, a card or an interface that comes and
// goes in the middle.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <random>
#include <thread>
#include <tuple>
#include <vector>

#include "live/ends.hpp"
#include "live/live_network.hpp"
#include "live/unruly_link.hpp"

namespace synward::test {
namespace {

using std::chrono::milliseconds;

std::uint64_t seed() {
  const char* text = std::getenv("SYNWARD_SEED");
  const std::uint64_t value = text == nullptr ? std::random_device()() : std::strtoull(text, nullptr, 0);
  std::cout << "seed " << value << std::endl;
  return value;
}

bool has(const char* program) {
  return std::system(fmt::format("command -v {} >/dev/null 2>&1", program).c_str()) == 0;
}

#define NEEDS_PROGRAM(name) \
  if (!has(name)) GTEST_SKIP() << "no " << (name) << " here"

class LiveLoss : public testing::TestWithParam<std::tuple<bool, bool>> {
 protected:
  bool v6() const { return std::get<0>(GetParam()); }
  bool cookies() const { return std::get<1>(GetParam()); }
  std::string config() const { return cookies() ? kCookies : ""; }
  /// While `what` runs no ACK without data leaves the client.
  static void without_acks(const LiveNetwork& network, const std::function<void()>& what) {
    network.client.shell(
        "nft 'table inet l { chain o { type filter hook output priority 0; tcp dport 80 tcp flags == ack counter "
        "drop\n}\n}'");
    what();
    network.client.shell("nft delete table inet l");
  }
};

INSTANTIATE_TEST_SUITE_P(Forms, LiveLoss, testing::Combine(testing::Bool(), testing::Bool()), [](const auto& form) {
  return std::string(std::get<0>(form.param) ? "v6" : "v4") + (std::get<1>(form.param) ? "_cookies" : "_syncache");
});

TEST_P(LiveLoss, OfTheFirstAckWhereTheClientSpeaksFirst) {
  NEEDS_LIVE_NETWORK();
  NEEDS_PROGRAM("nft");
  LiveNetwork network("ref", config());
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  FileDescriptor client;
  without_acks(network, [&] {
    client = connect_live(network, v6());
    ASSERT_TRUE(client);
    EXPECT_FALSE(accept_live(listener, 200));
    ASSERT_TRUE(send_all(client, "hello"));
    const FileDescriptor server = accept_live(listener);
    ASSERT_TRUE(server);
    EXPECT_EQ(receive(server, 5), "hello");
  });
  EXPECT_EQ(network.fate("taken"), 1U);
}

TEST_P(LiveLoss, OfTheFirstAckWhereTheServerSpeaksFirst) {
  NEEDS_LIVE_NETWORK();
  NEEDS_PROGRAM("nft");
  LiveNetwork network("ref", config());
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  FileDescriptor client;
  without_acks(network, [&] {
    client = connect_live(network, v6());
    ASSERT_TRUE(client);
    EXPECT_FALSE(accept_live(listener, 200));
  });
  // The card repeats the SYN-ACK of an entry. Without one the client has to speak, as with any cookie.
  constexpr int kRepeatedMs = 1'500;
  if (cookies()) {
    EXPECT_FALSE(accept_live(listener, kRepeatedMs));
    ASSERT_TRUE(send_all(client, "hello"));
  }
  const FileDescriptor server = accept_live(listener);
  ASSERT_TRUE(server);
  EXPECT_TRUE(send_all(server, "banner"));
  EXPECT_EQ(receive(client, 6), "banner");
}

TEST_P(LiveLoss, OfTheFirstAckAndTheFirstMark) {
  NEEDS_LIVE_NETWORK();
  NEEDS_PROGRAM("nft");
  LiveNetwork network("ref", config());
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  connect_both(network, listener, v6());  // as above
  network.reload_agent(false);
  FileDescriptor client;
  without_acks(network, [&] {
    client = connect_live(network, v6());
    ASSERT_TRUE(client);
    ASSERT_TRUE(send_all(client, "hello"));
    EXPECT_FALSE(accept_live(listener, 300));
  });
  EXPECT_GT(network.fate("bad_mac"), 0U) << "a mark was lost";
  network.reload_agent(true);
  const FileDescriptor server = accept_live(listener);
  ASSERT_TRUE(server);
  EXPECT_EQ(receive(server, 5), "hello");
  EXPECT_TRUE(send_all(server, "answer"));
  EXPECT_EQ(receive(client, 6), "answer");
}

TEST_P(LiveLoss, OfTheMarkOfAFirstSegmentWithFin) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network("ref", config());
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  connect_both(network, listener, v6());
  network.reload_agent(false);
  const FileDescriptor client = connect_live(network, v6());
  ASSERT_TRUE(client);
  shutdown(client.get(), SHUT_WR);
  EXPECT_FALSE(accept_live(listener, 300));
  network.reload_agent(true);
  const FileDescriptor server = accept_live(listener);
  ASSERT_TRUE(server);
  EXPECT_EQ(receive(server, 1), "");
  EXPECT_TRUE(send_all(server, "late"));
  EXPECT_EQ(receive(client, 4), "late");
}

class LiveFamily : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Families, LiveFamily, testing::Bool(),
                         [](const auto& form) { return form.param ? "v6" : "v4"; });

TEST_P(LiveFamily, AFullQueueIsWaitedForWhereTheServerSpeaksFirst) {
  NEEDS_LIVE_NETWORK();
  // Whoever comes to a full queue again and again may be aborted in the end, and one retry in some is none (mark slot):
  // two retries more than a card has by default.
  LiveNetwork network("ref", "[sysctl]\n\"net.inet.tcp.syncache.rexmtlimit\" = 5");
  network.start_agent();
  const FileDescriptor listener = listen_live(network, 1);
  connect_both(network, listener, GetParam());  // the card has heard of an agent: hand-overs are confirmed
  constexpr int kClients = 5;
  std::vector<FileDescriptor> clients, servers;
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(connect_live(network, GetParam()));
    ASSERT_TRUE(clients.back()) << i;
  }
  EXPECT_TRUE(within_ten_seconds([&] { return network.fate("full") != 0; }));
  for (int i = 0; i < kClients; ++i) {
    servers.push_back(accept_live(listener, 70'000));
    ASSERT_TRUE(servers.back()) << i;
    ASSERT_TRUE(send_all(servers.back(), "banner"));
  }
  for (const FileDescriptor& client : clients) EXPECT_EQ(receive(client, 6), "banner");
}

class LiveUnruly : public testing::TestWithParam<std::tuple<bool, bool>> {};
INSTANTIATE_TEST_SUITE_P(Forms, LiveUnruly, testing::Combine(testing::Bool(), testing::Bool()), [](const auto& form) {
  return std::string(std::get<0>(form.param) ? "v6" : "v4") + (std::get<1>(form.param) ? "_cookies" : "_syncache");
});

TEST_P(LiveUnruly, FramesComeTwiceAndInAnotherOrder) {
  NEEDS_LIVE_NETWORK();
  const auto [v6, cookies] = GetParam();
  const Namespace way;
  LiveNetwork network("ref", cookies ? kCookies : "");
  network.start_agent();
  network.replace_line(&way);
  const UnrulyLink link(way, seed());
  const FileDescriptor listener = listen_live(network);
  constexpr int kConnections = 60;
  for (int i = 0; i < kConnections; ++i) {
    const Ends ends = connect_both(network, listener, v6);
    ASSERT_TRUE(ends.server) << i;
    ASSERT_TRUE(send_all(ends.server, "answer"));
    ASSERT_EQ(receive(ends.client, 6), "answer") << i;
  }
  expect_served(network, listener, v6, 500'000);
  EXPECT_FALSE(accept_live(listener, 100)) << "a connection that nobody made";
  EXPECT_EQ(network.fate("taken"), kConnections + 1U);
  EXPECT_GT(link.doubled(), 0U);
  EXPECT_GT(link.delayed(), 0U);
  std::cout << link.doubled() << " frames twice, " << link.delayed() << " late" << std::endl;
}

class LiveRestart : public testing::TestWithParam<std::tuple<bool, bool>> {};
INSTANTIATE_TEST_SUITE_P(Forms, LiveRestart, testing::Combine(testing::Bool(), testing::Bool()), [](const auto& form) {
  return std::string(std::get<0>(form.param) ? "v6" : "v4") + (std::get<1>(form.param) ? "_drop" : "_pass");
});

TEST_P(LiveRestart, OfTheCardInTheMiddleOfATransfer) {
  NEEDS_LIVE_NETWORK();
  const auto [v6, drop] = GetParam();
  LiveNetwork network("ref",
                      drop ? "[sysctl]\n\"net.synward.unknown_ack\" = \"drop\"\n\"net.synward.flow_learn\" = 3" : "");
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  const Ends ends = connect_both(network, listener, v6);
  ASSERT_TRUE(ends.server);
  const std::string bytes = random_bytes(20'000'000, 21);
  auto up = std::async(std::launch::async, [&] { return send_all(ends.client, bytes, 30'000); });
  auto down = std::async(std::launch::async, [&] { return send_all(ends.server, bytes, 30'000); });
  auto at_client = std::async(std::launch::async, [&] { return receive(ends.client, bytes.size(), 30'000) == bytes; });
  const std::string first = receive(ends.server, 100'000, 30'000);
  ASSERT_EQ(first, bytes.substr(0, first.size()));
  ASSERT_EQ(up.wait_for(milliseconds(0)), std::future_status::timeout) << "it was over before the card went";
  network.stop_card();
  network.start_card();
  EXPECT_TRUE(first + receive(ends.server, bytes.size() - first.size(), 30'000) == bytes);
  EXPECT_TRUE(at_client.get());
  EXPECT_TRUE(up.get());
  EXPECT_TRUE(down.get());
  connect_both(network, listener, v6);
}

TEST_P(LiveFamily, AnInterfaceThatIsMadeAnewIsUsed) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  expect_served(network, listener, GetParam());
  network.replace_line();
  expect_served(network, listener, GetParam());
  const std::string said = network.card_output(), word = "line: the interface is gone";
  EXPECT_EQ(said.find(word), said.rfind(word)) << "once: " << said;
  EXPECT_EQ(said.find("host: "), std::string::npos) << said;
}

TEST_P(LiveFamily, DatagramsThatWereSentAsOneArrive) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  const bool v6 = GetParam();
  FileDescriptor server, client;
  sockaddr_in6 at{};
  at.sin6_family = AF_INET6;
  at.sin6_port = htons(5353);
  network.server.run([&] {
    server = FileDescriptor(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(bind(server.get(), reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  });
  constexpr int kSize = 1'000, kCount = 8;
  const std::string bytes = random_bytes(kSize * kCount, 2);
  network.client.run([&] {
    client = FileDescriptor(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(setsockopt(client.get(), IPPROTO_UDP, UDP_SEGMENT, &kSize, sizeof kSize), 0);
    // fd00:99::2, or 10.99.0.2 as IPv6 has it.
    const std::array<std::uint8_t, 16> to6{0xfd, 0, 0, 0x99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2},
        to4{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 99, 0, 2};
    std::copy_n((v6 ? to6 : to4).begin(), 16, at.sin6_addr.s6_addr);
    ASSERT_EQ(sendto(client.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&at), sizeof at),
              static_cast<ssize_t>(bytes.size()));
  });
  for (int i = 0; i < kCount; ++i) {
    pollfd wait{server.get(), POLLIN, 0};
    ASSERT_EQ(poll(&wait, 1, kLivePatience), 1) << i;
    std::string datagram(2 * kSize, '\0');
    datagram.resize(static_cast<std::size_t>(recv(server.get(), datagram.data(), datagram.size(), 0)));
    EXPECT_TRUE(datagram == bytes.substr(static_cast<std::size_t>(i) * kSize, kSize)) << i;
  }
}

}  // namespace
}  // namespace synward::test
