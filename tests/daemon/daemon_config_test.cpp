// SPDX-License-Identifier: BSD-2-Clause
#include "synward/daemon_config.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "temporary_folder.hpp"

namespace synward {
namespace {

constexpr std::string_view kLeast = R"([device]
backend = "sim"
socket = "/run/synward/card.sock"
[[service]]
address = "any"
port = 443
)";

std::string refusal(const std::string& text) {
  const auto config = parse_daemon_config(text, "d.toml");
  return config ? std::string("taken") : config.error().text;
}

TEST(DaemonConfig, defaults) {
  const auto config = parse_daemon_config(kLeast, "d.toml");
  ASSERT_TRUE(config) << config.error().text;
  EXPECT_EQ(to_string(config->device), "sim /run/synward/card.sock");
  EXPECT_EQ(config->secrets, SecretSettings());
  EXPECT_EQ(config->secrets.rotate, std::chrono::seconds(15));
  EXPECT_EQ(config->log, LogSettings());
  EXPECT_EQ(config->api.admin, "/run/synward/admin.sock");
  EXPECT_EQ(config->api.everyone, "/run/synward/public.sock");
  EXPECT_FALSE(config->api.tcp);
  EXPECT_EQ(config->history.interval, std::chrono::seconds(1));
  EXPECT_EQ(config->history.keep, 3600U);
  EXPECT_EQ(config->services.size(), 1U);
  EXPECT_TRUE(config->users.empty());
}

TEST(DaemonConfig, handoff) {
  const std::string least(kLeast);
  const auto config = parse_daemon_config(least + "[handoff]\nkey_file = \"/etc/synward/handoff.key\"\n", "d.toml");
  ASSERT_TRUE(config) << config.error().text;
  EXPECT_EQ(config->secrets.handoff_key_file, "/etc/synward/handoff.key");
  EXPECT_NE(refusal(least + "[handoff]\n").find("key_file: missing"), std::string::npos);
  EXPECT_NE(refusal(least + "[handoff]\nkey_file = \"h.key\"\n").find("is not a path from / on"), std::string::npos);
  EXPECT_NE(refusal(least + "[handoff]\nkey_file = \"/h\"\nkey = 1\n").find("key"), std::string::npos);
}

TEST(DaemonConfig, everything) {
  const auto config = parse_daemon_config(R"([device]
backend = "pcie"
bdf = "0000:65:00.0"
[secrets]
mode = "fleet"
master_key_file = "/etc/synward/fleet.key"
epoch_s = 40
skew_s = 1.25
[[service]]
address = "203.0.113.7"
port = 443
owner = "root"
[[service]]
address = "any"
port = "any"
mode = "pass"
[sysctl]
"net.inet.tcp.syncache.rexmtlimit" = 2
"net.ipv4.tcp_syncookies" = 2
"net.inet.tcp.syncache.hashsize" = 1000
[log]
to = "/var/log/synward.log"
[api]
admin = "/tmp/a"
public = "/tmp/p"
tcp = "[::1]:9290"
[history]
interval_s = 5
keep = 100
)",
                                          "d.toml");
  ASSERT_TRUE(config) << config.error().text;
  EXPECT_EQ(config->secrets.mode, SecretMode::fleet);
  EXPECT_EQ(config->secrets.master_key_file, "/etc/synward/fleet.key");
  EXPECT_EQ(config->secrets.epoch, std::chrono::seconds(40));
  EXPECT_EQ(config->secrets.skew, std::chrono::milliseconds(1250));
  EXPECT_EQ(config->services[0].owner, "root");
  EXPECT_EQ(config->users, (std::map<std::string, std::uint32_t>{{"root", 0}}));
  EXPECT_EQ(config->sysctls.card(reg::kSysctlRexmtlimit), 2U);
  EXPECT_EQ(config->sysctls.card(reg::kSysctlSyncookiesOnly), 1U);
  // Cards of a fleet take each other's connections over in peace too, unless the configuration says otherwise.
  EXPECT_EQ(config->sysctls.card(reg::kSysctlCookieGate), 1U);
  EXPECT_EQ(config->log.target, LogSettings::Target::file);
  EXPECT_EQ(config->log.path, "/var/log/synward.log");
  EXPECT_EQ(config->api.admin, "/tmp/a");
  EXPECT_EQ(config->api.everyone, "/tmp/p");
  ASSERT_TRUE(config->api.tcp);
  EXPECT_EQ(to_string(config->api.tcp->address), "::1");
  EXPECT_EQ(config->api.tcp->port, 9290);
  EXPECT_EQ(config->history.interval, std::chrono::seconds(5));
  EXPECT_EQ(config->history.keep, 100U);
  EXPECT_EQ(config->warnings, std::vector<std::string>{std::string(kHashsizeWarning)});
}

TEST(DaemonConfig, errors_name_file_line_and_key) {
  const std::string head(kLeast);
  struct Case {
    std::string more, said;
  };
  for (const auto& [more, said] : {
           Case{"[secrets]\nmode = \"fixed\"\n", "d.toml:8: mode: "},
           Case{"[secrets]\nmode = \"fleet\"\n", "d.toml:7: master_key_file: missing, the path of the fleet's key"},
           Case{"[secrets]\nepoch_s = 20\n", "d.toml:8: epoch_s: only with mode = \"fleet\""},
           Case{"[secrets]\nmode = \"fleet\"\nrotate_s = 5\n", "d.toml:9: rotate_s: only with mode = \"random\""},
           Case{"[secrets]\nrotate_s = 3601\n", "d.toml:8: rotate_s: "},
           Case{"[secrets]\nmode = \"fleet\"\nmaster_key_file = \"/k\"\nepoch_s = 9\n", "d.toml:10: epoch_s: "},
           Case{"[secrets]\nmode = \"fleet\"\nmaster_key_file = \"/k\"\nskew_s = 5.1\n", "d.toml:10: skew_s: "},
           Case{"[secrets]\nmode = \"fleet\"\nmaster_key_file = \"/k\"\nskew_s = 0.05\n", "d.toml:10: skew_s: "},
           Case{"[secrets]\nkey0 = \"00\"\n", "d.toml:8: key0: "},
           Case{"[log]\nto = \"kern.log\"\n",
                "d.toml:8: to: \"kern.log\" is not stderr, journal, syslog or a file's path from / on"},
           Case{"[api]\nadmin = \"a.sock\"\n", "d.toml:8: admin: \"a.sock\" is not a path from / on"},
           Case{"[api]\nadmin = \"/" + std::string(107, 'a') + "\"\n",
                "d.toml:8: admin: a socket's path has at most 107 bytes"},
           Case{"[api]\nadmin = \"/a\"\npublic = \"/a\"\n", "d.toml:9: public: must not be the admin socket"},
           Case{"[api]\ntcp = \"localhost:80\"\n", "d.toml:8: tcp: \"localhost:80\" is not ADDRESS:PORT"},
           Case{"[api]\ntcp = \"::1:80\"\n", "d.toml:8: tcp: "},
           Case{"[api]\ntcp = \"127.0.0.1:0\"\n", "d.toml:8: tcp: "},
           Case{"[api]\ntcp = \"127.0.0.1:65536\"\n", "d.toml:8: tcp: "},
           Case{"[api]\ntcp = \"127.0.0.1\"\n", "d.toml:8: tcp: "},
           Case{"[history]\nkeep = 0\n", "d.toml:8: keep: "},
           Case{"[history]\nevery = 1\n", "d.toml:8: every: "},
           Case{"[sysctl]\n\"net.inet.tcp.nothing\" = 1\n", "d.toml:8: net.inet.tcp.nothing: no such sysctl"},
           Case{"[[service]]\naddress = \"any\"\nport = 1\nowner = \"nobody at all\"\n",
                "d.toml:10: owner: there is no user \"nobody at all\""},
           Case{"[[service]]\naddress = \"any\"\nport = 443\n", "d.toml:7: service: an earlier"},
           Case{"[daemon]\n", "d.toml:7: daemon: "},
       }) {
    const auto text = refusal(head + more);
    EXPECT_TRUE(text.starts_with(said)) << text << "\nis not\n" << said;
    EXPECT_EQ(text.find('\n'), std::string::npos);
  }
  EXPECT_EQ(refusal("[device]\nbackend = \"sim\"\nsocket = \"/s\"\n"), "d.toml: no [[service]]");
  EXPECT_EQ(refusal("[[service]]\naddress = \"any\"\nport = 1\n"), "d.toml: no [device]");
  EXPECT_TRUE(refusal("[device]\nbackend = \"isa\"\n[[service]]\naddress = \"any\"\nport = 1\n")
                  .starts_with("d.toml:2: backend: "));
}

TEST(DaemonConfig, files) {
  const TemporaryFolder folder;
  EXPECT_TRUE(load_daemon_config(folder.write("d.toml", std::string(kLeast))));
  const auto none = load_daemon_config(folder / "none.toml");
  ASSERT_FALSE(none);
  EXPECT_TRUE(none.error().text.starts_with((folder / "none.toml") + ": ")) << none.error().text;
}

TEST(DaemonConfig, the_manuals_example_is_right_and_it_has_every_key) {
  std::ifstream in(PROJECT_ROOT "/host/man/synwardd.toml.5");
  const std::string page{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const std::string begin = ".Bd -literal\n";
  const auto from = page.find(begin) + begin.size();
  const auto config = parse_daemon_config(page.substr(from, page.find(".Ed\n", from) - from), "example");
  ASSERT_TRUE(config) << config.error().text;
  EXPECT_EQ(config->services.size(), 2U);
  EXPECT_EQ(config->secrets.mode, SecretMode::fleet);
  for (const auto* key :
       {"backend", "xclbin", "bdf",     "ip",     "bar",   "socket",     "mode",   "rotate_s", "master_key_file",
        "epoch_s", "skew_s", "address", "port",   "owner", "mss4",       "wscale", "window",   "ttl",
        "options", "to",     "admin",   "public", "tcp",   "interval_s", "keep"}) {
    EXPECT_NE(page.find(fmt::format(".It Cm {}", key)), std::string::npos) << key;
  }
}

TEST(DaemonConfig, a_device_that_has_changed_is_seen) {
  const auto one = parse_daemon_config(kLeast, "d.toml");
  auto spaced = std::string(kLeast);
  spaced.insert(spaced.find("socket"), "# where it listens\n");
  const auto same = parse_daemon_config(spaced, "d.toml");
  auto moved = std::string(kLeast);
  moved.replace(moved.find("card.sock"), 9, "other.sock");
  const auto other = parse_daemon_config(moved, "d.toml");
  ASSERT_TRUE(one && same && other);
  EXPECT_EQ(one->device_text, same->device_text);
  EXPECT_NE(one->device_text, other->device_text);
}

std::vector<std::string> all_errors(const std::string& text) {
  const auto config = parse_daemon_config(text, "d.toml");
  if (config) {
    return {};
  }
  std::vector<std::string> errors{config.error().text};
  errors.insert(errors.end(), config.error().more.begin(), config.error().more.end());
  return errors;
}

TEST(DaemonConfig, all_that_is_wrong_is_told_at_once) {
  EXPECT_EQ(all_errors(R"([device]
backend = "sim"
sockt = "/x"
[secrets]
rotate_s = -1
[[service]]
address = "nowhere"
port = 70000
[[service]]
address = "any"
port = 443
owner = "nobody-of-this-name"
[sysctl]
"net.inet.tcp.nothing" = 1
"net.inet.tcp.rfc1323" = 9
[attack]
factor = 0
syn-flood = { floor = 0, flor = 1 }
[api]
tcp = 7
[histroy]
keep = 1
)")
                .size(),
            12U);
  const auto errors = all_errors("[device]\nbackend = \"sim\"\nsocket = 7\n[[service]]\naddress = 3\nport = 0\n");
  EXPECT_EQ(errors,
            (std::vector<std::string>{"d.toml:3: socket: must be a string", "d.toml:5: address: must be a string"}))
      << "one of a key";
}

TEST(DaemonConfig, a_word_that_others_hang_on_is_told_alone) {
  EXPECT_EQ(all_errors("[device]\nbackend = \"smi\"\nsocket = \"/x\"\n[secrets]\nmode = \"flet\"\nepoch_s = 20\n"
                       "[[service]]\naddress = \"any\"\nport = 1\n"),
            (std::vector<std::string>{"d.toml:2: backend: \"smi\" is not known, allowed xrt, pcie, sim",
                                      "d.toml:5: mode: \"flet\" is not known, allowed random, fleet"}));
}

}  // namespace
}  // namespace synward
