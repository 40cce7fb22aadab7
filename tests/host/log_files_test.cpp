// SPDX-License-Identifier: BSD-2-Clause
// The logs of tests/data/logs.
#include <gtest/gtest.h>

#include <set>

#include "logs.hpp"

namespace synward {
namespace {

TEST(LogFiles, the_ssh_scan_whole) {
  const auto events = read_log("ssh-scan.log");
  ASSERT_EQ(events.size(), 34U);
  std::set<std::uint16_t> ports;
  for (const auto& event : events) {
    EXPECT_TRUE(event.is(reg::Event::cookie_failed));
    EXPECT_EQ(to_string(*event.foreign), "119.254.12.34");
    EXPECT_FALSE(event.local);
    EXPECT_EQ(event.lport, 22);
    EXPECT_EQ(event.flags, 0x10);
    ports.insert(event.fport);
  }
  EXPECT_EQ(*events.back().time - *events.front().time, 99.0);
  EXPECT_EQ(ports.size(), 18U);
}

TEST(LogFiles, the_sshd_that_died) {
  const auto events = read_log("died-sshd.log");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].fport, 53815);
  EXPECT_EQ(events[0].lport, 50992);
  EXPECT_EQ(events[0].flags, 0x11);
  EXPECT_EQ(events[1].fport, 54686);
  EXPECT_EQ(events[1].lport, 59999);
  EXPECT_EQ(events[1].flags, 0x18);
  for (const auto& event : events) {
    EXPECT_TRUE(event.is(reg::Event::cookie_failed));
    EXPECT_FALSE(event.foreign || event.local);
  }
  EXPECT_TRUE(events[0].time);
  EXPECT_FALSE(events[1].time);
}

TEST(LogFiles, linux_on_port_443) {
  const auto events = read_log("linux-443.log");
  ASSERT_EQ(events.size(), 3U);
  for (const auto& event : events) {
    EXPECT_TRUE(event.is(ForeignEvent::flood_cookies));
    EXPECT_EQ(event.lport, 443);
  }
}

TEST(LogFiles, linux_of_three_eras) {
  const auto events = read_log("linux-eras.log");
  ASSERT_EQ(events.size(), 5U);
  EXPECT_EQ(events[0].time, 7301.123456);
  EXPECT_EQ(*events[2].time - *events[1].time, 1.0);
  EXPECT_EQ(events[4].time, 12.345678);
}

}  // namespace
}  // namespace synward
