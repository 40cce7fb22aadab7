// SPDX-License-Identifier: BSD-2-Clause
// The core is reset between two MACs that go on, at line rate in both directions, at any time, for any time: what
// leaves on the wires with a good FCS is a frame that was offered, whole, in order, once; what was cut has a bad one.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

#include "board/expected.hpp"
#include "common/rng.hpp"

namespace synward::test {
namespace {

constexpr std::uint64_t kMicrosecond = 1'000'000;  // ps
constexpr std::size_t kBeat = 64, kHeaders = 54;

/// Between two hosts of which no service knows. From some beat on its payload is a whole frame of somebody else.
Bytes numbered_frame(std::uint32_t number, Rng& rng) {
  FrameSpec inner;
  inner.mac_src = {0xde, 0xad, 0xbe, 0xef, 0, 0};
  inner.src = address("203.0.113.66");
  inner.dst = address("198.51.100.7");
  inner.dport = 443;
  inner.flags = kSyn;
  inner.seq = rng.u32();
  inner.pad = false;
  FrameSpec spec;
  spec.src = address("192.0.2.9");
  spec.dst = address("198.51.100.99");
  spec.flags = kAck;
  spec.seq = number;
  spec.payload.assign(kBeat * rng.between(1, rng.percent(10) ? 20 : 4) - kHeaders, rng.u8());
  if (rng.percent(80)) append(spec.payload, build(inner).bytes);
  return build(spec).bytes;
}

/// What goes one way: what was offered, and what of it has left.
struct Way {
  std::deque<Bytes> offered;
  std::size_t passed = 0, cut = 0;

  void take(const Board::Out& out) {
    const auto same = [&](const Bytes& frame) {
      if (!out.damaged) return frame == out.bytes;
      const std::size_t whole_beats = (out.bytes.size() - 1) / kBeat * kBeat;
      return whole_beats > 0 && whole_beats < frame.size() &&
             std::equal(out.bytes.begin(), out.bytes.begin() + static_cast<std::ptrdiff_t>(whole_beats), frame.begin());
    };
    const auto found = std::find_if(offered.begin(), offered.end(), same);
    ASSERT_NE(found, offered.end()) << "a frame that nobody sent, or out of order, or again: " << to_hex(out.bytes);
    offered.erase(offered.begin(), found + 1);
    ++(out.damaged ? cut : passed);
  }
};

TEST(Reset, BetweenTwoMacsNothingIsTornMergedOrInvented) {
  const char* given = std::getenv("SYNWARD_SEED");
  const std::uint64_t seed = given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
  std::cout << "seed " << seed << std::endl;
  Rng rng(seed);
  Board& board = Board::get();
  board.reset({.seed = seed, .gap_percent = 5});
  std::array<Way, 2> ways;  // by the port that sends
  board.on_out([&](const Board::Out& out) { ways[out.port == Port::line ? 0 : 1].take(out); });
  std::uint32_t number = 0;
  const auto offer = [&](std::size_t microseconds) {
    for (const Port port : {Port::line, Port::host}) {
      for (std::size_t bytes = 0; bytes < 12'500 * microseconds;) {
        Bytes frame = numbered_frame(++number, rng);
        bytes += frame.size() + 24;
        ways[port == Port::line ? 1 : 0].offered.push_back(frame);
        board.offer(port, std::move(frame), board.now_ps());
      }
    }
  };
  constexpr int kResets = 120;
  for (int i = 0; i < kResets; ++i) {
    SCOPED_TRACE("reset " + std::to_string(i));
    offer(1);
    // A far end that takes nothing, now and then: then a frame waits in the core's output.
    if (rng.percent(20)) board.pause_until(rng.bit() ? Port::line : Port::host, board.now_ps() + 2 * kMicrosecond);
    board.run_until(board.now_ps() + rng.below(kMicrosecond));
    board.reset_core(rng.percent(40) ? rng.between(1, 4) : rng.between(1, 200));
    ASSERT_FALSE(HasFailure());
  }
  ASSERT_TRUE(board.drain());
  EXPECT_EQ(board.violations(), "");
  EXPECT_GT(ways[0].cut + ways[1].cut, kResets / 6U);
  std::cout << ways[0].passed + ways[1].passed << " frames passed, " << ways[0].cut + ways[1].cut << " cut"
            << std::endl;

  // Service comes back, and nothing more is lost.
  program(board, default_services(), default_secrets());
  for (Way& way : ways) way = {};
  const Counters before = read_counters(board);
  offer(5);
  const std::array<std::size_t, 2> all{ways[0].offered.size(), ways[1].offered.size()};
  ASSERT_TRUE(board.drain());
  for (std::size_t way = 0; way < 2; ++way) {
    EXPECT_EQ(ways[way].passed, all[way]);
    EXPECT_EQ(ways[way].cut, 0U);
  }
  const Counters after = read_counters(board);
  EXPECT_EQ(conservation_faults(after), "");
  EXPECT_EQ(after.since(before).drops(), 0U);
  board.on_out(nullptr);
}

}  // namespace
}  // namespace synward::test
