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
#include <condition_variable>
#include <fstream>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "listeners.hpp"
#include "temporary_folder.hpp"

namespace synward {
namespace {

/// Where requests for /stand wait until it is opened.
class Gate {
 public:
  void enter() {
    std::unique_lock lock(mutex_);
    ++inside_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    --inside_;
  }
  bool has(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::minutes(1), [&] { return inside_ >= count; });
  }
  std::size_t inside() {
    const std::lock_guard lock(mutex_);
    return inside_;
  }
  void open() { set(true); }
  void shut() { set(false); }

 private:
  void set(bool open) {
    {
      const std::lock_guard lock(mutex_);
      open_ = open;
    }
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  std::size_t inside_ = 0;
};
Gate gate;

/// An answer that says who asked for what.
ApiReply echo(const ApiRequest& request) {
  std::string text = fmt::format("{} {} admin {} uid {} body {}", request.method, request.path, request.admin,
                                 request.uid ? std::to_string(*request.uid) : "none", request.body);
  for (const auto& [key, value] : request.query) {
    text += fmt::format(" {}={}", key, value);
  }
  if (request.path == "/stand") {
    gate.enter();
  }
  if (request.path == "/long" || request.path == "/huge") {
    return {200, std::string(request.path == "/long" ? 5'000 : 1 << 20, 'a'), "application/json"};
  }
  if (request.path == "/throw") {
    throw std::runtime_error("no");
  }
  if (request.path == "/busy") {
    return {.status = 503, .body = text, .again = true};
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
    gate.shut();
    admin = std::make_unique<HttpServer>(
        HttpServer::Settings{.fd = listeners->admin.fd(), .door = HttpServer::Door::admin}, echo);
    everyone = std::make_unique<HttpServer>(HttpServer::Settings{.fd = listeners->everyone.fd()}, echo);
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
  static void say(const FileDescriptor& connection, std::string_view text) {
    EXPECT_TRUE(send_all(connection, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()},
                         std::chrono::steady_clock::now() + std::chrono::minutes(1)));
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

  TemporaryFolder folder;
  ApiSettings settings;
  std::unique_ptr<Listeners> listeners;
  std::unique_ptr<HttpServer> admin, everyone;
};

TEST_F(HttpServerTest, who_is_busy_says_when_to_ask_again) {
  auto client = client_of(settings.admin);
  const auto busy = client.Get("/busy");
  ASSERT_TRUE(busy);
  EXPECT_EQ(busy->status, 503);
  EXPECT_EQ(busy->get_header_value("Retry-After"), "1");
  const auto not_there = client.Get("/no");
  ASSERT_TRUE(not_there);
  EXPECT_FALSE(not_there->has_header("Retry-After"));
}

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

TEST(Sockets, have_their_mode_whatever_the_umask_and_touch_no_other_file) {
  const TemporaryFolder folder;
  const auto before = umask(0077);
  const auto listener = UnixListener::listen(folder / "s", 0666);
  umask(before);
  ASSERT_TRUE(listener) << listener.error().text;
  struct stat file {};
  ASSERT_EQ(stat((folder / "s").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0666U);
  // A path that another puts there, at whatever moment, keeps its mode: nothing is done by path.
  const auto victim = folder.write("victim", "");
  ASSERT_EQ(symlink(victim.c_str(), (folder / "link").c_str()), 0);
  EXPECT_FALSE(UnixListener::listen(folder / "link", 0666));
  ASSERT_EQ(stat(victim.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600U);
}

TEST(Sockets, are_refused_where_others_could_replace_them) {
  const TemporaryFolder folder;
  const auto open_in = [&](const std::string& name) {
    const auto opened = Listeners::open({.admin = folder / name + "/a", .everyone = folder / name + "/p"});
    return opened ? std::string() : opened.error().text;
  };
  ASSERT_EQ(mkdir((folder / "open").c_str(), 0700), 0);
  ASSERT_EQ(chmod((folder / "open").c_str(), 0777), 0);
  EXPECT_EQ(open_in("open"),
            folder / "open" + ": has mode 0777, others could replace what lies in it (chmod go-w FOLDER)");
  // What lies below is no safer.
  ASSERT_EQ(mkdir((folder / "open/below").c_str(), 0700), 0);
  EXPECT_TRUE(open_in("open/below").starts_with(folder / "open" + ": has mode 0777")) << open_in("open/below");
  // In a sticky one nobody can.
  ASSERT_EQ(chmod((folder / "open").c_str(), 01777), 0);
  EXPECT_EQ(open_in("open/below"), "");
  if (geteuid() == 0) {
    ASSERT_EQ(mkdir((folder / "theirs").c_str(), 0755), 0);
    ASSERT_EQ(chown((folder / "theirs").c_str(), 12345, 12345), 0);
    EXPECT_TRUE(open_in("theirs").starts_with(folder / "theirs" + ": belongs to user 12345")) << open_in("theirs");
  }
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
  EXPECT_TRUE(raw("POST /p HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").ends_with("body "));
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
    while (held.size() < 2 * HttpServer::kConnections) {
      held.push_back(connect(settings.everyone));
    }
  });
  auto mine = client_of(settings.everyone);
  mine.set_keep_alive(true);
  const auto mine_at = [&mine] { return mine.socket(); };
  ASSERT_TRUE(mine.Get("/x"));
  const auto before = mine_at();
  // Who comes now pushes out a connection of the one who has most, never mine.
  as_another([&] {
    while (held.size() < 4 * HttpServer::kConnections) {
      held.push_back(connect(settings.everyone));
    }
  });
  EXPECT_TRUE(mine.Get("/x"));
  EXPECT_EQ(mine_at(), before) << "it had to connect again";
  EXPECT_GE(everyone->turned_away(), HttpServer::kConnections);
}

TEST_F(HttpServerShares, one_user_leaves_threads_to_others) {
  as_another([&] {
    for (std::size_t i = 0; i < 2 * HttpServer::kThreads; ++i) {
      held.push_back(connect(settings.everyone));
      say(held.back(), "GET /stand HTTP/1.1\r\nHost: x\r\n\r\n");
    }
  });
  ASSERT_TRUE(gate.has(HttpServer::kThreadsOfOne));
  EXPECT_TRUE(answers());
  EXPECT_EQ(gate.inside(), HttpServer::kThreadsOfOne);
  gate.open();
}

TEST_F(HttpServerTest, metrics_have_a_thread_of_their_own) {
  std::vector<FileDescriptor> held;
  for (std::size_t i = 0; i < 2 * HttpServer::kThreads; ++i) {
    held.push_back(connect(settings.everyone));
    say(held.back(), "GET /stand HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  ASSERT_TRUE(gate.has(HttpServer::kThreadsOfOne));
  const auto reply = client_of(settings.everyone).Get("/metrics");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
  gate.open();
}

TEST_F(HttpServerTest, requests_that_come_together_are_told_apart) {
  const auto answers =
      raw("GET /one HTTP/1.1\r\nHost: x\r\nContent-Length: 28\r\n\r\nGET /two HTTP/1.1\r\nHost: x\r\n"
          "PUT /three HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
          "GET /four?x=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /five HTTP/1.1\r\nHost: x\r\n\r\n");
  for (const auto* there : {"GET /one admin", "PUT /three admin", "body abc", "GET /four admin"}) {
    EXPECT_NE(answers.find(there), std::string::npos) << there << "\n" << answers;
  }
  for (const auto* not_there : {"/two", "/five"}) {
    EXPECT_EQ(answers.find(not_there), std::string::npos) << answers;
  }
}

TEST_F(HttpServerTest, no_ranges_no_compression_no_forms) {
  const auto plain = raw("GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  std::string ranges = "bytes=0-";
  for (int i = 0; i < 500; ++i) {
    ranges += ",0-";
  }
  for (const auto& field :
       {"Range: " + ranges, std::string("Range: bytes=-5"), std::string("Range: lines=1-2"),
        std::string("Accept-Encoding: br, gzip, deflate"), std::string("If-Range: x"), std::string("Upgrade: h2c")}) {
    EXPECT_EQ(raw("GET /long HTTP/1.1\r\nHost: x\r\n" + field + "\r\nConnection: close\r\n\r\n"), plain) << field;
  }
  EXPECT_TRUE(plain.starts_with("HTTP/1.1 200 ")) << plain.substr(0, 200);
  const auto form =
      raw("POST /p HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Encoding: gzip\r\n"
          "Content-Length: 3\r\nConnection: close\r\n\r\nabc");
  EXPECT_TRUE(form.ends_with("body abc")) << form;
}

TEST_F(HttpServerTest, what_two_readers_could_read_in_two_ways_is_refused) {
  const std::string begin = "PUT /x HTTP/1.1\r\nHost: x\r\n";
  for (const auto& [fields, status] :
       {std::pair{"Content-Length: 1abc", 400}, std::pair{"Content-Length: 1\r\nContent-Length: 2", 400},
        std::pair{"Content-Length: 1\r\nTransfer-Encoding: chunked", 501}, std::pair{"Transfer-Encoding : x", 400},
        std::pair{"X: y\r\n folded", 400}}) {
    const auto answer = raw(begin + fields + "\r\n\r\na" + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(answer.starts_with(fmt::format("HTTP/1.1 {} ", status))) << fields << "\n" << answer;
    EXPECT_EQ(answer.find("smuggled"), std::string::npos);
  }
}

TEST_F(HttpServerTest, who_sends_slowly_keeps_nobody_out) {
  std::vector<FileDescriptor> slow;
  for (std::size_t i = 0; i < 3 * HttpServer::kConnections; ++i) {
    slow.push_back(connect(settings.everyone));
    say(slow.back(), "GET /x HTTP/1.1\r\nX-Slow: ");
  }
  const auto reply = client_of(settings.everyone).Get("/x");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
  EXPECT_GE(everyone->turned_away(), HttpServer::kConnections);
}

TEST_F(HttpServerTest, requests_that_wait_for_a_thread_keep_no_place) {
  std::vector<FileDescriptor> held;
  for (std::size_t i = 0; i < 2 * HttpServer::kConnections; ++i) {
    held.push_back(connect(settings.everyone));
    say(held.back(), "GET /stand HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  // One that is slow to ask outlives as many as there are places, less those that are at work.
  const auto slow = connect(settings.everyone);
  for (std::size_t i = 0; i < HttpServer::kConnections / 2; ++i) {
    held.push_back(connect(settings.everyone));
    say(held.back(), "GET /stand HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  say(slow, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  std::array<std::uint8_t, 12> answer{};
  ASSERT_TRUE(receive_all(slow, answer, std::chrono::steady_clock::now() + std::chrono::minutes(1)));
  EXPECT_EQ(std::string(answer.begin(), answer.end()), "HTTP/1.1 200");
  gate.open();
}

TEST_F(HttpServerTest, answers_that_nobody_takes_do_not_fill_the_memory) {
  std::vector<FileDescriptor> held;
  for (std::size_t i = 0; i < HttpServer::kConnections / 2; ++i) {
    held.push_back(connect(settings.everyone));
    say(held.back(), "GET /huge HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  // Each is 1 MiB, 2 MiB are kept: most of them make way, and whoever asks is answered.
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (everyone->turned_away() < held.size() / 2 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_GE(everyone->turned_away(), held.size() / 2);
  EXPECT_TRUE(client_of(settings.everyone).Get("/x"));
}

TEST_F(HttpServerTest, tells_of_a_crowd_and_not_of_each) {
  std::atomic<int> told = 0;
  std::atomic<std::uint64_t> said = 0;
  everyone = std::make_unique<HttpServer>(HttpServer::Settings{.fd = listeners->everyone.fd(),
                                                               .crowded =
                                                                   [&](std::uint64_t count) {
                                                                     ++told;
                                                                     said = count;
                                                                   }},
                                          echo);
  std::vector<FileDescriptor> silent;
  while (silent.size() < 3 * HttpServer::kConnections) {
    silent.push_back(connect(settings.everyone));
  }
  EXPECT_TRUE(client_of(settings.everyone).Get("/x"));
  EXPECT_EQ(told, 1);
  EXPECT_GE(said, 1U);
  EXPECT_LE(said, everyone->turned_away());
}

TEST_F(HttpServerTest, where_all_places_are_taken_the_one_idle_for_longest_makes_way) {
  constexpr std::size_t kTooMany = 40;
  std::vector<FileDescriptor> silent;
  silent.reserve(HttpServer::kConnections + kTooMany);
  while (silent.size() < HttpServer::kConnections + kTooMany) {
    silent.push_back(connect());
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  std::uint8_t byte = 0;
  const auto ended = receive_all(silent.front(), {&byte, 1}, deadline);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().text, "the connection was closed");
  say(silent.back(), "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
  std::array<std::uint8_t, 12> answer{};
  ASSERT_TRUE(receive_all(silent.back(), answer, deadline));
  EXPECT_EQ(std::string(answer.begin(), answer.end()), "HTTP/1.1 200");
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
  const HttpServer server({.fd = opened->tcp->get(), .door = HttpServer::Door::tcp}, echo);
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
