// SPDX-License-Identifier: BSD-2-Clause
#include "synward/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "synward/log_parser.hpp"

namespace synward {
namespace {

LogEvent event_of(unsigned code, std::string_view foreign = "119.254.12.34", std::string_view local = "203.0.113.101") {
  LogEvent event;
  event.code = code;
  event.time = 1.5;
  event.foreign = parse_address(foreign);
  event.local = parse_address(local);
  event.fport = 38931;
  event.lport = 22;
  event.args = {11, 22, 33};
  if (reg::kEvents[code - 1].flags) {
    event.flags = 0x10;
  }
  return event;
}

std::string text_of(const LogEvent& event, bool debug = true) {
  std::string text;
  for (const auto& line : event_lines(event, debug)) {
    text += std::string(level_name(line.level)) + ' ' + line.text + '\n';
  }
  return text;
}

TEST(Log, flags_are_those_of_percent_b) {
  for (const auto& [flags, text] :
       std::initializer_list<std::pair<unsigned, const char*>>{{0, "0x0"},
                                                               {2, "0x2<SYN>"},
                                                               {0x10, "0x10<ACK>"},
                                                               {0x11, "0x11<FIN,ACK>"},
                                                               {0x18, "0x18<PUSH,ACK>"},
                                                               {0x14, "0x14<RST,ACK>"},
                                                               {0xc2, "0xc2<SYN,ECE,CWR>"},
                                                               {0x1ff, "0x1ff<FIN,SYN,RST,PUSH,ACK,URG,ECE,CWR,AE>"}}) {
    EXPECT_EQ(flags_text(flags), text);
  }
}

// Every line of the card, as section 4.2 of FreeBSD's semantics has it.
TEST(Log, every_event_has_freebsds_line) {
  const std::string ends = "debug TCP: [119.254.12.34]:38931 to [203.0.113.101]:22";
  const std::string expand = ends + " tcpflags 0x10<ACK>; syncache_expand: ";
  const std::string reset = ends + " tcpflags 0x10<ACK>; syncache_chkrst: ";
  const std::string input = ends + " tcpflags 0x10<ACK>; tcp_input_with_port: Listen socket: ";
  const std::string overflow = "warning TCP syncache overflow detected; using syncookies for the next 11 seconds";
  const std::vector<std::string> lines{
      ends + "; syncache_timer: Retransmits exhausted, giving up and removing syncache entry",
      ends + "; syncache_timer: Response timeout, retransmitting (11) SYN|ACK",
      reset + "Spurious RST without matching syncache entry (possibly syncookie only), segment ignored",
      reset + "Our SYN|ACK was rejected, connection attempt aborted by remote endpoint",
      reset + "RST with invalid  SEQ 11 != NXT 22 (+WND 33), sending challenge ACK",
      reset + "RST with invalid SEQ 11 != NXT 22 (+WND 33), segment ignored",
      expand + "Spurious ACK, segment rejected (syncookies disabled)",
      expand + "Spurious ACK, segment rejected (no syncache entry)",
      expand + "Segment failed SYNCOOKIE authentication, segment rejected (probably spoofed)",
      expand + "SEG.TSval 11 < TS.Recent 22, segment dropped",
      expand + "Timestamp missing, segment silently dropped",
      expand + "SEQ 11 != IRS+1 22, sending challenge ACK",
      expand + "ACK 11 != ISS+1 22, segment rejected",
      ends + " tcpflags 0x10<ACK>; syncache_add: Received duplicate SYN, resetting timer and retransmitting SYN|ACK",
      input + "SYN is missing, segment ignored",
      input + "SYN|ACK invalid, segment ignored",
      input + "SYN|FIN segment ignored (based on sysctl setting)",
      input + "Connection attempt from broad- or multicast link layer address ignored",
      input + "Connection attempt to/from self ignored",
      input + "Connection attempt from/to broad- or multicast address ignored",
      overflow + " (last SYN: TCP: [119.254.12.34]:38931 to [203.0.113.101]:22)",
      "notice Limiting tcp reset response from 11 to 22 packets/sec",
      input + "Socket allocation failed due to limits or memory shortage, sending RST",
      input + "Socket allocation failed due to limits or memory shortage, try again",
  };
  ASSERT_EQ(lines.size(), reg::kEvents.size());
  for (unsigned code = 1; code <= lines.size(); ++code) {
    EXPECT_EQ(text_of(event_of(code)), lines[code - 1] + "\n");
  }
  EXPECT_EQ(text_of(event_of(21), false), overflow + "\n");
  EXPECT_EQ(text_of(event_of(20, "fe80::1", "2001:db8::7")),
            "debug TCP: [fe80::1]:38931 to [2001:db8::7]:22 tcpflags 0x10<ACK>; tcp_input_with_port: Listen socket: "
            "Connection attempt from/to multicast address ignored\n");
}

TEST(Log, a_note_is_a_line_of_its_own_before_the_event) {
  auto event = event_of(13);
  event.note = 1;
  EXPECT_EQ(text_of(event),
            "debug TCP: [119.254.12.34]:38931 to [203.0.113.101]:22 tcpflags 0x10<ACK>; syncache_expand: Timestamp not "
            "expected, segment processed normally\n"
            "debug TCP: [119.254.12.34]:38931 to [203.0.113.101]:22 tcpflags 0x10<ACK>; syncache_expand: ACK 11 != "
            "ISS+1 22, segment rejected\n");
  event.code = 0;
  event.note = 2;
  EXPECT_EQ(text_of(event),
            "debug TCP: [119.254.12.34]:38931 to [203.0.113.101]:22 tcpflags 0x10<ACK>; syncache_expand: Timestamp "
            "missing, segment processed normally\n");
}

TEST(Log, linux_lines_of_listeners) {
  EXPECT_EQ(flood_line(0, *parse_address("203.0.113.7"), 443, false).text,
            "TCP: request_sock_TCP: Possible SYN flooding on port 203.0.113.7:443. Sending cookies.");
  EXPECT_EQ(flood_line(0, *parse_address("2001:db8::7"), 80, true).text,
            "TCP: request_sock_TCPv6: Possible SYN flooding on port [2001:db8::7]:80. Dropping request.");
}

TEST(Logger, log_debug_gates_lines_of_level_debug_only) {
  for (const bool debug : {false, true}) {
    Logger logger(debug);
    std::vector<LogLine> lines;
    for (unsigned code = 1; code <= reg::kEvents.size(); ++code) {
      logger.take(event_of(code), lines);
    }
    EXPECT_EQ(std::ranges::count(lines, LogLevel::debug, &LogLine::level), debug ? 22 : 0);
    EXPECT_EQ(std::ranges::count(lines, LogLevel::warning, &LogLine::level), 1);
    EXPECT_EQ(std::ranges::count(lines, LogLevel::notice, &LogLine::level), 1);
    EXPECT_EQ(std::ranges::count(lines, LogLevel::info, &LogLine::level), 1);
  }
}

TEST(Logger, a_listener_is_said_to_be_flooded_once) {
  Logger logger(false);
  std::vector<LogLine> lines;
  auto event = event_of(21);
  logger.take(event, lines);
  logger.take(event, lines);
  event.lport = 80;
  logger.take(event, lines);
  EXPECT_EQ(std::ranges::count(lines, LogLevel::warning, &LogLine::level), 3);
  EXPECT_EQ(std::ranges::count(lines, LogLevel::info, &LogLine::level), 2);
  EXPECT_EQ(lines[1].text, "TCP: request_sock_TCP: Possible SYN flooding on port 203.0.113.101:22. Sending cookies.");
  lines.clear();
  Service service;
  service.address = parse_address("203.0.113.9");
  service.port = 25;
  logger.dropping(3, {service}, lines);
  logger.dropping(4, {service}, lines);
  service.mode = ServiceMode::pass;
  service.port = 26;
  logger.dropping(5, {service}, lines);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].text, "TCP: request_sock_TCP: Possible SYN flooding on port 203.0.113.9:25. Dropping request.");
}

TEST(Logger, lines_that_say_the_same_are_summed_up) {
  Logger logger(true);
  std::vector<LogLine> lines;
  auto event = event_of(9);
  for (int i = 0; i < 100; ++i) {
    event.time = 1 + i * 0.01;
    ++event.fport;
    logger.take(event, lines);
  }
  EXPECT_EQ(lines.size(), Logger::kVerbatim);
  auto other = event_of(9, "192.0.2.1");
  other.time = 1.99;
  logger.take(other, lines);
  EXPECT_EQ(lines.size(), Logger::kVerbatim + 1U);
  event.time = 11.0;
  logger.take(event, lines);
  ASSERT_EQ(lines.size(), Logger::kVerbatim + 3U);
  EXPECT_EQ(lines[Logger::kVerbatim + 1].text,
            "TCP: [119.254.12.34]:* to [203.0.113.101]:22; syncache_expand: Segment failed SYNCOOKIE authentication, "
            "segment rejected (probably spoofed) (95 more in 10 s)");
  lines.clear();
  logger.finish(lines);
  EXPECT_TRUE(lines.empty());
}

// What is written is read again: every code, note and family.
TEST(Logger, windows_end_by_the_clock_too) {
  Logger logger(true);
  std::vector<LogLine> lines;
  for (int i = 0; i < 7; ++i) {
    logger.take(event_of(9), lines);
  }
  EXPECT_EQ(lines.size(), Logger::kVerbatim);
  logger.expire(11.4, lines);
  EXPECT_EQ(lines.size(), Logger::kVerbatim);
  logger.expire(11.5, lines);
  ASSERT_EQ(lines.size(), Logger::kVerbatim + 1);
  EXPECT_TRUE(lines.back().text.ends_with("(2 more in 10 s)"));
}

TEST(Logger, many_clients_do_not_fill_the_memory) {
  Logger logger(true);
  std::vector<LogLine> lines;
  for (std::size_t i = 0; i <= Logger::kMost; ++i) {
    auto event =
        event_of(9, to_string(IpAddress{.v6 = false,
                                        .bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0,
                                                  static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}}));
    event.time = 1 + static_cast<double>(i) / 1000;
    for (unsigned n = 0; n <= Logger::kVerbatim; ++n) {
      logger.take(event, lines);
    }
  }
  // The first client's window was summed up to make room for the last one's.
  EXPECT_EQ(lines.size(), Logger::kVerbatim * (Logger::kMost + 1) + 1);
  EXPECT_TRUE(std::ranges::any_of(lines, [](const LogLine& line) { return line.text.ends_with("(1 more in 10 s)"); }));
}

TEST(Logger, icmplim_output_gates_the_limiters_line) {
  std::vector<LogLine> lines;
  Logger quiet(false, false);
  quiet.take(event_of(22), lines);
  EXPECT_TRUE(lines.empty());
  quiet.set_limiting(true);
  quiet.take(event_of(22), lines);
  EXPECT_EQ(lines.size(), 1U);
}

TEST(LogParser, reads_every_line_that_is_written) {
  std::string text;
  std::vector<LogEvent> written;
  for (const bool v6 : {false, true}) {
    for (unsigned code = 1; code <= reg::kEvents.size(); ++code) {
      auto event = v6 ? event_of(code, "fe80:2::1", "2001:db8::7") : event_of(code);
      if (event.is(reg::Event::limiting)) {
        event.foreign = event.local = std::nullopt;
        event.fport = event.lport = 0;
      }
      written.push_back(event);
      for (const auto& line : event_lines(event, true)) {
        text += "Nov 13 07:50:04 host kernel: " + line.text + "\n";
      }
    }
    for (unsigned note = 1; note <= reg::kNotes.size(); ++note) {
      auto event = v6 ? event_of(9, "fe80:2::1", "2001:db8::7") : event_of(9);
      event.code = 0;
      event.note = note;
      event.args = {};
      written.push_back(event);
      text += event_lines(event, true).at(0).text + "\n";
    }
  }
  const auto read = parse_log(text);
  ASSERT_EQ(read.size(), written.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    const auto& a = written[i];
    const auto& b = read[i];
    EXPECT_EQ(b.code, a.code) << i;
    EXPECT_EQ(b.note, a.note) << i;
    EXPECT_EQ(b.foreign, a.foreign) << i;
    EXPECT_EQ(b.local, a.local) << i;
    EXPECT_EQ(b.fport, a.fport) << i;
    EXPECT_EQ(b.lport, a.lport) << i;
    EXPECT_EQ(b.flags, a.flags) << i;
    // A text has as many arguments as it names.
    const auto named =
        a.code == 0 ? 0 : std::ranges::count_if(reg::kEvents[a.code - 1].text, [](char c) { return c == '%'; });
    for (std::size_t arg = 0; arg < 3; ++arg) {
      EXPECT_EQ(b.args[arg], arg < static_cast<std::size_t>(named) ? a.args[arg] : 0U) << i;
    }
    EXPECT_EQ(b.time.has_value(), a.code != 0) << i;
  }
}

TEST(LogParser, times_of_every_prefix) {
  const std::string line =
      "TCP: [1.2.3.4]:1 to [5.6.7.8]:2 tcpflags 0x10<ACK>; syncache_expand: Segment failed SYNCOOKIE "
      "authentication\n";
  const auto events = parse_log("Jan  2 00:00:01 h kernel: " + line + "2000-01-02T00:00:01.25Z h kernel: " + line +
                                "[    7.000250] " + line + line);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[0].time, 86401.0);
  EXPECT_EQ(events[1].time, 946771201.25);
  EXPECT_EQ(events[2].time, 7.00025);
  EXPECT_FALSE(events[3].time);
}

TEST(LogParser, linux_of_three_eras) {
  const auto events = parse_log(
      "[ 7301.123456] possible SYN flooding on port 80. Sending cookies.\n"
      "TCP: request_sock_TCP: Possible SYN flooding on port 81. Sending cookies.  Check SNMP counters.\n"
      "TCP: TCPv6: Possible SYN flooding on port 82. Dropping request.  Check SNMP counters.\n"
      "TCP: request_sock_TCP: Possible SYN flooding on port 203.0.113.7:443. Sending cookies.\n"
      "TCP: request_sock_TCPv6: Possible SYN flooding on port [2001:db8::7]:444. Dropping request.\n");
  ASSERT_EQ(events.size(), 5U);
  const std::vector<std::pair<std::uint16_t, ForeignEvent>> expected{{80, ForeignEvent::flood_cookies},
                                                                     {81, ForeignEvent::flood_cookies},
                                                                     {82, ForeignEvent::flood_dropping},
                                                                     {443, ForeignEvent::flood_cookies},
                                                                     {444, ForeignEvent::flood_dropping}};
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].lport, expected[i].first);
    EXPECT_TRUE(events[i].is(expected[i].second)) << i;
    EXPECT_EQ(events[i].local.has_value(), i >= 3);
  }
  EXPECT_EQ(to_string(*events[4].local), "2001:db8::7");
}

TEST(LogParser, other_texts_and_older_ones) {
  const std::string head = "TCP: [1.2.3.4]:1 to [5.6.7.8]:2 tcpflags 0x12<SYN,ACK>; tcp_input: ";
  const auto code = [&head](const std::string& text) { return event_name(parse_log(head + text).at(0).code); };
  EXPECT_EQ(code("Listen socket: SYN|ACK invalid, segment rejected"), "syn_ack_invalid");
  EXPECT_EQ(code("SEQ 7 != IRS+1 8, segment rejected"), "seq_challenge");
  EXPECT_EQ(code("Connection attempt to closed port"), "closed_port");
  EXPECT_EQ(code("Listen socket: Socket allocation failed due to limits or memory shortage, sending RST"),
            "sock_fail_rst");
  EXPECT_EQ(code("Something that nobody has ever seen"), "other");
  const auto limited = parse_log("Limiting closed port RST response from 353 to 200 packets/sec\n");
  ASSERT_EQ(limited.size(), 1U);
  EXPECT_TRUE(limited[0].is(ForeignEvent::limited_closed));
  EXPECT_EQ(limited[0].args[0], 353U);
}

TEST(LogParser, sums_count_for_what_they_sum_up) {
  Logger logger(true);
  std::vector<LogLine> lines;
  for (int i = 0; i < 30; ++i) {
    logger.take(event_of(9), lines);
  }
  logger.finish(lines);
  std::string text;
  for (const auto& line : lines) {
    text += "Nov 13 07:50:04 host kernel: " + line.text + "\n";
  }
  text += "Nov 13 07:50:34 host last message repeated 3 times\nlast message repeated 7 times\n" +
          std::string(200, 'x') + " last message repeated 1000 times";
  std::uint64_t times = 0;
  for (const auto& event : parse_log(text)) {
    EXPECT_TRUE(event.is(reg::Event::cookie_failed));
    times += event.times;
  }
  EXPECT_EQ(times, 40U);
}

TEST(LogParser, what_is_no_line_is_passed_over) {
  EXPECT_TRUE(parse_log("").empty());
  EXPECT_TRUE(parse_log("TCP: [").empty());
  EXPECT_TRUE(parse_log("TCP: [1.2.3.4]:1 to [5.6.7.8").empty());
  EXPECT_TRUE(parse_log("TCP: [1.2.3.4]:99999 to [5.6.7.8]:2; f: t").empty());
  EXPECT_TRUE(parse_log("SYN flooding on port of call. Limiting the damage. TCP syncache overflow").empty());
}

TEST(LogLine, without_arguments_nothing_can_be_forged_by_it) {
  for (const auto& info : reg::kEvents) {
    LogEvent event;
    event.code = static_cast<unsigned>(&info - reg::kEvents.data()) + 1;
    event.foreign = parse_address("192.0.2.1");
    event.local = parse_address("203.0.113.7");
    event.fport = 1024;
    event.lport = 443;
    event.flags = 0x10;
    event.args = {3'111'111'111, 3'222'222'222, 3'333'333'333};
    for (const auto& line : event_lines(event, true)) {
      const auto text = text_without_arguments(line);
      if (line.to) {
        for (const auto* argument : {"3111111111", "3222222222", "3333333333"}) {
          EXPECT_EQ(text.find(argument), std::string::npos) << text;
        }
        EXPECT_NE(text.find("[192.0.2.1]:1024"), std::string::npos) << text;
      } else {
        EXPECT_EQ(text, line.text);
      }
    }
  }
  LogLine line{0, LogLevel::debug,
               "TCP: [192.0.2.1]:* to [203.0.113.7]:443; syncache_expand: ACK 12 != ISS+1 34, segment rejected (95 "
               "more in 10 s)"};
  line.to.emplace();
  EXPECT_TRUE(text_without_arguments(line).ends_with("ACK * != ISS+1 *, segment rejected (95 more in 10 s)"));
}

}  // namespace
}  // namespace synward
