// SPDX-License-Identifier: BSD-2-Clause
// The core's own millisecond clock, as on a board: it follows what the host says of the clock, and the engine's timers
// follow it.
#include <gtest/gtest.h>

#include "board/board.hpp"
#include "common/contract.hpp"
#include "common/setup.hpp"

namespace synward::test {
namespace {

constexpr std::uint64_t kPsOfAMs = 1'000'000'000;

TEST(OwnTime, IsRealTimeAtTheClockOfTheMac) {
  Board& board = Board::get();
  board.reset({.own_time = true});
  const std::uint64_t began = board.now_ps();
  board.run_until(began + 2 * kPsOfAMs - 1'000'000);
  EXPECT_EQ(board.read32(reg::kTimeMs), 1u);
  board.run_until(began + 2 * kPsOfAMs + 1'000'000);
  EXPECT_EQ(board.read32(reg::kTimeMs), 2u);
}

TEST(OwnTime, FollowsWhatTheHostSaysOfTheClockAndTimersFollowIt) {
  constexpr std::uint32_t kHz = 1'100'000;  // a millisecond is 1,100 clocks
  constexpr std::uint64_t kShortMsPs = kPsOfAMs * kHz / 322'265'625;
  constexpr int kInitial = 40;  // ms
  Board& board = Board::get();
  board.reset({.own_time = true});
  program(board, default_services(), default_secrets());
  board.write32(reg::kClockHz, kHz);
  board.write32(reg::kSysctlRexmitInitial, kInitial);
  std::vector<std::uint64_t> sent;
  board.on_out([&](const Board::Out& out) { sent.push_back(out.first_bit_ps); });
  const std::uint32_t from = board.read32(reg::kTimeMs);
  const std::uint64_t began = board.now_ps();
  board.offer(Port::line, build(plain_syn(false)).bytes, began);
  board.run_until(began + 60 * kShortMsPs);
  EXPECT_NEAR(board.read32(reg::kTimeMs) - from, 60, 1);
  board.on_out(nullptr);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_NEAR(static_cast<double>(sent[1] - sent[0]) / static_cast<double>(kShortMsPs), kInitial, 1.1);
}

}  // namespace
}  // namespace synward::test
