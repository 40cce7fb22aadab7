// SPDX-License-Identifier: BSD-2-Clause
#include "log_book.hpp"

#include <utility>

#include "synward/printable.hpp"

namespace synward {

void LogBook::add(LogLine line) {
  // Names of files, and words of devices and users, must not become lines of their own.
  line.text = one_line(line.text);
  {
    const std::lock_guard lock(mutex_);
    lines_.add(std::move(line));
  }
  added_.notify_all();
}

std::vector<LogBook::Line> LogBook::behind(std::uint64_t after, std::size_t limit, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  added_.wait_for(lock, patience, [&] { return closed_ || lines_.last() > after; });
  return lines_.behind(after, limit);
}

std::vector<LogBook::Line> LogBook::tail(std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  return lines_.tail(limit);
}

std::uint64_t LogBook::last() const {
  const std::lock_guard lock(mutex_);
  return lines_.last();
}

void LogBook::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  added_.notify_all();
}

bool LogBook::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace synward
