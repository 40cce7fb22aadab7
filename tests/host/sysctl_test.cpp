// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sysctl.hpp"

#include <gtest/gtest.h>

#include "mock_device.hpp"

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

TEST(Sysctls, a_running_card_takes_what_is_not_for_boot_alone) {
  MockDevice device;
  EXPECT_TRUE(set_sysctl(device, "net.inet.tcp.syncache.rexmtlimit", 12));
  EXPECT_EQ(device.words[reg::kSysctlRexmtlimit], 12U);
  const auto refused = [&device](std::string_view name, std::int64_t value) {
    const auto done = set_sysctl(device, name, value);
    return done ? std::string("set") : done.error().text;
  };
  EXPECT_EQ(refused("net.inet.tcp.syncache.rexmtlimit", 13), "13 is out of range, allowed 0..12");
  EXPECT_EQ(refused("net.inet.tcp.syncache.rexmtlimit", -1), "-1 is out of range, allowed 0..12");
  EXPECT_EQ(refused("net.inet.tcp.syncache.hashsize", 512),
            "is taken when the card is set up, and cannot be changed while it runs");
  EXPECT_EQ(refused("net.inet.tcp.log_debug", 1), "is the host's own, the card does not know it");
  EXPECT_EQ(refused("net.inet.tcp.syncache.count", 1), "can only be read");
  EXPECT_TRUE(refused("net.inet.tcp.syncache", 1).starts_with("no such sysctl"));
  EXPECT_EQ(device.writes.size(), 1U);
}

}  // namespace
}  // namespace synward
