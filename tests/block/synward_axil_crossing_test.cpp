// SPDX-License-Identifier: BSD-2-Clause
// Transactions cross between any two clocks once each, and a far side that stands still never hangs the bus.
#include <Vsynward_axil_crossing.h>
#include <gtest/gtest.h>

#include <array>

#include "block/board_bus.hpp"
#include "block/two_clocks.hpp"

namespace synward::test {
namespace {

class AxilCrossing : public testing::Test {
 protected:
  AxilCrossing() {
    block_->rst_ni = 0;
    set_asks(block_->bus_i, {});
    block_->far_i = 0;
    for (int i = 0; i < 8; ++i) both();
    block_->rst_ni = 1;
    for (int i = 0; i < 8; ++i) both();
  }
  void both() {
    block_.pulse(block_->bus_clk_i);
    block_.pulse(block_->far_clk_i);
  }
  void bus_clock() {
    master_.drive(block_->bus_i, rng_);
    block_.settle();
    const BusSays says = get_says(block_->bus_o);
    block_.pulse(block_->bus_clk_i);
    master_.see(says);
  }
  void far_clock() {
    block_.settle();
    const BusAsks asks = get_asks(block_->far_o);
    block_->far_i = pack_says(memory_.says(asks, rng_));
    block_.settle();
    block_.pulse(block_->far_clk_i);
    memory_.edge(asks);
  }
  /// Bus clocks until the transaction is over.
  unsigned finish(unsigned far_percent) {
    unsigned clocks = 0;
    for (; master_.busy() && clocks < 100'000; ++clocks) {
      bus_clock();
      for (int i = 0; i < 2; ++i)
        if (rng_.percent(far_percent)) far_clock();
    }
    EXPECT_FALSE(master_.busy()) << "hangs";
    return clocks;
  }

  std::uint64_t seed_ = test_seed();
  Rng rng_{seed_};
  TwoClocks<Vsynward_axil_crossing> block_{seed_};
  BusMaster master_;
  BusMemory memory_;
};

TEST_F(AxilCrossing, every_transaction_crosses_once) {
  std::array<std::uint32_t, 64> expected{};
  std::size_t writes = 0;
  for (int i = 0; i < 5000; ++i) {
    const auto address = static_cast<std::uint32_t>(rng_.below(64) * 4);
    const bool writing = rng_.bit();
    if (writing) {
      expected[address / 4] = rng_.u32();
      master_.write(address, expected[address / 4]);
      ++writes;
    } else {
      master_.read(address);
    }
    finish(rng_.pick(std::array{50U, 100U}));
    ASSERT_EQ(master_.status(), 0U) << i;
    if (!writing) {
      ASSERT_EQ(master_.data(), expected[address / 4]);
    }
    ASSERT_EQ(memory_.writes(), writes);
  }
}

TEST_F(AxilCrossing, a_far_side_without_a_clock_is_answered_for_and_heals) {
  master_.read(4);
  const unsigned first = finish(0);
  EXPECT_EQ(master_.status(), 2U);
  EXPECT_EQ(master_.data(), 0xffffffffU);
  EXPECT_GE(first, 1U << PARAM_LOGPATIENCE);
  master_.read(8);
  EXPECT_LT(finish(0), 40U) << "who already owes an answer is not waited for";
  EXPECT_EQ(master_.status(), 2U);
  EXPECT_EQ(master_.data(), 0xffffffffU);
  master_.write(8, 1);
  finish(0);
  EXPECT_EQ(master_.status(), 2U);
  for (int i = 0; i < 40; ++i) {
    far_clock();
    bus_clock();
  }
  master_.write(8, 5);
  finish(100);
  EXPECT_EQ(master_.status(), 0U);
  EXPECT_EQ(memory_.word(8), 5U);
  EXPECT_EQ(memory_.writes(), 1U) << "what was answered with SLVERR was not done";
}

}  // namespace
}  // namespace synward::test
