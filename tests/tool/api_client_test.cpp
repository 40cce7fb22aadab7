// SPDX-License-Identifier: BSD-2-Clause
// How the tool asks a daemon that is busy.
#include "api_client.hpp"

#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "../host/temporary_folder.hpp"

namespace synward::tool {
namespace {

/// Answers that it is busy the first `busy` times, whatever it is asked.
class BusyDaemon {
 public:
  BusyDaemon(const std::string& socket, int busy, bool says_when) : busy_(busy), says_when_(says_when) {
    server_.set_address_family(AF_UNIX);
    const auto answer = [this](const httplib::Request&, httplib::Response& response) {
      const bool done = asked_++ >= busy_;
      response.status = done ? 200 : 503;
      response.set_content(done ? R"({"up":true})" : R"({"error":"busy"})", "application/json");
      if (!done && says_when_) response.set_header("Retry-After", "1");
    };
    server_.Get(".*", answer);
    server_.Put(".*", answer);
    server_.Post(".*", answer);
    // 80: what httplib wants for a port and does not use.
    bound_ = server_.bind_to_port(socket, 80);
    EXPECT_TRUE(bound_) << socket;
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  BusyDaemon(const BusyDaemon&) = delete;
  BusyDaemon(BusyDaemon&&) = delete;
  BusyDaemon& operator=(const BusyDaemon&) = delete;
  BusyDaemon& operator=(BusyDaemon&&) = delete;
  ~BusyDaemon() {
    while (bound_ && !server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    server_.stop();
    thread_.join();
  }

  int asked() const { return asked_; }

 private:
  httplib::Server server_;
  std::atomic<int> asked_ = 0;
  int busy_;
  bool says_when_, bound_ = false;
  std::thread thread_;
};

struct ApiClientTest : testing::Test {
  TemporaryFolder folder;
  std::string socket = folder / "socket";
};

TEST_F(ApiClientTest, ABusyDaemonIsAskedAgain) {
  const BusyDaemon daemon(socket, 2, true);
  ApiClient client(socket);
  const auto status = client.get_json("/v1/status");
  ASSERT_TRUE(status) << status.error().text;
  EXPECT_EQ(*status, nlohmann::json::parse(R"({"up":true})"));
  EXPECT_EQ(daemon.asked(), 3);
}

TEST_F(ApiClientTest, SoIsOneThatIsToSetSomething) {
  const BusyDaemon daemon(socket, 1, true);
  ApiClient client(socket);
  const auto set = client.put("/v1/sysctl/net.inet.tcp.syncookies", "1");
  ASSERT_TRUE(set) << set.error().text;
  EXPECT_EQ(set->status, 200);
  EXPECT_EQ(daemon.asked(), 2);
}

// A key is not drawn twice because the first answer came late.
TEST_F(ApiClientTest, WhatDoesMoreWhenItIsAskedTwiceIsNot) {
  const BusyDaemon daemon(socket, 1, true);
  ApiClient client(socket);
  const auto rotated = client.post("/v1/secrets/rotate");
  ASSERT_TRUE(rotated) << rotated.error().text;
  EXPECT_EQ(rotated->status, 503);
  EXPECT_EQ(daemon.asked(), 1);
}

TEST_F(ApiClientTest, NorIsWhoeverHasNoPatienceOrIsNotToldWhen) {
  {
    const BusyDaemon daemon(socket, 1, true);
    ApiClient client(socket);
    const auto status = client.get_json("/v1/status", false);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().text, "busy");
  }
  const BusyDaemon lost(folder / "other", 1, false);
  ApiClient client(folder / "other");
  EXPECT_FALSE(client.get_json("/v1/status"));
  EXPECT_EQ(lost.asked(), 1);
}

TEST_F(ApiClientTest, ItEndsSomeTime) {
  const BusyDaemon daemon(socket, 1'000'000, true);
  ApiClient client(socket);
  const auto began = std::chrono::steady_clock::now();
  const auto status = client.get_json("/v1/status");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().text, "busy");
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::seconds(8));
  EXPECT_GT(daemon.asked(), 1);
  EXPECT_LE(daemon.asked(), 11);
}

}  // namespace
}  // namespace synward::tool
