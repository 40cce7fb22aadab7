// SPDX-License-Identifier: BSD-2-Clause
// What the card must say in a listener's place, against what kernels were seen to say for it themselves.
#include "synward/driver/server.hpp"

#include <gtest/gtest.h>

#include "driver/network.hpp"

namespace synward::test {
namespace {

using driver::Promise;
using driver::ServerSettings;

synward_listener listener(std::int32_t rcvbuf, std::uint8_t locks) {
  synward_listener made{};
  made.rcvbuf = rcvbuf;
  made.userlocks = locks;
  made.scaling_ratio = 128;
  return made;
}

const ServerSettings kServer{.rmem_max = 212'992, .tcp_rmem_max = 33'554'432};

TEST(Promise, ADefaultListener) {
  const Promise promise = driver::promise_of(listener(131'072, 8), kServer);
  EXPECT_EQ(promise.mss4, 1460);
  EXPECT_EQ(promise.mss6, 1440);
  EXPECT_EQ(promise.wscale, 10);
  // The kernel says 65160, and allows 64240 of it after a hand-off.
  EXPECT_LE(promise.window, 64'240);
  EXPECT_GE(promise.window, 64'240 - 1460);
}

TEST(Promise, ASmallBuffer) {
  const Promise promise = driver::promise_of(listener(8192, 10), kServer);
  EXPECT_EQ(promise.wscale, 0);
  EXPECT_LE(promise.window, 2896);
  EXPECT_GE(promise.window, 2800);
  EXPECT_EQ(driver::promise_of(listener(2304, 10), kServer).window, 1152);
}

TEST(Promise, ALargeBuffer) {
  const Promise promise = driver::promise_of(listener(4'000'000, 10), kServer);
  EXPECT_EQ(promise.wscale, 5);
  EXPECT_GE(promise.window, 62'000);
}

TEST(Promise, AWindowClampAndASegmentSize) {
  synward_listener clamped = listener(131'072, 8);
  clamped.window_clamp = 300'000;
  clamped.user_mss = 1000;
  const Promise promise = driver::promise_of(clamped, kServer);
  EXPECT_EQ(promise.wscale, 3);
  EXPECT_EQ(promise.mss4, 1000);
  EXPECT_EQ(promise.mss6, 1000);
  EXPECT_LE(promise.window, 65'000);
}

TEST(Promise, TheInterfacesMtu) {
  ServerSettings tunnel = kServer;
  tunnel.mtu = 1400;
  EXPECT_EQ(driver::promise_of(listener(131'072, 8), tunnel).mss4, 1360);
  EXPECT_EQ(driver::promise_of(listener(131'072, 8), tunnel).mss6, 1340);
}

TEST(Promise, NothingForWhatNoMarkCanMake) {
  synward_listener mptcp = listener(131'072, 8);
  EXPECT_FALSE(driver::why_pass(mptcp));
  mptcp.mptcp = 1;
  ASSERT_TRUE(driver::why_pass(mptcp));
  EXPECT_NE(driver::why_pass(mptcp)->find("GODEBUG=multipathtcp=0"), std::string::npos);
}

TEST(ServerCheck, FindsAndSetsWhatIsWrong) {
  if (const std::string why = Network::missing(); !why.empty()) GTEST_SKIP() << why;
  const Network network;
  Network::set_sysctl("tcp_syncookies", "1");
  const auto fatal = [] {
    for (const auto& finding : driver::check_server()) {
      if (finding.fatal) return std::optional(finding);
    }
    return std::optional<driver::Finding>();
  };
  EXPECT_FALSE(fatal());
  Network::set_sysctl("tcp_syncookies", "0");
  const auto found = fatal();
  ASSERT_TRUE(found);
  EXPECT_NE(found->text.find("net.ipv4.tcp_syncookies"), std::string::npos);
  EXPECT_TRUE(driver::fix(*found));
  EXPECT_FALSE(fatal());
}

}  // namespace
}  // namespace synward::test
