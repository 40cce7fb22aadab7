// SPDX-License-Identifier: BSD-2-Clause
#include "card_thread.hpp"

#include <algorithm>

namespace synward {

namespace {

/// The longest sleep: a clock that is set must be seen soon.
constexpr std::chrono::milliseconds kLongest{200};

}  // namespace

CardThread::CardThread(std::unique_ptr<CardKeeper> keeper, Clock clock)
    : keeper_(std::move(keeper)),
      clock_(std::move(clock)),
      seen_(std::chrono::steady_clock::now()),
      thread_([this] { run(); }) {}

CardThread::~CardThread() {
  jobs_.close();
  thread_.join();
}

std::chrono::milliseconds CardThread::silent_for() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - seen_.load());
}

void CardThread::run() {
  bool open = true;
  while (open) {
    const auto due = keeper_->visit();
    seen_ = std::chrono::steady_clock::now();
    const auto left = std::clamp(due - clock_.steady(), std::chrono::milliseconds(0), kLongest);
    open = jobs_.serve(JobQueue::Clock::now() + left);
  }
}

}  // namespace synward
