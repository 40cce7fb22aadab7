// SPDX-License-Identifier: BSD-2-Clause
// Proves that an item is found under its frame's number, that a frame whose item was lost is told so, and that whatever
// is lost, of one stream or the other, costs that frame alone: no other one ever gets an item that is not its own.
#include <Vsynward_pairing.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"

namespace synward::test {
namespace {

struct Pending {
  std::uint8_t tag;
  std::uint64_t item;
  bool put = false;
};

TEST(Pairing, an_item_that_is_lost_costs_its_own_frame_alone) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_pairing> block(seed);
  block->put_i = block->take_i = 0;
  block.reset();
  constexpr std::size_t kUnderWay = (std::size_t{1} << PARAM_LOGDEPTH) - 1;
  std::deque<Pending> frames;  // the first to be taken first; items are put in the same order
  std::uint8_t next = 0;
  std::size_t right = 0, lost = 0, untaken = 0;
  struct Expected {
    bool any = false, lost = false;
    std::uint64_t item = 0;
  };
  Expected comes, follows;  // in this clock, in the next
  unsigned loss = 0, put_chance = 50;
  for (int clock = 0; clock < 300'000; ++clock) {
    if (rng.percent(1)) loss = rng.pick(std::array{0U, 0U, 2U, 50U, 100U});
    if (rng.percent(1)) put_chance = rng.pick(std::array{20U, 50U, 100U});
    while (frames.size() < kUnderWay) {
      frames.push_back({next, rng.next() >> (64 - PARAM_WIDTH)});
      next = static_cast<std::uint8_t>((next + 1) % (1U << PARAM_TAGW));
    }
    block->take_i = 0;
    block->take_tag_i = static_cast<std::uint8_t>(rng.below(1U << PARAM_TAGW));
    block->put_i = 0;
    block->put_tag_i = static_cast<std::uint8_t>(rng.below(1U << PARAM_TAGW));
    block->data_i = rng.next() >> (64 - PARAM_WIDTH);
    bool now = false, now_lost = false;
    std::uint64_t now_expected = 0;
    // The other way round a frame is lost where its item is: nobody takes that.
    Pending& first = frames.front();
    const bool take = first.put && rng.percent(50);
    const auto put = std::find_if(frames.begin(), frames.end(), [](const Pending& f) { return !f.put; });
    if (put != frames.end() && rng.percent(put_chance)) {
      const bool lose_item = rng.percent(loss);
      block->put_i = !lose_item;
      block->put_tag_i = put->tag;
      block->data_i = put->item;
      put->put = true;
      if (lose_item) put->item = ~0ULL;
    }
    if (take) {
      if (rng.percent(loss / 8)) {
        ++untaken;
      } else {
        block->take_i = 1;
        block->take_tag_i = first.tag;
        now = true;
        now_lost = first.item == ~0ULL;
        now_expected = first.item;
      }
      frames.pop_front();
    }
    block.settle();
    if (comes.any) {
      ASSERT_EQ(block->lost_o != 0, comes.lost) << "clock " << clock;
      if (!comes.lost) {
        ASSERT_EQ(block->data_o, comes.item) << "clock " << clock;
      }
      ++(comes.lost ? lost : right);
    } else {
      ASSERT_EQ(block->lost_o, 0) << "clock " << clock;
    }
    comes = follows;
    follows = {now, now_lost, now_expected};
    block.edge();
  }
  EXPECT_GT(right, 50'000U);
  EXPECT_GT(lost, 5'000U);
  EXPECT_GT(untaken, 300U);
}

}  // namespace
}  // namespace synward::test
