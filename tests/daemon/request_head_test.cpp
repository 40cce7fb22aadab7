// SPDX-License-Identifier: BSD-2-Clause
// What of HTTP is taken, and what is refused before anything else looks at it.
#include "request_head.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace synward {
namespace {

std::string with(const std::string& fields, const std::string& line = "PUT /v1/sysctl/a HTTP/1.1") {
  return line + "\r\nHost: localhost\r\n" + fields + "\r\n";
}

int status_of(const std::string& bytes) {
  const auto read = read_head(bytes);
  const auto* fault = std::get_if<RequestFault>(&read);
  return fault != nullptr ? fault->status : std::holds_alternative<RequestHead>(read) ? 200 : 0;
}

TEST(RequestHead, keeps_what_means_something_and_nothing_else) {
  const std::string bytes =
      with("Content-Length: 12\r\nRange: bytes=0-,0-\r\nAccept-Encoding: br\r\nAuthorization: Basic eDp5\r\n") + "body";
  const auto read = read_head(bytes);
  const auto& head = std::get<RequestHead>(read);
  EXPECT_EQ(head.method, "PUT");
  EXPECT_EQ(head.target, "/v1/sysctl/a");
  EXPECT_EQ(head.body, 12U);
  EXPECT_EQ(head.size, bytes.size() - 4);
  EXPECT_EQ(head.authorization, "Basic eDp5");
  EXPECT_FALSE(head.close);
}

TEST(RequestHead, a_head_may_come_byte_by_byte) {
  const auto bytes = with("Content-Length: 1\r\n");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(status_of(bytes.substr(0, size)), 0) << size;
  }
  EXPECT_EQ(status_of(bytes), 200);
}

TEST(RequestHead, a_length_is_digits_and_said_once) {
  for (const auto* length : {"1abc", "+1", "-1", "0x1", "1, 1", "1 1", "", " "}) {
    EXPECT_EQ(status_of(with(fmt::format("Content-Length: {}\r\n", length))), 400) << length;
  }
  EXPECT_EQ(status_of(with("Content-Length: 1\r\nContent-Length: 1\r\n")), 400);
  EXPECT_EQ(status_of(with("Content-Length: 5\r\ncontent-length: 6\r\n")), 400);
  EXPECT_EQ(status_of(with("Content-Length: 99999999999999999999999\r\n")), 413);
  EXPECT_EQ(status_of(with(fmt::format("Content-Length: {}\r\n", kMostBody + 1))), 413);
  EXPECT_EQ(status_of(with(fmt::format("Content-Length:\t{} \r\n", kMostBody))), 200);
}

TEST(RequestHead, no_other_way_to_end_a_body) {
  EXPECT_EQ(status_of(with("Transfer-Encoding: chunked\r\n")), 501);
  EXPECT_EQ(status_of(with("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")), 501);
  EXPECT_EQ(status_of(with("transfer-encoding: identity\r\n")), 501);
  EXPECT_EQ(status_of(with("Transfer-Encoding : chunked\r\n")), 400);
  EXPECT_EQ(status_of(with("Content-Length : 1\r\n")), 400);
  EXPECT_EQ(status_of(with("Expect: 100-continue\r\n")), 417);
}

TEST(RequestHead, lines_end_in_one_way_and_are_not_folded) {
  EXPECT_EQ(status_of(with("X: a\r\n b\r\n")), 400);
  EXPECT_EQ(status_of(with("X: a\r\n\tContent-Length: 1\r\n")), 400);
  EXPECT_EQ(status_of(with("X: a\nContent-Length: 1\r\n")), 400);
  EXPECT_EQ(status_of(with("X: a\rContent-Length: 1\r\n")), 400);
  EXPECT_EQ(status_of(with(std::string("X: a\0b\r\n", 8))), 400);
  EXPECT_EQ(status_of(with("no colon\r\n")), 400);
  EXPECT_EQ(status_of(with(": nameless\r\n")), 400);
  EXPECT_EQ(status_of("\r\n\r\n"), 400);
}

TEST(RequestHead, a_request_line_is_whole) {
  for (const auto* line : {"GET", "GET  / HTTP/1.1", " GET / HTTP/1.1", "GET http://x/ HTTP/1.1", "OPTIONS * HTTP/1.1",
                           "G(T / HTTP/1.1", "GET /\x01 HTTP/1.1", "GET /\xff HTTP/1.1"}) {
    EXPECT_EQ(status_of(with("", line)), 400) << line;
  }
  for (const auto* line :
       {"GET / HTTP/1.2", "GET / HTTP/2.0", "GET / HTTP/1.1 ", "GET / http/1.1", "GET / ", "GET /"}) {
    EXPECT_EQ(status_of(with("", line)), 505) << line;
  }
  EXPECT_EQ(status_of(with("", "DELETE /x HTTP/1.1")), 405);
  EXPECT_EQ(status_of(with("", "GET /" + std::string(kMostTarget, 'a') + " HTTP/1.1")), 414);
}

TEST(RequestHead, has_its_bounds) {
  std::string many;
  for (std::size_t i = 0; i < kMostFields; ++i) {
    many += "X: y\r\n";
  }
  EXPECT_EQ(status_of(with(many)), 431);  // Host is one too
  EXPECT_EQ(status_of(with("X: " + std::string(kMostHead, 'a') + "\r\n")), 431);
  EXPECT_EQ(status_of(std::string(kMostHead - 1, 'a')), 0);
  EXPECT_EQ(status_of(std::string(kMostHead, 'a')), 431);
}

TEST(RequestHead, one_host_and_who_wants_to_close) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of(with("Host: other\r\n")), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\n\r\n"), 200);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), 400);
  const auto closes = [](const std::string& bytes) { return std::get<RequestHead>(read_head(bytes)).close; };
  EXPECT_TRUE(closes("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(closes(with("Connection: keep-alive, Close\r\n")));
  EXPECT_FALSE(closes(with("Connection: keep-alive\r\n")));
}

}  // namespace
}  // namespace synward
