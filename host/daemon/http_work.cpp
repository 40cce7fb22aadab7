// SPDX-License-Identifier: BSD-2-Clause
#include "http_work.hpp"

#include <algorithm>
#include <utility>

namespace synward {

void HttpWork::add(HttpJob job) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(job));
  }
  added_.notify_all();  // not every thread may take it
}

bool HttpWork::withdraw(std::uint64_t connection) {
  const std::lock_guard lock(mutex_);
  return std::erase_if(waiting_, [connection](const HttpJob& job) { return job.connection == connection; }) > 0;
}

/// With mutex_ held: what a thread may do next.
std::deque<HttpJob>::iterator HttpWork::pick(bool only_metrics) {
  auto best = waiting_.end();
  std::size_t fewest = threads_of_one_;
  for (auto job = waiting_.begin(); job != waiting_.end(); ++job) {
    const auto running = running_.find(job->client);
    const auto threads = running == running_.end() ? 0 : running->second;
    if (only_metrics ? job->metrics && best == waiting_.end() : threads < fewest) {
      best = job;
      fewest = threads;
    }
  }
  return best;
}

std::optional<HttpJob> HttpWork::next(bool only_metrics) {
  std::unique_lock lock(mutex_);
  auto picked = waiting_.end();
  added_.wait(lock, [&] {
    picked = pick(only_metrics);
    return closed_ || picked != waiting_.end();
  });
  if (closed_) {
    return std::nullopt;
  }
  auto job = std::move(*picked);
  waiting_.erase(picked);
  ++running_[job.client];
  return job;
}

void HttpWork::finish(const HttpJob& job, std::string answer) {
  {
    const std::lock_guard lock(mutex_);
    if (--running_[job.client] == 0) {
      running_.erase(job.client);
    }
    answers_.push_back({job.connection, std::move(answer)});
  }
  added_.notify_all();  // another of this client's may go on
  answered_();
}

std::vector<HttpWork::Answer> HttpWork::take_answers() {
  const std::lock_guard lock(mutex_);
  return std::exchange(answers_, {});
}

void HttpWork::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  added_.notify_all();
}

}  // namespace synward
