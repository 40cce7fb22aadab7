// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "numbered_ring.hpp"
#include "synward/log.hpp"

namespace synward {

/// What somebody who watches a part of the card has to say.
using LogWords = std::vector<std::pair<LogLevel, std::string>>;

/// The last lines of the log. Those who write never wait for those who read. Thread safe.
class LogBook {
 public:
  static constexpr std::size_t kLines = 10'000;
  using Line = NumberedRing<LogLine>::Item;

  /// `time` of the line: Unix time, s.
  void add(LogLine line);
  /// Lines behind number `after`, at most `limit`; waits up to `patience` for one.
  std::vector<Line> behind(std::uint64_t after, std::size_t limit, std::chrono::milliseconds patience = {});
  std::vector<Line> tail(std::size_t limit) const;
  std::uint64_t last() const;
  /// Nobody waits any more.
  void close();
  bool closed() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable added_;
  NumberedRing<LogLine> lines_{kLines};
  bool closed_ = false;
};

}  // namespace synward
