// SPDX-License-Identifier: BSD-2-Clause
// More than the HLS kernels take: minimum frames on the line at 100 Gb/s, and the server's segments at 100 Gb/s from
// the other side, each of which asks. What the engine has no room for is dropped whole and counted, and nothing else
// is.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "board/expected.hpp"
#include "common/rng.hpp"

namespace synward::test {
namespace {

TEST(Elastic, BothPortsAtLineRateAreMoreThanTheKernelsTakeAndWhatIsLostIsCounted) {
  constexpr std::uint32_t kFrames = 20'000;
  constexpr std::uint64_t kSeed = 1;
  std::cout << "seed " << kSeed << std::endl;
  Rng rng(kSeed);
  Board& board = Board::get();
  board.reset({});
  program(board, default_services(), default_secrets());
  board.write32(reg::kSysctlSyncookiesOnly, 1);  // each SYN by its own content
  std::uint64_t answers = 0, from_host = 0, last_ack = 0;
  board.on_out([&](const Board::Out& out) {
    ASSERT_EQ(out.port, Port::line);
    ASSERT_FALSE(out.damaged);
    if (std::equal(Output::kFromHost.begin(), Output::kFromHost.end(), out.bytes.begin() + 6)) {
      ++from_host;
      return;
    }
    // The n-th SYN has n as its ISN: answers are in order, and none comes twice.
    const std::uint64_t ack =
        std::uint64_t{out.bytes[42]} << 24 | out.bytes[43] << 16 | out.bytes[44] << 8 | out.bytes[45];
    ASSERT_GT(ack, last_ack);
    last_ack = ack;
    ++answers;
  });
  const ServiceEntry service = default_services()[0];
  FrameSpec syn;
  syn.src = address("10.1.2.3");
  syn.dst = service.address;
  syn.dport = service.port;
  syn.flags = kSyn;
  FrameSpec segment;
  segment.src = service.address;
  segment.dst = address("10.9.9.9");
  segment.sport = service.port;
  segment.flags = kAck;
  const std::uint64_t start = board.now_ps();
  for (std::uint32_t n = 0; n < kFrames; ++n) {
    syn.seq = n;
    syn.sport = static_cast<std::uint16_t>(rng.between(1024, 65535));
    board.offer(Port::line, build(syn).bytes, start);
    segment.dport = static_cast<std::uint16_t>(rng.between(1024, 65535));
    Bytes frame = build(segment).bytes;
    Output::mark_as_from_host(frame);
    board.offer(Port::host, std::move(frame), start);
  }
  ASSERT_TRUE(board.drain());

  const Counters counters = read_counters(board);
  EXPECT_EQ(board.violations(), "");
  EXPECT_EQ(conservation_faults(counters), "");
  EXPECT_EQ(counters[reg::Counter::line_rx_frames], kFrames);
  EXPECT_EQ(counters[reg::Counter::host_rx_frames], kFrames);
  // The line itself carries half of answers and host frames together: replies that find no room there are the engine's
  // own drops, as ever.
  EXPECT_EQ(counters[reg::Counter::answered] + counters.drops() - counters[reg::Drop::to_line_full], kFrames);
  EXPECT_EQ(answers, counters[reg::Counter::answered]);
  EXPECT_EQ(from_host, counters[reg::Counter::to_line]);
  EXPECT_EQ(from_host + counters[reg::Drop::to_line_full], kFrames);
  EXPECT_GT(counters[reg::Drop::engine_full], 0U);
  EXPECT_GT(counters[reg::Counter::watch_lost], 0U);
  // What was asked: 150 million a second for as long as the frames came.
  const double seconds = kFrames * 84 * 8 / 100e9;
  const double asked =
      static_cast<double>(2 * kFrames - counters[reg::Drop::engine_full] - counters[reg::Counter::watch_lost]);
  EXPECT_NEAR(asked / seconds * 1e-6, 150, 3);
  std::cout << counters[reg::Counter::answered] << " answered, " << counters[reg::Drop::engine_full]
            << " found the engine full, " << counters[reg::Drop::line_tx_full]
            << " no room for an answer; of the host's " << kFrames << " segments the engine missed "
            << counters[reg::Counter::watch_lost] << ", and " << counters[reg::Drop::to_line_full] << " found no room; "
            << asked / seconds * 1e-6 << " million questions a second" << std::endl;
}

}  // namespace
}  // namespace synward::test
