// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

#include "card_keeper.hpp"
#include "clock.hpp"
#include "job_queue.hpp"

namespace synward {

/// What is said where CardThread::call gives nothing.
inline constexpr const char* kThreadIsBehind = "the card's thread is behind, try again";

/// The thread that owns the card. Others give it jobs.
class CardThread {
 public:
  static constexpr std::size_t kJobs = 64;  ///< that wait, at most

  CardThread(std::unique_ptr<CardKeeper> keeper, Clock clock);
  CardThread(const CardThread&) = delete;
  CardThread& operator=(const CardThread&) = delete;
  CardThread(CardThread&&) = delete;
  CardThread& operator=(CardThread&&) = delete;
  /// Waits for the job that is running. The card goes on.
  ~CardThread();

  /// The result of `job(CardKeeper&)`, or nothing where the thread is behind (JobQueue::call). The job must own all
  /// that it uses.
  template <typename Job>
  auto call(Job job, std::chrono::milliseconds patience = std::chrono::seconds(2), bool urgent = false) {
    return jobs_.call([job = std::move(job), this]() mutable { return job(*keeper_); }, patience, urgent);
  }

  /// Takes no more jobs, and lets nobody wait for those it has. The thread ends.
  void end() { jobs_.close(); }

  /// For how long the thread has not come by: the measure of the watchdog.
  std::chrono::milliseconds silent_for() const;

 private:
  void run();

  std::unique_ptr<CardKeeper> keeper_;
  Clock clock_;
  JobQueue jobs_{kJobs};
  std::atomic<std::chrono::steady_clock::time_point> seen_;
  std::thread thread_;
};

}  // namespace synward
