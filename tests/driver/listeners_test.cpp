// SPDX-License-Identifier: BSD-2-Clause
// What the agent learns of the listeners around it.
#include "synward/driver/listeners.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "driver/network.hpp"

namespace synward::test {
namespace {

constexpr std::uint16_t kPort = 4711;
constexpr int kMptcp = 262;

TEST(Listeners, AreListedWithWhatTheirHandshakesDependOn) {
  if (const std::string why = Network::missing(); !why.empty()) GTEST_SKIP() << why;
  const Network network;
  const FileDescriptor plain = listen_at(false, kPort, 17);
  const FileDescriptor v6 = listen_at(true, kPort);
  const FileDescriptor small = listen_at(false, kPort + 1);
  const int bytes = 4096, clamp = 300'000, mss = 1000;
  setsockopt(small.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  setsockopt(small.get(), IPPROTO_TCP, TCP_WINDOW_CLAMP, &clamp, sizeof clamp);
  setsockopt(small.get(), IPPROTO_TCP, TCP_MAXSEG, &mss, sizeof mss);
  const FileDescriptor mptcp = listen_at(false, kPort + 2, 16, kMptcp);
  const Connected connection = connect_to(false, plain, kPort);  // is no listener

  const auto listed = driver::list_listeners();
  ASSERT_TRUE(listed) << listed.error().text;
  ASSERT_EQ(listed->size(), 4U);
  const auto& [first, second, third, fourth] = std::tie((*listed)[0], (*listed)[1], (*listed)[2], (*listed)[3]);
  EXPECT_EQ(first.lport, kPort);
  EXPECT_EQ(first.v6, 0);
  EXPECT_EQ(first.max_backlog, 17U);
  EXPECT_EQ(first.userlocks & 2, 0);
  EXPECT_EQ(first.mptcp, 0);
  EXPECT_EQ(second.v6, 1);
  EXPECT_EQ(second.v6only, 1);
  EXPECT_EQ(third.rcvbuf, 2 * bytes);
  EXPECT_EQ(third.userlocks & 2, 2);
  EXPECT_EQ(third.window_clamp, static_cast<unsigned>(clamp));
  EXPECT_EQ(third.user_mss, mss);
  EXPECT_EQ(fourth.lport, kPort + 2);
  EXPECT_EQ(fourth.mptcp, 1);
}

}  // namespace
}  // namespace synward::test
