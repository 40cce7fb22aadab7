// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/card_server.hpp"

namespace synward::sim {

void CardServer::poll(std::chrono::milliseconds timeout) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kLinger{1};
  constexpr std::chrono::milliseconds kMost{50};
  const auto end = Clock::now() + timeout + kMost;
  do {
    fds_.clear();
    for (const auto& endpoint : endpoints_) {
      endpoint->watch(fds_);
    }
    const bool interrupted = ::poll(fds_.data(), fds_.size(), static_cast<int>(timeout.count())) < 0;
    if (!serve() || interrupted) {
      return;
    }
    timeout = kLinger;
  } while (Clock::now() < end);
}

bool CardServer::serve() {
  bool served = false;
  for (const auto& endpoint : endpoints_) {
    served |= endpoint->serve();
  }
  return served;
}

}  // namespace synward::sim
