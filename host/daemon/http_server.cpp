// SPDX-License-Identifier: BSD-2-Clause
#include "http_server.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "socket_stream.hpp"

namespace synward {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

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

  /// Serves a connection to its end.
  void serve(int fd, bool local, const std::atomic<bool>& ending) {
    SocketStream stream(fd, ending);
    client = {local ? uid_of(fd) : std::nullopt, &stream};
    bool closed = false;
    for (int left = kRequests; left > 0 && !closed && stream.begin_request(kIdle, kRequestTime); --left) {
      client.understood = false;
      if (!process_request(stream, left == 1, closed, nullptr) || !client.understood) {
        break;  // what is left of a request must not be taken for the next one
      }
    }
    client = {};
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
    ApiRequest asked{request.method, request.path, {}, std::move(body), admin_, client.uid};
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
    : settings_(settings), http_(std::make_unique<Http>(settings.admin, std::move(handle))) {
  threads_.emplace_back([this] { accept_clients(); });
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

void HttpServer::accept_clients() {
  while (!ending_) {
    pollfd watched{settings_.fd, POLLIN, 0};
    if (poll(&watched, 1, static_cast<int>(kLookAround.count())) <= 0) {
      continue;
    }
    FileDescriptor arrived(accept4(settings_.fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!arrived) {
      // Without descriptors the client stays where it is; so that this is no busy loop:
      std::this_thread::sleep_for(kLookAround / 10);
      continue;
    }
    const std::lock_guard lock(mutex_);
    if (clients_.size() >= kWaiting) {
      send(arrived.get(), kBusy.data(), kBusy.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      continue;
    }
    clients_.push_back(std::move(arrived));
    arrived_.notify_one();
  }
}

FileDescriptor HttpServer::next_client() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return ending_ || !clients_.empty(); });
  if (ending_) {
    return {};
  }
  auto first = std::move(clients_.front());
  clients_.pop_front();
  return first;
}

void HttpServer::serve_clients() {
  while (const auto arrived = next_client()) {
    try {
      http_->serve(arrived.get(), settings_.local, ending_);
    } catch (const std::exception&) {
      continue;  // one client's connection ends; the thread goes on
    }
  }
}

}  // namespace synward
