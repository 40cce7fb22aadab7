// SPDX-License-Identifier: BSD-2-Clause
// What operators type at run time, by the tool, to a daemon on a reference card.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "daemon_fixture.hpp"

namespace synward::sim {
namespace {

class OperatorTest : public DaemonTest {
 protected:
  void begin(const std::string& more = {}) {
    write_config(more + "[state]\nfolder = \"" + folder.file("state") + "\"\n");
    start_daemon();
  }
  /// Exit status and what was printed.
  std::string tool(std::vector<std::string> words, const std::string& socket = {}) {
    words.insert(words.begin(), {SYNWARD_TOOL, "--socket", socket.empty() ? admin() : socket});
    Process process(words);
    const auto status = process.wait().value_or(-1);
    return fmt::format("{} {}", status, process.output());
  }
  json tool_json(const std::vector<std::string>& words) {
    const auto text = tool(words);
    EXPECT_EQ(text.substr(0, 2), "0 ") << text;
    return json::parse(text.substr(2), nullptr, false);
  }
  std::string everyone() const { return folder.file("public.sock"); }
  static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
};

TEST_F(OperatorTest, a_bypass_is_seen_everywhere_and_outlives_the_daemon) {
  begin();
  EXPECT_EQ(tool({"bypass", "status"}), "0 bypass     off: services are protected\n");
  EXPECT_EQ(tool({"bypass", "on"}, everyone()), "1 synward: only by the admin socket\n");
  const auto on = tool({"bypass", "on"});
  EXPECT_TRUE(has(on, "0 bypass     ON since ")) << on;
  EXPECT_TRUE(has(on, "(user 0): everything passes, nothing is protected")) << on;
  EXPECT_TRUE(has(tool({"status"}), "\nbypass     ON since "));
  EXPECT_TRUE(has(tool({"top", "-b", "-n", "1"}), "\nbypass     ON since "));
  EXPECT_TRUE(has(tool({"stats", "--prom"}), "\nsynward_bypass 1\n"));
  EXPECT_TRUE(has(tool({"check"}), "bypass is on since ")) << tool({"check"});
  EXPECT_EQ(stop_daemon(), 0);
  start_daemon();
  const auto status = tool_json({"bypass", "status", "--json"});
  EXPECT_EQ(status["on"], true);
  EXPECT_EQ(status["by"], "user 0");
  EXPECT_TRUE(eventually([this] { return logged("bypass is on, for 0 min"); })) << daemon->output();
  EXPECT_EQ(tool({"bypass", "off"}), "0 bypass     off: services are protected\n");
  EXPECT_EQ(stop_daemon(), 0);
  start_daemon();
  EXPECT_EQ((*get("/v1/bypass"))["on"], false);
  EXPECT_EQ((*get("/v1/status"))["bypass"]["on"], false);
}

TEST_F(OperatorTest, a_bypass_that_cannot_be_kept_is_told_of) {
  start_daemon();
  const auto on = tool({"bypass", "on"});
  EXPECT_TRUE(has(on, "synward: the bypass does not outlive the daemon: there is no state folder")) << on;
  EXPECT_TRUE(has(on, "ON since ")) << on;
}

TEST_F(OperatorTest, services_change_while_the_card_runs_and_are_saved_where_that_is_wanted) {
  begin();
  EXPECT_EQ(tool({"services", "add", "198.51.100.1", "22", "--mss4", "1400", "--no-ecn", "--owner", "root"}), "0 ");
  EXPECT_EQ(tool({"services", "add", "198.51.100.1", "22"}), "1 synward: 198.51.100.1 port 22: there is one already\n");
  EXPECT_EQ(tool({"services", "add", "198.51.100.1", "23", "--ttl", "900"}),
            "1 synward: ttl: 900 is out of range, allowed 1..255\n");
  EXPECT_EQ(tool({"services", "add", "198.51.100.1", "23", "--owner", "nobody-of-this-name"}),
            "1 synward: owner: there is no user \"nobody-of-this-name\"\n");
  EXPECT_EQ(tool({"services", "del", "198.51.100.1", "22"}, everyone()), "1 synward: only by the admin socket\n");
  EXPECT_EQ(tool({"services", "pass", "203.0.113.7", "443", "--save"}),
            fmt::format("0 saved in {}\n", folder.file("state/services.toml")));
  EXPECT_EQ(tool({"services", "add", "any", "80"}), "0 ");
  const auto modes = [this] {
    std::string text;
    for (const auto& one : tool_json({"services", "list", "--json"})) {
      text += fmt::format("{}:{} {}\n", one["address"].get<std::string>(), one["port"].get<int>(),
                          one["mode"].get<std::string>());
    }
    return text;
  };
  EXPECT_EQ(modes(), "203.0.113.7:443 pass\n198.51.100.1:22 protect\nany:80 protect\n");
  EXPECT_EQ(tool_json({"services", "--json"})[1]["mss4"], 1400);
  EXPECT_TRUE(eventually([this] { return logged("service any port 80: added (user 0)"); }));

  // Killed, all comes back; ended in order, what was saved.
  EXPECT_EQ(stop_daemon(SIGKILL), 128 + SIGKILL);
  start_daemon();
  EXPECT_EQ(modes(), "203.0.113.7:443 pass\n198.51.100.1:22 protect\nany:80 protect\n");
  EXPECT_EQ(stop_daemon(), 0);
  start_daemon();
  EXPECT_EQ(modes(), "203.0.113.7:443 pass\n198.51.100.1:22 protect\n");

  // A reload: what the file names is as it says, the rest stays.
  EXPECT_EQ(tool({"reload"}), "0 ");
  EXPECT_EQ(modes(), "203.0.113.7:443 protect\n198.51.100.1:22 protect\n");

  // Where connections in use may be dropped, that is said.
  EXPECT_EQ(tool({"sysctl", "-q", "net.synward.unknown_ack=drop"}), "0 ");
  EXPECT_TRUE(
      has(tool({"services", "protect", "203.0.113.7", "443"}), "synward: connections in use of it are dropped"));
  EXPECT_EQ(tool({"services", "pass", "203.0.113.7", "443"}), "0 ");
}

TEST_F(OperatorTest, history_and_events_are_shown) {
  begin();
  ASSERT_TRUE(eventually([this] { return get("/v1/history?last=3").value_or(json::array()).size() == 3; }));
  const auto history = tool({"history", "offered", "entries", "--width", "40"});
  EXPECT_TRUE(has(history, "0 offered by the line, a second: now 0\n")) << history;
  EXPECT_TRUE(has(history, "\nhalf-open connections: now 0, mean 0")) << history;
  EXPECT_TRUE(has(tool({"history", "bogus"}), "1 synward: history: bogus: there is no such figure, but offered, "));
  const auto rates = tool_json({"history", "--json"});
  ASSERT_GE(rates.size(), 2U);
  EXPECT_EQ(rates[0]["offered"], 0);
  EXPECT_EQ(tool({"events", "ack_spurious"}), "0 ");
  EXPECT_TRUE(has(tool({"events", "bogus"}), "64 synward: name: bogus: there is no such event, but rexmt_exhausted, "));
}

TEST_F(OperatorTest, what_is_handed_out_for_support_holds_no_secret) {
  constexpr const char* kKey = "6b65796b65796b65796b65796b65796b65796b65796b65796b65796b65796b65";
  constexpr const char* kPassword = "prometheus:hush-hush-this-is-it";
  write_text(folder.file("fleet.key"), kKey);
  write_text(folder.file("password"), std::string(kPassword) + "\n");
  for (const auto* file : {"fleet.key", "password"}) {
    ASSERT_EQ(chmod(folder.file(file).c_str(), 0600), 0);
  }
  begin(fmt::format("# the password is {}\n[secrets]\nmode = \"fleet\"\nmaster_key_file = \"{}\"\n", kPassword,
                    folder.file("fleet.key")));
  const auto bundle = folder.file("support.tar.gz");
  const auto unpacked = [&](const std::string& what) {
    Process tar({"tar", "-xzOf", bundle, "--wildcards", what});
    EXPECT_EQ(tar.wait(), 0) << tar.output();
    return tar.output();
  };
  EXPECT_EQ(tool({"support", "-o", bundle}), fmt::format("0 {}\n", bundle));
  EXPECT_EQ(tool({"support", "-o", bundle}), fmt::format("1 synward: support: {}: File exists\n", bundle));
  struct stat status {};
  ASSERT_EQ(stat(bundle.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  const auto all = unpacked("*");
  for (const auto* secret : {kKey, kPassword, "hush-hush"}) {
    EXPECT_FALSE(has(all, secret));
  }
  EXPECT_FALSE(has(all, "\"args\"")) << "arguments of events";
  const auto config = unpacked("*/synwardd.toml");
  EXPECT_TRUE(has(config, folder.file("fleet.key"))) << config;
  EXPECT_TRUE(has(config, "203.0.113.7")) << config;
  EXPECT_TRUE(has(unpacked("*/registers.json"), "SECRET_STATUS"));
  EXPECT_TRUE(json::accept(unpacked("*/status.json")));
  EXPECT_TRUE(has(unpacked("*/versions.txt"), "register map "));

  // Without a daemon: what there is, also of a file that no daemon takes.
  EXPECT_EQ(stop_daemon(), 0);
  std::filesystem::remove(bundle);
  write_text(folder.file("other.toml"),
             fmt::format("[secrets]\nmaster_key_file = \"{0}\"\nkey0 = \"{0}\"\n[api]\npassword_file = "
                         "\"{1}\"\npassword = \"{1}\"\n[bogus]\nx = \"{0}\"\n",
                         kKey, kPassword));
  Process alone({SYNWARD_TOOL, "--socket", admin(), "--config", folder.file("other.toml"), "support", "-o", bundle});
  EXPECT_EQ(alone.wait(), 0) << alone.output();
  EXPECT_TRUE(has(alone.output(), "synward: not all of it could be had: status.json: ")) << alone.output();
  const auto rest = unpacked("*");
  for (const auto* secret : {kKey, kPassword}) {
    EXPECT_FALSE(has(rest, secret));
  }
  EXPECT_TRUE(has(rest, "(left out)"));
}

}  // namespace
}  // namespace synward::sim
