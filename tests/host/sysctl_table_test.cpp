// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sysctl_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "mock_device.hpp"

namespace synward {
namespace {

using Kind = SysctlRefusal::Kind;

/// A table beside a card that was set up with the defaults.
class SysctlTableTest : public testing::Test {
 protected:
  SysctlTableTest() : card(*Card::identify(device)) {
    for (const auto& info : reg::kSysctls) {
      device.words[info.offset] = info.def;
    }
  }

  std::string get(std::string_view name) { return shown(table.get(name, &card)); }
  std::string set(std::string_view name, const std::string& text) {
    const auto done = table.set(name, text, &card);
    if (const auto* change = std::get_if<SysctlChange>(&done)) {
      return change->before + " -> " + change->after;
    }
    return std::get<SysctlRefusal>(done).text;
  }
  static std::string shown(const std::variant<std::string, SysctlRefusal>& got) {
    const auto* text = std::get_if<std::string>(&got);
    return text != nullptr ? *text : std::get<SysctlRefusal>(got).text;
  }

  MockDevice device;
  Card card;
  SysctlTable table{Sysctls()};
};

TEST_F(SysctlTableTest, every_card_sysctl_takes_its_range_and_reads_back_from_the_register) {
  for (const auto& info : reg::kSysctls) {
    if (info.load) {
      continue;
    }
    const auto described = SysctlTable::describe(info.name);
    ASSERT_TRUE(described) << info.name;
    EXPECT_EQ(get(info.name), described->def);
    device.writes.clear();
    EXPECT_NE(set(info.name, std::to_string(info.min)), "") << info.name;
    set(info.name, std::to_string(info.max));
    EXPECT_EQ(device.words[info.offset], info.max) << info.name;
    EXPECT_EQ(device.writes.size(), 2U);
    const auto beyond = std::to_string(std::uint64_t{info.max} + 1);
    EXPECT_EQ(set(info.name, beyond), std::string(info.name) + "=" + beyond + ": Invalid argument");
    EXPECT_EQ(set(info.name, "-1"), std::string(info.name) + "=-1: Invalid argument");
    EXPECT_EQ(device.words[info.offset], info.max) << info.name;
    EXPECT_EQ(device.writes.size(), 2U);
    EXPECT_EQ(table.values().card(info.offset), info.max);
  }
}

TEST_F(SysctlTableTest, numbers_are_read_as_sysctl_reads_them) {
  const std::string name = "net.inet.icmp.icmplim";
  for (const auto& [text, value] : {std::pair{"10", 10U}, std::pair{"0x1F", 31U}, std::pair{"017", 15U},
                                    std::pair{"  7", 7U}, std::pair{"+3", 3U}, std::pair{"0", 0U}}) {
    set(name, text);
    EXPECT_EQ(device.words[reg::kSysctlIcmplim], value) << text;
  }
  for (const auto& [text, said] :
       {std::pair{std::string("1x"), "invalid integer '1x'"}, std::pair{std::string("1 "), "invalid integer '1 '"},
        std::pair{std::string("08"), "invalid integer '08'"}, std::pair{std::string("0x"), "invalid integer '0x'"},
        std::pair{std::string("on"), "invalid integer 'on'"}, std::pair{std::string(), "empty numeric value"},
        std::pair{std::string("1000001"), "net.inet.icmp.icmplim=1000001: Invalid argument"},
        std::pair{std::string("4294967297"), "net.inet.icmp.icmplim=4294967297: Invalid argument"},
        std::pair{std::string("99999999999999999999"), "net.inet.icmp.icmplim=99999999999999999999: Invalid argument"},
        std::pair{std::string("-18446744073709551615"),
                  "net.inet.icmp.icmplim=-18446744073709551615: Invalid argument"}}) {
    EXPECT_EQ(set(name, text), said);
  }
  EXPECT_EQ(set(name, std::string("1\0", 2)), std::string("invalid integer '1\0'", 20));
  EXPECT_EQ(device.words[reg::kSysctlIcmplim], 0U);
}

TEST_F(SysctlTableTest, words_may_be_words_or_numbers) {
  EXPECT_EQ(set("net.synward.unknown_ack", "rst"), "pass -> rst");
  EXPECT_EQ(set("net.synward.unknown_ack", "1"), "rst -> drop");
  EXPECT_EQ(set("net.synward.unknown_ack", "reset"), "invalid integer 'reset'");
  EXPECT_EQ(get("net.synward.unknown_ack"), "drop");
}

TEST_F(SysctlTableTest, unknown_read_only_and_tunable) {
  for (const auto& [name, kind, text, tip] :
       {std::tuple{"net.inet.tcp.syncache", Kind::unknown_oid, "unknown oid 'net.inet.tcp.syncache'", ""},
        std::tuple{"net.inet.tcp.syncache.count", Kind::read_only, "oid 'net.inet.tcp.syncache.count' is read only",
                   ""},
        std::tuple{"net.synward.pause_left", Kind::read_only, "oid 'net.synward.pause_left' is read only", ""},
        std::tuple{"net.inet.tcp.syncache.hashsize", Kind::read_only,
                   "oid 'net.inet.tcp.syncache.hashsize' is a read only tunable",
                   "Tunable values are set in [sysctl] of the configuration"},
        std::tuple{"net.ipv4.tcp_max_syn_backlog", Kind::read_only,
                   "oid 'net.ipv4.tcp_max_syn_backlog' is a read only tunable",
                   "Tunable values are set in [sysctl] of the configuration"}}) {
    const auto refused = table.set(name, "1", &card);
    const auto* refusal = std::get_if<SysctlRefusal>(&refused);
    ASSERT_NE(refusal, nullptr) << name;
    EXPECT_EQ(refusal->kind, kind) << name;
    EXPECT_EQ(refusal->text, text);
    EXPECT_EQ(refusal->tip, tip);
  }
  EXPECT_EQ(get("net.inet.tcp"), "unknown oid 'net.inet.tcp'");
  EXPECT_TRUE(device.writes.empty());
}

TEST_F(SysctlTableTest, linux_names_show_and_set_by_linux_values) {
  EXPECT_EQ(get("net.ipv4.tcp_syncookies"), "1");
  EXPECT_EQ(set("net.ipv4.tcp_syncookies", "2"), "1 -> 2");
  EXPECT_EQ(get("net.inet.tcp.syncookies_only"), "1");
  EXPECT_EQ(set("net.ipv4.tcp_syncookies", "0"), "2 -> 0");
  EXPECT_EQ(get("net.inet.tcp.syncookies"), "0");
  EXPECT_EQ(get("net.inet.tcp.syncookies_only"), "0");
  set("net.inet.tcp.syncookies_only", "1");
  EXPECT_EQ(get("net.ipv4.tcp_syncookies"), "2");
  EXPECT_EQ(set("net.ipv4.tcp_syncookies", "3"), "net.ipv4.tcp_syncookies=3: Invalid argument");
  EXPECT_EQ(set("net.ipv4.tcp_synack_retries", "5"), "3 -> 5");
  EXPECT_EQ(get("net.inet.tcp.syncache.rexmtlimit"), "5");
  device.words[reg::kSysctlCachelimit] = 256;
  EXPECT_EQ(get("net.ipv4.tcp_max_syn_backlog"), "256");
}

TEST_F(SysctlTableTest, states_come_from_the_card) {
  device.words[reg::kSyncacheCount] = 12;
  device.words[reg::kFlowCount] = 34;
  device.words[reg::kPauseLeft] = 5600;
  EXPECT_EQ(get("net.inet.tcp.syncache.count"), "12");
  EXPECT_EQ(get("net.synward.flows"), "34");
  EXPECT_EQ(get("net.synward.pause_left"), "5600");
  EXPECT_EQ(get("net.synward.paused"), "0");
  device.words[reg::kTableStatus] |= 2;
  EXPECT_EQ(set("net.synward.paused", "1"), "net.synward.paused=1: Invalid argument");
  EXPECT_TRUE(device.writes.empty());
  EXPECT_EQ(set("net.synward.paused", "0"), "1 -> 0");
  EXPECT_EQ(device.writes, (std::vector<std::pair<std::uint32_t, std::uint32_t>>{{reg::kTableControl, 2}}));
}

TEST_F(SysctlTableTest, without_a_card_the_hosts_own_still_work) {
  Sysctls configured;
  ASSERT_TRUE(configured.set("net.inet.tcp.rfc1323", 2));
  SysctlTable alone(configured);
  EXPECT_EQ(shown(alone.get("net.inet.tcp.rfc1323", nullptr)), "2");
  EXPECT_EQ(shown(alone.get("net.inet.tcp.syncache.count", nullptr)), "net.inet.tcp.syncache.count: there is no card");
  auto done = alone.set("net.inet.tcp.log_debug", "1", nullptr);
  ASSERT_TRUE(std::holds_alternative<SysctlChange>(done));
  EXPECT_EQ(alone.values().host(HostSetting::log_debug), 1U);
  for (const auto* name : {"net.inet.tcp.rfc1323", "net.ipv4.tcp_syncookies", "net.synward.paused"}) {
    done = alone.set(name, "0", nullptr);
    ASSERT_TRUE(std::holds_alternative<SysctlRefusal>(done)) << name;
    EXPECT_EQ(std::get<SysctlRefusal>(done).kind, Kind::no_card);
  }
  EXPECT_EQ(shown(alone.get("net.inet.tcp.rfc1323", nullptr)), "2");
}

TEST_F(SysctlTableTest, a_new_configuration_replaces_what_it_names_and_no_more) {
  set("net.inet.tcp.rfc1323", "3");
  set("net.inet.icmp.icmplim", "7");
  Sysctls file;
  ASSERT_TRUE(file.set("net.inet.tcp.rfc1323", 2));
  table.configure(file);
  EXPECT_EQ(table.values().card(reg::kSysctlRfc1323), 2U);
  EXPECT_EQ(table.values().card(reg::kSysctlIcmplim), 7U);
  table.configure(Sysctls());
  EXPECT_EQ(table.values().card(reg::kSysctlRfc1323), 1U);
}

TEST_F(SysctlTableTest, the_list_is_whole_sorted_and_readable) {
  const auto list = SysctlTable::list();
  EXPECT_EQ(list.size(), reg::kSysctls.size() + kHostSysctls.size() + kLinuxSysctls.size() + 4);
  EXPECT_TRUE(std::ranges::is_sorted(list, {}, &SysctlDescription::name));
  for (const auto& one : list) {
    EXPECT_TRUE(std::holds_alternative<std::string>(table.get(one.name, &card))) << one.name;
    EXPECT_FALSE(one.doc.empty()) << one.name;
    EXPECT_FALSE(one.writable && one.tunable) << one.name;
  }
  EXPECT_EQ(SysctlTable::list("net.inet.tcp.syncache").size(), 7U);
  EXPECT_EQ(SysctlTable::list("net.inet.tcp.syncookies").size(), 1U);  // not syncookies_only
  EXPECT_TRUE(SysctlTable::list("net.inet.tcp.sync").empty());
}

}  // namespace
}  // namespace synward
