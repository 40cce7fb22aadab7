// SPDX-License-Identifier: BSD-2-Clause
// What the card's thread shares with others: rings, the log, jobs.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "job_queue.hpp"
#include "log_book.hpp"
#include "numbered_ring.hpp"

namespace synward {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kLong{60};  ///< what a busy machine may need for anything

template <typename Items>
std::vector<int> values(const Items& items) {
  std::vector<int> list;
  list.reserve(items.size());
  for (const auto& item : items) {
    list.push_back(item.value);
  }
  return list;
}

TEST(NumberedRing, keeps_the_last_and_their_numbers) {
  NumberedRing<int> ring(3);
  EXPECT_EQ(ring.last(), 0U);
  EXPECT_TRUE(ring.tail(5).empty());
  for (int i = 1; i <= 5; ++i) {
    ring.add(10 * i);
  }
  EXPECT_EQ(ring.last(), 5U);
  EXPECT_EQ(values(ring.tail(9)), (std::vector{30, 40, 50}));
  EXPECT_EQ(values(ring.tail(1)), (std::vector{50}));
  EXPECT_EQ(values(ring.behind(0, 2)), (std::vector{30, 40}));
  EXPECT_EQ(values(ring.behind(4, 9)), (std::vector{50}));
  EXPECT_EQ(ring.behind(3, 9).front().number, 4U);
  EXPECT_TRUE(ring.behind(5, 9).empty());
  EXPECT_TRUE(ring.behind(99, 9).empty());
  ring.resize(1);
  EXPECT_EQ(values(ring.tail(9)), (std::vector{50}));
  ring.resize(0);
  ring.add(60);
  EXPECT_TRUE(ring.tail(9).empty());
  EXPECT_EQ(ring.last(), 6U);
}

TEST(LogBook, waits_for_a_line_and_for_no_longer) {
  LogBook book;
  EXPECT_TRUE(book.behind(0, 9, milliseconds(1)).empty());
  std::thread writer([&book] { book.add({1, LogLevel::notice, "one"}); });
  const auto lines = book.behind(0, 9, kLong);
  writer.join();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].value.text, "one");
  EXPECT_EQ(lines[0].number, 1U);
}

TEST(LogBook, nobody_waits_for_a_closed_book) {
  LogBook book;
  std::thread reader([&book] { EXPECT_TRUE(book.behind(0, 9, kLong * 60).empty()); });
  book.close();
  reader.join();
}

/// A thread that serves a queue until it is closed.
class Serving {
 public:
  explicit Serving(JobQueue& jobs)
      : jobs_(jobs), thread_([this] {
          while (jobs_.serve(JobQueue::Clock::now() + milliseconds(50))) {
          }
        }) {}
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;
  ~Serving() {
    jobs_.close();
    thread_.join();
  }

 private:
  JobQueue& jobs_;
  std::thread thread_;
};

TEST(JobQueue, runs_jobs_of_many_threads_one_after_the_other) {
  JobQueue jobs(64);
  const Serving serving(jobs);
  int unguarded = 0;
  constexpr std::size_t kThreads = 8;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 200; ++n) {
        EXPECT_TRUE(jobs.call([&unguarded] { return ++unguarded; }, kLong));
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(jobs.call([&unguarded] { return unguarded; }, kLong), 1600);
}

TEST(JobQueue, what_is_not_begun_in_time_never_is) {
  JobQueue jobs(2);
  std::atomic<bool> ran = false;
  EXPECT_FALSE(jobs.call([&ran] { return ran = true; }, milliseconds(1)));
  {
    const Serving serving(jobs);
    EXPECT_EQ(jobs.call([] { return 5; }, kLong), 5);
  }
  EXPECT_FALSE(ran);
}

TEST(JobQueue, is_bounded_and_closes) {
  JobQueue jobs(1);
  std::thread first([&jobs] { EXPECT_FALSE(jobs.call([] { return 1; }, kLong * 60)); });
  while (jobs.waiting() == 0) {
    std::this_thread::yield();
  }
  EXPECT_FALSE(jobs.call([] { return 2; }, kLong * 60));
  jobs.close();
  first.join();
  EXPECT_FALSE(jobs.call([] { return 3; }, kLong * 60));
  EXPECT_FALSE(jobs.serve(JobQueue::Clock::now() + kLong * 60));
}

TEST(JobQueue, an_exception_ends_the_job_alone) {
  JobQueue jobs(4);
  const Serving serving(jobs);
  EXPECT_FALSE(jobs.call([]() -> int { throw std::runtime_error("no"); }, kLong));
  EXPECT_EQ(jobs.call([] { return 6; }, kLong), 6);
}

TEST(JobQueue, a_job_may_outlive_its_call) {
  JobQueue jobs(4);
  std::atomic<int> phase = 0;
  {
    const Serving serving(jobs);
    const auto late = jobs.call(
        [&phase] {
          phase = 1;
          while (phase < 2) {
            std::this_thread::yield();
          }
          return std::vector<int>(1000, 7);
        },
        milliseconds(200));
    EXPECT_FALSE(late);
    phase = 2;
  }
}

}  // namespace
}  // namespace synward
