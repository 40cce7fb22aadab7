// SPDX-License-Identifier: BSD-2-Clause
// The servers and their sockets, with clients of all kinds.
#include "http_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <fstream>
#include <memory>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "listeners.hpp"
#include "temporary_folder.hpp"

namespace synward {
namespace {

/// An answer that says who asked for what.
ApiReply echo(const ApiRequest& request) {
  std::string text = fmt::format("{} {} admin {} uid {} body {}", request.method, request.path, request.admin,
                                 request.uid ? std::to_string(*request.uid) : "none", request.body);
  for (const auto& [key, value] : request.query) {
    text += fmt::format(" {}={}", key, value);
  }
  if (request.path == "/throw") {
    throw std::runtime_error("no");
  }
  return {request.path == "/no" ? 404 : 200, text, "text/plain"};
}

class HttpServerTest : public testing::Test {
 protected:
  HttpServerTest() {
    settings.admin = folder / "run/admin.sock";
    settings.everyone = folder / "run/public.sock";
    auto opened = Listeners::open(settings);
    EXPECT_TRUE(opened) << opened.error().text;
    listeners = std::make_unique<Listeners>(std::move(*opened));
    admin = std::make_unique<HttpServer>(HttpServer::Settings{listeners->admin.fd(), true, true}, echo);
    everyone = std::make_unique<HttpServer>(HttpServer::Settings{listeners->everyone.fd(), false, true}, echo);
  }
  static httplib::Client client_of(const std::string& path) {
    httplib::Client client(path);
    client.set_address_family(AF_UNIX);
    client.set_default_headers({{"Host", "localhost"}});
    client.set_read_timeout(60);
    return client;
  }
  /// Connects, however many wait at the moment.
  FileDescriptor connect() const { return connect(settings.admin); }
  static FileDescriptor connect(const std::string& path) {
    for (int i = 0; i < 6'000; ++i) {
      if (auto connected = connect_unix(path)) {
        return std::move(*connected);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "nobody accepts";
    return {};
  }
  /// Sends raw bytes and reads until the server closes.
  std::string raw(const std::string& bytes, bool half_close = false) const {
    const auto connected = connect();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
    EXPECT_TRUE(send_all(connected, {begin, bytes.size()}, deadline));
    if (half_close) {
      shutdown(connected.get(), SHUT_WR);
    }
    std::string answer;
    std::uint8_t byte = 0;
    while (receive_all(connected, {&byte, 1}, deadline)) {
      answer += static_cast<char>(byte);
    }
    return answer;
  }

  /// What the first of the connections that is answered reads, and which it is; however long the server takes.
  static std::pair<std::string, const FileDescriptor*> first_answer(std::span<const FileDescriptor> connections) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (std::chrono::steady_clock::now() < deadline) {
      for (const auto& one : connections) {
        std::array<std::uint8_t, 12> bytes{};
        if (receive_all(one, bytes, std::chrono::steady_clock::now() + std::chrono::milliseconds(5))) {
          return {{bytes.begin(), bytes.end()}, &one};
        }
      }
    }
    return {};
  }

  TemporaryFolder folder;
  ApiSettings settings;
  std::unique_ptr<Listeners> listeners;
  std::unique_ptr<HttpServer> admin, everyone;
};

TEST_F(HttpServerTest, tells_the_api_who_asks_for_what) {
  auto client = client_of(settings.admin);
  auto reply = client.Get("/v1/log?after=3&x=a%20b");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, fmt::format("GET /v1/log admin true uid {} body  after=3 x=a b", getuid()));
  reply = client.Put("/v1/sysctl/a", "17", "text/plain");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, fmt::format("PUT /v1/sysctl/a admin true uid {} body 17", getuid()));
  reply = client.Post("/v1/reload");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
  reply = client_of(settings.everyone).Get("/x");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, fmt::format("GET /x admin false uid {} body ", getuid()));
}

TEST_F(HttpServerTest, believes_the_system_and_no_header) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "another user is needed";
  }
  ASSERT_EQ(chmod((folder / "").c_str(), 0755), 0);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const auto child = fork();
  if (child == 0) {
    const bool other = setgid(12345) == 0 && setuid(12345) == 0;
    auto client = client_of(settings.everyone);
    const auto reply =
        client.Get("/x", {{"X-Uid", "0"}, {"REMOTE_ADDR", "0"}, {"Authorization", "root"}, {"X-Forwarded-For", "::1"}});
    const auto text = other && reply ? reply->body : "none";
    // The admin socket is not for this user at all.
    const auto refused = client_of(settings.admin).Get("/x") ? " admin reached" : " admin refused";
    const auto said = text + refused;
    _exit(write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string said(200, '\0');
  std::size_t size = 0;
  for (ssize_t got = 1; got > 0; size += static_cast<std::size_t>(std::max<ssize_t>(got, 0))) {
    got = read(ends[0], said.data() + size, said.size() - size);
  }
  close(ends[0]);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(said.substr(0, size), "GET /x admin false uid 12345 body  admin refused");
}

TEST_F(HttpServerTest, sockets_have_their_modes_and_one_owner) {
  struct stat file {};
  ASSERT_EQ(stat(settings.admin.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600U);
  ASSERT_EQ(stat(settings.everyone.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0666U);
  const auto second = Listeners::open(settings);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().text, settings.admin + ": another synwardd listens there");
  EXPECT_TRUE(client_of(settings.admin).Get("/x"));
}

TEST_F(HttpServerTest, sockets_of_the_dead_are_replaced_and_other_files_are_not) {
  admin.reset();
  everyone.reset();
  const int leftover = socket(AF_UNIX, SOCK_STREAM, 0);
  listeners.reset();
  EXPECT_NE(access(settings.admin.c_str(), F_OK), 0);
  // A daemon that is killed leaves its socket behind.
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  settings.admin.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(bind(leftover, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  close(leftover);
  {
    const auto opened = Listeners::open(settings);
    EXPECT_TRUE(opened) << opened.error().text;
  }
  std::ofstream(settings.admin) << "somebody's text";
  const auto refused = Listeners::open(settings);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text, settings.admin + ": exists and is not a socket");
}

TEST_F(HttpServerTest, a_body_needs_a_length_and_has_a_limit) {
  EXPECT_NE(raw("POST /p HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").find("body "), std::string::npos);
  auto client = client_of(settings.admin);
  auto reply = client.Put("/x", std::string(4'096, 'a'), "text/plain");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
  reply = client.Put("/x", std::string(4'097, 'a'), "text/plain");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 413);
  EXPECT_TRUE(client_of(settings.admin).Get("/x"));
}

TEST_F(HttpServerTest, nonsense_is_answered_or_closed_and_hurts_nobody) {
  for (const std::string& bytes :
       {std::string("GET\r\n\r\n"), std::string("\r\n\r\n\r\n"), std::string("GET / HTTP/9.9\r\n\r\n"),
        std::string("GET /") + std::string(20'000, 'a') + " HTTP/1.1\r\n\r\n",
        std::string("GET / HTTP/1.1\r\nX: ") + std::string(20'000, 'a') + "\r\n\r\n", std::string(5'000, '\0'),
        std::string("PUT / HTTP/1.1\r\nContent-Length: -5\r\nConnection: close\r\n\r\n"),
        std::string("PUT / HTTP/1.1\r\nContent-Length: 99999999999999\r\nConnection: close\r\n\r\n"),
        std::string("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n"),
        std::string("DELETE /x HTTP/1.1\r\nConnection: close\r\n\r\n")}) {
    raw(bytes, true);
  }
  const auto reply = client_of(settings.admin).Get("/throw");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 500);
  EXPECT_EQ(reply->body, "{\"error\":\"internal error\"}");
  EXPECT_FALSE(reply->has_header("EXCEPTION_WHAT"));
  const auto none = client_of(settings.admin).Get("/no");
  ASSERT_TRUE(none);
  EXPECT_EQ(none->status, 404);
  EXPECT_TRUE(none->body.starts_with("GET /no"));
}

TEST_F(HttpServerTest, clients_that_say_nothing_do_not_keep_others_out) {
  std::vector<FileDescriptor> silent;
  silent.reserve(HttpServer::kThreads);
  for (std::size_t i = 0; i < HttpServer::kThreads; ++i) {
    silent.push_back(connect());
  }
  const auto reply = client_of(settings.admin).Get("/x");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
}

/// What one user leaves to others at the public socket: needs root, to be two users.
class HttpServerShares : public HttpServerTest {
 protected:
  void SetUp() override {
    if (geteuid() != 0) {
      GTEST_SKIP() << "another user is needed";
    }
    ASSERT_EQ(chmod((folder / "").c_str(), 0755), 0);
  }
  /// Runs `deeds` as another user, in a thread of its own: only that thread's credentials change.
  template <typename Deeds>
  static void as_another(Deeds deeds) {
    std::thread([&deeds] {
      ASSERT_EQ(syscall(SYS_setresuid, -1, 12345, -1), 0);
      deeds();
    }).join();
  }
  bool answers() const {
    const auto reply = client_of(settings.everyone).Get("/x");
    return reply && reply->status == 200;
  }

  std::vector<FileDescriptor> held;
};

TEST_F(HttpServerShares, one_user_leaves_connections_to_others) {
  as_another([&] {
    while (held.size() < HttpServer::kConnections) {
      held.push_back(connect(settings.everyone));
    }
    EXPECT_EQ(first_answer(std::span(held).subspan(HttpServer::kConnectionsOfOne)).first, "HTTP/1.1 503");
  });
  EXPECT_TRUE(answers());
}

TEST_F(HttpServerShares, one_user_leaves_threads_to_others) {
  as_another([&] {
    for (std::size_t i = 0; i < 2 * HttpServer::kThreads; ++i) {
      held.push_back(connect(settings.everyone));
      const std::array<std::uint8_t, 3> begun{'G', 'E', 'T'};
      EXPECT_TRUE(send_all(held.back(), begun, std::chrono::steady_clock::now() + std::chrono::minutes(1)));
    }
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // most likely all of them are with the server
  EXPECT_TRUE(answers());
  // What they began is not over: the answer did not have to wait until the server lost patience with them.
  const bool waiting = std::ranges::any_of(held, [](const FileDescriptor& one) {
    std::uint8_t byte = 0;
    const auto ended = receive_all(one, {&byte, 1}, std::chrono::steady_clock::now());
    return !ended && ended.error().text == "no answer in time";
  });
  EXPECT_TRUE(waiting);
}

TEST_F(HttpServerTest, too_many_are_turned_away) {
  constexpr std::size_t kTooMany = 40;
  std::vector<FileDescriptor> silent;
  silent.reserve(HttpServer::kConnections + kTooMany);
  while (silent.size() < HttpServer::kConnections + kTooMany) {
    silent.push_back(connect());
  }
  auto [answer, answered] = first_answer(std::span(silent).subspan(HttpServer::kConnections));
  ASSERT_NE(answered, nullptr);
  std::uint8_t byte = 0;
  while (receive_all(*answered, {&byte, 1}, std::chrono::steady_clock::now() + std::chrono::minutes(1))) {
    answer += static_cast<char>(byte);
  }
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
  EXPECT_TRUE(answer.ends_with("{\"error\": \"too many connections\"}"));
}

TEST_F(HttpServerTest, ends_with_clients_under_way) {
  constexpr std::size_t kClients = 20;
  std::vector<FileDescriptor> silent;
  silent.reserve(kClients);
  for (std::size_t i = 0; i < kClients; ++i) {
    silent.push_back(connect());
  }
  admin.reset();
  everyone.reset();
  listeners.reset();
  // Those who were served, those who waited, and those not yet accepted: each finds its connection ended.
  for (const auto& one : silent) {
    std::uint8_t byte = 0;
    const auto ended = receive_all(one, {&byte, 1}, std::chrono::steady_clock::now() + std::chrono::minutes(1));
    ASSERT_FALSE(ended);
    EXPECT_NE(ended.error().text, "no answer in time");
  }
}

TEST(Listeners, tcp_is_what_it_is_told) {
  const TemporaryFolder folder;
  ApiSettings settings{folder / "a", folder / "p", ApiSettings::Tcp{*parse_address("127.0.0.1"), 0}};
  const auto opened = Listeners::open(settings);
  ASSERT_TRUE(opened) << opened.error().text;
  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  ASSERT_EQ(getsockname(opened->tcp->get(), reinterpret_cast<sockaddr*>(&bound), &size), 0);
  const auto port = ntohs(bound.sin_port);
  const HttpServer server({opened->tcp->get(), false, false}, echo);
  const auto reply = httplib::Client("127.0.0.1", port).Get("/x");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "GET /x admin false uid none body ");
  settings = {folder / "b", folder / "q", ApiSettings::Tcp{*parse_address("127.0.0.1"), port}};
  const auto taken = Listeners::open(settings);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().text, fmt::format("127.0.0.1:{}: Address already in use", port));
}

}  // namespace
}  // namespace synward
