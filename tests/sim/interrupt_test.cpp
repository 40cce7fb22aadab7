// SPDX-License-Identifier: BSD-2-Clause
// `synward sim` and the signals that end it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "device/process.hpp"
#include "files.hpp"

namespace synward::sim {
namespace {

constexpr std::string_view kConfig = "[[service]]\naddress = \"198.51.100.7\"\nport = 443\n";
constexpr std::uint64_t kStart = 1'700'000'000'000'000'000;

/// Waits for a file whose name ends like that.
bool appears(const TemporaryFolder& folder, std::string_view ending) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(kPatience);
  while (std::chrono::steady_clock::now() < end) {
    for (const auto& name : folder.names()) {
      if (name.ends_with(ending)) {
        return true;
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

/// SYNs of one connection, one each 0.6 us.
void write_dense_capture(const std::string& path, std::uint64_t frames) {
  TcpFields fields;
  fields.flow = {*parse_address("192.0.2.1"), *parse_address("198.51.100.7"), 1, 443};
  fields.flags = tcp_flag::syn;
  const auto frame = build_tcp(fields);
  auto writer = PcapWriter::create(path);
  ASSERT_TRUE(writer);
  for (std::uint64_t i = 0; i < frames; ++i) {
    writer->write(kStart + 600 * i, frame);
  }
  ASSERT_TRUE(writer->commit());
}

struct Case {
  const char* core;
  int signal;
  const char* says;
};
std::ostream& operator<<(std::ostream& out, const Case& one) { return out << one.core << " " << one.says; }

class Interrupt : public testing::TestWithParam<Case> {
 protected:
  /// Sends the signal once the work has begun, and expects an end in order long before the work's own.
  void interrupt(const std::vector<std::string>& arguments, const std::vector<std::string>& inputs) {
    std::vector<std::string> line{SYNWARD_TOOL, "sim"};
    line.insert(line.end(), arguments.begin(), arguments.end());
    Process tool(line);
    ASSERT_TRUE(appears(folder_, ".partial")) << tool.output();
    ASSERT_EQ(kill(tool.pid(), GetParam().signal), 0);
    EXPECT_EQ(tool.wait(), 128 + GetParam().signal) << tool.output();
    EXPECT_EQ(tool.output(), std::string("synward: interrupted by ") + GetParam().says + ", nothing was written\n");
    EXPECT_EQ(folder_.names(), inputs);
  }
  std::vector<std::string> replay_arguments() const {
    return {"replay",
            "--core",
            GetParam().core,
            "--pace",
            "pcap",
            "--config",
            folder_.file("c.toml"),
            "--line-in",
            folder_.file("in.pcap"),
            "--line-out",
            folder_.file("lo.pcap"),
            "--host-out",
            folder_.file("ho.pcap"),
            "--json",
            folder_.file("r.json")};
  }

  TemporaryFolder folder_;
};

/// Frames without end into a pipe, until nobody reads them any more.
class EndlessCapture {
 public:
  EndlessCapture(const std::string& pipe, const std::string& capture) : text_(read_text(capture)) {
    std::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    writer_ = std::thread([this, pipe] { run(pipe); });
  }
  EndlessCapture(const EndlessCapture&) = delete;
  EndlessCapture& operator=(const EndlessCapture&) = delete;
  ~EndlessCapture() { writer_.join(); }

 private:
  void run(const std::string& pipe) {
    constexpr std::size_t kHeader = 24;  // of the file
    const int fd = open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
    bool taken = write(fd, text_.data(), text_.size()) == static_cast<ssize_t>(text_.size());
    for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2 * kPatience);
         taken && std::chrono::steady_clock::now() < end;) {
      taken = write(fd, text_.data() + kHeader, text_.size() - kHeader) > 0;
    }
    close(fd);
  }

  std::string text_;
  std::thread writer_;
};

TEST_P(Interrupt, replay_that_computes) {
  write_text(folder_.file("c.toml"), kConfig);
  write_dense_capture(folder_.file("some.pcap"), 1000);
  const EndlessCapture endless(folder_.file("in.pcap"), folder_.file("some.pcap"));
  auto arguments = replay_arguments();
  std::ranges::replace(arguments, "pcap", "line-rate");
  interrupt(arguments, {"c.toml", "in.pcap", "some.pcap"});
}

TEST_P(Interrupt, corpus) {
  write_dense_capture(folder_.file("in.pcap"), 150'000);
  interrupt({"corpus", folder_.file(""), "--json", folder_.file("r.json")}, {"in.pcap"});
}

TEST_P(Interrupt, replay_that_waits_for_frames) {
  write_text(folder_.file("c.toml"), kConfig);
  write_pcap(folder_.file("whole.pcap"), {{kStart, std::vector<std::uint8_t>(60)}});
  ASSERT_EQ(mkfifo(folder_.file("in.pcap").c_str(), 0600), 0);
  // Held open for writing, so that the reader waits for more.
  const int fifo = open(folder_.file("in.pcap").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(fifo, 0);
  const auto text = read_text(folder_.file("whole.pcap"));
  ASSERT_EQ(write(fifo, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  interrupt(replay_arguments(), {"c.toml", "in.pcap", "whole.pcap"});
  close(fifo);
}

TEST_P(Interrupt, replay_that_opens_a_pipe) {
  write_text(folder_.file("c.toml"), kConfig);
  write_pcap(folder_.file("in.pcap"), {{kStart, std::vector<std::uint8_t>(60)}});
  ASSERT_EQ(mkfifo(folder_.file("host.pcap").c_str(), 0600), 0);
  auto arguments = replay_arguments();
  arguments.insert(arguments.end(), {"--host-in", folder_.file("host.pcap"), "--linger", "1"});
  // Nobody ever opens the other end: the tool hangs in the opening of a file, before it has made any.
  std::vector<std::string> line{SYNWARD_TOOL, "sim"};
  line.insert(line.end(), arguments.begin(), arguments.end());
  Process tool(line);
  // It may not have come to catch signals yet; then it dies of the signal itself, which a shell shows by the same
  // number.
  ASSERT_EQ(kill(tool.pid(), GetParam().signal), 0);
  EXPECT_EQ(tool.wait(), 128 + GetParam().signal) << tool.output();
  EXPECT_EQ(folder_.names(), (std::vector<std::string>{"c.toml", "host.pcap", "in.pcap"}));
}

TEST_P(Interrupt, run) {
  write_text(folder_.file("s.toml"),
             "[scenario]\nduration_us = 2_000_000\n[[card.service]]\naddress = \"any\"\nport = 443\n"
             "[[attacker]]\nkind = \"syn-flood\"\nrate = \"line\"\n");
  interrupt({"run", folder_.file("s.toml"), "--core", GetParam().core, "--json", folder_.file("r.json"), "--html",
             folder_.file("r.html")},
            {"s.toml"});
}

TEST_P(Interrupt, serve_ends_in_order) {
  write_text(folder_.file("c.toml"), kConfig);
  const auto socket = folder_.file("card.sock");
  Process tool({SYNWARD_TOOL, "sim", "serve", "--core", GetParam().core, "--socket", socket, "--config",
                folder_.file("c.toml")});
  ASSERT_TRUE(tool.says("Serving the ")) << tool.output();
  ASSERT_EQ(kill(tool.pid(), GetParam().signal), 0);
  EXPECT_EQ(tool.wait(), 0) << tool.output();
  EXPECT_TRUE(tool.output().ends_with(std::string("Ended: interrupted by ") + GetParam().says + "\n")) << tool.output();
  EXPECT_EQ(folder_.names(), std::vector<std::string>{"c.toml"});
}

INSTANTIATE_TEST_SUITE_P(Signals, Interrupt,
                         testing::Values(Case{"rtl", SIGINT, "SIGINT"}, Case{"rtl", SIGTERM, "SIGTERM"},
                                         Case{"ref", SIGINT, "SIGINT"}, Case{"ref", SIGTERM, "SIGTERM"}),
                         [](const auto& one) { return std::string(one.param.core) + one.param.says; });

}  // namespace
}  // namespace synward::sim
