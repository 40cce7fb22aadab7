// SPDX-License-Identifier: BSD-2-Clause
// The daemon's answers in words.
#include "text.hpp"

#include <gtest/gtest.h>

namespace synward::tool {
namespace {

using nlohmann::json;

TEST(Text, GroupsDigitsByThree) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(12345678), "12,345,678");
}

TEST(Text, DurationsHaveDaysOnlyWhereThereAreAny) {
  EXPECT_EQ(duration_text(0), "00:00:00");
  EXPECT_EQ(duration_text(86399.9), "23:59:59");
  EXPECT_EQ(duration_text(2 * 86400 + 3661), "2 d 01:01:01");
}

TEST(Text, StatusOfALostCardSaysWhy) {
  const json status = {
      {"card", {{"state", "lost"}, {"why", "reads all ones"}, {"backend", "pcie"}, {"where", "0000:65:00.0"}}}};
  const auto text = status_text(status);
  EXPECT_NE(text.find("LOST: reads all ones; pcie 0000:65:00.0"), std::string::npos);
  for (const auto* row : {"syncache", "flows", "pause"}) {
    EXPECT_EQ(text.find(row), std::string::npos) << text;
  }
}

TEST(Text, AnEngineThatCanFailIsSaid) {
  const auto with = [](const char* kind, bool down, int resets) {
    return status_text(
        {{"card",
          {{"state", "up"},
           {"engine", {{"kind", kind}, {"down", down}, {"resets", resets}, {"fault", "it is silent"}}}}}});
  };
  EXPECT_EQ(with("rtl", false, 0).find("engine"), std::string::npos);
  EXPECT_NE(with("hls", false, 0).find("engine     HLS kernel, up\n"), std::string::npos);
  EXPECT_NE(with("hls", true, 1'200)
                .find("HLS kernel, DOWN: what would ask it is dropped; reset 1,200 times, the last: "
                      "it is silent\n"),
            std::string::npos);
}

TEST(Text, ServersAndTheirListeners) {
  EXPECT_NE(handoff_text({{"configured", false}}).find("no hand-off is configured"), std::string::npos);
  auto handoff = json::parse(R"({"configured": true, "learn": true, "agent_lost": "pass", "learned": 1, "servers": [
      {"agent": "00000000000000ff", "server": "web", "boot": "1", "mac": "02:00:00:00:00:07", "vlan": 100,
       "state": "lost", "heard_s": 4.21, "table_age_s": null, "incomplete": true, "out_of_bounds": 2,
       "addresses": ["2001:db8::7"],
       "listeners": [
         {"address": "2001:db8::7", "port": 443, "hand_over": "protect", "mss6": 1440, "window": 64240, "wscale": 7,
          "sack": true, "ecn": true},
         {"address": "203.0.113.7", "port": 80, "hand_over": "pass", "why": "MPTCP", "cure": "do this"}]}],
      "statuses": [{"status": "full", "count": 1200, "what": "it was full", "cure": "a longer backlog"},
                   {"status": "refused", "count": 0, "what": "never", "cure": "look"}],
      "mail": [{"fate": "forged", "count": 3, "what": "wrong tag"}, {"fate": "replayed", "count": 0, "what": "again"}],
      "warnings": ["a warning"], "events": [{"time": 0, "text": "agent\u001b[31m lost"}]})");
  const auto text = handoff_text(handoff);
  for (const auto* part :
       {"web 00000000000000ff LOST at 02:00:00:00:00:07 VLAN 100, boot 1: heard 4.2 s ago, table - old\n",
        "addresses 2001:db8::7\n", "mss 1440, window 64240, wscale 7, sack ecn\n", "pass     MPTCP; do this\n",
        "2 of what it announces are outside the bounds", "more listeners than it can announce",
        "it was full; a longer backlog\n", "never\n", "wrong tag\n", "warning: a warning\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
  }
  EXPECT_EQ(text.find("again"), std::string::npos) << "what has not happened";
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << "nothing for the terminal but text";
  handoff["servers"] = json::array();
  EXPECT_NE(handoff_text(handoff).find("does synward-agent run there"), std::string::npos);
}

TEST(Text, SecretsOfAFleetTellTheEpoch) {
  const json secrets = {{"mode", "fleet"}, {"age_s", 1.5},    {"rotations", 3}, {"missed", 1},
                        {"next_s", 18.5},  {"locked", false}, {"epoch", 77},    {"skew_s", 2.5}};
  const auto text = secrets_text(secrets);
  EXPECT_NE(text.find("epoch 77, clocks may be 2.5 s apart"), std::string::npos) << text;
  EXPECT_NE(text.find("1 late"), std::string::npos) << text;
  EXPECT_NE(text.find("not locked"), std::string::npos) << text;
}

TEST(Text, ServicesAreATable) {
  const json services = json::array({{{"address", "any"}, {"port", 0}, {"mode", "protect"}, {"mss4", 1460}}});
  const auto text = services_text(services);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_NE(text.find("  any protect  -  "), std::string::npos) << text;
}

TEST(Text, NothingInTheAnswerIsNeeded) {
  for (const json& any : {json(), json::object(), json::array({1}), json("x"), json::array({json::object()})}) {
    EXPECT_NO_THROW(status_text(any));
    EXPECT_NO_THROW(secrets_text(any));
    EXPECT_NO_THROW(services_text(any));
    EXPECT_NO_THROW(bypass_text(any));
    EXPECT_NO_THROW(log_line_text(any));
  }
}

}  // namespace
}  // namespace synward::tool
