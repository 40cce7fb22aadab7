// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace synward::sim {

Progress::Progress(std::uint64_t total)
    : total_(std::max<std::uint64_t>(total, 1)), terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (shown_) {
    fmt::print(stderr, "\r\033[K");
  }
}

void Progress::update(std::uint64_t done) {
  if (!terminal_ || Clock::now() < next_) {
    return;
  }
  next_ = Clock::now() + std::chrono::milliseconds(200);
  constexpr std::uint64_t kWidth = 40;
  const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
  const auto filled = static_cast<std::size_t>(part * kWidth);
  const double spent = std::chrono::duration<double>(Clock::now() - start_).count();
  const double left = part > 0 ? spent / part - spent : 0;
  fmt::print(stderr, "\r[{}{}] {:3.0f} %  {:.0f} s left\033[K", std::string(filled, '#'),
             std::string(kWidth - filled, '.'), 100 * part, left);
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace synward::sim
