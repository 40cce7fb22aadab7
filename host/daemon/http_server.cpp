// SPDX-License-Identifier: BSD-2-Clause
#include "http_server.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "socket_stream.hpp"

namespace synward {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kLookAround{100};  ///< how long the end may go unseen
constexpr seconds kIdle{5};               ///< between two requests of a connection
constexpr seconds kRequestTime{10};       ///< to send a request
constexpr seconds kAnswerTime{20};        ///< to take an answer
constexpr int kRequests = 1'000;          ///< of a connection
constexpr std::size_t kMostBody = 4'096;

constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 33\r\n"
    "Connection: close\r\n\r\n{\"error\": \"too many connections\"}";

std::optional<std::uint32_t> uid_of(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  const bool told = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && size == sizeof peer;
  return told ? std::optional(static_cast<std::uint32_t>(peer.uid)) : std::nullopt;
}

/// The client that a thread serves now.
struct Client {
  std::optional<std::uint32_t> uid;
  SocketStream* stream = nullptr;
  bool understood = false;  ///< the request was read to its end
};
thread_local Client client;

}  // namespace

/// httplib's part: it reads requests and writes answers. It never listens: the sockets are HttpServer's.
class HttpServer::Http : public httplib::Server {
 public:
  Http(bool admin, std::function<ApiReply(const ApiRequest&)> handle) : admin_(admin), handle_(std::move(handle)) {
    const auto with_body = [this](const httplib::Request& request, httplib::Response& response,
                                  const httplib::ContentReader& content) {
      reply(request, response, body_of(request, content));
    };
    Get(".*", [this](const httplib::Request& request, httplib::Response& response) {
      client.understood = !has_body(request);
      reply(request, response, {});
    });
    Put(".*", with_body);
    Post(".*", with_body);
    set_payload_max_length(kMostBody);
    set_exception_handler([](const httplib::Request&, httplib::Response& response, const std::exception_ptr&) {
      response.status = 500;
      response.set_content("{\"error\":\"internal error\"}", "application/json");
    });
    set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (response.body.empty()) {
        response.set_content(fmt::format("{{\"error\":\"HTTP status {}\"}}", response.status), "application/json");
      }
    });
    set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
      if (!client.understood) {
        response.set_header("Connection", "close");
      }
    });
    keep_alive_timeout_sec_ = kIdle.count();
  }

  /// Serves the requests that are there. How many more the connection may bring; 0: it ends.
  int serve(const Connection& connection, const std::atomic<bool>& ending) {
    SocketStream stream(connection.fd.get(), ending);
    client = {connection.user, &stream};
    int requests_left = connection.requests_left;
    bool goes_on = true;
    while (goes_on && requests_left > 0) {
      client.understood = false;
      bool closed = false;
      // What is left of a request that was not read must not be taken for the next one.
      goes_on = stream.begin_request(kRequestTime) && process_request(stream, requests_left == 1, closed, nullptr) &&
                !closed && client.understood;
      --requests_left;
      if (!stream.has_more()) {
        break;
      }
    }
    client = {};
    return goes_on ? requests_left : 0;
  }

 private:
  static bool has_body(const httplib::Request& request) {
    return request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
  }

  /// Without a length there is no body, as HTTP has it for requests; httplib would wait for the connection's end.
  static std::string body_of(const httplib::Request& request, const httplib::ContentReader& content) {
    std::string body;
    client.understood = true;
    if (has_body(request)) {
      client.understood = content([&body](const char* data, std::size_t size) {
        body.append(data, size);
        return body.size() <= kMostBody;
      });
    }
    return body;
  }

  void reply(const httplib::Request& request, httplib::Response& response, std::string body) {
    if (response.status >= 400) {
      return;  // the body was too long, or broke off
    }
    // httplib leaves the body out where only the head is asked for.
    const auto method = request.method == "HEAD" ? "GET" : request.method;
    ApiRequest asked{method, request.path, {}, std::move(body), admin_, client.uid, [stream = client.stream] {
                       return stream->peer_gone();
                     }};
    for (const auto& [key, value] : request.params) {
      asked.query.emplace(key, value);
    }
    auto answer = handle_(asked);
    response.status = answer.status;
    response.body = std::move(answer.body);
    response.set_header("Content-Type", answer.type);
    client.stream->begin_answer(kAnswerTime);
  }

  bool admin_;
  std::function<ApiReply(const ApiRequest&)> handle_;
};

HttpServer::HttpServer(const Settings& settings, std::function<ApiReply(const ApiRequest&)> handle)
    : settings_(settings),
      http_(std::make_unique<Http>(settings.admin, std::move(handle))),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  threads_.emplace_back([this] { watch(); });
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads_.emplace_back([this] { serve_clients(); });
  }
}

HttpServer::~HttpServer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  arrived_.notify_all();
  for (auto& thread : threads_) {
    thread.join();
  }
}

void HttpServer::watch() {
  while (!ending_) {
    auto fds = watched();
    if (poll(fds.data(), fds.size(), static_cast<int>(kLookAround.count())) < 0) {
      continue;
    }
    sort_idle(fds);
    if (fds[0].revents != 0) {
      accept_client();
    }
  }
}

/// The listening socket, the eventfd, and the connections of idle_ in their order.
std::vector<pollfd> HttpServer::watched() const {
  std::vector<pollfd> fds{{settings_.fd, POLLIN, 0}, {wake_.get(), POLLIN, 0}};
  for (const auto& connection : idle_) {
    fds.push_back({connection.fd.get(), POLLIN, 0});
  }
  return fds;
}

void HttpServer::accept_client() {
  FileDescriptor arrived(accept4(settings_.fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!arrived) {
    // Without descriptors the client stays where it is; so that this is no busy loop:
    std::this_thread::sleep_for(kLookAround / 10);
  } else if (const auto user = settings_.local ? uid_of(arrived.get()) : std::nullopt; let_in(user)) {
    idle_.push_back({std::move(arrived), user, kRequests, SteadyClock::now() + kIdle});
  } else {
    send(arrived.get(), kBusy.data(), kBusy.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
}

/// With mutex_ held. The admin socket has one user; all clients of TCP are as one, and unknown.
bool HttpServer::has_all(const User& user, std::size_t Share::*what, std::size_t most) const {
  const auto share = shares_.find(user);
  return user && !settings_.admin && share != shares_.end() && share->second.*what >= most;
}

bool HttpServer::let_in(const User& user) {
  const std::lock_guard lock(mutex_);
  if (connections_ >= kConnections || has_all(user, &Share::connections, kConnectionsOfOne)) {
    return false;
  }
  ++connections_;
  ++shares_[user].connections;
  return true;
}

/// With mutex_ held.
void HttpServer::let_out(const User& user) {
  --connections_;
  if (--shares_[user].connections == 0) {
    shares_.erase(user);
  }
}

/// Hands on the connections that have something to say, ends those that had nothing for too long, and takes back those
/// that have been served. `seen`: what watched() gave, polled.
void HttpServer::sort_idle(const std::vector<pollfd>& seen) {
  constexpr std::size_t kOthers = 2;
  std::vector<Connection> still_idle;
  const auto now = SteadyClock::now();
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < idle_.size(); ++i) {
    if (seen[kOthers + i].revents != 0) {
      ready_.push_back(std::move(idle_[i]));
      arrived_.notify_one();
    } else if (now < idle_[i].deadline) {
      still_idle.push_back(std::move(idle_[i]));
    } else {
      let_out(idle_[i].user);
    }
  }
  std::ranges::move(given_back_, std::back_inserter(still_idle));
  given_back_.clear();
  eventfd_t count = 0;
  eventfd_read(wake_.get(), &count);
  idle_ = std::move(still_idle);
}

std::optional<HttpServer::Connection> HttpServer::next_ready() {
  std::unique_lock lock(mutex_);
  auto next = ready_.end();
  arrived_.wait(lock, [&] {
    next = std::ranges::find_if(
        ready_, [this](const auto& connection) { return !has_all(connection.user, &Share::threads, kThreadsOfOne); });
    return ending_ || next != ready_.end();
  });
  if (ending_) {
    return std::nullopt;
  }
  auto connection = std::move(*next);
  ready_.erase(next);
  ++shares_[connection.user].threads;
  return connection;
}

void HttpServer::take_back(Connection connection) {
  connection.deadline = SteadyClock::now() + kIdle;
  const std::lock_guard lock(mutex_);
  --shares_[connection.user].threads;
  arrived_.notify_one();  // for another of this user's, that was not to be served
  if (connection.requests_left > 0) {
    given_back_.push_back(std::move(connection));
    eventfd_write(wake_.get(), 1);
  } else {
    let_out(connection.user);
  }
}

void HttpServer::serve_clients() {
  while (auto connection = next_ready()) {
    try {
      connection->requests_left = http_->serve(*connection, ending_);
    } catch (const std::exception&) {
      connection->requests_left = 0;  // one client's connection ends; the thread goes on
    }
    take_back(std::move(*connection));
  }
}

}  // namespace synward
