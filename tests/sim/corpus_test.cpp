// SPDX-License-Identifier: BSD-2-Clause
// `synward sim corpus`: on the project's own captures as its users call it, and on cards that are wrong.
#include "synward/sim/corpus.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "files.hpp"
#include "synward/registers.hpp"
#include "tampered_card.hpp"

namespace synward::sim {
namespace {

constexpr std::uint64_t kStart = 1'700'000'000'000'000'000;

TcpFields syn(std::uint16_t port) {
  TcpFields made;
  made.to = {2, 0, 0, 0, 0, 1};
  made.from = {2, 0, 0, 0, 0, 2};
  made.flow = {*parse_address("192.0.2.1"), *parse_address("198.51.100.7"), port, 443};
  made.seq = 1000;
  made.flags = tcp_flag::syn;
  return made;
}

/// The captures that lie in the project are the first corpus.
TEST(Corpus, our_own_captures) {
  const TemporaryFolder folder;
  const auto result = run_tool(fmt::format("sim corpus {} --json {}", TEST_DATA, folder.file("r.json")));
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  EXPECT_EQ(result.err, "");
  std::size_t captures = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TEST_DATA)) {
    const auto name = entry.path().string();
    captures += name.ends_with(".pcap") && !name.ends_with(".host.pcap") ? 1 : 0;
  }
  ASSERT_GE(captures, 3U);
  const auto report = nlohmann::json::parse(read_text(folder.file("r.json")));
  EXPECT_EQ(report["captures"].size(), captures);
  EXPECT_EQ(report["summary"]["same"], captures) << result.out;
  EXPECT_NE(result.out.find(fmt::format("{0} captures: {0} same, ", captures)), std::string::npos) << result.out;
  for (const auto& capture : report["captures"]) {
    if (capture["file"] == "kernel-handshake.pcap") {
      EXPECT_EQ(capture["answered"], 2);
      EXPECT_EQ(capture["passed"], 8);
    }
  }
}

TEST(Corpus, what_cannot_be_read_is_refused_and_the_rest_goes_on) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.file("deep/er"));
  write_pcap(folder.file("deep/er/one.pcap"), {{kStart, build_tcp(syn(1))}});
  write_pcap(folder.file("cut.pcap"), {{kStart, build_tcp(syn(1))}});
  std::filesystem::resize_file(folder.file("cut.pcap"), std::filesystem::file_size(folder.file("cut.pcap")) - 1);
  write_text(folder.file("text.pcapng"), "hello");
  write_text(folder.file("packed.pcap.gz"), "\x1f\x8b");
  write_text(folder.file("notes.txt"), "no capture");
  write_pcap(folder.file("odd.pcap"), {{kStart, build_tcp(syn(1))}});
  write_text(folder.file("odd.toml"), "colour = 1\n");
  const auto result = run_tool(fmt::format("sim corpus {} --json {}", folder.file(""), folder.file("r.json")));
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("5 captures: 1 same, 0 overrun, 0 differs, 0 broken, 4 refused."), std::string::npos)
      << result.out;
  for (const char* reason : {"cut.pcap: packet 1: truncated dump file",
                             "text.pcapng: ", "packed.pcap.gz: ", "odd.toml:1: colour: unknown key"}) {
    EXPECT_NE(result.out.find(reason), std::string::npos) << reason << "\n" << result.out;
  }
  EXPECT_EQ(result.out.find("notes.txt"), std::string::npos);
  const auto report = nlohmann::json::parse(read_text(folder.file("r.json")));
  EXPECT_EQ(report["captures"][1]["file"], "deep/er/one.pcap");
  EXPECT_EQ(report["captures"][1]["verdict"], "same");
  EXPECT_EQ(report["captures"][1]["protected"], "1 server");
}

TEST(Corpus, where_there_is_nothing_to_find) {
  const TemporaryFolder folder;
  const auto nothing = run_tool("sim corpus " + folder.file(""));
  EXPECT_EQ(nothing.status, 1);
  EXPECT_TRUE(nothing.err.ends_with(": no capture below it (*.pcap, *.pcapng, *.cap)\n")) << nothing.err;
  const auto nowhere = run_tool("sim corpus /nonexistent");
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_EQ(nowhere.err, "synward: /nonexistent: No such file or directory\n");
  write_text(folder.file("a.pcap"), "hello");
  const auto unread = run_tool("sim corpus " + folder.file(""));
  EXPECT_EQ(unread.status, 1);
  EXPECT_NE(unread.out.find("No capture could be read."), std::string::npos);
}

/// Corpora through two reference cards, one of which a test may change.
class CorpusOfTwo : public testing::Test {
 protected:
  /// The `wrong` core is tampered with.
  CorpusResult examine(std::string_view wrong, const TamperedCard::Tamper& tamper, std::uint32_t wrong_register = ~0U) {
    CorpusOptions options;
    options.folder = folder_.file("");
    options.json = folder_.file("r.json");
    options.make = [&](std::string_view core) -> Expected<std::unique_ptr<Card>> {
      auto card = std::make_unique<TamperedCard>(
          make_reference_card(), core == wrong ? tamper : [](OutPort, std::vector<std::uint8_t>&) { return true; });
      card->wrong_register = core == wrong ? wrong_register : ~0U;
      return std::unique_ptr<Card>(std::move(card));
    };
    auto result = corpus(options);
    EXPECT_TRUE(result) << result.error().text;
    report_ = nlohmann::json::parse(read_text(folder_.file("r.json")))["captures"][0];
    return *result;
  }

  TemporaryFolder folder_;
  nlohmann::json report_;
};

TEST_F(CorpusOfTwo, both_directions_of_one_capture) {
  // The server's answer is the host's, whose SYN-ACK goes out; so do its ICMP and what it sends to others.
  auto answer = syn(1);
  answer.flow = answer.flow.reversed();
  answer.flags = tcp_flag::syn | tcp_flag::ack;
  std::vector<std::uint8_t> icmp(60);
  icmp[12] = 8;
  icmp[14] = 0x45;
  std::ranges::copy(parse_address("198.51.100.7")->wire(), icmp.begin() + 26);
  write_pcap(folder_.file("both.pcap"),
             {{kStart, build_tcp(syn(1))}, {kStart + 1000, build_tcp(answer)}, {kStart + 2000, icmp}});
  const auto result = examine("", [](OutPort, auto&) { return true; });
  EXPECT_TRUE(result.sound) << result.text;
  EXPECT_EQ(report_["line_in"], 1);
  EXPECT_EQ(report_["host_in"], 2);
  EXPECT_EQ(report_["answered"], 1);
}

TEST_F(CorpusOfTwo, a_pair_of_captures) {
  write_pcap(folder_.file("x.line.pcap"), {{kStart, build_tcp(syn(1))}});
  write_pcap(folder_.file("x.host.pcap"), {{kStart, std::vector<std::uint8_t>(60)}});
  const auto result = examine("", [](OutPort, auto&) { return true; });
  EXPECT_TRUE(result.sound) << result.text;
  EXPECT_EQ(report_["host_in"], 1);
  EXPECT_NE(result.text.find("1 captures: 1 same"), std::string::npos) << result.text;
}

TEST_F(CorpusOfTwo, a_core_that_answers_otherwise_differs) {
  write_pcap(folder_.file("x.pcap"), {{kStart, build_tcp(syn(1))}});
  // Another TTL, and the header's checksum with it: no law is broken, but it is not what the other core says.
  const auto result = examine("rtl", [](OutPort, std::vector<std::uint8_t>& frame) {
    --frame[22];
    ++frame[24];
    return true;
  });
  EXPECT_FALSE(result.sound);
  EXPECT_EQ(report_["verdict"], "differs") << result.text;
  EXPECT_EQ(report_["differences"], (nlohmann::json{"to the line: 1 frames from rtl alone, 1 from ref alone"}));
}

TEST_F(CorpusOfTwo, laws_that_either_core_breaks) {
  write_pcap(folder_.file("x.pcap"), {{kStart, build_tcp(syn(1))}});
  for (const std::string core : {"rtl", "ref"}) {
    auto result = examine(core, [](OutPort, std::vector<std::uint8_t>& frame) {
      frame[50] ^= 1;
      return true;
    });
    EXPECT_FALSE(result.sound);
    EXPECT_EQ(report_["verdict"], "broken");
    EXPECT_EQ(report_["broken"], (nlohmann::json{core + ": frame 1 to the line: a wrong checksum"}));
    result = examine(core, [](OutPort, auto&) { return false; });
    EXPECT_FALSE(result.sound);
    EXPECT_EQ(report_["broken"],
              (nlohmann::json{core + ": conservation: line_tx frames: the card counted 1, 0 were seen"}));
    result = examine(
        core, [](OutPort, auto&) { return true; },
        reg::kCounter + 8 * static_cast<std::uint32_t>(reg::Counter::answered));
    EXPECT_FALSE(result.sound);
    EXPECT_TRUE(report_["broken"][0].get<std::string>().starts_with(core + ": conservation: ")) << result.text;
  }
}

TEST_F(CorpusOfTwo, a_frame_out_of_nothing) {
  auto data = syn(1);
  data.flow.destination_port = 80;
  data.flags = tcp_flag::ack;
  write_pcap(folder_.file("x.pcap"), {{kStart, build_tcp(syn(1))}, {kStart + 1000, build_tcp(data)}});
  const auto result = examine("ref", [](OutPort port, std::vector<std::uint8_t>& frame) {
    frame[5] ^= port == OutPort::host_tx ? 1 : 0;
    return true;
  });
  EXPECT_FALSE(result.sound);
  EXPECT_EQ(report_["broken"], (nlohmann::json{"ref: frame 1 to the host: neither from the line nor a mark"}));
}

}  // namespace
}  // namespace synward::sim
