// SPDX-License-Identifier: BSD-2-Clause
// The control channel as an operator has it: a card between two interfaces, its daemon, an agent at a server, each a
// process of its own; and this kernel's sockets at both ends.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "device/process.hpp"
#include "live/live_network.hpp"
#include "sim/files.hpp"

namespace synward::test {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;
using sim::Process;

class ChannelLive : public testing::Test {
 protected:
  static constexpr std::uint16_t kPort = 80;

  void SetUp() override {
    if (const std::string why = LiveNetwork::missing(); !why.empty()) GTEST_SKIP() << why;
    pins = own_bpf_folder() + "/channel";
    client = std::make_unique<Namespace>();
    card = std::make_unique<Namespace>();
    server = std::make_unique<Namespace>();
    join(*client, "line", 1);
    join(*server, "host", 2);
    key("handoff.key", '7');
    key("own.key", '5');
    start_card();
  }
  void TearDown() override {
    if (HasFailure())
      for (const auto* one : {&daemon, &agent, &card_process})
        if (*one) std::cerr << (*one)->output() << "----\n";
  }

  void join(const Namespace& end, const char* at_card, int host) const {
    card->shell(
        fmt::format("ip link add {0} type veth peer name eth0 netns /proc/{1}/fd/{2} && "
                    "sysctl -qw net.ipv6.conf.{0}.disable_ipv6=1 && ip link set {0} up",
                    at_card, getpid(), end.fd()));
    end.shell(
        fmt::format("sysctl -qw net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth0.accept_ra=0 && "
                    "ip address add 10.99.0.{0}/16 dev eth0 && ip address add fd00:99::{0}/64 dev eth0 nodad && "
                    "ip link set eth0 up",
                    host));
  }
  void key(const std::string& name, char digit) const {
    std::ofstream file(folder.file(name));
    chmod(folder.file(name).c_str(), 0600);
    file << std::string(64, digit);
  }
  void start_card() {
    card->run([&] {
      card_process =
          std::make_unique<Process>(std::vector<std::string>{SYNWARD_TOOL, "sim", "live", "--core", "ref", "--line",
                                                             "line", "--host", "host", "--socket", file("card.sock")});
    });
    ASSERT_TRUE(card_process->says("core is between")) << card_process->output();
  }
  void start_daemon(const std::string& handoff) {
    std::ofstream(file("d.toml")) << fmt::format(
        "[device]\nbackend = \"sim\"\nsocket = \"{0}card.sock\"\n[[service]]\naddress = \"198.51.100.9\"\nport = 25\n"
        "[api]\nadmin = \"{0}admin.sock\"\npublic = \"{0}public.sock\"\n[handoff]\nkey_file = \"{0}handoff.key\"\n{1}",
        folder.file(""), handoff);
    daemon = std::make_unique<Process>(std::vector<std::string>{SYNWARDD, "--config", file("d.toml")});
    ASSERT_TRUE(eventually([&] { return !ask("/status").is_null(); })) << daemon->output();
  }
  void start_agent(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{SYNWARD_AGENT, "run",        "--interface",       "eth0",      "--pins",
                                   pins,          "--key-file", file("handoff.key"), "--metrics", file("agent.prom")};
    words.insert(words.end(), more.begin(), more.end());
    server->run([&] { agent = std::make_unique<Process>(words); });
    ASSERT_TRUE(agent->says(" eth0\n")) << agent->output();
  }

  std::string file(const std::string& name) const { return folder.file(name); }
  std::string tool(std::vector<std::string> words, int* status = nullptr) const {
    words.insert(words.begin(), {SYNWARD_TOOL, "--socket", file("admin.sock")});
    Process process(words);
    const auto ended = process.wait();
    if (status != nullptr) *status = ended.value_or(-1);
    return process.output();
  }
  json ask(const std::string& what) const {
    const auto text = what == "/status"     ? tool({"status", "--json"})
                      : what == "/services" ? tool({"services", "--json"})
                                            : tool({"handoff", "--json"});
    auto answer = json::parse(text, nullptr, false);
    return answer.is_discarded() || (answer.is_object() && answer.contains("error")) ? json() : answer;
  }
  static bool eventually(const std::function<bool()>& there) {
    const auto end = Clock::now() + std::chrono::seconds(sim::kPatience);
    while (!there() && Clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return there();
  }
  /// Mode of the learned service at the server's IPv4 or IPv6 address; empty: there is none.
  std::string mode(const std::string& address = "10.99.0.2") const {
    for (const auto& one : ask("/services"))
      if (one["address"] == address && one["port"] == kPort && one["learned"] == true) return one["mode"];
    return {};
  }
  bool lost() const {
    const auto status = ask("/status");
    return !status.is_null() && status["handoff"]["lost"] == 1;
  }
  std::uint64_t taken() const {
    const auto all = ask("/handoff");
    return all.is_null() || all["statuses"][0]["count"].is_null() ? 0
                                                                  : all["statuses"][0]["count"].get<std::uint64_t>();
  }

  /// SYNs that the card stored and answered, 100 ms ago at most.
  std::uint64_t answered_syns() const {
    return json::parse(tool({"stats", "--json"})).at("syncache").at("entries-added").get<std::uint64_t>();
  }

  FileDescriptor listen_at_server(int protocol = 0) const {
    FileDescriptor fd;
    server->run([&] {
      fd = FileDescriptor(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, protocol));
      const int one = 1;
      setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
      sockaddr_in6 any{};
      any.sin6_family = AF_INET6;
      any.sin6_port = htons(kPort);
      if (bind(fd.get(), reinterpret_cast<sockaddr*>(&any), sizeof any) != 0 || listen(fd.get(), 64) != 0) fd.close();
    });
    return fd;
  }
  /// Whether somebody answers a SYN with a SYN-ACK; `made`: the connection.
  bool connects(FileDescriptor* made = nullptr) const {
    bool done = false;
    client->run([&] {
      FileDescriptor fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      sockaddr_in to{};
      to.sin_family = AF_INET;
      to.sin_port = htons(kPort);
      inet_pton(AF_INET, "10.99.0.2", &to.sin_addr);
      done = connect(fd.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
      if (done && made != nullptr) *made = std::move(fd);
    });
    return done;
  }
  void expect_words(const FileDescriptor& listener) const {
    FileDescriptor fd;
    ASSERT_TRUE(connects(&fd));
    ASSERT_TRUE(send_all(fd, "question"));
    const FileDescriptor accepted = accept_live(listener);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(receive(accepted, 8), "question");
    ASSERT_TRUE(send_all(accepted, "answer"));
    EXPECT_EQ(receive(fd, 6), "answer");
  }

  static constexpr const char* kLearn = "learn = true\naddresses = [\"10.99.0.2\", \"fd00:99::2\"]\n";
  sim::TemporaryFolder folder;
  std::string pins;
  std::unique_ptr<Namespace> client, card, server;
  std::unique_ptr<Process> card_process, daemon, agent;
};

TEST_F(ChannelLive, AListenerIsLearnedAndGivenUpWithItsEnd) {
  start_daemon(kLearn);
  start_agent();
  auto listener = listen_at_server();
  ASSERT_TRUE(listener);
  ASSERT_TRUE(eventually([&] { return mode() == "protect" && mode("fd00:99::2") == "protect"; })) << tool({"handoff"});
  const auto before = taken();
  const auto none = answered_syns();
  expect_words(listener);
  EXPECT_TRUE(eventually([&] { return answered_syns() > none; }));
  EXPECT_TRUE(eventually([&] { return taken() > before; })) << "the card answered, the server took it";

  const auto end = Clock::now();
  listener.close();
  EXPECT_TRUE(eventually([&] { return mode().empty(); })) << tool({"handoff"});
  std::cout << "given up " << std::chrono::duration<double>(Clock::now() - end).count() << " s after its end\n";
  // A health check gets the kernel's own answer now.
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const auto before_check = answered_syns();
  EXPECT_FALSE(connects());
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(answered_syns(), before_check) << "the card said nothing";

  constexpr int kMptcp = 262;
  listener = listen_at_server(kMptcp);
  if (listener) {
    ASSERT_TRUE(eventually([&] { return mode() == "pass"; })) << tool({"handoff"});
    EXPECT_NE(tool({"handoff"}).find("GODEBUG=multipathtcp=0"), std::string::npos) << tool({"handoff"});
    expect_words(listener);
  }
  listener.close();
  listener = listen_at_server();
  ASSERT_TRUE(eventually([&] { return mode() == "protect"; })) << tool({"handoff"});
  expect_words(listener);
}

TEST_F(ChannelLive, WhatTheOperatorNamesIsHis) {
  start_daemon(kLearn);
  start_agent();
  const auto listener = listen_at_server();
  ASSERT_TRUE(eventually([&] { return mode() == "protect"; })) << tool({"handoff"});
  int status = 0;
  EXPECT_NE(tool({"services", "pass", "10.99.0.2", "80"}, &status).find("was learned from its server"),
            std::string::npos);
  EXPECT_EQ(status, 1);
  EXPECT_EQ(tool({"services", "add", "10.99.0.2", "80", "--window", "65535"}), "");
  EXPECT_EQ(mode(), "") << "learned no more";
  EXPECT_NE(tool({"services"}).find("operator"), std::string::npos) << tool({"services"});
  EXPECT_TRUE(daemon->says("has window")) << "the operator's window is not the listener's: " << daemon->output();
  expect_words(listener);
  EXPECT_EQ(tool({"services", "del", "10.99.0.2", "80"}), "");
  EXPECT_EQ(mode(), "protect");
}

TEST_F(ChannelLive, AKilledAgentIsLostAndItsReturnHeals) {
  start_daemon(kLearn);
  start_agent();
  const auto listener = listen_at_server();
  ASSERT_TRUE(eventually([&] { return mode() == "protect"; })) << tool({"handoff"});
  int status = -1;
  EXPECT_EQ(tool({"check"}, &status).find("agents are lost"), std::string::npos);
  kill(agent->pid(), SIGKILL);
  ASSERT_TRUE(eventually([&] { return lost(); })) << tool({"handoff"});
  EXPECT_TRUE(eventually([&] { return mode() == "pass"; }));
  EXPECT_NE(tool({"check"}, &status).find("1 of 1 servers' agents are lost, their services pass"), std::string::npos)
      << tool({"check"});
  EXPECT_EQ(status, 1) << "a warning";
  expect_words(listener);
  start_agent();
  ASSERT_TRUE(eventually([&] { return !lost() && mode() == "protect"; })) << tool({"handoff"});
  expect_words(listener);
  EXPECT_TRUE(daemon->says(": back")) << daemon->output();
  EXPECT_TRUE(eventually([&] {
    const auto text = sim::read_text(file("agent.prom"));
    return text.find("synward_agent_listeners{interface=\"eth0\",hand_over=\"protect\"} 2\n") != std::string::npos &&
           text.find("synward_agent_beacon_age_seconds") != std::string::npos;
  })) << sim::read_text(file("agent.prom"));
}

TEST_F(ChannelLive, AServerWithAKeyOfItsOwnIsTheOnlyOneThatIsHeard) {
  start_daemon(
      fmt::format("learn = true\n[[handoff.server]]\nname = \"web\"\nkey_file = \"{}\"\naddresses = "
                  "[\"10.99.0.2\"]\n",
                  file("own.key")));
  const auto listener = listen_at_server();
  start_agent();
  ASSERT_TRUE(eventually([&] {
    const auto all = ask("/handoff");
    return !all.is_null() && all["mail"][2]["count"] > 0;
  })) << "what has the common key alone counts as forged: "
      << tool({"handoff"});
  EXPECT_EQ(mode(), "");
  agent.reset();
  start_agent({"--channel-key-file", file("own.key")});
  ASSERT_TRUE(eventually([&] { return mode() == "protect"; })) << tool({"handoff"});
  EXPECT_EQ(mode("fd00:99::2"), "") << "outside its bounds";
  EXPECT_GT(ask("/handoff")["servers"][0]["out_of_bounds"], 0);
  expect_words(listener);
}

}  // namespace
}  // namespace synward::test
