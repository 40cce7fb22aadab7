// SPDX-License-Identifier: BSD-2-Clause
// Logs that are broken anywhere: whatever is found in them can be diagnosed, and told.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "budget.hpp"
#include "mutator.hpp"
#include "synward/counter_text.hpp"
#include "synward/diagnosis.hpp"
#include "synward/event_json.hpp"
#include "synward/log_parser.hpp"
#include "synward/log_text.hpp"
#include "synward/printable.hpp"

namespace synward {
namespace {

std::vector<std::string> good_logs() {
  std::vector<std::string> logs;
  for (const auto* name : {"ssh-scan.log", "died-sshd.log", "linux-443.log", "linux-eras.log"}) {
    std::ifstream in(std::string(TEST_DATA "/logs/") + name, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    logs.push_back(text.str());
  }
  logs.emplace_back(
      "2026-11-22T04:40:26.5Z synwardd: TCP: [2001:db8::1]:* to [2001:db8::7]:443 tcpflags 0x10<ACK>; "
      "syncache_expand: ACK 7 != ISS+1 8, segment rejected (95 more in 10 s)\n"
      "[   12.345678] TCP syncache overflow detected; using syncookies for the next 15 seconds (last SYN: TCP: "
      "[10.0.0.1]:1024 to [203.0.113.7]:443)\n"
      "Nov 13 07:50:04 host kernel: Limiting TCP RST response from 353 to 200 packets/sec\n"
      "Nov 13 07:50:05 host last message repeated 3 times\n");
  return logs;
}

std::vector<std::string> log_words() {
  return {"TCP: [", "]:", "; ",   ": ",   "tcpflags 0x", "last message repeated ", " more in ", "Limiting ", "[",
          "\n> ",   "%u", "%s%n", " to ", "Nov 31 ",     "-9999-99-99T99:99:99.",  "\xff",      "[ 1."};
}

/// Wrappings of logs, broken anywhere: a text, or one line that says why not.
TEST(FuzzLog, whatever_it_is_wrapped_in_ends_as_text_or_in_one_line) {
  test::Rng rng(test::Budget::seed());
  auto corpus = good_logs();
  for (const auto* name : {"messages.0.gz", "page.html", "netstat.txt", "listen-queue.log"}) {
    std::ifstream in(std::string(TEST_DATA "/logs/") + name, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  corpus.emplace_back("Content-Transfer-Encoding: quoted-printable\n\nTCP: =5B1.2.3.4=\n]:1 =3D\n");
  corpus.emplace_back("Content-Transfer-Encoding: base64\n\nVENQOiBbMTkyLjAuMi4zNF0=\n");
  corpus.emplace_back(R"({"MESSAGE":"TCP: [","__REALTIME_TIMESTAMP":"1795000000000000"}{"log":"x","time":1e300})");
  corpus.emplace_back("\xff\xfeT\0C\0P\0", 8);
  test::Mutator mutator(rng, corpus, {"\x1f\x8b", "BZh9", "&#x", "&lt;", "<pre", "{", "}", "\"", "=\n", "\xff\xfe"});
  test::Budget budget;
  constexpr std::size_t kMost = 1 << 20;
  while (budget.more()) {
    const auto text = readable_text(mutator.next(), "f", kMost);
    if (!text) {
      ASSERT_EQ(one_line(text.error().text), text.error().text) << budget.which();
      continue;
    }
    ASSERT_LE(text->size(), 2 * kMost) << budget.which();
    ASSERT_FALSE(findings_text(diagnose(parse_log(*text))).empty());
    ASSERT_TRUE(nlohmann::json::accept(findings_json(explain_counters(*text)))) << budget.which();
  }
}

TEST(FuzzLog, whatever_is_found_can_be_told) {
  test::Rng rng(test::Budget::seed());
  test::Mutator mutator(rng, good_logs(), log_words());
  test::Budget budget;
  std::uint64_t found = 0;
  while (budget.more()) {
    const auto text = mutator.next();
    const auto events = parse_log(text);
    found += events.size();
    // An event takes more than ten bytes of text.
    ASSERT_LE(events.size(), text.size() / 10) << budget.which();
    const auto findings = diagnose(events);
    ASSERT_EQ(findings_text(findings).empty(), false) << budget.which();
    ASSERT_TRUE(nlohmann::json::accept(findings_json(findings))) << budget.which() << "\n" << text;
    for (const auto& event : events) {
      ASSERT_TRUE(nlohmann::json::accept(to_json_line(event))) << budget.which() << "\n" << text;
    }
  }
  EXPECT_GT(found, 0U) << "the logs are not nearly right";
}

}  // namespace
}  // namespace synward
