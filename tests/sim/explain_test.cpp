// SPDX-License-Identifier: BSD-2-Clause
// Events, log and `synward explain` as their users see them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "files.hpp"
#include "synward/event_json.hpp"
#include "synward/log_parser.hpp"

namespace synward::sim {
namespace {

/// Clients that answer 45 s late: their cookies' secret is retired by then.
constexpr std::string_view kLate = R"([scenario]
duration_us = 50_000_000
linger_us = 1_000_000
[[card.service]]
address = "203.0.113.7"
port = 443
[card.sysctl]
"net.inet.tcp.log_debug" = 1
[[clients]]
count = 5
stop_us = 1_000_000
ack_delay_us = 45_000_000
)";

struct Place {
  explicit Place(std::string_view scenario) { write_text(folder.file("s.toml"), scenario); }

  ToolResult run(const std::string& more = {}) const {
    return run_tool(fmt::format("sim run {} --core ref --json {} --events {} --log {} {}", folder.file("s.toml"),
                                folder.file("r.json"), folder.file("e.jsonl"), folder.file("log"), more));
  }
  std::vector<LogEvent> events() const { return *parse_json_lines(read_text(folder.file("e.jsonl")), "e.jsonl"); }
  nlohmann::json report() const { return nlohmann::json::parse(read_text(folder.file("r.json"))); }

  TemporaryFolder folder;
};

TEST(Explain, a_run_tells_late_clients_by_their_cookies) {
  const Place place(kLate);
  const auto result = place.run();
  ASSERT_EQ(result.status, 0) << result.err;
  std::size_t late = 0;
  for (const auto& event : place.events()) {
    if (event.is(reg::Event::ack_spurious)) {
      EXPECT_EQ(event.cookie, CookieOrigin::retired);
      // Made within the first second, in slot 0, which is replaced at 30 s; answered 45 s later.
      EXPECT_GT(event.late_s, 15);
      EXPECT_LT(event.late_s, 16.1);
      ++late;
    }
  }
  EXPECT_EQ(late, 10U);  // each client's ACK and its data
  EXPECT_EQ(place.report()["clients"]["reset"], 5);
  const auto said = run_tool("explain " + place.folder.file("e.jsonl"));
  ASSERT_EQ(said.status, 0) << said.err;
  EXPECT_NE(said.out.find("Late clients (sure): 10 ACKs"), std::string::npos) << said.out;
  const auto json = run_tool("explain --json " + place.folder.file("e.jsonl"));
  const auto findings = nlohmann::json::parse(json.out);
  EXPECT_TRUE(std::ranges::any_of(findings, [](const auto& finding) { return finding["cause"] == "late clients"; }))
      << json.out;
}

TEST(Explain, without_rotation_the_same_clients_are_known_by_keys_in_use) {
  const Place place(std::string(kLate) + "[card.secrets]\nrotate_s = 0\n");
  ASSERT_EQ(place.run().status, 0);
  std::size_t current = 0;
  for (const auto& event : place.events()) {
    current += event.cookie == CookieOrigin::current ? 1 : 0;
  }
  EXPECT_EQ(current, 10U);
}

TEST(Explain, the_log_is_that_of_the_events_and_can_be_read_again) {
  const Place place(kLate);
  ASSERT_EQ(place.run().status, 0);
  const auto log = read_text(place.folder.file("log"));
  const auto events = place.events();
  std::uint64_t lines = 0;
  for (const auto& event : parse_log(log)) {
    lines += event.times;
    EXPECT_TRUE(event.time);
  }
  EXPECT_EQ(lines, events.size());
  EXPECT_NE(log.find("syncache_timer: Response timeout, retransmitting (3) SYN|ACK"), std::string::npos);
  // And said again by the log alone.
  const auto said = run_tool("explain - <" + place.folder.file("log"));
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_EQ(said.out, run_tool("explain " + place.folder.file("log")).out);
  EXPECT_NE(said.out, "Nothing about handshakes was found.\n");
}

TEST(Explain, log_debug_decides_on_the_log_and_not_on_events) {
  auto quiet = std::string(kLate);
  quiet.replace(quiet.find("log_debug\" = 1"), 14, "log_debug\" = 0");
  const Place place(quiet);
  ASSERT_EQ(place.run().status, 0);
  EXPECT_EQ(read_text(place.folder.file("log")), "");
  EXPECT_FALSE(place.events().empty());
}

TEST(Explain, totals_of_events_are_in_the_report) {
  const Place place(kLate);
  ASSERT_EQ(place.run().status, 0);
  const auto report = place.report();
  EXPECT_EQ(report["events"].size(), reg::kEvents.size());
  std::map<std::string, std::uint64_t> recorded;
  for (const auto& event : place.events()) {
    ++recorded[std::string(event_name(event.code))];
  }
  for (const auto& [name, totals] : report["events"].items()) {
    EXPECT_EQ(totals["recorded"], recorded[name]) << name;
    EXPECT_EQ(totals["lost"], 0) << name;
  }
  EXPECT_EQ(report["events"]["rexmt"]["recorded"], 15);
  EXPECT_EQ(report["events"]["rexmt_exhausted"]["recorded"], 5);
  EXPECT_EQ(report["counters"]["syncache"]["retransmitted"], 15);
  EXPECT_EQ(report["counters"]["syncache"]["stale"], 5);
}

TEST(Explain, system_logs) {
  const auto scan = run_tool("explain " TEST_DATA "/logs/ssh-scan.log");
  EXPECT_EQ(scan.status, 0);
  EXPECT_TRUE(scan.out.starts_with("Scan (sure): 119.254.12.34 came to port 22 (ssh)")) << scan.out;
  const auto died = run_tool("explain " TEST_DATA "/logs/died-sshd.log");
  EXPECT_TRUE(died.out.starts_with("Forgotten connections")) << died.out;
  const auto flood = run_tool("explain " TEST_DATA "/logs/linux-443.log");
  EXPECT_TRUE(flood.out.starts_with("SYN flood (possible): Linux warned 3 times")) << flood.out;
  EXPECT_EQ(run_tool("explain - </dev/null").out, "Nothing about handshakes was found.\n");
}

TEST(Explain, errors_are_one_line) {
  const auto missing = run_tool("explain /nonexistent/log");
  EXPECT_EQ(missing.status, 1);
  EXPECT_EQ(missing.err, "synward: /nonexistent/log: No such file or directory\n");
  const TemporaryFolder folder;
  write_text(folder.file("e"), "{\"event\":\"rexmt\"}\n{\"event\":\n");
  const auto broken = run_tool("explain " + folder.file("e"));
  EXPECT_EQ(broken.status, 1);
  EXPECT_EQ(broken.err, "synward: " + folder.file("e") + ":2: not an object of JSON\n");
}

TEST(Explain, a_hashsize_that_is_no_power_of_two_is_warned_of_as_freebsd_does) {
  auto odd = std::string(kLate);
  odd.insert(odd.find("\"net.inet.tcp.log_debug"), "\"net.inet.tcp.syncache.hashsize\" = 500\n");
  const Place place(odd);
  const auto result = place.run();
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err,
            "synward: " + place.folder.file("s.toml") + ": WARNING: syncache hash size is not a power of 2.\n");
  EXPECT_TRUE(read_text(place.folder.file("log"))
                  .starts_with("[    0.000000] WARNING: syncache hash size is not a power of 2.\n"));
}

}  // namespace
}  // namespace synward::sim
