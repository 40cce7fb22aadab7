// SPDX-License-Identifier: BSD-2-Clause
// synward link for people: what a port's JSON becomes, and that no answer of whatever daemon ends the tool.
#include "link_text.hpp"

#include <gtest/gtest.h>

#include "synward/ports.hpp"

namespace synward::tool {
namespace {

using nlohmann::json;

json links(std::uint32_t status, std::uint32_t control = 7) {
  PortState port;
  port.name = "line";
  port.status = status;
  port.control = control;
  port.block_lock = 0xfffff;
  port.counters[static_cast<std::size_t>(port_reg::Counter::fec_corrected)] = 12'345'678'901;
  return {{"ports", {port_json(port)}}, {"why", ""}, {"sensors", json::array()}};
}

TEST(LinkText, SaysWhatAPortIsAt) {
  const auto up = link_text(links(0x67));
  EXPECT_EQ(up.find("line: up, frames are let in, lanes aligned, FEC lanes aligned, RS-FEC in force\n"
                    "  20 of 20 lanes have a lock; RS-FEC on\n"),
            0U)
      << up;
  EXPECT_NE(up.find("fec_corrected    12,345,678,901\n"), std::string::npos) << up;
  const auto down = link_text(links(0x48, 0x25));
  EXPECT_EQ(down.find("line: DOWN, local fault, RS-FEC in force\n"
                      "  20 of 20 lanes have a lock; RS-FEC off; NEAR-END LOOPBACK\n"
                      "  every lane has a lock and none is aligned: the two ends differ in FEC\n"),
            0U)
      << down;
}

TEST(LinkText, SaysHowLongAndHowWarm) {
  auto answer = links(0x67);
  answer["ports"][0]["since_s"] = 5.0;
  answer["sensors"] = {{{"name", "FPGA"}, {"celsius", 51.52}}};
  const auto text = link_text(answer);
  EXPECT_NE(text.find("RS-FEC in force; for 00:00:05\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  FPGA                       51.5 C\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("neither XRT"), std::string::npos) << text;
}

TEST(LinkText, AnOddAnswerIsNoEnd) {
  for (const auto* odd :
       {"{}", "[]", "7", "null", R"({"ports": 5, "sensors": "x", "why": []})",
        R"({"ports": [1, "x", null, {}], "sensors": [1, {}, null]})",
        R"({"ports": [{"port": 7, "up": "yes", "counters": [], "advice": {}, "since_s": "long"}]})"}) {
    EXPECT_NO_THROW(link_text(json::parse(odd))) << odd;
  }
}

}  // namespace
}  // namespace synward::tool
