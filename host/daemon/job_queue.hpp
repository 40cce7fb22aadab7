// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

namespace synward {

/// Jobs that many threads give to one, and wait for. At most so many wait; one that is not begun in time never is.
class JobQueue {
 public:
  using Clock = std::chrono::steady_clock;

  explicit JobQueue(std::size_t most) : most_(most) {}

  /// Has `job` run on the serving thread, and gives its result. Nothing where the queue is full or closed, where the
  /// job is not done within `patience`, or where it throws. The job may outlive the call: it must own all that it uses.
  /// One that is `urgent` goes before all that are not.
  template <typename Job>
  auto call(Job job, std::chrono::milliseconds patience, bool urgent = false)
      -> std::optional<std::invoke_result_t<Job>> {
    using Result = std::invoke_result_t<Job>;
    auto result = std::make_shared<std::optional<Result>>();
    const auto ticket = std::make_shared<Ticket>();
    ticket->urgent = urgent;
    ticket->work = [job = std::move(job), result]() mutable { *result = job(); };
    if (!post(ticket, patience)) {
      return std::nullopt;
    }
    return std::move(*result);
  }

  /// On the serving thread: runs jobs until `until`, and in any case those that wait already; of those that are not
  /// urgent as many as 100 ms allow, and one at least. False once the queue is closed.
  bool serve(Clock::time_point until);
  /// Jobs that have not been begun.
  std::size_t waiting() const;
  /// Wakes everybody; from now on nothing is taken.
  void close();

 private:
  struct Ticket {
    enum class State { waiting, running, done, failed, given_up };
    std::function<void()> work;
    State state = State::waiting;
    bool urgent = false;
  };

  bool post(const std::shared_ptr<Ticket>& ticket, std::chrono::milliseconds patience);
  std::shared_ptr<Ticket> next(Clock::time_point until);

  std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable posted_, done_;
  std::deque<std::shared_ptr<Ticket>> tickets_;  ///< the urgent ones first
  bool closed_ = false;
};

}  // namespace synward
