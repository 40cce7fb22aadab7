// SPDX-License-Identifier: BSD-2-Clause
// Proves that a group's time is the earliest of those for which it was armed since it was cleared, on a clock of 24
// bits that wraps; that arming counts from the first clock after the groups are emptied; and that an arming shows to a
// look two clocks later.
#include <Vsynward_due_groups.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <optional>

#include "block/bench.hpp"

namespace synward::test {
namespace {

constexpr unsigned kGroups = 1u << PARAM_LOGGROUPS;
constexpr std::uint32_t kTimeMask = 0xffffff;
constexpr unsigned kLookLatency = 2, kArmLatency = 2;
constexpr std::uint32_t kLongest = 70'000;  ///< ms, more than any interval

using Due = std::optional<std::uint32_t>;

struct Change {
  bool arm, clear;
  unsigned group;
  std::uint32_t due;
};

class DueGroups {
 public:
  explicit DueGroups(std::uint64_t seed) : rng_(seed), block_(seed), now_(rng_.u32() & kTimeMask) {}

  void empty() {
    block_->arm_i = 0;
    block_->clear_i = 0;
    block_->empty_i = 1;
    block_.clocks(kGroups);
    block_->empty_i = 0;
    due_.fill(std::nullopt);
    changes_.clear();
    looks_.clear();
  }

  /// One clock with an arming, a clearing or neither, and a look.
  void clock(unsigned groups) {
    now_ = (now_ + static_cast<std::uint32_t>(rng_.below(20))) & kTimeMask;
    const bool arm = rng_.percent(60);
    const Change change{arm, !arm && rng_.percent(20), static_cast<unsigned>(rng_.below(groups)),
                        (now_ + static_cast<std::uint32_t>(rng_.below(kLongest))) & kTimeMask};
    block_->arm_i = change.arm;
    block_->clear_i = change.clear;
    block_->group_i = static_cast<std::uint8_t>(change.group);
    block_->due_i = change.due;
    const auto look = static_cast<unsigned>(rng_.percent(90) ? rng_.below(groups) : rng_.below(kGroups));
    block_->look_i = static_cast<std::uint8_t>(look);
    looks_.push_back(due_[look]);
    block_.settle();
    if (looks_.size() > kLookLatency) {
      ASSERT_EQ(block_->armed_o != 0, looks_.front().has_value());
      if (looks_.front()) {
        ASSERT_EQ(block_->due_o, *looks_.front());
      }
      looks_.pop_front();
    }
    block_.edge();
    changes_.push_back(change);
    if (changes_.size() == kArmLatency) {
      apply(changes_.front());
      changes_.pop_front();
    }
  }

 private:
  void apply(const Change& change) {
    Due& due = due_[change.group];
    if (change.clear) due.reset();
    if (change.arm && (!due || ((change.due - *due) & kTimeMask) > kTimeMask / 2)) due = change.due;
  }

  Rng rng_;
  Bench<Vsynward_due_groups> block_;
  std::uint32_t now_;
  std::array<Due, kGroups> due_;
  std::deque<Change> changes_;
  std::deque<Due> looks_;
};

TEST(DueGroups, keep_the_earliest_time_from_the_first_clock_on) {
  Rng rng(test_seed());
  DueGroups groups(rng.next());
  for (int round = 0; round < 60; ++round) {
    groups.empty();
    // Few groups, so that changes of one follow each other.
    const unsigned used = rng.pick(std::array{1U, 3U, 20U, kGroups});
    for (int clock = 0; clock < 2'000; ++clock) {
      groups.clock(used);
      ASSERT_FALSE(HasFailure()) << "round " << round << ", clock " << clock;
    }
  }
}

}  // namespace
}  // namespace synward::test
