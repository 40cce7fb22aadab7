// SPDX-License-Identifier: BSD-2-Clause
#include "synward/diagnosis.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "logs.hpp"

namespace synward {
namespace {

bool says(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

LogEvent make(reg::Event code, const std::string& foreign, std::uint16_t fport, double time, std::uint16_t flags = 0x10,
              std::uint16_t lport = 443) {
  LogEvent event;
  event.code = static_cast<unsigned>(code);
  event.foreign = parse_address(foreign);
  event.local = parse_address("203.0.113.7");
  event.fport = fport;
  event.lport = lport;
  event.flags = flags;
  event.time = time;
  return event;
}

/// `count` events of as many sources, a tenth of a second apart.
std::vector<LogEvent> crowd(reg::Event code, int count, std::uint16_t flags = 0x10) {
  std::vector<LogEvent> events;
  events.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    events.push_back(make(code, fmt::format("198.18.{}.{}", i / 250, 1 + i % 250), static_cast<std::uint16_t>(1024 + i),
                          0.1 * i, flags));
  }
  return events;
}

TEST(DiagnosisOfLogs, an_ssh_scan_by_one_host_that_got_nothing) {
  const auto findings = diagnose(read_log("ssh-scan.log"));
  ASSERT_EQ(findings.size(), 1U);
  const auto& finding = findings[0];
  EXPECT_EQ(finding.cause, Cause::scan);
  EXPECT_EQ(finding.source, "119.254.12.34");
  EXPECT_EQ(finding.port, 22);
  EXPECT_EQ(finding.count, 34U);
  EXPECT_EQ(finding.client_ports, 18U);
  EXPECT_EQ(finding.seconds(), 99);
  EXPECT_GE(finding.confidence, 0.9);
  EXPECT_TRUE(says(finding.pattern, "a new port every 5.8 s; 16 were sent again within a second")) << finding.pattern;
  EXPECT_TRUE(says(finding.meaning, "none of these segments opened a connection"));
  EXPECT_TRUE(says(finding.meaning, "no denial of service"));
  EXPECT_TRUE(says(finding.advice, "keys instead of passwords"));
  EXPECT_TRUE(says(finding.advice, "log_in_vain"));
}

TEST(DiagnosisOfLogs, an_sshd_that_died_is_no_attack) {
  const auto findings = diagnose(read_log("died-sshd.log"));
  ASSERT_EQ(findings.size(), 2U);
  for (const auto& finding : findings) {
    EXPECT_EQ(finding.cause, Cause::lost_connections);
    EXPECT_EQ(finding.source, "sources not told");
    EXPECT_TRUE(says(finding.meaning, "It is no attack"));
    EXPECT_TRUE(says(finding.advice, "The syncache cannot be turned off, and need not be"));
  }
  EXPECT_EQ(findings[0].port + findings[1].port, 50992 + 59999);
}

TEST(DiagnosisOfLogs, linux_flood_lines_with_sizes_to_look_at) {
  const auto findings = diagnose(read_log("linux-443.log"));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].cause, Cause::syn_flood);
  EXPECT_EQ(findings[0].port, 443);
  EXPECT_EQ(findings[0].count, 3U);
  for (const char* size :
       {"somaxconn", "tcp_max_syn_backlog", "ListenBacklog", "TcpExtListenDrops", "TcpExtListenOverflows", "ss -tln"}) {
    EXPECT_TRUE(says(findings[0].advice, size)) << size;
  }
  const auto eras = diagnose(read_log("linux-eras.log"));
  ASSERT_EQ(eras.size(), 2U);
  EXPECT_TRUE(eras[0].advice.starts_with("Turn net.ipv4.tcp_syncookies=1 on first"));
}

TEST(Diagnosis, late_clients_by_their_cookies) {
  auto events = crowd(reg::Event::ack_spurious, 12);
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].cookie = CookieOrigin::retired;
    events[i].late_s = 1.5 + static_cast<double>(i);
  }
  const auto findings = diagnose(events);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].cause, Cause::late_clients);
  EXPECT_TRUE(says(findings[0].pattern, "replaced 1.5 to 12.5 s before")) << findings[0].pattern;
}

TEST(Diagnosis, forged_acks_are_surer_where_the_host_looked) {
  auto events = crowd(reg::Event::cookie_failed, 40);
  EXPECT_EQ(diagnose(events).at(0).cause, Cause::forgery);
  EXPECT_LT(diagnose(events).at(0).confidence, 0.7);
  for (auto& event : events) {
    event.cookie = CookieOrigin::none;
  }
  const auto finding = diagnose(events).at(0);
  EXPECT_EQ(finding.cause, Cause::forgery);
  EXPECT_GT(finding.confidence, 0.9);
  EXPECT_EQ(finding.sources, 40U);
  EXPECT_EQ(finding.source, "198.18.0.0/24");
}

TEST(Diagnosis, forged_acks_need_nothing_where_the_card_stops_them) {
  const auto events = crowd(reg::Event::cookie_failed, 40);
  EXPECT_TRUE(says(diagnose(events).at(0).advice, "set net.synward.unknown_ack to drop"));
  EXPECT_TRUE(
      says(diagnose(events, {.acks_pass = false, .not_recorded = {}}).at(0).advice, "none of them reaches the server"));
}

TEST(Diagnosis, a_flood_is_as_large_as_the_card_counted_it) {
  // 64 of each 1.024 s are recorded, of 20,000 a second.
  const auto events = crowd(reg::Event::ack_spurious, 832);
  Circumstances circumstances;
  circumstances.not_recorded[static_cast<unsigned>(reg::Event::ack_spurious)] = {
      .count = 1'599'168, .first = 0, .last = 80};
  const auto finding = diagnose(events, circumstances).at(0);
  EXPECT_EQ(finding.cause, Cause::forgery);
  EXPECT_EQ(finding.count, 1'600'000U);
  EXPECT_EQ(finding.not_recorded, 1'599'168U);
  EXPECT_NEAR(finding.per_second(), 1'600'000 / 83.1, 1);
  EXPECT_TRUE(says(finding.pattern, "; 1,599,168 more were not recorded")) << finding.pattern;
  EXPECT_TRUE(says(finding.advice, "nothing needs to be done")) << finding.advice;
  const auto text = findings_text({finding});
  EXPECT_TRUE(says(text, "Seen       at least 1,600,000 times over 83 s, 19,253 a second")) << text;
  const auto json = nlohmann::json::parse(findings_json({finding})).at(0);
  EXPECT_EQ(json["count"], 1'600'000);
  EXPECT_EQ(json["not_recorded"], 1'599'168);
  EXPECT_NEAR(json["per_second"].get<double>(), 19'253, 2);
}

TEST(Diagnosis, the_advice_hangs_on_the_rate_that_was_counted) {
  Circumstances circumstances;
  circumstances.not_recorded[static_cast<unsigned>(reg::Event::ack_spurious)] = {
      .count = 1'000'000'000, .first = 0, .last = 10};
  const auto finding = diagnose(crowd(reg::Event::ack_spurious, 40), circumstances).at(0);
  EXPECT_TRUE(says(finding.advice, "100,000,004 a second are passed to the server")) << finding.advice;
  EXPECT_TRUE(says(finding.advice, "set net.synward.unknown_ack to drop")) << finding.advice;
}

TEST(Diagnosis, what_was_not_recorded_is_shared_by_the_ports_as_what_was) {
  auto events = crowd(reg::Event::rst_spurious, 40, 4);
  for (std::size_t i = 0; i < 10; ++i) {
    events[i].lport = 80;
  }
  Circumstances circumstances;
  circumstances.not_recorded[static_cast<unsigned>(reg::Event::rst_spurious)] = {.count = 4000, .first = 0, .last = 4};
  const auto findings = diagnose(events, circumstances);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].count, 3030U);
  EXPECT_EQ(findings[1].count, 1010U);
}

TEST(Diagnosis, a_flood_of_which_nothing_was_recorded_is_told_all_the_same) {
  for (std::size_t code = 1; code < kEventCodes; ++code) {
    Circumstances circumstances;
    circumstances.not_recorded[code] = {.count = 5000, .first = 10, .last = 20};
    const auto findings = diagnose({}, circumstances);
    if (event_name(static_cast<unsigned>(code)).empty()) {
      EXPECT_TRUE(findings.empty());
      continue;
    }
    ASSERT_EQ(findings.size(), 1U) << event_name(static_cast<unsigned>(code));
    EXPECT_EQ(findings[0].count, 5000U);
    EXPECT_EQ(findings[0].per_second(), 500);
    EXPECT_TRUE(says(findings[0].pattern, "5,000 more were not recorded")) << findings[0].pattern;
    EXPECT_FALSE(says(findings[0].pattern, "18,446")) << findings[0].pattern;
  }
}

TEST(Diagnosis, repetitions_name_what_there_was_of_them) {
  auto events = crowd(reg::Event::rexmt, 12);
  auto finding = diagnose(events).at(0);
  EXPECT_EQ(finding.pattern, "198.18.0.0/24 to port 443 (https): 12 repeated SYN-ACKs");
  EXPECT_TRUE(says(finding.meaning, "had not answered our SYN-ACK a second later")) << finding.meaning;
  events.push_back(make(reg::Event::dup_syn, "198.18.0.77", 1, 3, 2, 443));
  finding = diagnose(events).at(0);
  EXPECT_EQ(finding.pattern, "198.18.0.0/24 to port 443 (https): 1 repeated SYN, 12 repeated SYN-ACKs");
  EXPECT_TRUE(says(finding.meaning, "send their SYN again")) << finding.meaning;
  for (std::uint16_t i = 0; i < 2; ++i) {
    events.push_back(make(reg::Event::rexmt_exhausted, "198.18.0.78", i, 3, 2, 443));
  }
  finding = diagnose(events).at(0);
  EXPECT_TRUE(says(finding.pattern, "12 repeated SYN-ACKs, 2 abandoned handshakes")) << finding.pattern;
  EXPECT_TRUE(says(finding.meaning, "never answer our SYN-ACK")) << finding.meaning;
}

TEST(Diagnosis, a_restart_by_the_crowd_that_goes_on) {
  const auto findings = diagnose(crowd(reg::Event::cookie_failed, 30, 0x18));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].cause, Cause::lost_connections);
  EXPECT_TRUE(says(findings[0].meaning, "restarted"));
  EXPECT_GE(findings[0].confidence, 0.9);
  // One client that closes many connections is no scanner.
  std::vector<LogEvent> fins;
  for (std::uint16_t i = 0; i < 20; ++i) {
    fins.push_back(make(reg::Event::cookie_failed, "192.0.2.1", static_cast<std::uint16_t>(2000 + i), i, 0x11));
  }
  EXPECT_EQ(diagnose(fins).at(0).cause, Cause::lost_connections);
}

TEST(Diagnosis, a_scan_of_ports) {
  std::vector<LogEvent> events;
  for (std::uint16_t port = 1; port <= 5; ++port) {
    auto event = make(reg::Event::cookie_failed, "192.0.2.1", 4000, port, 2, port);
    event.code = static_cast<unsigned>(ForeignEvent::closed_port);
    events.push_back(event);
  }
  const auto findings = diagnose(events);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].cause, Cause::scan);
  EXPECT_TRUE(says(findings[0].pattern, "tried 5 of your ports"));
  events.resize(3);
  EXPECT_EQ(diagnose(events).at(0).cause, Cause::noise);
}

TEST(Diagnosis, a_flood_is_one_finding_whatever_it_is_said_in) {
  auto overflow = make(reg::Event::overflow, "10.0.0.1", 1, 1);
  overflow.args[0] = 15;
  auto again = overflow;
  again.args[0] = 30;
  again.lport = 80;
  auto limiting = make(reg::Event::limiting, "10.0.0.1", 0, 2, 0, 0);
  limiting.args = {353, 200, 0};
  auto linux_line = overflow;
  linux_line.code = static_cast<unsigned>(ForeignEvent::flood_cookies);
  const auto findings = diagnose({overflow, again, limiting, linux_line});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].cause, Cause::syn_flood);
  EXPECT_TRUE(says(findings[0].pattern, "overflowed 2 times; cookies answered alone for up to 30 s"))
      << findings[0].pattern;
  EXPECT_TRUE(says(findings[0].pattern, "353 RSTs"));
}

TEST(Diagnosis, other_causes) {
  EXPECT_EQ(diagnose(crowd(reg::Event::dup_syn, 20, 2)).at(0).cause, Cause::repeating_clients);
  EXPECT_TRUE(says(diagnose(crowd(reg::Event::rexmt_exhausted, 20)).at(0).meaning, "never answer our SYN-ACK"));
  EXPECT_EQ(diagnose(crowd(reg::Event::rst_spurious, 20, 4)).at(0).cause, Cause::rst_probing);
  EXPECT_EQ(diagnose(crowd(reg::Event::syn_ack_invalid, 20, 0x12)).at(0).cause, Cause::malformed);
  EXPECT_EQ(diagnose(crowd(reg::Event::ack_invalid, 20)).at(0).cause, Cause::forgery);
  for (const auto code : {reg::Event::rst_spurious, reg::Event::ack_invalid, reg::Event::cookie_failed,
                          reg::Event::dup_syn, reg::Event::syn_missing, reg::Event::rst_rejected}) {
    EXPECT_EQ(diagnose(crowd(code, 3)).at(0).cause, Cause::noise) << static_cast<int>(code);
  }
  auto failed = crowd(reg::Event::rexmt, 1);
  failed[0].code = static_cast<unsigned>(ForeignEvent::socket_failed);
  EXPECT_EQ(diagnose(failed).at(0).cause, Cause::server_overloaded);
  EXPECT_TRUE(diagnose({}).empty());
  EXPECT_EQ(findings_text({}), "Nothing about handshakes was found.\n");
}

TEST(Diagnosis, groups_by_port_and_puts_noise_last) {
  auto events = crowd(reg::Event::syn_missing, 2);
  auto resets = crowd(reg::Event::rst_spurious, 20, 4);
  for (std::size_t i = 0; i < resets.size(); ++i) {
    resets[i].lport = i < 8 ? 80 : 443;
    resets[i].times = 2;
    events.push_back(resets[i]);
  }
  const auto findings = diagnose(events);
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings[0].cause, Cause::rst_probing);
  EXPECT_EQ(findings[0].count, 24U);
  EXPECT_EQ(findings[1].port, 80);
  EXPECT_EQ(findings[2].count, 2U);
}

TEST(Diagnosis, json_has_what_the_text_has) {
  const auto findings = diagnose(read_log("ssh-scan.log"));
  const auto json = nlohmann::json::parse(findings_json(findings));
  ASSERT_EQ(json.size(), 1U);
  EXPECT_EQ(json[0]["cause"], "scan");
  EXPECT_EQ(json[0]["port"], 22);
  EXPECT_EQ(json[0]["last_s"].get<double>() - json[0]["first_s"].get<double>(), 99);
  EXPECT_EQ(json[0]["advice"], findings[0].advice);
  const auto text = findings_text(findings);
  EXPECT_TRUE(text.starts_with("Scan (sure): 119.254.12.34 came to port 22 (ssh) from 18 ports in turn"));
  EXPECT_TRUE(says(text, findings[0].advice));
}

}  // namespace
}  // namespace synward
