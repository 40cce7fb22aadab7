// SPDX-License-Identifier: BSD-2-Clause
// Configuration texts that are nearly right: each is taken, or refused in one line that names the file.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "budget.hpp"
#include "mutator.hpp"
#include "synward/config.hpp"
#include "synward/daemon_config.hpp"

namespace synward {
namespace {

constexpr const char* kFile = "synwardd.toml";

std::vector<std::string> good_texts() {
  return {R"([device]
backend = "xrt"
xclbin = "/lib/synward.xclbin"
bdf = "0000:65:00.0"
ip = "synward:{synward_1}"
[secrets]
mode = "fleet"
master_key_file = "/etc/synward/fleet.key"
epoch_s = 20
skew_s = 2.5
[[service]]
address = "203.0.113.7"
port = 443
owner = "root"
mode = "protect"
mss4 = 1460
wscale = 6
window = 65535
ttl = 64
tos = 0
options = { window_scale = true, sack = true, timestamps = false }
[[service]]
address = "2001:db8::7"
port = "any"
[sysctl]
"net.inet.tcp.syncache.rexmtlimit" = 2
"net.ipv4.tcp_syncookies" = 2
"net.synward.unknown_ack" = "drop"
[log]
to = "/var/log/synward.log"
[api]
admin = "/run/a"
public = "/run/p"
tcp = "[::1]:9290"
[history]
interval_s = 5
keep = 100
[attack]
command = ["/bin/true", "x"]
command_timeout_s = 5
quiet_s = 60
factor = 4.5
syn-flood = { floor = 5_000, ceiling = 1e6 }
)",
          R"([device]
backend = "pcie"
bdf = "0000:65:00.0"
bar = 2
offset = 0x10000
[secrets]
rotate_s = 15
[[service]]
address = "any"
port = 443
[log]
to = "journal"
)",
          R"(device = { backend = "sim", socket = "/run/synward/card.sock" }
service = [ { address = "any", port = 0, mode = "drop" } ]
)"};
}

std::vector<std::string> hurtful_words() {
  return {"\"",        "\"\"\"",     "'''",   "[",        "]]",   "{",     "}",      "=",        "\n",
          "\r\n",      "\\u0000",    "\\n",   "\\uD800",  "nan",  "-inf",  "true",   "[[a]]",    "\"any\"",
          "#",         "1979-05-27", "[a.b]", "\xc3\xa9", "\xff", "owner", "\x1b[m", "[sysctl]", "[[service]]\n",
          "= \"\\n\"", "[[[[[[[[[["};
}

bool one_line_with_the_file(const std::string& text) {
  return text.starts_with(kFile) && text.find_first_of("\r\n") == std::string::npos;
}
/// All that was told.
bool lines_with_the_file(const Error& error) {
  return one_line_with_the_file(error.text) && std::ranges::all_of(error.more, one_line_with_the_file);
}

TEST(FuzzConfig, a_daemons_file_is_taken_or_refused_in_a_line) {
  test::Rng rng(test::Budget::seed());
  test::Mutator mutator(rng, good_texts(), hurtful_words());
  test::Budget budget;
  std::uint64_t taken = 0;
  while (budget.more()) {
    const auto text = mutator.next();
    const auto config = parse_daemon_config(text, kFile);
    taken += config ? 1 : 0;
    ASSERT_TRUE(config || lines_with_the_file(config.error())) << budget.which() << "\n"
                                                               << config.error().text << "\n---\n"
                                                               << text;
  }
  EXPECT_GT(taken, 0U) << "the texts are not nearly right";
}

TEST(FuzzConfig, the_good_texts_are_good) {
  for (const auto& text : good_texts()) {
    const auto config = parse_daemon_config(text, kFile);
    EXPECT_TRUE(config) << config.error().text;
  }
}

}  // namespace
}  // namespace synward
