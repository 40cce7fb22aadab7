// SPDX-License-Identifier: BSD-2-Clause
// Hostile frames through the MACs, with gaps inside frames and lost bits: the board sends what the reference sends.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "board/expected.hpp"
#include "common/generator.hpp"

namespace synward::test {
namespace {

void compare(const std::deque<Bytes>& sent, const std::deque<Bytes>& expected, const char* what) {
  ASSERT_EQ(sent.size(), expected.size()) << what;
  for (std::size_t i = 0; i < sent.size(); ++i) ASSERT_EQ(to_hex(sent[i]), to_hex(expected[i])) << what << ' ' << i;
}

TEST(Hostile, SendsTheBytesOfTheReference) {
  const char* given = std::getenv("SYNWARD_SEED");
  const std::uint64_t seed = given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
  std::cout << "seed " << seed << std::endl;
  constexpr int kFrames = 20'000;
  Board::Settings settings;
  settings.seed = seed;
  settings.gap_percent = 10;
  settings.bad_fcs_percent = 2;
  settings.origin_ms = static_cast<std::uint32_t>(seed * 0x9e3779b9);
  BoardAndReference both(settings);
  FrameGenerator frames(seed);
  Rng rng(seed ^ 0x5bd1e995);
  for (int i = 0; i < kFrames; ++i) {
    Bytes frame = frames.next();
    if (rng.percent(10)) {
      // Host frames come as they would between answers and passed frames; a jumbo now and then.
      Output::mark_as_from_host(frame);
      both.board.offer(Port::host, std::move(frame), both.board.now_ps());
    } else {
      both.board.offer(Port::line, std::move(frame), both.board.now_ps());
    }
    // Bursts at line rate, and silence between them.
    if (rng.below(500) == 0) both.board.run_until(both.board.now_ps() + 1'000 * rng.below(20'000));
  }
  ASSERT_TRUE(both.drain());
  compare(both.sent.answers, both.expected.answers, "SYN-ACKs");
  compare(both.sent.from_host, both.expected.from_host, "host to line");
  compare(both.sent.to_host, both.expected.to_host, "line to host");
  EXPECT_EQ(both.board.violations(), "");
  const Counters board = read_counters(both.board);
  const Counters reference = read_counters(*both.reference);
  for (std::size_t i = 0; i < reg::kCounters; ++i)
    EXPECT_EQ(board.value[i], reference.value[i]) << reg::kCounterInfo[i].name;
  EXPECT_EQ(conservation_faults(board), "");
  // Nothing that a MAC found damaged goes on, on either side.
  EXPECT_GT(board[reg::Drop::bad_fcs], 100u);
  EXPECT_GT(board[reg::Counter::host_bad_fcs], 10u);
  std::cout << both.sent.answers.size() << " SYN-ACKs, " << both.sent.from_host.size() << " frames host to line, "
            << both.sent.to_host.size() << " line to host" << std::endl;
}

}  // namespace
}  // namespace synward::test
