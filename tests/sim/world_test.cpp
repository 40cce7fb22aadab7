// SPDX-License-Identifier: BSD-2-Clause
// Clients, server and attackers around the reference card, whole and tampered with.
#include "synward/sim/world.hpp"

#include <gtest/gtest.h>
#include <tins/tins.h>

#include "files.hpp"
#include "synward/apply.hpp"
#include "synward/sim/clock.hpp"
#include "synward/sim/cores.hpp"
#include "synward/sim/random.hpp"
#include "tampered_card.hpp"

namespace synward::sim {
namespace {

constexpr std::string_view kScenario = R"([scenario]
duration_us = 1000
[[card.service]]
address = "any"
port = 443
[[clients]]
count = 20
rtt_us = 50
stop_us = 500
syn_rto_us = 400
rto_us = 400
request_bytes = 5000
response_bytes = 60000
[server]
rto_us = 400
)";

bool keep_all(OutPort, std::vector<std::uint8_t>&) { return true; }

class World : public testing::Test {
 protected:
  Expected<RunResult> run(std::string_view text, const TamperedCard::Tamper& tamper = keep_all,
                          std::uint32_t wrong_register = ~0U) {
    write_text(folder_.file("s.toml"), text);
    const auto scenario = load_scenario(folder_.file("s.toml"));
    if (!scenario) {
      return scenario.error();
    }
    TamperedCard card(std::move(*make_card("ref")), tamper);
    EXPECT_TRUE(apply(card, scenario->card));
    card.wrong_register = wrong_register;
    return run_world(*scenario, card);
  }

  TemporaryFolder folder_;
};

TEST_F(World, every_client_gets_its_whole_response) {
  for (const std::string_view style : {"none", "mss", "linux", "windows", "random"}) {
    auto text = std::string(kScenario);
    text.insert(text.find("count"), fmt::format("options = \"{}\"\n", style));
    const auto result = run(text);
    ASSERT_TRUE(result) << result.error().text;
    EXPECT_EQ(result->clients.started, 20U);
    EXPECT_EQ(result->clients.succeeded, 20U) << style;
    EXPECT_EQ(result->clients.bad_syn_acks, 0U);
    EXPECT_EQ(result->clients.retransmissions + result->server.retransmissions, 0U);
    EXPECT_EQ(result->server.connections, 20U);
    EXPECT_EQ(result->server.requests, 20U);
    EXPECT_EQ(result->server.wrong_marks + result->server.unknown_segments + result->server.bad_checksums, 0U);
    EXPECT_GE(result->connect_cycles.percentile(0), us_to_cycles(50));
    EXPECT_LE(result->connect_cycles.percentile(1), us_to_cycles(60));
  }
}

TEST_F(World, lost_syn_acks_are_made_up_for) {
  int lost = 0;
  const auto result = run(kScenario, [&lost](OutPort port, std::vector<std::uint8_t>& frame) {
    const auto view = parse_tcp(frame);
    return !(port == OutPort::line_tx && view && view->is_syn_ack() && ++lost <= 5);
  });
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->clients.succeeded, 20U);
  EXPECT_EQ(result->clients.retransmissions, 5U);
  EXPECT_GE(result->connect_cycles.percentile(1), us_to_cycles(450));
}

TEST_F(World, random_losses_both_ways_are_made_up_for) {
  Random random(7);
  const auto result = run(kScenario, [&random](OutPort, std::vector<std::uint8_t>&) { return random.below(50) != 0; });
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->clients.succeeded, 20U);
  EXPECT_GT(result->server.retransmissions, 0U);
}

TEST_F(World, a_wrong_mark_makes_no_connection) {
  const auto result = run(kScenario, [](OutPort port, std::vector<std::uint8_t>& frame) {
    const auto view = parse_tcp(frame);
    if (const auto mark = view ? parse_options(view->options).mark : Bytes();
        port == OutPort::host_tx && !mark.empty()) {
      frame[static_cast<std::size_t>(mark.data() - frame.data()) + 7] ^= 1;  // the MSS, which the MAC covers
      refresh_checksums(frame);
    }
    return true;
  });
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->server.connections, 0U);
  EXPECT_GE(result->server.wrong_marks, 20U);
  EXPECT_EQ(result->clients.succeeded, 0U);
  EXPECT_EQ(result->clients.reset, 20U);
}

TEST_F(World, syn_acks_that_break_a_rule_are_seen) {
  const std::vector<TamperedCard::Tamper> tampers{
      [](OutPort, std::vector<std::uint8_t>& frame) {  // checksum
        frame[14 + 20 + 16] ^= 1;
        return true;
      },
      [](OutPort, std::vector<std::uint8_t>& frame) {  // acknowledges something else
        frame[14 + 20 + 11] ^= 1;
        refresh_checksums(frame);
        return true;
      },
      [](OutPort, std::vector<std::uint8_t>& frame) {  // ECE
        frame[14 + 20 + 13] |= 0x40;
        refresh_checksums(frame);
        return true;
      },
      [](OutPort, std::vector<std::uint8_t>& frame) {  // the MSS option becomes SACK permitted, which was not offered
        frame[14 + 20 + 20] = 4;
        frame[14 + 20 + 21] = 2;
        frame[14 + 20 + 22] = frame[14 + 20 + 23] = 0;
        refresh_checksums(frame);
        return true;
      }};
  auto text = std::string(kScenario);
  text.insert(text.find("count"), "ip = 4\noptions = \"mss\"\n");
  for (std::size_t i = 0; i < tampers.size(); ++i) {
    const auto result = run(text, [&](OutPort port, std::vector<std::uint8_t>& frame) {
      return port != OutPort::line_tx || tampers[i](port, frame);
    });
    ASSERT_TRUE(result) << result.error().text;
    EXPECT_EQ(result->clients.connected, 0U) << i;
    EXPECT_GE(result->clients.bad_syn_acks, 20U) << i;
  }
}

TEST_F(World, wrong_books_fail_loudly) {
  const auto result = run(kScenario, keep_all, reg::kCounter + 8 * static_cast<std::uint32_t>(reg::Counter::answered));
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().text.starts_with("conservation broken, this is a defect of the card: line_rx frames"))
      << result.error().text;
}

TEST_F(World, a_plain_syn_to_a_passed_service_is_refused_by_the_server) {
  auto text = std::string(kScenario);
  text.insert(text.find("port = 443"), "mode = \"pass\"\n");
  const auto result = run(text);
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->clients.reset, 20U);
  EXPECT_EQ(result->server.resets_sent, 20U);
}

TEST_F(World, attackers_keep_their_rate_and_all_syns_are_answered) {
  const auto result = run(R"([scenario]
duration_us = 500
[[card.service]]
address = "any"
port = 443
[[attacker]]
kind = "syn-flood"
rate_mpps = 20
start_us = 100
stop_us = 400
options = ["none", "random"]
[[attacker]]
kind = "syn-flood"
rate = "line"
start_us = 450
ip = 4
)");
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->attackers.at(0).frames, 6000U);
  // 50 us at 100 Gb/s: 74 + 24 bytes each.
  EXPECT_NEAR(static_cast<double>(result->attackers.at(1).frames), 50e-6 * 12.5e9 / 98, 1);
  EXPECT_EQ(result->counters[reg::Counter::answered], result->attackers[0].frames + result->attackers[1].frames);
  std::uint64_t offered = 0;
  std::uint64_t answered = 0;
  for (const auto& bin : result->bins) {
    offered += bin.offered_syns;
    answered += bin.answered;
  }
  EXPECT_EQ(offered, answered);
  EXPECT_EQ(result->bins.at(10).offered_syns, 0U);  // 50 us in: not yet
}

TEST_F(World, what_the_line_cannot_carry_is_lost_before_the_card) {
  const auto result = run(R"([scenario]
duration_us = 300
queue_us = 10
[[card.service]]
address = "any"
port = 443
[[attacker]]
kind = "syn-flood"
rate_mpps = 300
ip = 4
)");
  ASSERT_TRUE(result) << result.error().text;
  const auto& attacker = result->attackers.at(0);
  EXPECT_GT(attacker.lost_upstream, attacker.frames / 2);
  EXPECT_EQ(result->counters[reg::Counter::line_rx_frames], attacker.frames - attacker.lost_upstream);
}

TEST_F(World, malformed_frames_meet_every_reason_that_they_can) {
  const auto result = run(R"([scenario]
duration_us = 500
[[card.service]]
address = "any"
port = 443
[card.sysctl]
"net.inet.tcp.drop_synfin" = 1
"net.synward.fragments" = "drop"
"net.synward.unknown_ack" = "drop"
[[attacker]]
kind = "malformed"
rate_mpps = 30
)");
  ASSERT_TRUE(result) << result.error().text;
  using enum reg::Drop;
  for (const auto reason : {short_frame, unclassified, bad_ip_header, truncated, bad_ip_checksum, fragment,
                            bad_tcp_header, forged_mark, bad_tcp_checksum, bad_source, syn_missing, syn_ack_invalid,
                            syn_fin, link_multicast, self_connect, bad_address, unknown_ack}) {
    EXPECT_GT(result->counters.drop(reason), 0U) << reg::kDropNames[static_cast<std::size_t>(reason)];
  }
}

/// Clients alone, for seconds.
constexpr std::string_view kSlow = R"([scenario]
duration_us = 20_000_000
[[card.service]]
address = "any"
port = 443
[[clients]]
count = 10
stop_us = 1_000_000
)";

TEST_F(World, lost_clients_leave_entries_that_timers_end) {
  const auto result = run(std::string(kSlow) + "lost = true\n");
  ASSERT_TRUE(result) << result.error().text;
  using enum reg::Counter;
  EXPECT_EQ(result->clients.lost, 10U);
  EXPECT_EQ(result->clients.succeeded + result->clients.reset, 0U);
  EXPECT_EQ(result->counters[added], 10U);
  EXPECT_EQ(result->counters[retransmitted], 30U);
  EXPECT_EQ(result->counters[stale], 10U);
  EXPECT_EQ(result->tables.entries, 0U);
  EXPECT_EQ(result->events.recorded[static_cast<std::size_t>(reg::Event::rexmt)], 30U);
  // Over time: all ten stand after a second, the last of them is gone at 16.6 s.
  const auto& bins = result->bins;
  EXPECT_EQ(bins.at(5).tables.entries, 10U);
  EXPECT_EQ(bins.at(75).tables.entries, 10U);
  EXPECT_EQ(bins.at(84).tables.entries, 0U);
  std::uint64_t again = 0;
  for (const auto& bin : bins) {
    again += bin.retransmitted;
  }
  EXPECT_EQ(again, 30U);
}

TEST_F(World, late_clients_succeed_while_their_entry_lives) {
  auto result = run(std::string(kSlow) + "ack_delay_us = 14_000_000\n");
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->clients.succeeded, 10U);
  EXPECT_EQ(result->counters[reg::Counter::completed], 10U);
  result = run(std::string(kSlow) + "ack_delay_us = 17_000_000\n");
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->clients.reset, 10U);
  EXPECT_EQ(result->counters[reg::Counter::spurcookie], 20U);
}

TEST_F(World, a_lost_syn_ack_is_sent_again_by_the_card) {
  bool lost = false;
  const auto result = run(kSlow, [&lost](OutPort port, std::vector<std::uint8_t>& frame) {
    const auto view = parse_tcp(frame);
    const bool first = !lost && port == OutPort::line_tx && view && view->is_syn_ack();
    lost = lost || first;
    return !first;
  });
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->clients.succeeded, 10U);
  EXPECT_GE(result->counters[reg::Counter::retransmitted] + result->counters[reg::Counter::dupsyn], 1U);
}

std::string attack(std::string_view kind) {
  return fmt::format(R"([scenario]
duration_us = 400
[[card.service]]
address = "any"
port = 443
[[attacker]]
kind = "{}"
rate_mpps = 10
)",
                     kind);
}

TEST_F(World, rsts_meet_no_connection) {
  const auto result = run(attack("rst-flood"));
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->counters[reg::Counter::badrst], 4000U);
  const auto code = static_cast<std::size_t>(reg::Event::rst_spurious);
  EXPECT_EQ(result->events.recorded[code], 64U);  // net.synward.event_limit
  EXPECT_EQ(result->events.lost[code], 4000U - 64);
}

TEST_F(World, each_syn_four_times) {
  const auto result = run(attack("dup-syn"));
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->counters[reg::Counter::added], 1000U);
  EXPECT_EQ(result->counters[reg::Counter::dupsyn], 3000U);
  EXPECT_EQ(result->counters[reg::Counter::answered], 4000U);
}

TEST_F(World, icmp_errors_are_whole_and_passed) {
  std::size_t right = 0;
  const auto result = run(attack("icmp-flood"), [&right](OutPort, std::vector<std::uint8_t>& frame) {
    const Tins::EthernetII packet(frame.data(), static_cast<std::uint32_t>(frame.size()));
    const auto* v4 = packet.find_pdu<Tins::ICMP>();
    const auto* v6 = packet.find_pdu<Tins::ICMPv6>();
    // Serialised anew the checksums are libtins's own.
    Tins::EthernetII again(packet);
    const bool same = again.serialize() == frame;
    right += same && ((v4 != nullptr && v4->type() == Tins::ICMP::DEST_UNREACHABLE) ||
                      (v6 != nullptr && v6->type() == Tins::ICMPv6::DEST_UNREACHABLE));
    return true;
  });
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->counters[reg::Counter::passed], 4000U);
  EXPECT_EQ(right, 4000U);
}

TEST_F(World, a_flood_overflows_the_syncache_and_ends_in_a_pause) {
  const auto result = run(R"([scenario]
duration_us = 300
[[card.service]]
address = "any"
port = 443
[card.sysctl]
"net.inet.tcp.syncache.hashsize" = 16
[[attacker]]
kind = "syn-flood"
rate_mpps = 20
)");
  ASSERT_TRUE(result) << result.error().text;
  using enum reg::Counter;
  EXPECT_TRUE(result->tables.paused);
  EXPECT_EQ(result->counters[bucketoverflow], 1U);
  EXPECT_EQ(result->counters[answered], 6000U);
  EXPECT_EQ(result->counters[stateless], 6000U - result->counters[added]);
  EXPECT_LE(result->counters[added], 129U);
  EXPECT_FALSE(result->bins.front().tables.paused && result->bins.front().cached == 0);
  EXPECT_TRUE(result->bins.at(50).tables.paused);
  std::uint64_t from_entries = 0;
  std::uint64_t by_cookie = 0;
  for (const auto& bin : result->bins) {
    from_entries += bin.cached;
    by_cookie += bin.stateless;
  }
  EXPECT_EQ(from_entries, result->counters[added]);
  EXPECT_EQ(by_cookie, result->counters[stateless]);
  EXPECT_NE(result->events.log.find("TCP syncache overflow detected; using syncookies for the next 15 seconds"),
            std::string::npos);
  EXPECT_NE(result->events.log.find("Possible SYN flooding on port"), std::string::npos);
}

TEST_F(World, without_cookies_a_full_cache_drops_and_linux_would_say_so) {
  const auto result = run(R"([scenario]
duration_us = 300
[[card.service]]
address = "203.0.113.7"
port = 443
[card.sysctl]
"net.inet.tcp.syncookies" = 0
"net.inet.tcp.syncache.hashsize" = 16
"net.inet.tcp.syncache.cachelimit" = 1
[[attacker]]
kind = "syn-flood"
rate_mpps = 20
)");
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_GT(result->counters.drop(reg::Drop::syncache_full), 0U);
  EXPECT_EQ(result->events.log.find("Sending cookies"), std::string::npos);
  EXPECT_NE(result->events.log.find(
                "TCP: request_sock_TCP: Possible SYN flooding on port 203.0.113.7:443. Dropping request."),
            std::string::npos)
      << result->events.log;
}

}  // namespace
}  // namespace synward::sim
