// SPDX-License-Identifier: BSD-2-Clause
// `synward sim replay` as its users call it.
#include <gtest/gtest.h>
#include <tins/tins.h>

#include <nlohmann/json.hpp>

#include "files.hpp"

namespace synward::sim {
namespace {

constexpr std::string_view kConfig = R"([[service]]
address = "198.51.100.7"
port = 443
[[service]]
address = "2001:db8:100::7"
port = 443
[secrets]
mode = "fixed"
key0 = "000102030405060708090a0b0c0d0e0f"
key1 = "101112131415161718191a1b1c1d1e1f"
)";

constexpr std::uint64_t kStart = 1'700'000'000'000'000'000;

struct Place {
  explicit Place(std::string_view config = kConfig) { write_text(folder.file("c.toml"), config); }

  std::string arguments(const std::string& core, const std::string& more = {}) const {
    return fmt::format("sim replay --core {} --config {} --line-in {} --line-out {} --host-out {} --json {} {}", core,
                       folder.file("c.toml"), folder.file("in.pcap"), folder.file("lo.pcap"), folder.file("ho.pcap"),
                       folder.file("r.json"), more);
  }
  nlohmann::json report() const { return nlohmann::json::parse(read_text(folder.file("r.json"))); }

  TemporaryFolder folder;
};

TcpFields syn(bool v6, std::uint16_t port, std::uint32_t irs) {
  // The tests' SYN: what vectors A and G of the semantics document offer (MSS 1460 or 1440, scale 7, SACK).
  static constexpr std::array<std::uint8_t, 12> kV4{2, 4, 0x05, 0xb4, 1, 3, 3, 7, 4, 2, 0, 0};
  static constexpr std::array<std::uint8_t, 12> kV6{2, 4, 0x05, 0xa0, 1, 3, 3, 7, 4, 2, 0, 0};
  TcpFields made;
  made.to = {2, 0, 0, 0, 0, 1};
  made.from = {2, 0, 0, 0, 0, 2};
  made.flow = {*parse_address(v6 ? "2001:db8::1" : "192.0.2.1"),
               *parse_address(v6 ? "2001:db8:100::7" : "198.51.100.7"), port, 443};
  made.seq = irs;
  made.flags = tcp_flag::syn;
  made.options = v6 ? kV6 : kV4;
  return made;
}

TcpFields ack(bool v6, std::uint16_t port, std::uint32_t irs, std::uint32_t iss) {
  auto made = syn(v6, port, irs);
  made.seq = irs + 1;
  made.ack = iss + 1;
  made.flags = tcp_flag::ack;
  made.options = {};
  return made;
}

class Replay : public testing::TestWithParam<const char*> {};

TEST_P(Replay, handshakes_give_the_published_cookies_and_marks) {
  const Place place;
  constexpr std::uint32_t kIssA = 0xb27cc348;
  constexpr std::uint32_t kIssG = 0xdd808167;
  write_pcap(place.folder.file("in.pcap"), {{kStart, build_tcp(syn(false, 40000, 0))},
                                            {kStart, build_tcp(syn(true, 40000, 0))},
                                            {kStart, build_tcp(ack(false, 40000, 0, kIssA))},
                                            {kStart, build_tcp(ack(true, 40000, 0, kIssG))},
                                            {kStart, build_tcp(ack(false, 40001, 0, kIssA))}});
  const auto result = run_tool(place.arguments(GetParam()));
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_NE(result.out.find("Simulated"), std::string::npos);

  const auto answers = read_pcap(place.folder.file("lo.pcap"));
  ASSERT_EQ(answers.size(), 2U);
  for (const auto& [frame, iss] : {std::pair{answers[0], kIssA}, std::pair{answers[1], kIssG}}) {
    EXPECT_GE(frame.ns, kStart);
    EXPECT_LT(frame.ns, kStart + 10'000);
    const auto view = parse_tcp(frame.bytes);
    ASSERT_TRUE(view);
    EXPECT_TRUE(checksums_right(*view));
    EXPECT_TRUE(view->is_syn_ack());
    EXPECT_EQ(view->seq, iss);
    EXPECT_EQ(view->ack, 1U);
    // And by somebody else's reading.
    const Tins::EthernetII packet(frame.bytes.data(), static_cast<std::uint32_t>(frame.bytes.size()));
    const auto& tcp = packet.rfind_pdu<Tins::TCP>();
    EXPECT_EQ(tcp.flags(), Tins::TCP::SYN | Tins::TCP::ACK);
    EXPECT_EQ(tcp.mss(), packet.find_pdu<Tins::IPv6>() != nullptr ? 1440 : 1460);
    EXPECT_EQ(tcp.winscale(), 6);
    EXPECT_TRUE(tcp.has_sack_permitted());
  }
  const auto to_host = read_pcap(place.folder.file("ho.pcap"));
  ASSERT_EQ(to_host.size(), 5U);  // two marks, each before its ACK, and the ACK that no cookie explains
  for (const std::size_t i : {0U, 2U}) {
    const auto view = parse_tcp(to_host[i].bytes);
    ASSERT_TRUE(view);
    EXPECT_TRUE(checksums_right(*view));
    EXPECT_FALSE(parse_options(view->options).mark.empty());
  }

  const auto report = place.report();
  EXPECT_EQ(report["core"], GetParam());
  EXPECT_EQ(report["pace"], "line-rate");
  EXPECT_EQ(report["clock_hz"], 322265625.0);
  EXPECT_EQ(report["ports"]["line_rx"]["frames"], 5);
  EXPECT_EQ(report["fates"]["answered"], 2);
  EXPECT_EQ(report["fates"]["marks"], 2);
  EXPECT_EQ(report["fates"]["passed"], 3);
  EXPECT_EQ(report["counters"]["syncookies"]["sent-cookies"], 2);
  EXPECT_EQ(report["counters"]["syncache"]["completed"], 2);
  EXPECT_EQ(report["counters"]["syncookies"]["spurious-cookies"], 1);
  EXPECT_EQ(report["frames_lost"], 0);
  EXPECT_EQ(report["latency_cycles"].is_null(), std::string_view(GetParam()) == "ref");
  EXPECT_EQ(place.folder.names(), (std::vector<std::string>{"c.toml", "ho.pcap", "in.pcap", "lo.pcap", "r.json"}));
}

TEST_P(Replay, many_syns_at_every_pace) {
  for (const std::string pace : {"line-rate", "back-to-back", "pcap"}) {
    const Place place;
    std::vector<TimedFrame> frames;
    for (std::uint16_t i = 0; i < 2000; ++i) {
      frames.push_back({kStart + 100U * i, build_tcp(syn(i % 2 != 0, static_cast<std::uint16_t>(1024 + i), i))});
    }
    write_pcap(place.folder.file("in.pcap"), frames);
    write_pcap(place.folder.file("host.pcap"), {{kStart + 5, build_tcp(ack(false, 1, 2, 3))}});
    const auto result =
        run_tool(place.arguments(GetParam(), "--pace " + pace + " --host-in " + place.folder.file("host.pcap")));
    ASSERT_EQ(result.status, 0) << result.err;
    const auto report = place.report();
    EXPECT_EQ(report["pace"], pace);
    EXPECT_EQ(report["ports"]["line_rx"]["frames"], 2000);
    EXPECT_EQ(report["ports"]["host_rx"]["frames"], 1);
    EXPECT_EQ(report["fates"]["answered"].get<int>() + report["frames_lost"].get<int>(), 2000);
    if (pace != "back-to-back") {
      EXPECT_EQ(report["frames_lost"], 0);
    }
    const auto out = read_pcap(place.folder.file("lo.pcap"));
    EXPECT_EQ(out.size(), report["ports"]["line_tx"]["frames"]);
    EXPECT_TRUE(std::ranges::is_sorted(out, {}, &TimedFrame::ns));
    if (pace == "pcap") {
      EXPECT_GE(out.back().ns, kStart + 199'900);
    }
  }
}

TEST_P(Replay, timers_fire_between_frames_and_while_it_lingers) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const Place place;
  write_pcap(place.folder.file("in.pcap"),
             {{kStart, build_tcp(syn(false, 40000, 0))}, {kStart + 5 * kSecond, build_tcp(syn(false, 40001, 0))}});
  const auto result =
      run_tool(place.arguments(GetParam(), "--pace pcap --linger 8 --events " + place.folder.file("e.jsonl")));
  ASSERT_EQ(result.status, 0) << result.err;
  // FreeBSD's times: 0, 1.0, 3.2 and 7.4 s behind each SYN; 13 s are simulated.
  std::vector<double> seconds;
  for (const auto& frame : read_pcap(place.folder.file("lo.pcap"))) {
    seconds.push_back(static_cast<double>(frame.ns - kStart) / kSecond);
  }
  const std::vector<double> expected{0, 1, 3.2, 5, 6, 7.4, 8.2, 12.4};
  ASSERT_EQ(seconds.size(), expected.size());
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    EXPECT_NEAR(seconds[i], expected[i], 0.0021) << i;
  }
  const auto report = place.report();
  EXPECT_EQ(report["counters"]["syncache"]["retransmitted"], 6);
  EXPECT_EQ(report["events"]["rexmt"]["recorded"], 6);
  EXPECT_EQ(report["tables"]["syncache_count"], 2);
  const auto events = read_text(place.folder.file("e.jsonl"));
  EXPECT_EQ(std::count(events.begin(), events.end(), '\n'), 6);
}

TEST_P(Replay, no_frames_at_all) {
  const Place place;
  write_pcap(place.folder.file("in.pcap"), {});
  const auto result = run_tool(place.arguments(GetParam()));
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(place.report()["cycles"], 0);
  EXPECT_TRUE(place.report()["cycles_per_frame"].is_null());
  EXPECT_TRUE(read_pcap(place.folder.file("lo.pcap")).empty());
}

TEST_P(Replay, a_capture_cut_off_leaves_no_output) {
  const Place place;
  std::vector<TimedFrame> frames(20, {kStart, build_tcp(syn(false, 1, 2))});
  write_pcap(place.folder.file("in.pcap"), frames);
  std::filesystem::resize_file(place.folder.file("in.pcap"),
                               std::filesystem::file_size(place.folder.file("in.pcap")) - 1);
  const auto result = run_tool(place.arguments(GetParam()));
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(result.err.starts_with("synward: " + place.folder.file("in.pcap") + ": packet 20: truncated dump file"))
      << result.err;
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1);
  EXPECT_EQ(place.folder.names(), (std::vector<std::string>{"c.toml", "in.pcap"}));
}

TEST_P(Replay, bad_configurations_and_places_are_one_line) {
  struct Case {
    std::string config, more, error;
  };
  const std::vector<Case> cases{
      {"", "", "c.toml: no [[service]]\n"},
      {std::string(kConfig) + "colour = 1\n", "", "c.toml:11: colour: unknown key\n"},
      {std::string(kConfig), "--host-in /nonexistent.pcap", "/nonexistent.pcap: No such file or directory\n"},
      {std::string(kConfig), "--json /nonexistent/r.json",
       "/nonexistent/r.json: cannot write: No such file or directory\n"},
      {std::string(kConfig), "--pace fast", "see synward sim --help\n"},
      {std::string(kConfig), "--no-such-option", "see synward sim --help\n"},
  };
  for (const auto& [config, more, error] : cases) {
    const Place place(config);
    write_pcap(place.folder.file("in.pcap"), {{kStart, build_tcp(syn(false, 1, 2))}});
    auto arguments = place.arguments(GetParam());
    if (more.starts_with("--json")) {
      arguments = arguments.substr(0, arguments.find("--json"));
    }
    const auto result = run_tool(arguments + more);
    EXPECT_EQ(result.status, 1) << error;
    EXPECT_TRUE(result.err.starts_with("synward: ")) << result.err;
    EXPECT_TRUE(result.err.ends_with(error)) << result.err;
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(place.folder.names(), (std::vector<std::string>{"c.toml", "in.pcap"})) << error;
  }
}

TEST(ReplayFiles, none_is_written_twice_or_read_and_written) {
  const Place place;
  const auto in = place.folder.file("in.pcap");
  write_pcap(in, {{kStart, build_tcp(syn(false, 1, 2))}});
  const auto before = read_text(in);
  std::filesystem::create_symlink(in, place.folder.file("link.pcap"));
  for (const auto& [out, error] : {std::pair{in, "is read: it cannot be written too"},
                                   std::pair{place.folder.file("link.pcap"), "is read: it cannot be written too"},
                                   std::pair{place.folder.file("./ho.pcap"), "is written twice"}}) {
    auto arguments = place.arguments("ref");
    const auto usual = place.folder.file("lo.pcap");
    arguments.replace(arguments.find(usual), usual.size(), out);
    const auto result = run_tool(arguments);
    EXPECT_EQ(result.status, 1) << out;
    EXPECT_TRUE(result.err.ends_with(fmt::format(": {}\n", error))) << result.err;
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    EXPECT_EQ(read_text(in), before);
  }
}

TEST(ReplayFiles, frames_that_lie_years_apart_are_a_broken_clocks) {
  const Place place;
  constexpr std::uint64_t kYear = 365 * 86'400'000'000'000;
  const auto in = place.folder.file("in.pcap");
  write_pcap(in, {{kStart, build_tcp(syn(false, 1, 2))}, {kStart + 2 * kYear, build_tcp(syn(false, 3, 4))}});
  const auto result = run_tool(place.arguments("ref", "--pace pcap"));
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.err,
            fmt::format("synward: {}: packet 2: more than 400 days after the first; line-rate asks no times\n", in));
  EXPECT_EQ(run_tool(place.arguments("ref")).status, 0);
}

TEST(ReplayFiles, no_linger_but_a_number_of_seconds) {
  const Place place;
  write_pcap(place.folder.file("in.pcap"), {});
  for (const char* linger : {"nan", "-1", "3601", "x"}) {
    EXPECT_EQ(run_tool(place.arguments("ref", fmt::format("--linger={}", linger))).status, 1) << linger;
  }
}

TEST(Trace, is_written_whole_or_not_at_all) {
  const Place place;
  write_pcap(place.folder.file("in.pcap"),
             {{kStart, build_tcp(syn(false, 1, 2))}, {kStart, build_tcp(syn(false, 1, 3))}});
  const auto arguments = place.arguments("rtl", "--trace " + place.folder.file("w.fst"));
  const auto whole = run_tool(arguments);
  ASSERT_EQ(whole.status, 0) << whole.err;
  EXPECT_GT(std::filesystem::file_size(place.folder.file("w.fst")), 1000U);
  std::filesystem::resize_file(place.folder.file("in.pcap"),
                               std::filesystem::file_size(place.folder.file("in.pcap")) - 1);
  EXPECT_EQ(run_tool(arguments).status, 1);
  EXPECT_FALSE(std::filesystem::exists(place.folder.file("w.fst")));
  const auto nowhere = run_tool(place.arguments("rtl", "--trace /nonexistent/w.fst"));
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_EQ(std::ranges::count(nowhere.err, '\n'), 1) << nowhere.err;
}

TEST(Tool, help_names_an_example_everywhere) {
  for (const char* command : {"sim ", "sim replay ", "sim run ", "sim serve ", "sim corpus "}) {
    const auto result = run_tool(std::string(command) + "--help");
    EXPECT_EQ(result.status, 0);
    EXPECT_NE(result.out.find("Example:\n  synward sim "), std::string::npos) << command;
  }
  EXPECT_TRUE(run_tool("--version").out.starts_with("synward "));
  EXPECT_EQ(run_tool("").status, 64);
}

std::vector<const char*> cores() {
  std::vector<const char*> built;
#ifdef HAVE_reference
  built.push_back("ref");
#endif
#ifdef HAVE_rtl_card
  built.push_back("rtl");
#endif
  return built;
}

INSTANTIATE_TEST_SUITE_P(Cores, Replay, testing::ValuesIn(cores()), [](const auto& core) { return core.param; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Replay);

}  // namespace
}  // namespace synward::sim
