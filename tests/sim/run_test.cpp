// SPDX-License-Identifier: BSD-2-Clause
// `synward sim run` as its users call it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "files.hpp"
#include "synward/registers.hpp"
#include "synward/sim/cores.hpp"

namespace synward::sim {
namespace {

constexpr std::string_view kScenario = R"([scenario]
name = "A <small> one"
duration_us = 300
[[card.service]]
address = "any"
port = 443
[[attacker]]
kind = "syn-flood"
rate_mpps = 20
[[clients]]
count = 10
rtt_us = 40
stop_us = 200
)";

TEST(Run, the_same_seed_gives_the_same_report_and_another_seed_another) {
  const TemporaryFolder folder;
  write_text(folder.file("s.toml"), kScenario);
  const auto run = [&folder](const std::string& name) {
    const auto result = run_tool(fmt::format("sim run {} --core ref --json {} --html {}", folder.file("s.toml"),
                                             folder.file(name + ".json"), folder.file(name + ".html")));
    EXPECT_EQ(result.status, 0) << result.err;
    return read_text(folder.file(name + ".json")) + read_text(folder.file(name + ".html"));
  };
  const auto first = run("a");
  EXPECT_EQ(first, run("b"));
  auto other = std::string(kScenario);
  other.insert(other.find("duration_us"), "seed = 2\n");
  write_text(folder.file("s.toml"), other);
  EXPECT_NE(first, run("c"));
}

TEST(Run, report_and_summary_tell_the_same) {
  const TemporaryFolder folder;
  write_text(folder.file("s.toml"), kScenario);
  const auto result =
      run_tool(fmt::format("sim run {} --core ref --json {}", folder.file("s.toml"), folder.file("r.json")));
  ASSERT_EQ(result.status, 0) << result.err;
  const auto report = nlohmann::json::parse(read_text(folder.file("r.json")));
  EXPECT_EQ(report["clients"]["succeeded"], 10);
  EXPECT_EQ(report["clients"]["success_rate"], 1.0);
  EXPECT_EQ(report["attackers"][0]["frames"], 6000);
  EXPECT_NEAR(report["attack_mpps"].get<double>(), 20, 0.01);
  EXPECT_EQ(report["fates"]["answered"], 6010);
  EXPECT_EQ(report["bins"]["offered_syns"].size(), report["bins"]["succeeded"].size());
  EXPECT_EQ(report["drops"].size(), reg::kDrops);
  EXPECT_NE(result.out.find("6,010 SYNs were acceptable, all answered"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("10 of 10 legitimate connections succeeded"), std::string::npos);
  EXPECT_NE(result.out.find("Dropped: nothing."), std::string::npos);
  EXPECT_NE(result.out.find("Simulated: "), std::string::npos);
}

/// What a scenario came to, whatever the time that each frame took.
nlohmann::json sums_of(const nlohmann::json& report) {
  nlohmann::json sums;
  for (const char* key :
       {"attackers", "clients", "server", "frames_lost", "ports", "fates", "counters", "drops", "tables", "events"}) {
    sums[key] = report.at(key);
  }
  return sums;
}

TEST(Run, the_hls_kernels_come_to_the_same_as_the_rtl) {
  const TemporaryFolder folder;
  write_text(folder.file("s.toml"), kScenario);
  const auto run = [&folder](const std::string& card) {
    const auto result =
        run_tool(fmt::format("sim run {} {} --json {}", folder.file("s.toml"), card, folder.file("report.json")));
    EXPECT_EQ(result.status, 0) << result.err;
    return nlohmann::json::parse(read_text(folder.file("report.json")));
  };
  const auto rtl = run("--engine rtl");
  EXPECT_EQ(rtl["core"], "rtl");
  for (const auto& [card, core] : {std::pair("--engine hls", "hls"), std::pair("--core ref --engine hls", "hls"),
                                   std::pair("--core rtl --engine hls", "rtl-hls")}) {
    SCOPED_TRACE(card);
    const auto hls = run(card);
    EXPECT_EQ(hls["core"], core);
    EXPECT_EQ(sums_of(hls), sums_of(rtl));
    EXPECT_EQ(hls["fates"]["answered"], 6010);
  }
}

TEST(Run, the_rtls_engine_stands_in_the_rtls_card_only) {
  const auto result = run_tool("sim run none.toml --core ref --engine rtl");
  EXPECT_NE(result.status, 0);
  EXPECT_NE(result.err.find("--engine"), std::string::npos) << result.err;
}

TEST(Run, the_page_loads_nothing) {
  const TemporaryFolder folder;
  write_text(folder.file("s.toml"), kScenario);
  ASSERT_EQ(
      run_tool(fmt::format("sim run {} --core ref --html {}", folder.file("s.toml"), folder.file("r.html"))).status, 0);
  auto page = read_text(folder.file("r.html"));
  // The name of the SVG language looks like an address, but is none that a browser asks.
  constexpr std::string_view kSvgName = "xmlns=\"http://www.w3.org/2000/svg\"";
  for (auto at = page.find(kSvgName); at != std::string::npos; at = page.find(kSvgName)) {
    page.erase(at, kSvgName.size());
  }
  for (const char* load : {"http://", "https://", "<script", "<link", "<img", "@import", "url("}) {
    EXPECT_EQ(page.find(load), std::string::npos) << load;
  }
  EXPECT_NE(page.find("A &lt;small&gt; one"), std::string::npos);
  EXPECT_NE(page.find("6010 cookies sent"), std::string::npos);
  EXPECT_NE(page.find("prefers-color-scheme:dark"), std::string::npos);
}

TEST(Run, the_card_may_be_described_in_a_file_of_its_own) {
  const TemporaryFolder folder;
  write_text(folder.file("card.toml"), "[[service]]\naddress = \"any\"\nport = 443\n");
  write_text(folder.file("s.toml"),
             "[scenario]\nduration_us = 100\n[card]\nconfig = \"card.toml\"\n[[clients]]\ncount = 1\n");
  const auto result = run_tool(fmt::format("sim run {} --core ref", folder.file("s.toml")));
  EXPECT_EQ(result.status, 0) << result.err;
}

TEST(Run, errors_are_one_line_and_leave_nothing) {
  const std::string head = "[scenario]\nduration_us = 100\n";
  const std::string card = "[[card.service]]\naddress = \"203.0.113.7\"\nport = 443\n";
  const std::string clients = "[[clients]]\ncount = 1\n";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", ": no [scenario]"},
      {head, ": no [card]"},
      {head + "[card]\n", ": no [[service]]"},
      {head + card, ": neither [[attacker]] nor [[clients]]"},
      {"[scenario]\nname = \"x\"\n" + card + clients, ":1: duration_us: missing, microseconds"},
      {head + "colour = 1\n" + card + clients, ":3: colour: unknown key"},
      {head + card + clients + "colour = 1\n", ":8: colour: unknown key"},
      {head + card + "[[clients]]\nrtt_us = 1\ncount = 1\n", ":7: rtt_us: 1 is out of range, allowed 2..10000000"},
      {head + card + "[[clients]]\nrtt_us = 10\n", ":6: count: one of count and rate_per_s is needed"},
      {head + card + clients + "ip = 6\n", ":8: ip: no service of this family"},
      {head + card + clients + "ip = 5\n", ":8: ip: must be 4, 6 or \"both\""},
      {head + card + clients + "target = 1\n", ":8: target: must be service numbers 0..0"},
      {head + card + clients + "source = \"x\"\n", ":8: source: \"x\" is not a prefix such as 10.0.0.0/8"},
      {head + card + clients + "source = \"2001:db8::/32\"\n",
       ":8: source: 2001:db8::/32 is of a family that `ip` does not send"},
      {head + card + clients + "start_us = 50\nstop_us = 40\n", ":9: stop_us: start_us must be before stop_us"},
      {head + card + clients + "[server]\ndelay_us = 0\n", ":9: delay_us: 0 is out of range, allowed 1..10000000"},
      {head + card + "[[attacker]]\nrate = \"line\"\n",
       ":6: kind: missing, one of syn-flood, ack-flood, malformed, rst-flood, icmp-flood, dup-syn"},
      {head + card + "[[attacker]]\nkind = \"syn-flood\"\n",
       ":6: rate_mpps: one of rate_mpps = NUMBER and rate = \"line\" is needed"},
      {head + card + "[[attacker]]\nkind = \"udp\"\n",
       ":7: kind: \"udp\" is not known, allowed syn-flood, ack-flood, malformed, rst-flood, icmp-flood, dup-syn"},
      {head + card + "[[attacker]]\nkind = \"syn-flood\"\nrate = \"line\"\noptions = [\"bsd\"]\n",
       ":9: options: \"bsd\" is not known, allowed none, mss, linux, windows, random"},
  };
  for (const auto& [text, error] : cases) {
    const TemporaryFolder folder;
    write_text(folder.file("s.toml"), text);
    const auto result = run_tool(fmt::format("sim run {} --core ref --json {} --html {}", folder.file("s.toml"),
                                             folder.file("r.json"), folder.file("r.html")));
    EXPECT_EQ(result.status, 1) << text;
    EXPECT_EQ(result.err, "synward: " + folder.file("s.toml") + error + "\n");
    EXPECT_EQ(folder.names(), std::vector<std::string>{"s.toml"});
  }
}

TEST(Run, unwritable_places_are_found_before_the_work) {
  const TemporaryFolder folder;
  write_text(folder.file("s.toml"), kScenario);
  const auto result = run_tool(fmt::format("sim run {} --core ref --json {} --html /nonexistent/r.html",
                                           folder.file("s.toml"), folder.file("r.json")));
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.err, "synward: /nonexistent/r.html: cannot write: No such file or directory\n");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"s.toml"});
}

TEST(Run, the_scenarios_that_come_with_synward_run) {
  int scenarios = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SYNWARD_SCENARIOS)) {
    const auto result = run_tool(fmt::format("sim run {} --core ref", entry.path().string()));
    EXPECT_EQ(result.status, 0) << entry.path() << result.err;
    ++scenarios;
  }
  EXPECT_GE(scenarios, 3);
}

}  // namespace
}  // namespace synward::sim
