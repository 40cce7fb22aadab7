// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "api.hpp"
#include "synward/unix_socket.hpp"

namespace synward {

/// Brings the API to the clients of one listening socket. Threads, waiting connections, the size of a request and the
/// time for each are bounded.
class HttpServer {
 public:
  static constexpr std::size_t kThreads = 8;
  static constexpr std::size_t kWaiting = 64;  ///< connections that wait for a thread; more are turned away

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

  void accept_clients();
  void serve_clients();
  FileDescriptor next_client();

  Settings settings_;
  std::unique_ptr<Http> http_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<FileDescriptor> clients_;
  std::atomic<bool> ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace synward
