// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "http_codec.hpp"

namespace synward {

/// A request that waits for a thread.
struct HttpJob {
  std::uint64_t connection;
  std::string client;    ///< who asks, as far as shares go
  bool metrics = false;  ///< has a thread of its own
  HttpRequest request;
};

/// Requests on their way to threads, and answers on their way back. A client may have so many threads at once; of those
/// that wait, who has the fewest goes first. Thread safe.
class HttpWork {
 public:
  struct Answer {
    std::uint64_t connection;
    std::string bytes;
  };

  /// `threads_of_one`: the most that one client has. `answered`: called where an answer is there.
  HttpWork(std::size_t threads_of_one, std::function<void()> answered)
      : threads_of_one_(threads_of_one), answered_(std::move(answered)) {}

  void add(HttpJob job);
  /// Takes back a request that no thread has begun. False where one has.
  bool withdraw(std::uint64_t connection);
  /// Waits for the next request; nothing once it is closed.
  std::optional<HttpJob> next(bool only_metrics);
  void finish(const HttpJob& job, std::string answer);
  std::vector<Answer> take_answers();
  void close();

 private:
  std::deque<HttpJob>::iterator pick(bool only_metrics);

  std::size_t threads_of_one_;
  std::function<void()> answered_;
  std::mutex mutex_;
  std::condition_variable added_;
  std::deque<HttpJob> waiting_;
  std::map<std::string, std::size_t> running_;  ///< threads by client
  std::vector<Answer> answers_;
  bool closed_ = false;
};

}  // namespace synward
