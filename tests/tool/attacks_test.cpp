// SPDX-License-Identifier: BSD-2-Clause
// What the tool says of attacks.
#include "attacks.hpp"

#include <gtest/gtest.h>

#include "text.hpp"
#include "top.hpp"

namespace synward::tool {
namespace {

using nlohmann::json;

json attack() {
  return json::parse(R"({"n": 3, "class": "ack-flood", "counted": "ACKs that fit nothing", "state": "on",
      "end_seen": true, "began": 1795960723.7, "until": 1795960733.7, "duration_s": 72.5, "rate": 20005.4,
      "mean": 19941, "peak": 20022, "threshold": 5000, "usual": 0.2, "frames": 1445782,
      "cookies": {"checked": 200, "passed": 1, "share": 0.005},
      "recorded": {"events": 576, "prefixes": 572, "services": [{"address": "203.0.113.7", "port": 443, "events": 576}],
          "sources": [{"prefix": "10.62.212.0/24", "address": "203.0.113.7", "port": 443, "events": 2}]}})");
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Attacks, AListHasALineForEach) {
  auto over = attack();
  over["state"] = "over";
  auto lost = over;
  lost["end_seen"] = false;
  const auto text = attack_list_text(json::array({attack(), over, lost}));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
  EXPECT_TRUE(has(text, " 00:01:12    20.0 k    20.0 k           1,445,782 on\n")) << text;
  EXPECT_TRUE(has(text, " 1,445,782 over\n")) << text;
  EXPECT_TRUE(has(text, " 1,445,782 out of sight\n")) << text;
}

TEST(Attacks, OneInFull) {
  const auto text = attack_text(attack());
  for (const auto* part : {"attack     3: ACK flood (ACKs that fit nothing), on\n", "1 of 200 checked passed (0.5 %)",
                           "from 572 prefixes", "to         [203.0.113.7]:443",
                           "from       10.62.212.0/24         to [203.0.113.7]:443", "sources may be forged"}) {
    EXPECT_TRUE(has(text, part)) << part << text;
  }
}

TEST(Attacks, WhatADaemonOfAnotherVersionSaysHarmsNothing) {
  for (const auto* odd : {"{}", "[]", "null", "3", R"({"n": "x", "class": 7, "recorded": 3, "cookies": []})",
                          R"({"class": "new-class\u001b[2J", "began": 1e300, "frames": -5, "duration_s": -1})"}) {
    const auto text = attack_text(json::parse(odd)) + attack_list_text(json::array({json::parse(odd)})) +
                      attack_list_text(json::parse(odd)) + attacks_on_text(json{{"attacks", {json::parse(odd)}}}, "");
    EXPECT_FALSE(has(text, "\x1b")) << text;
  }
}

TEST(Attacks, StatusAndTopSayThatOneIsOn) {
  json status{{"card", {{"state", "up"}}}, {"attacks", json::array({attack()})}};
  const std::string line =
      "ATTACK     ACK flood: 20.0 k a second, 20.0 k at its peak, for 00:01:12 (synward attack show 3)\n";
  EXPECT_TRUE(has(status_text(status), line)) << status_text(status);
  const auto snapshots = json::parse(R"([{"time": 1, "counters": {}}, {"time": 2, "counters": {}}])");
  EXPECT_TRUE(has(top_screen(status, snapshots, 120, 40), line));
  status["attacks"] = json::array();
  EXPECT_FALSE(has(status_text(status), "ATTACK"));
}

}  // namespace
}  // namespace synward::tool
