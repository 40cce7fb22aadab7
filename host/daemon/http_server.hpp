// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <poll.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "api.hpp"
#include "synward/unix_socket.hpp"

namespace synward {

/// Brings the API to the clients of one listening socket. A connection has a thread only while a request is under way:
/// clients that keep theirs open keep nobody out. Threads, connections, the size of a request and the time for each are
/// bounded, and at the public Unix socket also what of them one user can hold.
class HttpServer {
 public:
  static constexpr std::size_t kThreads = 8;
  static constexpr std::size_t kThreadsOfOne = 6;
  static constexpr std::size_t kConnections = 96;  ///< more are turned away
  static constexpr std::size_t kConnectionsOfOne = 64;

  struct Settings {
    int fd = -1;         ///< listens and does not block; outlives the server
    bool admin = false;  ///< what the requests may do
    bool local = true;   ///< a Unix socket: the system tells who asks
  };

  HttpServer(const Settings& settings, std::function<ApiReply(const ApiRequest&)> handle);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  HttpServer(HttpServer&&) = delete;
  HttpServer& operator=(HttpServer&&) = delete;
  /// Ends what is under way.
  ~HttpServer();

 private:
  class Http;
  using User = std::optional<std::uint32_t>;  ///< nobody known where clients come by TCP
  struct Connection {
    FileDescriptor fd;
    User user;
    int requests_left;
    std::chrono::steady_clock::time_point deadline;  ///< for the next request to begin
  };
  struct Share {
    std::size_t connections = 0;  ///< idle, ready and served
    std::size_t threads = 0;
  };

  void watch();
  std::vector<pollfd> watched() const;
  void accept_client();
  void sort_idle(const std::vector<pollfd>& seen);
  void serve_clients();
  bool let_in(const User& user);
  void let_out(const User& user);
  bool has_all(const User& user, std::size_t Share::*what, std::size_t most) const;
  std::optional<Connection> next_ready();
  void take_back(Connection connection);

  Settings settings_;
  std::unique_ptr<Http> http_;
  FileDescriptor wake_;           ///< an eventfd: a connection was given back
  std::vector<Connection> idle_;  ///< the watching thread's
  std::mutex mutex_;              ///< of the next five
  std::condition_variable arrived_;
  std::deque<Connection> ready_;
  std::vector<Connection> given_back_;
  std::map<User, Share> shares_;  ///< of those who have connections
  std::size_t connections_ = 0;   ///< of all of them
  std::atomic<bool> ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace synward
