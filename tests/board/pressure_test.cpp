// SPDX-License-Identifier: BSD-2-Clause
// A far end that takes nothing for 50 us while the line brings frames at 100 Gb/s: whole frames are lost and counted,
// none is torn or merged, and all is well afterwards.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "board/expected.hpp"
#include "common/rng.hpp"

namespace synward::test {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::uint64_t kMicrosecond = 1'000'000;  // ps

FrameSpec to_service(std::uint8_t flags, Rng& rng) {
  const ServiceEntry to = default_services()[0];
  FrameSpec spec;
  spec.src = address("10.0.0.0");
  for (std::size_t i = 1; i < 4; ++i) spec.src.bytes[i] = rng.u8();  // hardly one client twice
  spec.dst = to.address;
  spec.sport = rng.u16();
  spec.dport = to.port;
  spec.seq = rng.u32();
  spec.flags = flags;
  return spec;
}

/// SYNs, valid ACKs (a mark and a frame to the host), and data of an unprotected host; no two frames are alike.
Bytes any_frame(Rng& rng) {
  if (rng.percent(60)) return build(to_service(kSyn, rng)).bytes;
  FrameSpec spec = to_service(kAck, rng);
  if (rng.percent(70)) {
    const Tuple tuple{spec.src, spec.dst, spec.sport, spec.dport};
    spec.ack =
        oracle_iss(default_secrets().cookie[0], tuple, spec.seq - 1, oracle_cookie_byte(1460, 7, true, false)) + 1;
  } else {
    spec.dst = address("198.51.100.99");
    spec.payload = Bytes(rng.between(0, 1460), rng.u8());
  }
  return build(spec).bytes;
}

/// How many of `expected` are missing in `sent`; fails where `sent` is not the rest in order, byte for byte.
std::size_t missing(const std::deque<Bytes>& sent, const std::deque<Bytes>& expected) {
  auto next = expected.begin();
  for (const Bytes& frame : sent) {
    next = std::find(next, expected.end(), frame);
    if (next == expected.end()) {
      ADD_FAILURE() << "a frame that nobody sent, or out of order: " << to_hex(frame);
      return 0;
    }
    ++next;
  }
  return expected.size() - sent.size();
}

/// Line rate on the line, and some frames from the host, for a number of microseconds.
void load(Board& board, Rng& rng, std::uint64_t microseconds) {
  const std::uint64_t start = board.now_ps();
  for (std::uint64_t step = 1; step <= microseconds; ++step) {
    for (std::size_t bytes = 0; bytes < 12'500;) {
      Bytes frame = any_frame(rng);
      bytes += frame.size() + 24;
      board.offer(Port::line, std::move(frame), start);
    }
    for (int i = 0; i < 10; ++i) {
      Bytes frame = any_frame(rng);
      Output::mark_as_from_host(frame);
      board.offer(Port::host, std::move(frame), start);
    }
    board.run_until(start + step * kMicrosecond);
  }
}

class Pressure : public testing::TestWithParam<Port> {};

TEST_P(Pressure, LosesWholeFramesAndCountsThem) {
  std::cout << "seed " << kSeed << std::endl;
  Rng rng(kSeed);
  BoardAndReference both({});
  Board& board = both.board;
  // Each frame by its own content: what one card lost, the other remembers.
  for (Device* device : {static_cast<Device*>(&board), static_cast<Device*>(both.reference.get())})
    device->write32(reg::kSysctlSyncookiesOnly, 1);
  load(board, rng, 10);
  board.pause_until(GetParam(), board.now_ps() + 50 * kMicrosecond);
  load(board, rng, 60);
  ASSERT_TRUE(both.drain());

  const Counters paused = read_counters(board);
  const std::size_t answers = missing(both.sent.answers, both.expected.answers);
  const std::size_t from_host = missing(both.sent.from_host, both.expected.from_host);
  const std::size_t to_host = missing(both.sent.to_host, both.expected.to_host);
  EXPECT_EQ(answers, paused[reg::Drop::line_tx_full]);
  EXPECT_EQ(answers, paused[reg::Counter::sc_dropped]);
  EXPECT_EQ(from_host, paused[reg::Drop::to_line_full]);
  const std::uint64_t lost_marks = read_counters(*both.reference)[reg::Counter::marks] - paused[reg::Counter::marks];
  EXPECT_EQ(to_host, paused[reg::Drop::host_tx_full] + lost_marks);
  EXPECT_EQ(conservation_faults(paused), "");
  EXPECT_EQ(GetParam() == Port::line, answers > 0) << "the other port must not suffer";
  EXPECT_EQ(GetParam() == Port::line, from_host > 0);
  EXPECT_EQ(GetParam() == Port::host, to_host > 0);
  EXPECT_EQ(board.tx_figures(GetParam()).most_beats, 512U) << "no pressure";
  std::cout << "lost: " << answers << " SYN-ACKs, " << from_host << " frames to the line, " << to_host
            << " to the host, of them " << lost_marks << " marks" << std::endl;

  // And nothing more is lost.
  both.sent = both.expected = {};
  load(board, rng, 20);
  ASSERT_TRUE(both.drain());
  EXPECT_EQ(both.sent.answers, both.expected.answers);
  EXPECT_EQ(both.sent.from_host, both.expected.from_host);
  EXPECT_EQ(both.sent.to_host, both.expected.to_host);
  const Counters after = read_counters(board);
  EXPECT_EQ(after.drops(), paused.drops());
  EXPECT_EQ(conservation_faults(after), "");
  EXPECT_EQ(board.violations(), "");
}

INSTANTIATE_TEST_SUITE_P(Pause, Pressure, testing::Values(Port::line, Port::host), testing::PrintToStringParamName());

}  // namespace
}  // namespace synward::test
