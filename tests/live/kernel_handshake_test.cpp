// SPDX-License-Identifier: BSD-2-Clause
// What a Linux client has sent (tests/data), through `synward sim replay` with both cores, judged by tcpdump.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <tuple>

#include "common/frame.hpp"
#include "live/answer.hpp"
#include "sim/files.hpp"

namespace synward::test {
namespace {

using sim::read_pcap;
using sim::TimedFrame;

constexpr const char* kRecorded = TEST_DATA "/kernel-handshake.pcap";

/// The output of `tcpdump -n -vv` on a file.
std::string tcpdump(const std::string& file) {
  const std::string command = fmt::format("'{}' -n -vv -r '{}' 2>/dev/null", TCPDUMP, file);
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  for (int c = pipe == nullptr ? EOF : std::getc(pipe); c != EOF; c = std::getc(pipe)) text += static_cast<char>(c);
  EXPECT_TRUE(pipe != nullptr && pclose(pipe) == 0) << command;
  return text;
}

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

/// tcpdump finds every one of the file's frames to be TCP with right checksums.
void expect_correct(const std::string& file) {
  const std::string text = tcpdump(file);
  EXPECT_EQ(count(text, "incorrect"), 0U) << text;
  EXPECT_EQ(count(text, "bad cksum"), 0U) << text;
  EXPECT_EQ(count(text, "(correct)"), read_pcap(file).size()) << text;
}

std::vector<Bytes> frames_of(const std::string& file) {
  std::vector<Bytes> frames;
  std::string error;
  for (TimedFrame& frame : read_pcap(file, &error)) frames.push_back(std::move(frame.bytes));
  EXPECT_EQ(error, "");
  return frames;
}

/// One replay in a folder of its own.
struct Replayed {
  Replayed(const std::string& core, const std::string& line_in) {
    const sim::ToolResult result = sim::run_tool(fmt::format(
        "sim replay --core {} --config '{}' --line-in '{}' --line-out '{}' --host-out '{}' --json '{}'", core,
        TEST_DATA "/kernel-handshake.toml", line_in, to_line(), to_host(), folder.file("report.json")));
    EXPECT_EQ(result.status, 0) << result.err;
  }
  std::string to_line() const { return folder.file("to-line.pcap"); }
  std::string to_host() const { return folder.file("to-host.pcap"); }

  sim::TemporaryFolder folder;
};

TEST(KernelHandshake, TheRecordingIsWhole) {
  const std::vector<Bytes> frames = frames_of(kRecorded);
  ASSERT_EQ(frames.size(), 10U);
  expect_correct(kRecorded);
  for (const char* flags : {"Flags [S]", "Flags [P.]", "Flags [F.]"}) EXPECT_EQ(count(tcpdump(kRecorded), flags), 2U);
}

TEST(KernelHandshake, TcpdumpSeesAWrongChecksum) {
  const sim::TemporaryFolder folder;
  std::vector<TimedFrame> frames = read_pcap(kRecorded);
  frames[0].bytes.back() ^= 1;
  sim::write_pcap(folder.file("wrong.pcap"), frames);
  EXPECT_EQ(count(tcpdump(folder.file("wrong.pcap")), "(incorrect"), 1U);
}

TEST(KernelHandshake, BothCoresAnswerAlike) {
  const Replayed rtl("rtl", kRecorded), ref("ref", kRecorded);
  EXPECT_EQ(frames_of(rtl.to_line()), frames_of(ref.to_line()));
  EXPECT_EQ(frames_of(rtl.to_host()), frames_of(ref.to_host()));
  EXPECT_EQ(frames_of(rtl.to_host()).size(), 8U) << "all but the SYNs";
}

TEST(KernelHandshake, SynAcksAreRightAndOfferWhatTheTableSays) {
  const Replayed rtl("rtl", kRecorded);
  expect_correct(rtl.to_line());
  const std::vector<Bytes> recorded = frames_of(kRecorded), answers = frames_of(rtl.to_line());
  ASSERT_EQ(answers.size(), 2U);
  for (const auto& [syn, syn_ack, mss] :
       {std::tuple{&recorded[0], &answers[0], 1460}, {&recorded[5], &answers[1], 1440}}) {
    const auto asked = sim::parse_tcp(*syn), answered = sim::parse_tcp(*syn_ack);
    ASSERT_TRUE(asked && asked->is_syn() && answered && answered->is_syn_ack());
    EXPECT_EQ(answered->flow, asked->flow.reversed());
    EXPECT_EQ(answered->ack, asked->seq + 1);
    EXPECT_EQ(answered->window, 64240);
    const auto client = sim::parse_options(asked->options), card = sim::parse_options(answered->options);
    ASSERT_TRUE(client.timestamps && card.timestamps) << "Linux asks for timestamps";
    // The order and the padding are FreeBSD's; the values are the service's defaults.
    const Bytes wanted = concat({opt_mss(static_cast<std::uint16_t>(mss)), opt_nop(), opt_ws(6), opt_sack(),
                                 opt_ts(card.timestamps->value, client.timestamps->value)});
    EXPECT_EQ(to_hex(answered->options), to_hex(wanted));
  }
}

TEST(KernelHandshake, TheClientsAckIsMarked) {
  const Replayed first("rtl", kRecorded);
  const std::string second = first.folder.file("second.pcap");
  const auto made = answer_to_card(kRecorded, first.to_line(), second);
  ASSERT_TRUE(made) << made.error().text;
  expect_correct(second);
  const Replayed rtl("rtl", second), ref("ref", second);
  EXPECT_EQ(frames_of(rtl.to_host()), frames_of(ref.to_host()));
  EXPECT_EQ(frames_of(rtl.to_line()).size(), 0U);
  expect_correct(rtl.to_host());

  // Of each connection the first segment, the ACK, has its mark before it; then the flow is known.
  const std::vector<Bytes> sent = frames_of(second), to_host = frames_of(rtl.to_host());
  ASSERT_EQ(sent.size(), 8U);
  ASSERT_EQ(to_host.size(), 10U);
  std::size_t next = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (i % 4 == 0) {
      const auto mark = sim::parse_tcp(to_host[next++]), segment = sim::parse_tcp(sent[i]);
      ASSERT_TRUE(mark && segment);
      EXPECT_EQ(sim::parse_options(mark->options).mark.size(), 12U);
      EXPECT_EQ(mark->flow, segment->flow);
      EXPECT_EQ(mark->seq, segment->seq);
      EXPECT_EQ(mark->ack, segment->ack);
      EXPECT_EQ(mark->flags, kAck);
      EXPECT_EQ(mark->payload.size(), 0U);
    }
    EXPECT_EQ(to_hex(to_host[next++]), to_hex(sent[i]));
  }
}

}  // namespace
}  // namespace synward::test
