// SPDX-License-Identifier: BSD-2-Clause
// synwardd before rtl/board's top: links, a reset, a slow bus, the real XRT library; and the self-test. A process that
// simulates the board clock by clock is slow: a daemon's round takes seconds, and nothing here depends on how many.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <string>

#include "daemon_fixture.hpp"

namespace synward::sim {
namespace {

class BoardDaemonTest : public DaemonTest {
 protected:
  void SetUp() override {}
  void TearDown() override {
    if (!xrt_folder_.empty()) {
      daemon.reset();
      card.reset();
      std::filesystem::remove_all(xrt_folder_);
    }
  }

  /// The least that a daemon may ask of a card.
  static constexpr const char* kLeast = "[secrets]\nrotate_s = 3600\n[history]\ninterval_s = 3600\n";
  void begin(const std::vector<std::string>& board_words) {
    write_config(kLeast);
    serve(board_words);
  }
  void serve(std::vector<std::string> words) {
    words.insert(words.begin(), {BOARD_SERVE, "--socket", folder.file("card.sock")});
    card = std::make_unique<Process>(words);
    ASSERT_TRUE(card->says("Serving the board")) << card->output();
  }
  std::string tool(std::vector<std::string> words) {
    words.insert(words.begin(), {SYNWARD_TOOL, "--socket", admin(), "--config", config()});
    Process process(words);
    const auto status = process.wait().value_or(-1);
    return fmt::format("{} {}", status, process.output());
  }
  void cable(const std::string& state) {
    Process process({SYNWARD_SIM, "cable", "--socket", folder.file("card.sock"), "line", state});
    EXPECT_EQ(process.wait(), 0) << process.output();
  }
  /// What the board's process has had of the processors, s; without end where it is gone.
  double board_seconds() const {
    std::ifstream stat(fmt::format("/proc/{}/stat", card->pid()));
    if (!stat) return std::numeric_limits<double>::infinity();
    std::string word;
    double ticks = 0;
    for (int field = 1; stat >> word && field <= 15; ++field) {
      if (field == 14 || field == 15) ticks += std::stod(word);
    }
    return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
  }
  /// With patience for a board that is simulated beside other tests: what counts is the time that it was given.
  bool patiently(const std::function<bool()>& there) const {
    constexpr double kBoardSeconds = 120;
    constexpr int kMostRounds = 60;  // each of sim::kPatience at most
    const double end = board_seconds() + kBoardSeconds;
    for (int i = 0; i < kMostRounds; ++i) {
      if (eventually(there)) {
        return true;
      }
      if (board_seconds() > end) {
        return false;
      }
    }
    return false;
  }
  bool comes(const std::string& text) {
    if (patiently([&] { return logged(text); })) {
      return true;
    }
    ADD_FAILURE() << text << "\n" << daemon->output();
    return false;
  }
  bool answers() const {
    return patiently([this] { return get("/v1/status").has_value(); });
  }
  std::optional<json> link() const {
    std::optional<json> answer;
    patiently([&] { return (answer = get("/v1/link")).has_value(); });
    return answer;
  }
  void start_daemon() {
    daemon = std::make_unique<Process>(std::vector<std::string>{SYNWARDD, "--config", config()});
    ASSERT_TRUE(answers()) << daemon->output();
  }
  std::string xrt_folder_;  ///< where XRT looks for its card
};

TEST_F(BoardDaemonTest, a_link_and_a_reset_behind_a_slow_bus) {
  begin({"--bus-ns", "1500"});
  start_daemon();
  const auto up = link();
  ASSERT_TRUE(up) << daemon->output();
  ASSERT_EQ((*up)["ports"].size(), 2U) << up->dump();
  EXPECT_EQ((*up)["ports"][0]["up"], true);
  EXPECT_EQ((*up)["ports"][0]["fec"], true);
  EXPECT_EQ((*up)["ports"][1]["lanes_locked"], 20);
  cable("out");
  ASSERT_TRUE(comes("line link: down: no light or no signal"));
  const auto down = link();
  ASSERT_TRUE(down);
  EXPECT_EQ((*down)["ports"][0]["up"], false);
  EXPECT_EQ((*down)["ports"][1]["open"], false) << "the host port waits for the line";
  cable("in");
  ASSERT_TRUE(comes("line link: up again after "));
  kill(card->pid(), SIGUSR1);
  ASSERT_TRUE(comes("the card is lost: it was reset, its secrets are gone"));
  ASSERT_TRUE(comes("the card is there again and has been set up anew"));
  const auto again = link();
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)["ports"][0]["up"], true);
}

TEST_F(BoardDaemonTest, the_self_test_passes_with_loopbacks_and_leaves_the_links_up) {
  serve({});
  Process test({SYNWARD_TOOL, "card", "selftest", "--simulated", folder.file("card.sock"), "--offline"});
  std::optional<int> status;
  for (int i = 0; i < 8 && !status; ++i) {
    status = test.wait();
  }
  ASSERT_EQ(status, 0) << test.output();
  for (const auto* name : {"line port: near-end loopback", "host port: near-end loopback",
                           "host port: frames through the loopback", "memory: tables cleared"}) {
    EXPECT_NE(test.output().find(fmt::format("passed       {}\n", name)), std::string::npos) << test.output();
  }
  Process link({SYNWARD_TOOL, "link", "--json", "--simulated", folder.file("card.sock")});
  EXPECT_EQ(link.wait(), 0);
  const auto ports = json::parse(link.output())["ports"];
  EXPECT_EQ(ports[0]["loopback"], false);
  EXPECT_EQ(ports[1]["loopback"], false);
}

#ifdef HWEMU_RUN
TEST_F(BoardDaemonTest, through_the_real_xrt_library) {
  const auto user = fmt::format("synward-board-{}", ::getpid());
  xrt_folder_ = "/tmp/" + user;
  const std::vector<std::string> names{"env", "USER=" + user, "EMULATION_SOCKETID=card"};
  auto words = names;
  words.insert(words.end(), {BOARD_SERVE, "--xrt", "--socket", folder.file("card.sock")});
  card = std::make_unique<Process>(words);
  ASSERT_TRUE(card->says("Serving the board")) << card->output();
  write_config(kLeast);
  auto text = read_text(config());
  const auto socket = fmt::format("backend = \"sim\"\nsocket = \"{}\"\n", folder.file("card.sock"));
  ASSERT_NE(text.find(socket), std::string::npos);
  write_text(config(), text.replace(text.find(socket), socket.size(),
                                    fmt::format("backend = \"xrt\"\nxclbin = \"{}\"\n", HWEMU_XCLBIN)));
  words = names;
  words.insert(words.end(), {HWEMU_RUN, SYNWARDD, "--config", config()});
  daemon = std::make_unique<Process>(words);
  ASSERT_TRUE(answers()) << daemon->output();
  const auto up = link();
  ASSERT_TRUE(up) << daemon->output();
  ASSERT_EQ((*up)["ports"].size(), 2U) << up->dump();
  EXPECT_EQ((*up)["ports"][0]["up"], true);
  cable("out");
  ASSERT_TRUE(comes("line link: down: no light or no signal"));
}
#endif

}  // namespace
}  // namespace synward::sim
