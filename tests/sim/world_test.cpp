// SPDX-License-Identifier: BSD-2-Clause
// Clients, server and attackers around the reference card, whole and tampered with.
#include "synward/sim/world.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace synward::sim
