// SPDX-License-Identifier: BSD-2-Clause
// Proves the limiter against that of hls/: takes and ticks a clock apart, limits that change, windows that end.
#include <Vsynward_limiter.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>

#include "block/bench.hpp"
#include "synward/limiter.hpp"

namespace synward::test {
namespace {

enum class Deed : std::uint8_t { nothing, take, tick };

struct Asked {
  Deed deed;
  std::uint32_t time_ms;
};

class LimiterUnderTest {
 public:
  explicit LimiterUnderTest(std::uint64_t seed) : block_(seed) {
    block_->limit_i = 0;
    block_->take_i = 0;
    block_->tick_i = 0;
    block_.reset();
  }

  unsigned limited = 0, told = 0;

  void set_limit(std::uint32_t limit) { block_->limit_i = limit; }
  /// One clock: its time is known at once, the deed two clocks later.
  void clock(const Asked& asked) {
    asked_.push_back(asked);
    block_->time_early_i = asked.time_ms;
    const Asked now = asked_.size() > kEarly ? asked_.front() : Asked{Deed::nothing, 0};
    if (asked_.size() > kEarly) asked_.pop_front();
    block_->take_i = now.deed == Deed::take;
    block_->tick_i = now.deed == Deed::tick;
    block_->time_i = now.time_ms;
    block_.settle();
    ASSERT_EQ(block_->over_o != 0, wanted_ != 0);
    if (wanted_ != 0) {
      ASSERT_EQ(block_->wanted_o, wanted_);
      ++told;
    }
    ASSERT_EQ(block_->open_o != 0, open_) << "a clock ago";
    if (open_) {
      ASSERT_EQ(block_->until_o, until_);
    }
    open_ = limiter_.count != 0;
    until_ = limiter_.start + kLimiterWindow;
    wanted_ = 0;
    if (now.deed == Deed::take) {
      const bool within = limiter_take(limiter_, now.time_ms, block_->limit_i);
      ASSERT_EQ(block_->within_o != 0, within);
      limited += within ? 0 : 1;
    }
    if (now.deed == Deed::tick) wanted_ = limiter_tick(limiter_, now.time_ms, block_->limit_i);
    block_.edge();
  }

 private:
  static constexpr std::size_t kEarly = 2;

  Bench<Vsynward_limiter> block_;
  LimiterState limiter_{};
  std::deque<Asked> asked_;
  std::uint32_t wanted_ = 0, until_ = 0;
  bool open_ = false;
};

TEST(Limiter, is_that_of_hls) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  LimiterUnderTest limiter(seed);
  std::uint32_t time_ms = rng.u32();
  unsigned takes = 30;
  for (int i = 0; i < 300'000; ++i) {
    if (rng.below(500) == 0) {
      for (int idle = 0; idle < 8; ++idle) limiter.clock({Deed::nothing, time_ms});
      limiter.set_limit(rng.pick(std::array{0U, 1U, 2U, 5U, 200U, 1'000'000U}));
      takes = rng.pick(std::array{1U, 10U, 70U});
    }
    if (rng.percent(2)) {
      // Time leaps only where nothing is under way; a millisecond may pass at any clock.
      for (int idle = 0; idle < 8; ++idle) limiter.clock({Deed::nothing, time_ms});
      time_ms += static_cast<std::uint32_t>(rng.bit() ? rng.below(400) : rng.between(990, 1010));
    } else if (rng.percent(5)) {
      ++time_ms;
    }
    limiter.clock({rng.percent(takes) ? Deed::take : rng.percent(10) ? Deed::tick : Deed::nothing, time_ms});
    ASSERT_FALSE(HasFailure()) << "request " << i;
  }
  EXPECT_GT(limiter.limited, 1000u);
  EXPECT_GT(limiter.told, 100u);
}

}  // namespace
}  // namespace synward::test
