// SPDX-License-Identifier: BSD-2-Clause
// The link comes up in PG203's order, is tried anew when its lanes do not align, and follows another FEC by a reset.
#include <Vsynward_link_watch.h>
#include <gtest/gtest.h>

#include "block/bench.hpp"

namespace synward::test {
namespace {

constexpr std::uint32_t kAligned = 1U << 23, kLocalFault = 1U << 22, kRemoteFault = 1U << 21;

class LinkWatch : public testing::Test {
 protected:
  LinkWatch() {
    block_->enable_i = 1;
    block_->fec_i = 1;
    block_->fault_i = 0;
    block_->tick_i = 0;
    block_->link_i = 0;
    block_->rst_ni = 0;
    block_.clocks(4);
    block_->rst_ni = 1;
  }
  void clock() {
    block_->tick_i = ++clocks_ % kMs == 0;
    block_.clock();
    flaps_ += block_->flap_o;
    retries_ += block_->retry_o;
  }
  void clocks(unsigned count) {
    for (unsigned i = 0; i < count; ++i) clock();
  }
  void bring_up() {
    clocks(PARAM_RESETCLOCKS + 8);
    block_->link_i = kAligned;
    clocks(PARAM_STEADYCLOCKS + 8);
    ASSERT_TRUE(block_->up_o);
  }

  static constexpr unsigned kMs = 50;  ///< clocks
  Bench<Vsynward_link_watch> block_{test_seed()};
  unsigned clocks_ = 0, flaps_ = 0, retries_ = 0;
};

TEST_F(LinkWatch, resets_then_sends_rfi_until_the_lanes_are_steady_and_then_transmits) {
  clock();
  EXPECT_TRUE(block_->mac_reset_o);
  clocks(PARAM_RESETCLOCKS + 4);
  EXPECT_FALSE(block_->mac_reset_o);
  EXPECT_TRUE(block_->rx_enable_o && block_->send_rfi_o && !block_->tx_enable_o && !block_->up_o);
  block_->link_i = kAligned;
  clocks(PARAM_STEADYCLOCKS - 4);
  EXPECT_TRUE(block_->send_rfi_o && !block_->tx_enable_o);
  clocks(12);
  EXPECT_TRUE(block_->up_o && block_->tx_enable_o && !block_->send_rfi_o);
  EXPECT_EQ(flaps_, 0U);
}

TEST_F(LinkWatch, a_flap_ends_admission_in_a_clock_and_is_counted_once) {
  bring_up();
  block_->link_i = 0;
  clock();
  EXPECT_FALSE(block_->up_o);
  clocks(20);
  EXPECT_TRUE(block_->send_rfi_o && !block_->tx_enable_o && !block_->mac_reset_o);
  EXPECT_EQ(flaps_, 1U);
  block_->link_i = kAligned;
  clocks(PARAM_STEADYCLOCKS + 8);
  EXPECT_TRUE(block_->up_o);
}

TEST_F(LinkWatch, a_remote_fault_stops_frames_but_not_the_transmitter) {
  bring_up();
  block_->link_i = kAligned | kRemoteFault;
  clocks(2);
  EXPECT_TRUE(!block_->up_o && block_->tx_enable_o);
  block_->link_i = kAligned;
  clocks(2);
  EXPECT_TRUE(block_->up_o);
  block_->link_i = kAligned | kLocalFault;
  clocks(2);
  EXPECT_FALSE(block_->up_o);
}

TEST_F(LinkWatch, lanes_that_do_not_align_are_tried_anew_for_ever) {
  clocks(4 * (PARAM_ALIGNMS * kMs + PARAM_RESETCLOCKS + 10));
  EXPECT_GE(retries_, 3U);
  EXPECT_LE(retries_, 4U);
  EXPECT_EQ(flaps_, 0U);
  while (block_->mac_reset_o) clock();
  block_->link_i = kAligned;
  clocks(PARAM_STEADYCLOCKS + 8);
  EXPECT_TRUE(block_->up_o);
}

TEST_F(LinkWatch, another_fec_takes_effect_inside_a_reset_alone) {
  bring_up();
  EXPECT_TRUE(block_->fec_o);
  block_->fec_i = 0;
  bool reset_seen = false, before = true;
  for (int i = 0; i < PARAM_RESETCLOCKS + 8; ++i) {
    clock();
    if (block_->fec_o != before) {
      // It may lead the reset by the clock of a register; a CMAC samples it at the reset's end.
      before = block_->fec_o;
    }
    reset_seen = reset_seen || block_->mac_reset_o;
  }
  EXPECT_TRUE(reset_seen && !block_->fec_o);
  EXPECT_EQ(flaps_, 1U);
  clocks(PARAM_STEADYCLOCKS + 8);
  EXPECT_TRUE(block_->up_o);
}

TEST_F(LinkWatch, disabled_it_stays_in_reset_and_a_fault_of_the_mac_resets_it) {
  bring_up();
  block_->fault_i = 1;
  clock();
  block_->fault_i = 0;
  clock();
  EXPECT_TRUE(block_->mac_reset_o && !block_->up_o);
  EXPECT_EQ(retries_, 1U);
  block_->enable_i = 0;
  clocks(500);
  EXPECT_TRUE(block_->mac_reset_o && !block_->rx_enable_o && !block_->tx_enable_o && !block_->up_o);
  block_->enable_i = 1;
  clocks(PARAM_RESETCLOCKS + PARAM_STEADYCLOCKS + 16);
  EXPECT_TRUE(block_->up_o);
}

}  // namespace
}  // namespace synward::test
