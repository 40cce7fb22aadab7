// SPDX-License-Identifier: BSD-2-Clause
// Unmodified sockets of this machine's kernel, client and server, through a simulated card and the agent's program.
#include <bpf/bpf.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <tuple>
#include <vector>

#include "live/ends.hpp"
#include "live/live_network.hpp"
#include "synward/driver/program.hpp"

namespace synward::test {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// How much goes each way, bytes.
std::size_t transfer_size() {
  constexpr std::size_t kShort = 4'000'000;
  const char* text = std::getenv("SYNWARD_LIVE_BYTES");
  return text == nullptr ? kShort : std::strtoull(text, nullptr, 0);
}

class LiveTransfer : public testing::TestWithParam<std::tuple<bool, bool, bool>> {};

INSTANTIATE_TEST_SUITE_P(Forms, LiveTransfer, testing::Combine(testing::Bool(), testing::Bool(), testing::Bool()),
                         [](const auto& form) {
                           return std::string(std::get<0>(form.param) ? "v6" : "v4") +
                                  (std::get<1>(form.param) ? "_cookies" : "_syncache") +
                                  (std::get<2>(form.param) ? "_gro" : "");
                         });

TEST_P(LiveTransfer, EveryMixOfOptionsArrivesWholeBothWays) {
  NEEDS_LIVE_NETWORK();
  const auto [v6, cookies, gro] = GetParam();
  LiveNetwork network("ref", cookies ? kCookies : "", gro);
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  const std::string bytes = random_bytes(transfer_size(), 7);
  for (unsigned mix = 0; mix < 8; ++mix) {
    SCOPED_TRACE(mix);
    const bool stamps = (mix & 1) != 0, sack = (mix & 2) != 0, scale = (mix & 4) != 0;
    network.client.shell("sysctl -qw net.ipv4.tcp_timestamps=" + std::to_string(stamps) + " net.ipv4.tcp_sack=" +
                         std::to_string(sack) + " net.ipv4.tcp_window_scaling=" + std::to_string(scale));
    const Ends ends = connect_both(network, listener, v6);
    ASSERT_TRUE(ends.server);
    // A cookie has no room for SACK and the window scale without timestamps, but this layout has.
    const unsigned expected =
        (stamps ? TCPI_OPT_TIMESTAMPS : 0U) | (sack ? TCPI_OPT_SACK : 0U) | (scale ? TCPI_OPT_WSCALE : 0U);
    constexpr unsigned kLooked = TCPI_OPT_TIMESTAMPS | TCPI_OPT_SACK | TCPI_OPT_WSCALE;
    const tcp_info at_client = info_of(ends.client), at_server = info_of(ends.server);
    EXPECT_EQ(at_client.tcpi_options & kLooked, expected);
    EXPECT_EQ(at_server.tcpi_options & kLooked, expected);
    if (scale) {
      EXPECT_EQ(at_client.tcpi_snd_wscale, at_server.tcpi_rcv_wscale);
    }
    expect_whole(ends.client, ends.server, bytes);
    expect_whole(ends.server, ends.client, bytes);
  }
  EXPECT_EQ(network.fate("taken"), 8U);
  EXPECT_EQ(network.fate("gone"), 0U);
  if (gro) {
    EXPECT_LT(network.fate("unmarked"), 8 * bytes.size() / 1448) << "segments of data alone, had nothing been merged";
  }
}

/// As much of HTTP/1.1 as curl needs for one GET of `content`, or for one PUT, whose content this is.
std::string serve_http(const FileDescriptor& listener, const std::string& content) {
  const FileDescriptor client = accept_live(listener);
  std::string head;
  while (client && !head.ends_with("\r\n\r\n")) {
    const std::string byte = receive(client, 1);
    if (byte.empty()) return {};
    head += byte;
  }
  const std::size_t length = head.find("Content-Length: ");
  std::string put;
  if (length != std::string::npos) put = receive(client, std::strtoull(&head[length + 16], nullptr, 10));
  const std::string& answer = head.starts_with("GET ") ? content : std::string();
  send_all(client, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(answer.size()) +
                       "\r\n\r\n" + answer);
  return put;
}

class LiveCurl : public testing::TestWithParam<std::tuple<bool, bool>> {};
INSTANTIATE_TEST_SUITE_P(Forms, LiveCurl, testing::Combine(testing::Bool(), testing::Bool()), [](const auto& form) {
  return std::string(std::get<0>(form.param) ? "v6" : "v4") + (std::get<1>(form.param) ? "_cookies" : "_syncache");
});

TEST_P(LiveCurl, GetsAndPutsWithEveryMixOfOptions) {
  NEEDS_LIVE_NETWORK();
  if (std::system("command -v curl >/dev/null 2>&1") != 0) GTEST_SKIP() << "no curl here";
  const auto [v6, cookies] = GetParam();
  LiveNetwork network("ref", cookies ? kCookies : "");
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  const sim::TemporaryFolder folder;
  const std::string bytes = random_bytes(transfer_size(), 17), file = folder.file("file"), got = folder.file("got");
  std::ofstream(file, std::ios::binary) << bytes;
  const std::string curl =
      fmt::format("curl -sS --globoff --max-time 60 -H Expect: http://{}/", v6 ? "[fd00:99::2]" : "10.99.0.2");
  for (unsigned mix = 0; mix < 8; ++mix) {
    SCOPED_TRACE(mix);
    network.client.shell(
        fmt::format("sysctl -qw net.ipv4.tcp_timestamps={} net.ipv4.tcp_sack={} net.ipv4.tcp_window_scaling={}",
                    mix & 1, mix >> 1 & 1, mix >> 2 & 1));
    auto server = std::async(std::launch::async, [&] { return serve_http(listener, bytes); });
    network.client.shell(fmt::format("{} -o '{}'", curl, got));
    server.get();
    EXPECT_TRUE(sim::read_text(got) == bytes);
    server = std::async(std::launch::async, [&] { return serve_http(listener, ""); });
    network.client.shell(fmt::format("{} -T '{}'", curl, file));
    EXPECT_TRUE(server.get() == bytes);
  }
  EXPECT_EQ(network.fate("taken"), 16U);
}

class LiveTables : public testing::TestWithParam<std::tuple<bool, bool>> {
 protected:
  bool v6() const { return std::get<0>(GetParam()); }
  std::string config() const { return std::get<1>(GetParam()) ? kCookies : ""; }
};

INSTANTIATE_TEST_SUITE_P(Forms, LiveTables, testing::Combine(testing::Bool(), testing::Bool()), [](const auto& form) {
  return std::string(std::get<0>(form.param) ? "v6" : "v4") + (std::get<1>(form.param) ? "_cookies" : "_syncache");
});

TEST_P(LiveTables, TwoHundredConnectionsWhoeverSpeaksFirst) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network("ref", config());
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  for (int i = 0; i < 200; ++i) {
    const FileDescriptor client = connect_live(network, v6());
    ASSERT_TRUE(client) << i;
    const bool server_first = i % 2 == 1;
    if (!server_first) {
      ASSERT_TRUE(send_all(client, "question"));
    }
    const FileDescriptor server = accept_live(listener);
    ASSERT_TRUE(server) << i;
    if (!server_first) {
      ASSERT_EQ(receive(server, 8), "question");
    }
    ASSERT_TRUE(send_all(server, "answer"));
    ASSERT_EQ(receive(client, 6), "answer") << i;
  }
}

TEST_P(LiveTables, AFirstSegmentWithFinIsAQuestionAsWell) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network("ref", config());
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  const FileDescriptor client = connect_live(network, v6());
  ASSERT_TRUE(client);
  shutdown(client.get(), SHUT_WR);
  const FileDescriptor server = accept_live(listener);
  ASSERT_TRUE(server);
  EXPECT_EQ(receive(server, 1), "");
  EXPECT_TRUE(send_all(server, "late"));
  EXPECT_EQ(receive(client, 4), "late");
}

TEST_P(LiveTables, ALostMarkCostsTimeAndNothingElse) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network("ref", config());
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  connect_both(network, listener, v6());  // the agent has answered: hand-overs are confirmed from now on
  network.reload_agent(false);
  const FileDescriptor client = connect_live(network, v6());
  ASSERT_TRUE(client);
  const auto start = Clock::now();
  ASSERT_TRUE(send_all(client, "hello"));
  EXPECT_FALSE(accept_live(listener, 300));
  network.reload_agent(true);
  const FileDescriptor server = accept_live(listener);
  ASSERT_TRUE(server);
  EXPECT_EQ(receive(server, 5), "hello");
  std::cout << "after " << seconds_since(start) << " s" << std::endl;
}

TEST(Live, AServerThatSpeaksFirstIsHeardThoughItsMarkWasLost) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  connect_both(network, listener, false);
  network.reload_agent(false);
  const FileDescriptor client = connect_live(network, false);
  ASSERT_TRUE(client);
  EXPECT_FALSE(accept_live(listener, 300));
  network.reload_agent(true);
  // The card repeats its SYN-ACK, the client its ACK, and the card the mark.
  const FileDescriptor server = accept_live(listener);
  ASSERT_TRUE(server);
  EXPECT_TRUE(send_all(server, "banner"));
  EXPECT_EQ(receive(client, 6), "banner");
}

TEST_P(LiveTables, AFullQueueIsWaitedFor) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network("ref", config());
  network.start_agent();
  const FileDescriptor listener = listen_live(network, 1);
  std::vector<FileDescriptor> clients;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(connect_live(network, v6()));
    ASSERT_TRUE(clients.back()) << i;
    ASSERT_TRUE(send_all(clients.back(), "hello"));
  }
  EXPECT_TRUE(within_ten_seconds([&] { return network.fate("full") != 0; }));
  std::vector<FileDescriptor> servers;
  for (int i = 0; i < 5; ++i) {
    servers.push_back(accept_live(listener, 20'000));
    ASSERT_TRUE(servers.back()) << i;
    EXPECT_EQ(receive(servers.back(), 5), "hello");
  }
}

TEST_P(LiveTables, AForgottenConnectionIsResetAndNoClientHangs) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network("ref", config());
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  Ends ends = connect_both(network, listener, v6());
  settle();
  vanish(std::move(ends.server));
  const auto start = Clock::now();
  ASSERT_TRUE(send_all(ends.client, "are you there?"));
  EXPECT_EQ(receive(ends.client, 1, 20'000), "");
  const double waited = seconds_since(start);
  EXPECT_LT(waited, 15);
  std::cout << "after " << waited << " s" << std::endl;
}

TEST_P(LiveTables, AnOldSocketInTheWayOfANewConnectionGivesWay) {
  NEEDS_LIVE_NETWORK();
  constexpr std::uint16_t kClientPort = 50'000;
  LiveNetwork network("ref", config());
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  FileDescriptor client = connect_live(network, v6(), kLivePatience, kClientPort);
  ASSERT_TRUE(send_all(client, "hello"));
  const FileDescriptor old = accept_live(listener);
  ASSERT_EQ(receive(old, 5), "hello");
  settle();
  vanish(std::move(client));
  // The card has forgotten the connection too: it answers the next SYN itself.
  network.stop_card();
  network.start_card();
  const FileDescriptor again = connect_live(network, v6(), kLivePatience, kClientPort);
  ASSERT_TRUE(again);
  ASSERT_TRUE(send_all(again, "again"));
  const FileDescriptor server = accept_live(listener);
  ASSERT_TRUE(server);
  EXPECT_EQ(receive(server, 5), "again");
  EXPECT_EQ(network.fate("stale"), 1U);
}

TEST(Live, TheAgentMayDieAndBeReplacedUnderTraffic) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  const Ends lasting = connect_both(network, listener, false);
  for (int update = 0; update < 5; ++update) {
    auto agent = std::async(std::launch::async, [&] {
      network.stop_agent();
      network.start_agent();
    });
    for (int i = 0; i < 80; ++i) {
      const Ends ends = connect_both(network, listener, i % 2 == 1);
      ASSERT_TRUE(ends.server) << update << " " << i;
    }
    agent.get();
  }
  network.stop_agent();
  connect_both(network, listener, false);
  EXPECT_TRUE(send_all(lasting.server, "still"));
  EXPECT_EQ(receive(lasting.client, 5), "still");
}

// An upgrade: what the former version has pinned may have another shape in this one.
TEST(Live, AMapOfAnotherVersionIsMadeAnewAndOthersAreKept) {
  NEEDS_LIVE_NETWORK();
  const std::string pins = own_bpf_folder() + "/former";
  std::filesystem::create_directory(pins);
  const FileDescriptor former(bpf_map_create(BPF_MAP_TYPE_LRU_HASH, "handed", 36, 8, 65536, nullptr));
  ASSERT_TRUE(former);
  ASSERT_EQ(bpf_obj_pin(former.get(), (pins + "/handed").c_str()), 0);
  Key key;
  std::ranges::fill(key.bytes(), std::uint8_t{7});
  for (int start = 0; start < 2; ++start) {
    auto program = driver::Program::load(pins);
    ASSERT_TRUE(program) << program.error().text;
    ASSERT_TRUE(program->set_keys({&key, nullptr, nullptr, nullptr}));
  }
  const auto id_of = [&](const std::string& name) {
    const FileDescriptor fd(bpf_obj_get((pins + '/' + name).c_str()));
    bpf_map_info info{};
    __u32 size = sizeof info;
    EXPECT_EQ(bpf_obj_get_info_by_fd(fd.get(), &info, &size), 0) << name;
    return info.id;
  };
  const auto handed = id_of("handed"), keys = id_of("keys");
  ASSERT_TRUE(driver::Program::load(pins));
  EXPECT_EQ(id_of("handed"), handed);
  EXPECT_EQ(id_of("keys"), keys);
}

/// A health check: connected, and reset at once, perhaps before the card hears that the server has made its socket.
TEST_P(LiveTables, AClientThatResetsAtOnceLeavesNoConnectionBehind) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network("ref", config());
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  std::vector<FileDescriptor> servers;
  for (int i = 0; i < 60; ++i) {
    FileDescriptor client = connect_live(network, v6());
    ASSERT_TRUE(client);
    const linger now{1, 0};
    ASSERT_EQ(setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now)), 0);
    client.close();
    FileDescriptor server = accept_live(listener);
    ASSERT_TRUE(server) << i;
    servers.push_back(std::move(server));
  }
  for (const FileDescriptor& server : servers) {
    pollfd poll{server.get(), POLLIN, 0};
    EXPECT_EQ(::poll(&poll, 1, kLivePatience), 1) << "a dead connection is kept";
    EXPECT_NE(poll.revents & POLLERR, 0);
  }
}

TEST(Live, WhileKeysChangeHandOversAreConfirmed) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  network.start_agent_ahead();
  const FileDescriptor listener = listen_live(network);
  connect_both(network, listener, false);  // the card has heard of an agent
  // What is not confirmed is repeated after a second, and reset after all repetitions. A machine that is too busy for
  // the card to hear of it in that second gets another try.
  bool repeated = true;
  for (unsigned tries = 1; repeated && tries <= 5; ++tries) {
    const std::uint64_t before = network.fate("known");
    const FileDescriptor silent = connect_live(network, false);
    ASSERT_TRUE(silent);
    std::this_thread::sleep_for(std::chrono::milliseconds(2'500));
    EXPECT_EQ(network.fate("taken"), 1U + tries);
    repeated = network.fate("known") != before;
  }
  EXPECT_FALSE(repeated);
}

TEST(Live, ACardThatComesBackLosesNoConnection) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  const Ends ends = connect_both(network, listener, false);
  network.stop_card();
  ASSERT_TRUE(send_all(ends.client, "while away"));
  network.start_card();
  EXPECT_EQ(receive(ends.server, 10), "while away");
  EXPECT_TRUE(send_all(ends.server, "welcome"));
  EXPECT_EQ(receive(ends.client, 7), "welcome");
}

TEST(Live, EcnIsPromisedAndKept) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network;
  network.start_agent();
  network.client.shell("sysctl -qw net.ipv4.tcp_ecn=1");
  const FileDescriptor listener = listen_live(network);
  const Ends ends = connect_both(network, listener, false);
  EXPECT_NE(info_of(ends.client).tcpi_options & TCPI_OPT_ECN, 0);
  EXPECT_NE(info_of(ends.server).tcpi_options & TCPI_OPT_ECN, 0);
}

TEST(Live, APortWithoutAListenerIsClosed) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network("ref", "[sysctl]\n\"net.inet.tcp.syncache.rst_on_sock_fail\" = 1");
  network.start_agent();
  // The card does not know that nobody listens, and says so once the server has.
  const FileDescriptor client = connect_live(network, false);
  if (client) {
    EXPECT_EQ(receive(client, 1), "");
  }
  EXPECT_EQ(network.fate("no_listener"), 1U);
}

TEST(Live, ThroughTheRtlToo) {
  NEEDS_LIVE_NETWORK();
  LiveNetwork network("rtl");
  network.start_agent();
  const FileDescriptor listener = listen_live(network);
  for (const bool v6 : {false, true}) {
    const Ends ends = connect_both(network, listener, v6);
    ASSERT_TRUE(ends.server);
    const std::string bytes = random_bytes(200'000, 9);
    expect_whole(ends.client, ends.server, bytes);
    expect_whole(ends.server, ends.client, bytes);
  }
  EXPECT_EQ(network.fate("taken"), 2U);
}

}  // namespace
}  // namespace synward::test
