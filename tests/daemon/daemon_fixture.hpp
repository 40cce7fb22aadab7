// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <signal.h>
#include <sys/socket.h>

#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "process.hpp"

namespace synward::sim {

using nlohmann::json;

/// synwardd as a process, before a simulated card in another.
class DaemonTest : public testing::Test {
 protected:
  void SetUp() override {
    write_config("");
    start_card();
  }

  void write_config(const std::string& more) {
    write_text(config(), fmt::format(R"([device]
backend = "sim"
socket = "{}"
[[service]]
address = "203.0.113.7"
port = 443
[api]
admin = "{}"
public = "{}"
{})",
                                     folder.file("card.sock"), admin(), folder.file("public.sock"), more));
  }
  std::string config() const { return folder.file("synwardd.toml"); }
  std::string admin() const { return folder.file("admin.sock"); }

  void start_card() {
    card = std::make_unique<Process>(
        std::vector<std::string>{SYNWARD_SIM, "serve", "--core", "ref", "--socket", folder.file("card.sock")});
    ASSERT_TRUE(card->says("Serving")) << card->output();
  }
  void start_daemon() {
    daemon = std::make_unique<Process>(std::vector<std::string>{SYNWARDD, "--config", config()});
    ASSERT_TRUE(eventually([this] { return get("/v1/status").has_value(); })) << daemon->output();
  }
  int stop_daemon(int signal = SIGTERM) {
    kill(daemon->pid(), signal);
    return daemon->wait().value_or(-1);
  }

  static bool eventually(const std::function<bool()>& there) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(kPatience);
    while (!there() && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return there();
  }
  httplib::Client client() const {
    httplib::Client made(admin());
    made.set_address_family(AF_UNIX);
    made.set_default_headers({{"Host", "localhost"}});
    made.set_read_timeout(kPatience);
    return made;
  }
  /// Where the card's thread is behind (503), it is asked again, as it says.
  std::optional<json> get(const std::string& path) const {
    constexpr int kBehind = 503;
    auto reply = client().Get(path.c_str());
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(kPatience);
    while (reply && reply->status == kBehind && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      reply = client().Get(path.c_str());
    }
    return reply && reply->status == 200 ? std::optional(json::parse(reply->body)) : std::nullopt;
  }
  bool logged(const std::string& text) const { return daemon->output().find(text) != std::string::npos; }

  TemporaryFolder folder;
  std::unique_ptr<Process> card, daemon;
};

}  // namespace synward::sim
