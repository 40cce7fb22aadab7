// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sysctl.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace synward {
namespace {

TEST(Sysctls, each_takes_its_range_and_keeps_the_old_value_otherwise) {
  for (const auto& info : reg::kSysctls) {
    Sysctls sysctls;
    EXPECT_TRUE(sysctls.set(info.name, info.min)) << info.name;
    EXPECT_TRUE(sysctls.set(info.name, info.max)) << info.name;
    EXPECT_FALSE(sysctls.set(info.name, std::int64_t{info.max} + 1)) << info.name;
    EXPECT_FALSE(sysctls.set(info.name, std::int64_t{info.min} - 1)) << info.name;
    EXPECT_EQ(sysctls.card(info.offset), info.max) << info.name;
  }
  for (std::size_t i = 0; i < kHostSysctls.size(); ++i) {
    const auto& info = kHostSysctls[i];
    Sysctls sysctls;
    EXPECT_EQ(sysctls.host(static_cast<HostSetting>(i)), info.def) << info.name;
    EXPECT_TRUE(sysctls.set(info.name, info.max)) << info.name;
    EXPECT_FALSE(sysctls.set(info.name, std::int64_t{info.max} + 1)) << info.name;
    EXPECT_FALSE(sysctls.set(info.name, -1)) << info.name;
    EXPECT_EQ(sysctls.host(static_cast<HostSetting>(i)), info.max) << info.name;
  }
}

TEST(Sysctls, linux_names_set_what_they_stand_for) {
  struct Case {
    std::int64_t value;
    std::uint32_t syncookies, only;
  };
  for (const auto& [value, syncookies, only] : {Case{0, 0, 0}, Case{1, 1, 0}, Case{2, 1, 1}}) {
    Sysctls sysctls;
    ASSERT_TRUE(sysctls.set("net.ipv4.tcp_syncookies", value));
    EXPECT_EQ(sysctls.card(reg::kSysctlSyncookies), syncookies);
    EXPECT_EQ(sysctls.card(reg::kSysctlSyncookiesOnly), only);
  }
  Sysctls sysctls;
  ASSERT_TRUE(sysctls.set("net.ipv4.tcp_synack_retries", 5));
  ASSERT_TRUE(sysctls.set("net.ipv4.tcp_max_syn_backlog", 4096));
  EXPECT_EQ(sysctls.card(reg::kSysctlRexmtlimit), 5U);
  EXPECT_EQ(sysctls.card(reg::kSysctlCachelimit), 4096U);
  for (const auto& [name, value] :
       {std::pair{"net.ipv4.tcp_syncookies", 3}, std::pair{"net.ipv4.tcp_synack_retries", 13},
        std::pair{"net.ipv4.tcp_max_syn_backlog", 0}}) {
    EXPECT_FALSE(sysctls.set(name, value)) << name;
  }
}

TEST(Sysctls, one_set_of_values_lies_over_another) {
  Sysctls file;
  Sysctls running;
  ASSERT_TRUE(file.set("net.inet.tcp.rfc1323", 2));
  ASSERT_TRUE(file.set("net.inet.tcp.log_debug", 1));
  ASSERT_TRUE(running.set("net.inet.tcp.rfc1323", 3));
  ASSERT_TRUE(running.set("net.inet.icmp.icmplim", 7));
  Sysctls both = file;
  both.overlay(running);
  EXPECT_EQ(both.card(reg::kSysctlRfc1323), 3U);
  EXPECT_EQ(both.card(reg::kSysctlIcmplim), 7U);
  EXPECT_EQ(both.host(HostSetting::log_debug), 1U);
  running.forget(file);
  EXPECT_EQ(running.card(reg::kSysctlRfc1323), 1U);
  EXPECT_EQ(running.card(reg::kSysctlIcmplim), 7U);
}

}  // namespace
}  // namespace synward
