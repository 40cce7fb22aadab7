// SPDX-License-Identifier: BSD-2-Clause
#include "synward/config.hpp"

#include <gtest/gtest.h>

namespace synward {
namespace {

constexpr std::string_view kService = "[[service]]\naddress = \"any\"\nport = 80\n";

std::string error_of(const std::string& text) {
  const auto config = parse_config(text, "c.toml");
  return config ? "no error" : config.error().text;
}

TEST(Config, defaults_are_those_of_the_manual) {
  const auto config = parse_config("[[service]]\naddress = \"203.0.113.7\"\nport = 443\n", "c.toml");
  ASSERT_TRUE(config) << config.error().text;
  const Service& service = config->services.at(0);
  EXPECT_EQ(to_string(*service.address), "203.0.113.7");
  EXPECT_EQ(service.port, 443);
  EXPECT_EQ(service.mode, ServiceMode::protect);
  EXPECT_EQ(service.mss4, 1460);
  EXPECT_EQ(service.mss6, 1440);
  EXPECT_EQ(service.wscale, 6);
  EXPECT_EQ(service.window, 64240);
  EXPECT_EQ(service.ttl, 64);
  EXPECT_EQ(service.tos, 0);
  EXPECT_TRUE(service.window_scale && service.sack && service.timestamps);
  EXPECT_FALSE(config->secrets);
  for (std::size_t i = 0; i < reg::kSysctls.size(); ++i) {
    EXPECT_FALSE(config->sysctls.set_value(i)) << reg::kSysctls[i].name;
    EXPECT_EQ(config->sysctls.card(reg::kSysctls[i].offset), reg::kSysctls[i].def);
  }
  for (std::size_t i = 0; i < kHostSysctls.size(); ++i) {
    EXPECT_EQ(config->sysctls.host(static_cast<HostSetting>(i)), kHostSysctls[i].def) << kHostSysctls[i].name;
  }
  EXPECT_EQ(config->rotate_s, 15U);
  EXPECT_TRUE(config->warnings.empty());
}

TEST(Config, every_key_is_taken) {
  const auto config = parse_config(R"([[service]]
address = "2001:db8::1"
port = "any"
mode = "drop"
mss4 = 536
mss6 = 216
wscale = 14
window = 1
ttl = 255
tos = 16
options = { window_scale = false, sack = false, timestamps = false }
[sysctl]
"net.inet.tcp.rfc1323" = 3
"net.inet.tcp.sack.enable" = false
"net.inet.tcp.drop_synfin" = true
"net.synward.unknown_ack" = "rst"
"net.synward.unclassified" = 0
"net.inet.tcp.syncache.hashsize" = 512
"net.inet.tcp.syncache.rexmtlimit" = 12
"net.inet.tcp.syncache.see_other" = 1
"net.inet.tcp.syncache.rst_on_sock_fail" = 0
"net.inet.tcp.log_debug" = true
"net.inet.tcp.log_in_vain" = 2
[secrets]
rotate_s = 30
)",
                                   "c.toml");
  ASSERT_TRUE(config) << config.error().text;
  const Service& service = config->services.at(0);
  EXPECT_TRUE(service.address->v6);
  EXPECT_EQ(service.port, 0);
  EXPECT_EQ(service.mode, ServiceMode::drop);
  EXPECT_EQ(service.mss4, 536);
  EXPECT_EQ(service.mss6, 216);
  EXPECT_EQ(service.wscale, 14);
  EXPECT_EQ(service.window, 1);
  EXPECT_EQ(service.ttl, 255);
  EXPECT_EQ(service.tos, 16);
  EXPECT_FALSE(service.window_scale || service.sack || service.timestamps);
  const auto& sysctls = config->sysctls;
  EXPECT_EQ(sysctls.card(reg::kSysctlRfc1323), 3U);
  EXPECT_EQ(sysctls.card(reg::kSysctlSackEnable), 0U);
  EXPECT_EQ(sysctls.card(reg::kSysctlDropSynfin), 1U);
  EXPECT_EQ(sysctls.card(reg::kSysctlUnknownAck), 2U);
  EXPECT_EQ(sysctls.card(reg::kSysctlUnclassified), 0U);
  EXPECT_EQ(sysctls.card(reg::kSysctlHashsize), 512U);
  EXPECT_EQ(sysctls.card(reg::kSysctlRexmtlimit), 12U);
  EXPECT_EQ(sysctls.host(HostSetting::see_other), 1U);
  EXPECT_EQ(sysctls.card(reg::kSysctlRstOnSockFail), 0U);
  EXPECT_EQ(sysctls.host(HostSetting::log_debug), 1U);
  EXPECT_EQ(sysctls.host(HostSetting::log_in_vain), 2U);
  EXPECT_EQ(config->rotate_s, 30U);
}

TEST(Config, fixed_secrets_are_read_first_digit_first) {
  const auto config = parse_config(std::string(kService) + R"([secrets]
mode = "fixed"
key0 = "000102030405060708090a0b0c0d0e0f"
key1 = "101112131415161718191A1B1C1D1E1F"
mark_key = "ffffffffffffffffffffffffffffff00"
parity = 1
)",
                                   "c.toml");
  ASSERT_TRUE(config) << config.error().text;
  ASSERT_TRUE(config->secrets);
  for (std::uint8_t i = 0; i < 16; ++i) {
    EXPECT_EQ(config->secrets->key0.bytes()[i], i);
    EXPECT_EQ(config->secrets->key1.bytes()[i], 0x10 + i);
  }
  EXPECT_EQ(config->secrets->mark_key.bytes()[15], 0);
  EXPECT_EQ(config->secrets->parity, 1U);
}

TEST(Config, errors_name_file_line_key_and_what_is_allowed) {
  const std::string service(kService);
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "c.toml: no [[service]]"},
      {"[sysctl]\n", "c.toml: no [[service]]"},
      {"x = \n", "c.toml:1: "},
      {"[[service]]\nport = 1\n", "c.toml:1: address: missing, an IPv4 or IPv6 address or \"any\""},
      {"[[service]]\naddress = \"any\"\n", "c.toml:1: port: missing, 1..65535 or \"any\""},
      {"[[service]]\naddress = \"1.2.3\"\nport = 1\n",
       "c.toml:2: address: \"1.2.3\" is not an IPv4 or IPv6 address or \"any\""},
      {"[[service]]\naddress = \"0.0.0.0\"\nport = 1\n",
       "c.toml:2: address: 0.0.0.0 is nobody's address, \"any\" matches all"},
      {"[[service]]\naddress = 7\nport = 1\n", "c.toml:2: address: must be a string"},
      {"[[service]]\naddress = \"any\"\nport = 65536\n", "c.toml:3: port: 65536 is out of range, allowed 0..65535"},
      {"[[service]]\naddress = \"any\"\nport = \"http\"\n", "c.toml:3: port: must be 1..65535 or \"any\""},
      {service + "mode = \"reject\"\n", "c.toml:4: mode: \"reject\" is not known, allowed pass, protect, drop"},
      {service + "mode = 1\n", "c.toml:4: mode: must be one of pass, protect, drop"},
      {service + "mss4 = 215\n", "c.toml:4: mss4: 215 is out of range, allowed 216..65535"},
      {service + "mss6 = 1.5\n", "c.toml:4: mss6: must be an integer 216..65535"},
      {service + "wscale = 15\n", "c.toml:4: wscale: 15 is out of range, allowed 0..14"},
      {service + "window = 0\n", "c.toml:4: window: 0 is out of range, allowed 1..65535"},
      {service + "ttl = 0\n", "c.toml:4: ttl: 0 is out of range, allowed 1..255"},
      {service + "options = { sacks = true }\n", "c.toml:4: sacks: unknown key"},
      {service + "options = { sack = 1 }\n", "c.toml:4: sack: must be true or false"},
      {service + "colour = 1\n", "c.toml:4: colour: unknown key"},
      {"colour = 1\n" + service, "c.toml:1: colour: unknown key"},
      {service + service, "c.toml:4: service: an earlier [[service]] has the same address and port"},
      {"[service]\n", "c.toml:1: service: must be written as [[service]]"},
      {service + "[sysctl]\n\"net.inet.tcp.rfc1323\" = 4\n",
       "c.toml:5: net.inet.tcp.rfc1323: 4 is out of range, allowed 0..3"},
      {service + "[sysctl]\n\"net.inet.tcp.syncache.bucketlimit\" = 0\n",
       "c.toml:5: net.inet.tcp.syncache.bucketlimit: 0 is out of range, allowed 1..8"},
      {service + "[sysctl]\n\"net.inet.tcp.syncache.cachelimit\" = 0\n",
       "c.toml:5: net.inet.tcp.syncache.cachelimit: 0 is out of range, allowed 1..131072"},
      {service + "[sysctl]\n\"net.inet.tcp.syncache.hashsize\" = 32768\n",
       "c.toml:5: net.inet.tcp.syncache.hashsize: 32768 is out of range, allowed 1..16384"},
      {service + "[sysctl]\n\"net.inet.tcp.syncache.rexmtlimit\" = 13\n",
       "c.toml:5: net.inet.tcp.syncache.rexmtlimit: 13 is out of range, allowed 0..12"},
      {service + "[sysctl]\n\"net.inet.tcp.syncache.rexmtlimit\" = -1\n",
       "c.toml:5: net.inet.tcp.syncache.rexmtlimit: -1 is out of range, allowed 0..12"},
      {service + "[sysctl]\n\"net.inet.tcp.syncache.count\" = 1\n",
       "c.toml:5: net.inet.tcp.syncache.count: can only be read"},
      {service + "[sysctl]\n\"net.inet.tcp.log_in_vain\" = 3\n",
       "c.toml:5: net.inet.tcp.log_in_vain: 3 is out of range, allowed 0..2"},
      {service + "[sysctl]\n\"net.inet.tcp.log_debug\" = \"on\"\n",
       "c.toml:5: net.inet.tcp.log_debug: \"on\" is not known, allowed 0..1"},
      {service + "[sysctl]\n\"net.synward.fragments\" = \"reset\"\n",
       "c.toml:5: net.synward.fragments: \"reset\" is not known, allowed pass, drop"},
      {service + "[sysctl]\n\"net.synward.fragments\" = 2\n",
       "c.toml:5: net.synward.fragments: 2 is out of range, allowed pass, drop"},
      {service + "[sysctl]\n\"net.inet.tcp.rfc1323\" = \"\"\n",
       "c.toml:5: net.inet.tcp.rfc1323: \"\" is not known, allowed 0..3"},
      {service + "[sysctl]\n\"net.inet.tcp.rfc1323\" = 1.0\n",
       "c.toml:5: net.inet.tcp.rfc1323: must be an integer, boolean or word, allowed 0..3"},
      {service + "[sysctl]\nnet.inet.tcp.rfc1323 = 1\n",
       "c.toml:5: net: sysctl names must be quoted, as in \"net.inet.tcp.rfc1323\" = 1"},
      {service + "[sysctl]\n\"net.inet.tcp.syncookie\" = 1\n",
       "c.toml:5: net.inet.tcp.syncookie: no such sysctl, allowed net.inet.tcp.syncookies_only, "},
      {service + "[secrets]\nmode = \"none\"\n", "c.toml:5: mode: \"none\" is not known, allowed random, fixed"},
      {service + "[secrets]\nkey0 = \"00\"\n", "c.toml:5: key0: only with mode = \"fixed\""},
      {service + "[secrets]\nmode = \"fixed\"\nkey0 = \"00\"\n", "c.toml:6: key0: must be 32 hex digits"},
      {service + "[secrets]\nmode = \"fixed\"\nkey0 = \"0g0102030405060708090a0b0c0d0e0f\"\n",
       "c.toml:6: key0: must be 32 hex digits"},
      {service + "[secrets]\nmode = \"fixed\"\nkey0 = \"000102030405060708090a0b0c0d0e0f\"\n",
       "c.toml:4: key1: missing, 32 hex digits"},
  };
  for (const auto& [text, error] : cases) {
    // Texts of the TOML parser itself are its own, and the list of sysctls is long; only what stands before is
    // compared.
    const bool whole = !error.ends_with(' ');
    EXPECT_EQ(error_of(text).substr(0, whole ? std::string::npos : error.size()), error) << text;
  }
}

TEST(Config, a_hashsize_that_is_no_power_of_two_warns_and_the_default_stands) {
  for (const char* value : {"0", "-2", "3", "500", "20000"}) {
    const auto config = parse_config(
        std::string(kService) + "[sysctl]\n\"net.inet.tcp.syncache.hashsize\" = " + value + "\n", "c.toml");
    ASSERT_TRUE(config) << config.error().text;
    EXPECT_EQ(config->warnings, std::vector<std::string>{"WARNING: syncache hash size is not a power of 2."}) << value;
    EXPECT_EQ(config->sysctls.card(reg::kSysctlHashsize), 16384U);
  }
}

TEST(Config, thirty_two_services_and_no_more) {
  std::string text;
  for (int i = 1; i <= 32; ++i) {
    text += "[[service]]\naddress = \"any\"\nport = " + std::to_string(i) + "\n";
  }
  EXPECT_EQ(error_of(text), "no error");
  text += "[[service]]\naddress = \"any\"\nport = 33\n";
  EXPECT_EQ(error_of(text), "c.toml:97: service: more than 32 services");
}

TEST(Config, missing_file_is_one_line) {
  const auto config = load_config("/nonexistent/c.toml");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().text, "/nonexistent/c.toml: No such file or directory");
}

TEST(Config, table_order_puts_the_exact_first_and_is_stable) {
  const auto address = parse_address("192.0.2.1");
  const auto service = [](std::optional<IpAddress> where, std::uint16_t port, std::uint8_t tag) {
    Service made;
    made.address = where;
    made.port = port;
    made.ttl = tag;
    return made;
  };
  const auto ordered = table_order({service({}, 0, 1), service({}, 80, 2), service(address, 0, 3),
                                    service(address, 80, 4), service({}, 81, 5), service(address, 81, 6)});
  std::vector<int> tags;
  tags.reserve(ordered.size());
  for (const auto& entry : ordered) {
    tags.push_back(entry.ttl);
  }
  EXPECT_EQ(tags, (std::vector<int>{4, 6, 3, 2, 5, 1}));
}

TEST(Address, prefixes) {
  const auto v4 = parse_prefix("10.1.2.3/9");
  ASSERT_TRUE(v4);
  EXPECT_EQ(to_string(v4->base), "10.0.0.0");
  EXPECT_EQ(v4->length, 9U);
  const auto v6 = parse_prefix("2001:db8:bad::1/47");
  ASSERT_TRUE(v6);
  EXPECT_EQ(to_string(v6->base), "2001:db8:bac::");
  EXPECT_EQ(parse_prefix("::1")->length, 128U);
  for (const char* bad : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "x/8", ""}) {
    EXPECT_FALSE(parse_prefix(bad)) << bad;
  }
}

}  // namespace
}  // namespace synward
