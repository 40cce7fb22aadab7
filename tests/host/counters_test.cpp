// SPDX-License-Identifier: BSD-2-Clause
#include "synward/counters.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "mock_device.hpp"
#include "synward/engine_health.hpp"
#include "synward/netstat.hpp"

namespace synward {
namespace {

TEST(Counters, snapshot_comes_first_and_values_are_64_bit) {
  MockDevice device;
  device.words[reg::kCounter + 8] = 0x89abcdef;
  device.words[reg::kCounter + 12] = 0x01234567;
  const auto counters = read_counters(device);
  ASSERT_EQ(device.writes.size(), 1U);
  EXPECT_EQ(device.writes[0].first, reg::kSnapshot);
  EXPECT_EQ(counters[reg::Counter::line_rx_bytes], 0x0123456789abcdefU);
  EXPECT_EQ(device.reads.size(), 2 * reg::kCounters);
}

TEST(Counters, table_state_is_taken_apart) {
  MockDevice device;
  device.words[reg::kTableStatus] |= 2 | 5U << 2;
  device.words[reg::kSyncacheCount] = 11;
  device.words[reg::kFlowCount] = 22;
  device.words[reg::kPauseLeft] = 33;
  const auto state = read_table_state(device);
  EXPECT_TRUE(state.paused);
  EXPECT_EQ(state.backoff, 5U);
  EXPECT_EQ(state.entries, 11U);
  EXPECT_EQ(state.flows, 22U);
  EXPECT_EQ(state.pause_left_ms, 33U);
}

TEST(EngineHealth, is_taken_apart) {
  MockDevice device;
  EXPECT_EQ(read_engine_health(device).kind(), "rtl");
  device.words[reg::kEngineStatus] = 0xffff'0000 | 2 << 2 | 2 | 1;
  const auto engine = read_engine_health(device);
  EXPECT_EQ(engine.kind(), "hls");
  EXPECT_TRUE(engine.down);
  EXPECT_EQ(engine.fault, EngineFault::wrong);
  EXPECT_EQ(engine.resets, 65'535);
  device.words[reg::kEngineStatus] = 3 << 2 | 1;
  EXPECT_EQ(fault_text(read_engine_health(device).fault), "it forgot its tables");
  EXPECT_FALSE(read_engine_health(device).down);
}

TEST(Counters, conservation_names_the_broken_equation) {
  using enum reg::Counter;
  Counters counters;
  EXPECT_EQ(broken_conservation(counters), "");
  counters[line_rx_frames] = 5;
  counters[passed] = 2;
  counters[answered] = 1;
  counters[drop_unknown_ack] = 2;
  counters[marks] = 6;
  counters[handed] = 1;
  counters[recvcookie] = 2;
  counters[remarked] = 3;
  counters[host_tx_frames] = 8;
  counters[host_rx_frames] = 4;
  counters[to_line] = 3;
  counters[drop_to_line_full] = 1;
  counters[retransmitted] = 10;
  counters[challenge_acks] = 20;
  counters[resets_sent] = 30;
  counters[line_tx_frames] = 64;
  EXPECT_EQ(broken_conservation(counters), "");
  EXPECT_EQ(counters.lost(), 1U);
  ++counters[remarked];
  EXPECT_EQ(broken_conservation(counters), "marks = handed + recvcookie + remarked: 6 is not 7");
  counters[line_tx_frames] = 65;
  EXPECT_EQ(broken_conservation(counters),
            "line_tx frames = answered + retransmitted + challenge_acks + resets_sent + to_line: 65 is not 64");
  counters[line_rx_frames] = 6;
  EXPECT_EQ(broken_conservation(counters), "line_rx frames = passed + answered + drops: 6 is not 5");
}

constexpr std::string_view kSyncacheLines =
    "\t{} syncache entries added\n"
    "\t\t{} retransmitted\n"
    "\t\t{} dupsyn\n"
    "\t\t{} dropped\n"
    "\t\t{} completed\n"
    "\t\t{} bucket overflow\n"
    "\t\t0 cache overflow\n"
    "\t\t{} reset\n"
    "\t\t{} stale\n"
    "\t\t0 aborted\n"
    "\t\t0 badack\n"
    "\t\t{} unreach\n"
    "\t\t{} zone failures\n"
    "\t{} cookies sent\n"
    "\t\t{} cookies received\n"
    "\t\t{} spurious cookies rejected\n"
    "\t\t{} failed cookies rejected\n";

TEST(Netstat, plural_for_zero) {
  EXPECT_EQ(netstat_text({}, 0),
            "tcp:\n"
            "\t0 packets sent\n"
            "\t\t0 ack-only packets (0 delayed)\n"
            "\t\t0 control packets\n"
            "\t0 connection accepts\n"
            "\t0 bad connection attempts\n"
            "\t0 listen queue overflows\n"
            "\t0 ignored RSTs in the windows\n" +
                fmt::format(fmt::runtime(kSyncacheLines), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) +
                "TCP connection count by state:\n"
                "\t0 connections in SYN_RCVD state\n");
}

TEST(Netstat, singular_for_one_only) {
  Counters counters;
  counters.values.fill(1);
  const auto text = netstat_text(counters, 1);
  for (const char* singular :
       {"\t1 syncache entry added\n\t\t1 retransmitted\n",
        "\t\t1 zone failure\n\t1 cookie sent\n\t\t1 cookie received\n",
        "\t\t1 spurious cookie rejected\n\t\t1 failed cookie rejected\n", "\t\t1 control packet\n",
        "\t1 bad connection attempt\n", "\t1 ignored RSTs in the window\n", "\t1 connection  in SYN_RCVD state\n"}) {
    EXPECT_NE(text.find(singular), std::string::npos) << singular;
  }
}

TEST(Netstat, every_line_has_its_counter) {
  using enum reg::Counter;
  Counters counters;
  for (std::size_t i = 0; i < counters.values.size(); ++i) {
    counters.values[i] = (1ULL << 40) + 1000 * i;
  }
  const auto n = [&counters](reg::Counter counter) { return counters[counter]; };
  const auto text = netstat_text(counters, 77);
  EXPECT_NE(text.find(fmt::format(fmt::runtime(kSyncacheLines), n(added), n(retransmitted), n(dupsyn), n(sc_dropped),
                                  n(completed), n(bucketoverflow), n(reset), n(stale), n(unreach), n(zonefail),
                                  n(sendcookie), n(recvcookie), n(spurcookie), n(failcookie))),
            std::string::npos)
      << text;
  const auto acks = n(answered) + n(retransmitted) + n(challenge_acks);
  for (const auto& wanted :
       {fmt::format("\t{} packets sent\n\t\t{} ack-only packets (0 delayed)\n\t\t{} control packets\n",
                    acks + n(resets_sent), acks, n(resets_sent)),
        fmt::format(
            "\t{} connection accepts\n\t{} bad connection attempts\n\t0 listen queue overflows\n\t{} ignored RSTs "
            "in the windows\n",
            n(completed) + n(recvcookie), n(badsyn), n(badrst)),
        std::string("\t77 connections in SYN_RCVD state\n")}) {
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted << text;
  }
}

}  // namespace
}  // namespace synward
