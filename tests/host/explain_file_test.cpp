// SPDX-License-Identifier: BSD-2-Clause
// `synward explain FILE` on what people have: other kernels' words, other wrappings, and what it cannot read.
#include "synward/explain_file.hpp"

#include <bzlib.h>
#include <gtest/gtest.h>
#include <lzma.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "temporary_folder.hpp"

namespace synward {
namespace {

using nlohmann::json;

constexpr const char* kNothing = "Nothing about handshakes was found.\n";
constexpr std::string_view kLine =
    "Nov 13 07:50:04 app kernel: TCP: [192.0.2.34]:38931 to [198.51.100.7]:22 tcpflags 0x10<ACK>; syncache_expand: "
    "Spurious ACK, segment rejected (no syncache entry)\n";

std::string log_path(const std::string& name) { return TEST_DATA "/logs/" + name; }
std::string read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class ExplainFile : public testing::Test {
 protected:
  static json findings(const std::string& path) {
    const auto said = explain_file(path, true);
    EXPECT_TRUE(said) << said.error().text;
    return said ? json::parse(*said) : json::array();
  }
  json of(const std::string& text) { return findings(folder.write("log", text)); }
  std::string error(const std::string& text) {
    const auto said = explain_file(folder.write("log", text), false);
    EXPECT_FALSE(said) << *said;
    if (said) {
      return {};
    }
    EXPECT_TRUE(said.error().text.starts_with(folder / "log: ")) << said.error().text;
    EXPECT_EQ(std::ranges::count(said.error().text, '\n'), 0);
    EXPECT_LT(said.error().text.size(), 400U);
    return said.error().text;
  }
  static void says(const json& finding, const char* key, std::string_view words) {
    EXPECT_NE(finding[key].get<std::string>().find(words), std::string::npos) << finding[key];
  }

  TemporaryFolder folder;
};

std::string gzipped(const std::string& text) {
  std::string out(compressBound(text.size()) + 64, '\0');
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // NOLINT
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());  // NOLINT
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}
std::string bzipped(std::string text) {
  std::string out(text.size() + text.size() / 100 + 600, '\0');
  auto size = static_cast<unsigned>(out.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &size, text.data(), static_cast<unsigned>(text.size()), 9, 0, 0),
            BZ_OK);
  out.resize(size);
  return out;
}
std::string xzipped(const std::string& text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(text.data()),
                                    text.size(), reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size()),
            LZMA_OK);  // NOLINT
  out.resize(size);
  return out;
}

TEST_F(ExplainFile, udp_and_pings_that_were_limited_are_no_syn_flood) {
  const auto udp = findings(log_path("udp-limit.log"));
  ASSERT_EQ(udp.size(), 1U);
  EXPECT_EQ(udp[0]["cause"], "answers held back");
  says(udp[0], "pattern", "UDP packets came to closed ports, up to 535 a second; 200 were answered");
  says(udp[0], "meaning", "no SYN flood");
  const auto ping = findings(log_path("ping-limit.log"));
  ASSERT_EQ(ping.size(), 1U);
  EXPECT_EQ(ping[0]["cause"], "answers held back");
  says(ping[0], "pattern", "pings came, up to 251 a second");
}

TEST_F(ExplainFile, rsts_of_closed_ports_are_a_scan_or_a_missing_service) {
  const auto old = findings(log_path("closed-port-limit.log"));
  ASSERT_EQ(old.size(), 1U);
  EXPECT_EQ(old[0]["cause"], "answers held back");
  says(old[0], "pattern", "segments came to closed ports, up to 283 a second; 250 were answered");
  const auto low = of("kernel: Limiting closed port RST response from 28 to 10 packets/sec\n");
  says(low[0], "meaning", "The limit is low, 10 a second");
  says(low[0], "meaning", "a service that is not running");
  EXPECT_EQ(of("kernel: Limiting tcp reset response from 400 to 200 packets/sec\n")[0]["cause"], "answers held back");
  EXPECT_EQ(of("Jul  3 04:00:00 gw /kernel: icmp-response bandwidth limit 283/200 pps\n")[0]["cause"],
            "answers held back");
}

TEST_F(ExplainFile, a_full_listen_queue_is_the_servers_fault) {
  const auto found = findings(log_path("listen-queue.log"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["cause"], "server overload");
  EXPECT_EQ(found[0]["port"], 8443);
  EXPECT_EQ(found[0]["count"], 18);
  says(found[0], "pattern", "full for 18 connections: 193 waited");
  says(found[0], "advice", "netstat -Lan");
  const auto old =
      of("sonewconn: pcb 0xfffff8000c4e4930: Listen queue overflow: 8 already in queue awaiting acceptance\n");
  ASSERT_EQ(old.size(), 1U);
  EXPECT_EQ(old[0]["cause"], "server overload");
  EXPECT_FALSE(old[0].contains("port"));
  const auto local =
      of("sonewconn: pcb 0xfffff801ca667a80 (192.0.2.7:80 (proto 6)): Listen queue overflow: 193 already in queue "
         "awaiting acceptance (1 occurrences), euid 0, rgid 0, jail 0\n");
  EXPECT_EQ(local.at(0)["port"], 80);
}

TEST_F(ExplainFile, a_line_a_minute_went_on_for_minutes) {
  const auto found = findings(log_path("linux-each-minute.log"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["port"], 4671);
  says(found[0], "pattern", "once a minute, for 10 minutes");
  EXPECT_EQ(found[0]["meaning"].get<std::string>().find("neither how long"), std::string::npos);
}

TEST_F(ExplainFile, old_kernels_log_in_vain_is_a_scan) {
  const auto found = findings(log_path("old-log-in-vain.log"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["cause"], "scan");
  EXPECT_EQ(found[0]["source"], "198.51.100.2");
  says(found[0], "pattern", "tried 12 of your ports");
}

TEST_F(ExplainFile, one_handshake_that_is_told_in_two_lines_is_one) {
  const std::string ends = "Nov 13 07:50:04 app kernel: TCP: [192.0.2.34]:38931 to [198.51.100.7]:22";
  const auto found =
      of(ends + "; syncache_socket: Socket create failed due to limits or memory shortage\n" + ends +
         " tcpflags 0x10<ACK>; tcp_input: Listen socket: Socket allocation failed due to limits or memory "
         "shortage, sending RST\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["count"], 1);
}

TEST_F(ExplainFile, rsyslogs_sums_count) {
  const auto found =
      of("Dec  5 11:02:17 www kernel: TCP: request_sock_TCP: Possible SYN flooding on port 80. Sending "
         "cookies.\nDec  5 11:02:19 www kernel: message repeated 3 times: [ TCP: request_sock_TCP: "
         "Possible SYN flooding on port 80. Sending cookies.]\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["count"], 4);
}

TEST_F(ExplainFile, times_of_other_clocks_make_no_span) {
  const auto found = findings(log_path("linux-eras.log"));
  for (const auto& one : found) {
    if (one.contains("first_s")) {
      EXPECT_LT(one["last_s"].get<double>() - one["first_s"].get<double>(), 10) << one;
    }
  }
  // A year ends, a system starts again.
  const std::string words = " kernel: possible SYN flooding on port 80. Sending cookies.\n";
  const auto year = of("Dec 31 23:59:50 www" + words + "Jan  1 00:00:10 www" + words);
  EXPECT_EQ(year[0]["last_s"].get<double>() - year[0]["first_s"].get<double>(), 20);
  const auto boots = of("[ 9000.000000]" + words + "[   10.000000]" + words + "[   14.000000]" + words);
  EXPECT_EQ(boots[0]["last_s"].get<double>() - boots[0]["first_s"].get<double>(), 4);
}

TEST_F(ExplainFile, compressed_logs_are_read) {
  EXPECT_EQ(findings(log_path("messages.0.gz")).at(0)["count"], 5);
  const std::string plain = read_bytes(log_path("ssh-scan.log"));
  const auto expected = of(plain);
  EXPECT_EQ(of(gzipped(plain)), expected);
  EXPECT_EQ(of(bzipped(plain)), expected);
  EXPECT_EQ(of(xzipped(plain)), expected);
  const auto half = plain.size() / 2;
  EXPECT_EQ(of(gzipped(plain.substr(0, half)) + gzipped(plain.substr(half))), expected);
}

TEST_F(ExplainFile, broken_and_unknown_compression_is_said_and_never_nothing) {
  const std::string plain = read_bytes(log_path("ssh-scan.log"));
  for (const auto& packed : {gzipped(plain), bzipped(plain), xzipped(plain)}) {
    EXPECT_NE(error(packed.substr(0, packed.size() / 2)).find("is compressed, and broken"), std::string::npos);
  }
  EXPECT_NE(error("\x28\xb5\x2f\xfd....").find("zstdcat FILE | synward explain -"), std::string::npos);
  EXPECT_NE(error("LPKSHHRH....").find("journalctl"), std::string::npos);
  EXPECT_NE(error(gzipped(gzipped(plain))).find("is no text"), std::string::npos);
  EXPECT_NE(error(read_bytes("/proc/self/exe").substr(0, 100'000)).find("is no text"), std::string::npos);
  EXPECT_NE(error(std::string(5000, '\0')).find("is no text"), std::string::npos);
}

TEST_F(ExplainFile, a_bomb_ends_in_one_line) {
  const std::string block(64 << 20, 'a');
  const auto part = gzipped(block);
  std::string bomb;
  for (int i = 0; i < 5; ++i) {
    bomb += part;
  }
  EXPECT_NE(error(bomb).find("is larger than 256 MiB once it is unpacked"), std::string::npos);
}

TEST_F(ExplainFile, utf_16_is_read) {
  const std::string plain = read_bytes(log_path("ssh-scan.log"));
  const auto expected = of(plain);
  std::string little;
  std::string big;
  for (const char c : plain) {
    little += {c, '\0'};
    big += {'\0', c};
  }
  EXPECT_EQ(of("\xff\xfe" + little), expected);
  EXPECT_EQ(of("\xfe\xff" + big), expected);
  EXPECT_EQ(of(little), expected);
  EXPECT_EQ(of("\xef\xbb\xbf" + plain), expected);
  // A system that crashed leaves zeros in its log.
  EXPECT_EQ(of(plain + std::string(100, '\0')), expected);
}

TEST_F(ExplainFile, pages_and_mails_are_read) {
  const auto page = findings(log_path("page.html"));
  ASSERT_EQ(page.size(), 1U);
  EXPECT_EQ(page[0]["count"], 2);
  const std::string line =
      "Nov 13 07:50:04 app kernel: TCP: [192.0.2.34]:38931 to [198.51.100.7]:22 tcpflags =\n"
      "0x10<ACK>; syncache_expand: Segment failed SYNCOOKIE authentica=\ntion, segment rejected "
      "(probably=20spoofed)\n";
  EXPECT_EQ(of("From: a@b\nContent-Transfer-Encoding: quoted-printable\n\n" + line).at(0)["count"], 1);
  EXPECT_EQ(of("Content-Transfer-Encoding: base64\n\n"
               "VENQOiBbMTkyLjAuMi4zNF06Mzg5MzEgdG8gWzE5OC41MS4xMDAuN106MjIgdGNwZmxhZ3MgMHgx\n"
               "MDxBQ0s+OyBzeW5jYWNoZV9leHBhbmQ6IFNwdXJpb3VzIEFDSywgc2VnbWVudCByZWplY3RlZCAo\n"
               "bm8gc3luY2FjaGUgZW50cnkpCg==\n--boundary--\n")
                .at(0)["count"],
            1);
}

TEST_F(ExplainFile, logs_as_json_are_read_with_their_times) {
  const std::string text =
      "TCP: [192.0.2.34]:38931 to [198.51.100.7]:22 tcpflags 0x10<ACK>; syncache_expand: Spurious "
      "ACK, segment rejected (no syncache entry)";
  std::string journal;
  std::string docker;
  std::string own;
  for (int i = 0; i < 3; ++i) {
    journal += json{{"MESSAGE", text}, {"__REALTIME_TIMESTAMP", std::to_string(1'795'000'000'000'000 + i * 5'000'000)}}
                   .dump() +
               '\n';
    docker +=
        json{{"log", text + "\n"}, {"stream", "stderr"}, {"time", "2026-11-22T04:40:2" + std::to_string(i * 4) + ".5Z"}}
            .dump() +
        '\n';
    own += json{{"n", i}, {"time", 1000.0 + i}, {"level", "debug"}, {"text", text}}.dump(2) + '\n';
  }
  for (const auto& [written, span] : {std::pair{journal, 10.0}, {docker, 8.0}, {own, 2.0}}) {
    const auto found = of(written);
    ASSERT_EQ(found.size(), 1U) << written;
    EXPECT_EQ(found[0]["count"], 3);
    EXPECT_NEAR(found[0]["last_s"].get<double>() - found[0]["first_s"].get<double>(), span, 1e-3);
  }
  std::vector<int> bytes(text.begin(), text.end());
  EXPECT_EQ(of(json{{"MESSAGE", bytes}}.dump()).at(0)["count"], 1);
}

TEST_F(ExplainFile, pasted_counters_are_read) {
  const auto netstat = findings(log_path("netstat.txt"));
  ASSERT_EQ(netstat.size(), 1U);
  EXPECT_EQ(netstat[0]["cause"], "handshakes in order");
  says(netstat[0], "pattern", "1258 of 1283 handshakes were completed (98.1 %)");
  const auto flood =
      of("#kernel\nTcpExtSyncookiesSent            1000000            0.0\n"
         "TcpExtSyncookiesRecv            12                 0.0\n"
         "TcpExtListenOverflows           0                  0.0\n");
  ASSERT_EQ(flood.size(), 1U);
  EXPECT_EQ(flood[0]["cause"], "SYN flood");
  says(flood[0], "pattern", "1000000 cookies sent, 12 came back (0.0 %)");
  const auto burst =
      of("TcpExt:\n    2000 SYN cookies sent\n    1900 SYN cookies received\n"
         "    37 times the listen queue of a socket overflowed\n    40 SYNs to LISTEN sockets dropped\n");
  ASSERT_EQ(burst.size(), 2U);
  EXPECT_EQ(burst[0]["cause"], "server overload");
  says(burst[1], "pattern", "overflowed 37 times, 40 SYNs were dropped");
}

TEST_F(ExplainFile, words_that_it_does_not_know_are_said) {
  EXPECT_NE(error("Nov 13 07:50:04 app kernel: syncache is on fire\n").find("1 of its lines may be about handshakes"),
            std::string::npos);
  EXPECT_EQ(*explain_file(folder.write("log", "Nov 13 07:50:04 app kernel: usb 1-1: new device\n"), false), kNothing);
  EXPECT_EQ(*explain_file(folder.write("log", ""), false), kNothing);
  EXPECT_EQ(*explain_file("/dev/null", false), kNothing);
  EXPECT_NE(*explain_file(folder.write("log", std::string(kLine)), false), kNothing);
}

}  // namespace
}  // namespace synward
