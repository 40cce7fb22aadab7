// SPDX-License-Identifier: BSD-2-Clause
// Heads of requests, and text on its way to a terminal, out of anything.
#include <gtest/gtest.h>

#include <string>

#include "budget.hpp"
#include "mutator.hpp"
#include "request_head.hpp"
#include "synward/event_json.hpp"
#include "synward/printable.hpp"

namespace synward {
namespace {

TEST(FuzzHead, ends_where_it_says_whatever_comes_behind) {
  test::Rng rng(test::Budget::seed());
  test::Mutator mutator(
      rng,
      {"GET /v1/log?after=3 HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n",
       "PUT /v1/sysctl/net.inet.tcp.syncookies HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\n0"},
      {"\r\n", "\n", "\r", "\r\n\r\n", " ", "\t", ":", "Content-Length: 3\r\n", "Content-Length : 3\r\n",
       "Transfer-Encoding: chunked\r\n", "Host: y\r\n", " HTTP/1.1", "0x1", "+1", "1,1"});
  test::Budget budget;
  std::uint64_t taken = 0;
  while (budget.more()) {
    SCOPED_TRACE(budget.which());
    const auto bytes = mutator.next();
    const auto read = read_head(bytes);
    const auto* head = std::get_if<RequestHead>(&read);
    if (head == nullptr) {
      continue;
    }
    ++taken;
    ASSERT_LE(head->size, kMostHead) << bytes;
    ASSERT_EQ(bytes.find("\r\n\r\n") + 4, head->size) << bytes;
    ASSERT_LE(head->body, kMostBody);
    // No sooner, and not otherwise for what comes behind.
    ASSERT_TRUE(std::holds_alternative<std::monostate>(read_head(bytes.substr(0, head->size - 1))));
    const auto again = read_head(bytes.substr(0, head->size) + "Content-Length: 9\r\n\r\n");
    ASSERT_EQ(std::get<RequestHead>(again).body, head->body);
    // One line alone could have said a length.
    ASSERT_EQ(bytes.substr(0, head->size).find("\n "), std::string::npos) << bytes;
  }
  EXPECT_GT(taken, 0U);
}

TEST(FuzzText, what_is_printable_can_be_seen) {
  test::Rng rng(test::Budget::seed());
  test::Mutator mutator(rng, {"plain", R"({"event":"ack_spurious","foreign":"192.0.2.1"})", "\xc3\xa4\xe2\x82\xac"},
                        {"\x1b[31m", "\x07", "\xc2\x9b", "\xe2\x80\xae", "\xff", "\\u001b", "\r\n"});
  test::Budget budget;
  while (budget.more()) {
    SCOPED_TRACE(budget.which());
    const auto text = mutator.next();
    const auto line = one_line(text);
    for (const char c : line) {
      ASSERT_TRUE(static_cast<unsigned char>(c) >= ' ' && c != 0x7f) << text;
    }
    ASSERT_EQ(one_line(line), line);
    ASSERT_EQ(printable(printable(text)), printable(text));
    if (const auto events = parse_json_lines(text, "f"); !events) {
      ASSERT_EQ(one_line(events.error().text), events.error().text);
    }
  }
}

}  // namespace
}  // namespace synward
