// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "live/live_network.hpp"

namespace synward::test {

/// SYNs (74 bytes, as a Linux client's) from random addresses to 10.99.0.2 port 80, out of the client's interface.
class Flood {
 public:
  /// `per_second`: how many; sent each millisecond. Ends with this, or after `seconds`.
  Flood(const LiveNetwork& network, double per_second, double seconds, std::uint64_t seed);
  ~Flood();
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  /// Ends it. How many were sent.
  std::uint64_t stop();

 private:
  std::atomic<bool> stop_ = false;
  std::atomic<std::uint64_t> sent_ = 0;
  std::thread thread_;
};

}  // namespace synward::test
