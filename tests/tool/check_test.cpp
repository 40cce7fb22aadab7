// SPDX-License-Identifier: BSD-2-Clause
// The health of a daemon, as monitoring-plugins tell it.
#include "check.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "../host/temporary_folder.hpp"

namespace synward::tool {
namespace {

using nlohmann::json;

json healthy() {
  return json::parse(R"({"daemon": {"uptime_s": 3600.5}, "card": {"state": "up", "why": ""},
      "secrets": {"age_s": 3.2, "lifetime_s": 15, "rotations": 240, "missed": 0},
      "tables": {"entries": 13107, "limit": 131072, "flows": 10, "flow_limit": 1048576},
      "history": {"interval_s": 1, "age_s": 0.4}, "attacks": [], "log": {"lines": 1000, "lost": 0}})");
}

CheckResult check_with(const std::function<void(json&)>& change, const CheckOptions& options = {}) {
  auto status = healthy();
  change(status);
  return check_status(status, options);
}

TEST(Check, AHealthyDaemonWithItsFigures) {
  const auto result = check_status(healthy(), {});
  EXPECT_EQ(result.health, Health::ok);
  EXPECT_EQ(result.text,
            "SYNWARD OK - card up, cookie secret 3 s old, syncache 10.0 % and flows 0.0 % full | "
            "syncache=13107;104857;124518;0;131072 flows=10;838860;996147;0;1048576 bypass=0;0.5;;0; "
            "secret_age=3.2s;30;45;0; "
            "rotations_missed=0c;;;0; attacks=0;;;0; log_lost=0c;;;0; uptime=3600.5s;;;0;");
}

TEST(Check, LostAgentsAreSaidWhetherThereIsAnAttackOrNot) {
  const auto with = [](int lost, const char* what) {
    return check_with([&](json& status) {
      status["handoff"] = {{"configured", true}, {"agents", 3}, {"lost", lost}, {"agent_lost", what}};
    });
  };
  EXPECT_EQ(with(0, "pass").health, Health::ok);
  EXPECT_NE(with(0, "pass").text.find(" agents_lost=0;1;;0;3"), std::string::npos) << with(0, "pass").text;
  EXPECT_EQ(with(1, "pass").health, Health::warning);
  EXPECT_NE(with(1, "pass").text.find("1 of 3 servers' agents are lost, their services pass"), std::string::npos);
  EXPECT_NE(with(1, "hold").text.find("their services stay protected"), std::string::npos);
}

TEST(Check, ABypassThatWasForgottenIsAWarning) {
  const auto with = [](bool on) {
    return check_with([&](json& status) {
      status["bypass"] = {{"on", on}, {"since", 1'700'000'000}, {"by", "user 0"}};
    });
  };
  EXPECT_EQ(with(false).health, Health::ok);
  EXPECT_NE(with(false).text.find(" bypass=0;"), std::string::npos) << with(false).text;
  EXPECT_EQ(with(true).health, Health::warning);
  EXPECT_NE(with(true).text.find("bypass is on since "), std::string::npos) << with(true).text;
}

TEST(Check, AnEngineThatIsDownIsCritical) {
  const auto with = [](const char* kind, bool down, int resets) {
    return check_with([&](json& status) {
      status["card"]["engine"] = {{"kind", kind}, {"down", down}, {"resets", resets}, {"fault", "it did not answer"}};
    });
  };
  EXPECT_EQ(with("hls", true, 4).health, Health::critical);
  EXPECT_NE(with("hls", true, 4).text.find("the engine is down (it did not answer)"), std::string::npos);
  EXPECT_EQ(with("hls", false, 4).health, Health::ok);
  EXPECT_NE(with("hls", false, 4).text.find(" engine_resets=4c"), std::string::npos);
  EXPECT_EQ(with("rtl", false, 0).text.find("engine"), std::string::npos);
}

TEST(Check, WhatIsWrongAndHowBadlySo) {
  using Change = std::function<void(json&)>;
  const auto attack = json::parse(R"({"class": "ack-flood", "rate": 20005, "n": 3})");
  for (const auto& [change, health, words] : {
           std::tuple{Change([](json& s) {
                        s["card"] = {{"state", "lost"}, {"why", "reads all ones"}};
                      }),
                      Health::critical, "the card is lost: reads all ones"},
           std::tuple{Change([](json& s) { s["tables"]["entries"] = 104'857; }), Health::ok, "card up"},
           std::tuple{Change([](json& s) { s["tables"]["entries"] = 104'858; }), Health::warning,
                      "syncache 80.0 % full"},
           std::tuple{Change([](json& s) { s["tables"]["flows"] = 1'000'000; }), Health::critical, "flows 95.4 % full"},
           std::tuple{Change([](json& s) { s["secrets"]["age_s"] = 30; }), Health::ok, "cookie secret 30 s old"},
           std::tuple{Change([](json& s) { s["secrets"]["age_s"] = 31; }), Health::warning,
                      "the cookie secret is 31 s old, of 15 s"},
           std::tuple{Change([](json& s) { s["secrets"]["age_s"] = 46; }), Health::critical, "is 46 s old"},
           std::tuple{Change([](json& s) { s["secrets"]["missed"] = 13; }), Health::warning,
                      "13 of 253 rotations were late"},
           std::tuple{Change([](json& s) { s["secrets"]["missed"] = 12; }), Health::ok, "card up"},
           std::tuple{Change([](json& s) {
                        s["secrets"]["age_s"] = 1e6;
                        s["secrets"]["lifetime_s"] = 0;
                      }),
                      Health::ok, "card up"},
           std::tuple{Change([&](json& s) { s["attacks"].push_back(attack); }), Health::warning,
                      "attack: ACK flood, 20.0 k a second"},
           std::tuple{Change([](json& s) { s["log"]["lost"] = 11; }), Health::warning,
                      "11 of 1,000 log lines were lost"},
           std::tuple{Change([](json& s) { s["log"]["lost"] = 10; }), Health::ok, "card up"},
           std::tuple{Change([](json& s) { s["history"]["age_s"] = 11; }), Health::warning,
                      "the card was last read 11 s ago"},
           std::tuple{Change([](json& s) {
                        s["history"] = {{"age_s", 11}, {"interval_s", 60}};
                      }),
                      Health::ok, "card up"},
       }) {
    const auto result = check_with(change);
    EXPECT_EQ(result.health, health) << result.text;
    EXPECT_NE(result.text.find(words), std::string::npos) << result.text;
    EXPECT_NE(result.text.find(" | "), std::string::npos) << result.text;
  }
}

TEST(Check, TheWorstComesFirst) {
  const auto result = check_with([](json& s) {
    s["attacks"].push_back(json::parse(R"({"class": "syn-flood", "rate": 1e6})"));
    s["card"] = {{"state", "lost"}, {"why", "a | b\nc"}};
  });
  EXPECT_EQ(result.health, Health::critical);
  EXPECT_TRUE(result.text.starts_with(
      "SYNWARD CRITICAL - the card is lost: a / b\\x0ac, attack: SYN flood, 1.00 M a second | bypass="))
      << result.text;
}

TEST(Check, ThresholdsAreTheOperators) {
  const auto half = [](json& s) { s["tables"]["entries"] = 70'000; };
  EXPECT_EQ(check_with(half, {0.5, 0.6}).health, Health::warning);
  EXPECT_EQ(check_with(half, {0.5, 0.5}).health, Health::critical);
  EXPECT_EQ(check_with(half, {0.6, 0.7}).health, Health::ok);
}

TEST(Check, WhatIsNoStatusIsUnknown) {
  for (const auto* odd : {"{}", "[]", "null", "7", R"({"card": {"state": "odd"}})", R"({"card": []})"}) {
    const auto result = check_status(json::parse(odd), {});
    EXPECT_EQ(result.health, Health::unknown) << odd;
    EXPECT_TRUE(result.text.starts_with("SYNWARD UNKNOWN - ")) << result.text;
  }
  EXPECT_EQ(check_status(json::parse("{", nullptr, false), {}).health, Health::unknown);
}

// As a daemon does that ends: the signal that a broken pipe raises would end the tool without a word. The moment is
// hit by trying.
TEST(Check, ADaemonThatHangsUpInTheMidstIsAnError) {
  TemporaryFolder folder;
  const auto path = folder / "socket";
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener, 4), 0);
  std::jthread daemon([listener] {
    constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: Keep-Alive\r\n\r\n{}";
    unsigned turn = 0;
    for (int fd = -1; (fd = ::accept(listener, nullptr, nullptr)) >= 0; ::close(fd)) {
      char request[4096];
      if (::read(fd, request, sizeof request) <= 0) continue;
      EXPECT_EQ(::send(fd, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL), static_cast<ssize_t>(kAnswer.size()));
      for (volatile unsigned wait = ++turn % 100 * 100; wait != 0;) wait = wait - 1;
    }
  });
  ApiClient client(path);
  for (int i = 0; i < 20'000; ++i) static_cast<void>(client.get("/v1/status"));
  ::shutdown(listener, SHUT_RDWR);
  daemon.join();
  ::close(listener);
}

TEST(Check, NoDaemonIsCritical) {
  ApiClient client("/nonexistent/socket");
  const auto result = check(client, {});
  EXPECT_EQ(result.health, Health::critical);
  EXPECT_EQ(result.text, "SYNWARD CRITICAL - /nonexistent/socket: No such file or directory; is synwardd running?");
}

}  // namespace
}  // namespace synward::tool
