// SPDX-License-Identifier: BSD-2-Clause
// A whole daemon in this process, and bytes at its sockets that are hardly HTTP. It answers or hangs up, goes on
// serving, and by the public socket nothing ever changes.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "api_client.hpp"
#include "budget.hpp"
#include "daemon.hpp"
#include "mutator.hpp"
#include "plugged_card.hpp"
#include "process_memory.hpp"
#include "synward/unix_socket.hpp"
#include "temporary_folder.hpp"

namespace synward {
namespace {

using std::chrono::seconds;

constexpr seconds kPatience{30};
constexpr std::size_t kMostAnswer = 4 * 1024 * 1024;
constexpr std::int64_t kMostGrowthKib = 64 * 1024;

std::vector<std::string> good_requests() {
  const auto head = [](const std::string& line) { return line + " HTTP/1.1\r\nHost: localhost\r\n"; };
  std::vector<std::string> requests;
  for (const auto* path : {"/v1/status", "/v1/stats?format=text", "/metrics", "/v1/sysctl", "/v1/services",
                           "/v1/syncache?format=ss&limit=5", "/v1/log?after=1&limit=10", "/v1/events?limit=3",
                           "/v1/explain", "/v1/history?last=2", "/v1/secrets", "/v1/sysctl/net.inet.tcp.syncookies"}) {
    requests.push_back(head(std::string("GET ") + path) + "\r\n");
  }
  for (const auto* name : {"net.inet.tcp.syncookies", "net.inet.tcp.log_debug", "net.synward.unknown_ack"}) {
    requests.push_back(head(std::string("PUT /v1/sysctl/") + name) + "Content-Length: 1\r\n\r\n0");
  }
  requests.push_back(head("POST /v1/secrets/rotate") + "Content-Length: 0\r\n\r\n");
  requests.push_back(head("POST /v1/reload") + "Content-Length: 0\r\n\r\n");
  requests.push_back(head("PUT /v1/sysctl/net.inet.tcp.sack.enable") +
                     "Transfer-Encoding: chunked\r\n\r\n1\r\n0\r\n0\r\n\r\n");
  for (const auto* path : {"/v1/events?limit=16384", "/v1/log?limit=10000", "/v1/history?last=3600"}) {
    std::string ranges = "Range: bytes=0-";
    while (ranges.size() < 4000) {
      ranges += ",0-";
    }
    requests.push_back(head(std::string("GET ") + path) + ranges + "\r\n\r\n");
    requests.push_back(head(std::string("GET ") + path) + "Accept-Encoding: br, gzip, deflate\r\n\r\n");
  }
  return requests;
}

std::vector<std::string> http_words() {
  return {"\r\n",
          "\r\n\r\n",
          "GET ",
          "PUT ",
          "POST ",
          "DELETE ",
          "HEAD ",
          "OPTIONS * ",
          "CONNECT ",
          "PRI * HTTP/2.0",
          "Content-Length: 999999999\r\n",
          "Content-Length: -1\r\n",
          "Content-Length: 5\r\nContent-Length: 6\r\n",
          "Content-Length: 1abc\r\n",
          "Content-Length: +1\r\n",
          "Content-Length : 1\r\n",
          "Transfer-Encoding : chunked\r\n",
          "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
          "\r\n folded\r\n",
          "0-,0-,0-,0-,0-,0-,0-,0-,",
          "If-Range: x\r\n",
          "TE: trailers\r\nTrailer: Content-Length\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Expect: 100-continue\r\n",
          "Range: bytes=0-,5-2\r\n",
          "Range: bytes=99999999999999999999-\r\n",
          "Content-Encoding: gzip\r\n",
          "Accept-Encoding: br, gzip\r\n",
          "Content-Type: multipart/form-data; boundary=x\r\n",
          "Content-Type: application/x-www-form-urlencoded\r\n",
          "Connection: close\r\n",
          "Connection: upgrade\r\n",
          "X-HTTP-Method-Override: PUT\r\n",
          "%00",
          "%2e%2e/",
          "%u20ac",
          "?wait_s=1",
          "&",
          "ffffffffffffffff\r\n",
          "\xff\xfe"};
}

/// A daemon on a reference card, in a folder of its own.
class FuzzHttp : public testing::Test {
 protected:
  void SetUp() override {
    const auto path = folder_.write("synwardd.toml", fmt::format(R"([device]
backend = "sim"
socket = "/nowhere"
[secrets]
rotate_s = 0
[[service]]
address = "any"
port = 443
[log]
to = "{}"
[api]
admin = "{}"
public = "{}"
)",
                                                                 folder_ / "log", admin(), everyone()));
    auto config = load_daemon_config(path);
    ASSERT_TRUE(config) << config.error().text;
    auto daemon = Daemon::start(std::move(*config), {path, [this] { return card_.open(); }, {}});
    ASSERT_TRUE(daemon) << daemon.error().text;
    daemon_ = std::move(*daemon);
  }
  std::string admin() const { return folder_ / "admin.sock"; }
  std::string everyone() const { return folder_ / "public.sock"; }
  std::string answer_to(const std::string& request) const {
    const auto fd = connect_unix(everyone());
    EXPECT_TRUE(fd) << fd.error().text;
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    EXPECT_TRUE(send_all(*fd, {reinterpret_cast<const std::uint8_t*>(request.data()), request.size()}, deadline));
    std::string answer;
    for (std::uint8_t byte = 0; receive_all(*fd, {&byte, 1}, deadline);) {
      answer += static_cast<char>(byte);
    }
    return answer;
  }

  TemporaryFolder folder_;
  PluggedCard card_;
  std::unique_ptr<Daemon> daemon_;
};

/// Sends `bytes` in parts, stops sending, and reads until the daemon hangs up. Without `patient`, hangs up at once.
void talk(const std::string& socket, std::string_view bytes, test::Rng& rng, bool patient) {
  const auto fd = connect_unix(socket);
  ASSERT_TRUE(fd) << fd.error().text;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!bytes.empty()) {
    const auto part = bytes.substr(0, rng.between(1, 2000));
    bytes.remove_prefix(part.size());
    // It may have hung up already.
    if (!send_all(*fd, {reinterpret_cast<const std::uint8_t*>(part.data()), part.size()}, deadline)) {
      break;
    }
  }
  if (!patient) {
    return;
  }
  shutdown(fd->get(), SHUT_WR);
  std::array<std::uint8_t, 1> byte{};
  std::size_t answer = 0;
  while (receive_all(*fd, byte, deadline)) {
    ASSERT_LT(++answer, kMostAnswer);
  }
  ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "the daemon did not hang up";
}

std::string bytes_of(test::Rng& rng) {
  std::string bytes(rng.below(5000), '\0');
  for (auto& byte : bytes) {
    byte = static_cast<char>(rng.u8());
  }
  return bytes;
}

std::string encoded(std::string_view text) {
  std::string path;
  for (const char c : text) {
    path += fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  return path;
}

/// All that a request may change.
std::string changeable(tool::ApiClient& client) {
  std::string all;
  for (const auto* path : {"/v1/sysctl", "/v1/services"}) {
    const auto text = client.get_text(path);
    EXPECT_TRUE(text) << text.error().text;
    all += text ? *text : std::string();
  }
  const auto secrets = client.get_json("/v1/secrets");
  EXPECT_TRUE(secrets) << secrets.error().text;
  return secrets ? all + secrets->at("rotations").dump() : all;
}

TEST_F(FuzzHttp, bytes_at_the_public_socket_change_nothing) {
  test::Rng rng(test::Budget::seed());
  test::Mutator mutator(rng, good_requests(), http_words());
  const auto before = [this] {
    tool::ApiClient client(everyone());
    return changeable(client);
  }();
  const auto memory = test::resident_kib();
  {
    test::Budget budget;
    while (budget.more()) {
      SCOPED_TRACE(budget.which());
      const auto bytes = rng.percent(10) ? bytes_of(rng) : mutator.next();
      talk(everyone(), bytes, rng, rng.percent(80));
      ASSERT_FALSE(HasFailure()) << bytes;
    }
  }
  tool::ApiClient client(everyone());
  EXPECT_EQ(changeable(client), before);
  if (test::kMemoryTells) {
    EXPECT_LT(test::resident_kib() - memory, kMostGrowthKib);
  }
}

TEST_F(FuzzHttp, bytes_at_the_admin_socket_leave_it_serving) {
  test::Rng rng(test::Budget::seed());
  test::Mutator mutator(rng, good_requests(), http_words());
  test::Budget budget;
  while (budget.more()) {
    SCOPED_TRACE(budget.which());
    const auto bytes = rng.percent(10) ? bytes_of(rng) : mutator.next();
    talk(admin(), bytes, rng, rng.percent(80));
    if (rng.percent(5)) {
      tool::ApiClient client(admin());
      const auto status = client.get_json("/v1/status");
      ASSERT_TRUE(status) << status.error().text << "\n" << bytes;
      ASSERT_EQ(status->at("card").at("state"), "up");
    }
    ASSERT_FALSE(HasFailure()) << bytes;
  }
}

TEST_F(FuzzHttp, an_answer_is_never_many_times_what_there_is) {
  // Much to say, and a small header that asks for it a thousand times.
  const auto plain = answer_to("GET /v1/sysctl HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  ASSERT_GT(plain.size(), 1'000U);
  std::string ranges = "bytes=0-";
  for (int i = 0; i < 1'000; ++i) {
    ranges += ",0-";
  }
  const auto asked =
      "GET /v1/sysctl HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Encoding: br\r\nRange: " + ranges;
  EXPECT_EQ(answer_to(asked + "\r\n\r\n").size(), plain.size());
}

TEST_F(FuzzHttp, a_request_without_an_end_breaks_off) {
  constexpr int kMost = 1'000;  // times 64 KiB
  for (const std::string_view begin : {"", "GET /", "GET / HTTP/1.1\r\n"}) {
    const auto fd = connect_unix(everyone());
    ASSERT_TRUE(fd) << fd.error().text;
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    const std::string more(65'536, 'a');
    int sent = 0;
    for (std::string_view part = begin;
         sent < kMost && send_all(*fd, {reinterpret_cast<const std::uint8_t*>(part.data()), part.size()}, deadline);
         part = more) {
      ++sent;
    }
    EXPECT_LT(sent, kMost);
    EXPECT_LT(std::chrono::steady_clock::now(), deadline);
  }
}

TEST_F(FuzzHttp, who_waits_for_the_log_and_dies_gives_its_place_to_others) {
  tool::ApiClient client(everyone());
  const auto log = client.get_json("/v1/log");
  ASSERT_TRUE(log) << log.error().text;
  const auto path = [&](int wait_s) {
    return fmt::format("/v1/log?after={}&wait_s={}", log->at("next").get<std::uint64_t>() - 1, wait_s);
  };
  const auto request = fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", path(60));
  const auto now = [] { return std::chrono::steady_clock::now(); };
  constexpr int kMost = 40;
  std::vector<FileDescriptor> waiting;
  std::array<std::uint8_t, 12> answer{};
  // The first that gets an answer at once is one too many.
  for (bool answered = false; !answered && waiting.size() < kMost;) {
    auto fd = connect_unix(everyone());
    ASSERT_TRUE(fd) << fd.error().text;
    ASSERT_TRUE(
        send_all(*fd, {reinterpret_cast<const std::uint8_t*>(request.data()), request.size()}, now() + kPatience));
    answered = static_cast<bool>(receive_all(*fd, answer, now() + std::chrono::milliseconds(200)));
    waiting.push_back(std::move(*fd));
  }
  ASSERT_EQ(std::string(answer.begin(), answer.end()), "HTTP/1.1 503");
  ASSERT_GT(waiting.size(), Api::kMostWaitingOfOne);
  waiting.clear();
  int status = 0;
  for (const auto deadline = now() + kPatience; status != 200 && now() < deadline;) {
    const auto reply = client.get(path(1));
    status = reply ? reply->status : 0;
  }
  EXPECT_EQ(status, 200);
}

TEST_F(FuzzHttp, values_of_sysctls_by_http) {
  test::Rng rng(test::Budget::seed());
  test::Mutator names(rng, {"net.inet.tcp.syncookies", "net.synward.paused", "net.inet.tcp.syncache.hashsize"},
                      {".", "/", "%2f", "?", "#", "%"});
  test::Mutator values(rng, {"0", "1", "drop", "0x10"}, {" ", "\n", "-", "%"});
  constexpr std::size_t kLongest = 1'000;  // a daemon that hangs up on longer ones may not be heard
  tool::ApiClient client(admin());
  test::Budget budget;
  std::uint64_t taken = 0;
  while (budget.more()) {
    const auto name = rng.percent(50) ? std::string("net.inet.tcp.syncookies") : names.next().substr(0, kLongest);
    const auto value = values.next().substr(0, kLongest);
    SCOPED_TRACE(fmt::format("{}: {}={}", budget.which(), name, value));
    const auto reply = client.put("/v1/sysctl/" + encoded(name), value);
    ASSERT_TRUE(reply) << reply.error().text;
    const auto json = nlohmann::json::parse(reply->body, nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << reply->status << ": " << reply->body;
    taken += reply->status == 200 ? 1 : 0;
    ASSERT_TRUE(json.contains(reply->status == 200 ? "new" : "error")) << reply->body;
    ASSERT_LT(reply->status, 500);
  }
  EXPECT_GT(taken, 0U);
}

}  // namespace
}  // namespace synward
