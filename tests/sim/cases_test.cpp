// SPDX-License-Identifier: BSD-2-Clause
// Inputs that once failed (tests/data/cases), through both cores at every pace: the same bytes, and what is right.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "both_cores.hpp"

namespace synward::sim {
namespace {

/// What is right at the pace of the capture.
struct Case {
  std::string name;
  std::size_t to_line = 0, to_host = 0;  ///< frames
  std::map<std::string, std::uint64_t> drops{};
  int linger_s = 0;
  std::string log{};  ///< a line of it, without its time
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

const std::vector<Case>& all_cases() {
  static const std::vector<Case> cases{
      // A client's second segment overtakes the first: both are marked alike.
      {.name = "01-reordered-first-data", .to_line = 1, .to_host = 4},
      // The server itself connects: its peer's SYN-ACK and data are its own.
      {.name = "02-outgoing-connection", .to_line = 1, .to_host = 2},
      // A RST with any SEQ ends nothing.
      {.name = "06-forged-rst-idle-flow", .to_line = 2, .to_host = 5},
      {.name = "07-rst-limit-log-line",
       .to_line = 200,
       .drops = {{"unknown_ack", 400}},
       .linger_s = 1,
       .log = "Limiting tcp reset response from 400 to 200 packets/sec"},
      // A second SYN 999.9 ms behind the first, whose TSval told the cores' clocks apart.
      {.name = "08-tsval-rtl-vs-ref", .to_line = 2},
      {.name = "09-hop-by-hop-must-discard", .drops = {{"ipv6_option", 3}}},
      {.name = "10-martian-sources", .drops = {{"bad_source", 3}}},
      // Two SYNs a day apart, and what the first one's timers send.
      {.name = "11-gap", .to_line = 5},
      {.name = "13-ospfv3-ah", .to_host = 1},
  };
  return cases;
}

std::string arguments(const std::string& name, const std::string& pace) {
  const std::string base = fmt::format("{}/cases/{}", TEST_DATA, name);
  const std::string host = base + ".host.pcap";
  return fmt::format("--pace {} --config {}.toml --line-in {}.line.pcap{}", pace, base, base,
                     std::filesystem::exists(host) ? " --host-in " + host : "");
}

class RecordedCase : public testing::TestWithParam<Case> {};

TEST_P(RecordedCase, is_right_and_the_same_through_both_cores) {
  const Case& one = GetParam();
  const TemporaryFolder folder;
  for (const std::string pace : {"line-rate", "back-to-back"}) {
    expect_same(replay(folder, "rtl", arguments(one.name, pace)), replay(folder, "ref", arguments(one.name, pace)));
  }
  const auto timed = fmt::format("{} --linger {}", arguments(one.name, "pcap"), one.linger_s);
  const auto rtl = replay(folder, "rtl", timed);
  expect_same(rtl, replay(folder, "ref", timed));
  EXPECT_EQ(rtl.line.size(), one.to_line);
  EXPECT_EQ(rtl.host.size(), one.to_host);
  std::map<std::string, std::uint64_t> drops;
  for (const auto& [reason, count] : rtl.report["drops"].items()) {
    if (count != 0) drops[reason] = count;
  }
  EXPECT_EQ(drops, one.drops);
  if (!one.log.empty()) {
    EXPECT_NE(rtl.log.find("] " + one.log + "\n"), std::string::npos) << rtl.log;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, RecordedCase, testing::ValuesIn(all_cases()),
                         [](const auto& one) { return "case_" + one.param.name.substr(0, 2); });

/// 01: both marks begin at irs + 1, whichever segment came first.
TEST(RecordedCase, marks_begin_where_the_connection_does) {
  const TemporaryFolder folder;
  const auto rtl = replay(folder, "rtl", arguments("01-reordered-first-data", "pcap"));
  ASSERT_EQ(rtl.host.size(), 4U);
  constexpr std::size_t kSeqAt = 14 + 20 + 4;
  for (const std::size_t mark : {0U, 2U}) {
    const auto& frame = rtl.host[mark].bytes;
    ASSERT_GT(frame.size(), kSeqAt + 4);
    EXPECT_EQ(frame[kSeqAt] << 24 | frame[kSeqAt + 1] << 16 | frame[kSeqAt + 2] << 8 | frame[kSeqAt + 3], 1001);
  }
}

TEST(RecordedCase, each_capture_is_one) {
  std::size_t captures = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(TEST_DATA) + "/cases")) {
    captures += entry.path().string().ends_with(".line.pcap") ? 1 : 0;
  }
  EXPECT_EQ(captures, all_cases().size());
}

}  // namespace
}  // namespace synward::sim
