// SPDX-License-Identifier: BSD-2-Clause
#include "synward/half_open_text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <vector>

namespace synward {
namespace {

HalfOpen entry_of(std::string_view foreign, std::string_view local, std::uint8_t rxmits, std::uint32_t since_last_ms) {
  HalfOpen entry;
  entry.foreign = *parse_address(foreign);
  entry.local = *parse_address(local);
  entry.fport = 40000;
  entry.lport = 443;
  entry.rxmits = rxmits;
  entry.since_last_ms = since_last_ms;
  return entry;
}

std::vector<HalfOpen> two() {
  return {entry_of("192.0.2.1", "198.51.100.7", 1, 160), entry_of("2001:db8::1", "2001:db8:100::7", 2, 100)};
}

TEST(Listing, netstat) {
  EXPECT_EQ(netstat_listing(two()),
            "Active Internet connections (including servers)\n"
            "Proto Recv-Q Send-Q Local Address          Foreign Address        (state)\n"
            "tcp4       0      0 198.51.100.7.443       192.0.2.1.40000        SYN_RCVD\n"
            "tcp6       0      0 2001:db8:100::7.443    2001:db8::1.40000      SYN_RCVD\n");
}

TEST(Listing, ss) {
  EXPECT_EQ(ss_listing(two(), {}),
            "State    Recv-Q Send-Q     Local Address:Port  Peer Address:Port  Process\n"
            "SYN-RECV 0      0           198.51.100.7:443      192.0.2.1:40000 timer:(on,840ms,0)\n"
            "SYN-RECV 0      0      [2001:db8:100::7]:443  [2001:db8::1]:40000 timer:(on,2.100ms,1)\n");
}

TEST(Listing, nothing_is_a_heading) {
  EXPECT_EQ(netstat_listing({}),
            "Active Internet connections (including servers)\n"
            "Proto Recv-Q Send-Q Local Address          Foreign Address        (state)\n");
  EXPECT_EQ(ss_listing({}, {}), "State    Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n");
  EXPECT_EQ(json_listing({}).dump(), "[]");
}

TEST(Listing, timers_are_freebsds_in_ss_units) {
  Sysctls defaults;
  Sysctls slow;
  ASSERT_TRUE(slow.set("net.inet.tcp.rexmit_initial", 64'000));
  ASSERT_TRUE(slow.set("net.inet.tcp.rexmit_min", 64'000));
  Sysctls quick;
  ASSERT_TRUE(quick.set("net.inet.tcp.rexmit_max", 1'500));
  struct Case {
    const Sysctls& sysctls;
    std::uint8_t rxmits;
    std::uint32_t since_last_ms;
    std::string_view timer;
  };
  for (const auto& [sysctls, rxmits, since, timer] :
       {Case{defaults, 1, 0, "1sec,0"}, Case{defaults, 1, 999, "001ms,0"}, Case{defaults, 1, 1'000, ",0"},
        Case{defaults, 1, 9'999, ",0"}, Case{defaults, 2, 0, "2.200ms,1"}, Case{defaults, 3, 200, "4sec,2"},
        Case{defaults, 4, 0, "8.200ms,3"}, Case{defaults, 5, 0, "16sec,4"}, Case{defaults, 7, 0, "1min4sec,6"},
        Case{defaults, 13, 0, "1min4sec,12"}, Case{slow, 1, 4'000, "1min,0"}, Case{slow, 1, 3'500, "1min,0"},
        Case{quick, 2, 0, "1.500ms,1"}}) {
    const std::vector<HalfOpen> one{entry_of("192.0.2.1", "198.51.100.7", rxmits, since)};
    const auto text = ss_listing(one, sysctls);
    EXPECT_NE(text.find(fmt::format("timer:(on,{})\n", timer)), std::string::npos) << text << timer;
  }
}

TEST(Listing, json) {
  auto entry = entry_of("192.0.2.1", "198.51.100.7", 2, 12);
  entry.mss = 1460;
  entry.sack = entry.timestamps = true;
  entry.service = 3;
  EXPECT_EQ(json_listing(std::vector{entry}).dump(),
            R"([{"family":"tcp4","foreign":"192.0.2.1","fport":40000,"local":"198.51.100.7","lport":443,"service":3,)"
            R"("rxmits":2,"since_last_ms":12,"mss":1460,"options":["sack","timestamps"]}])");
}

}  // namespace
}  // namespace synward
