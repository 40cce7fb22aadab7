// SPDX-License-Identifier: BSD-2-Clause
// A SYN flood at 100 Gb/s on the wire: all are answered, in order, and the answers fit the wire.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <ostream>

#include "board/board.hpp"
#include "common/frame.hpp"
#include "common/rng.hpp"
#include "common/setup.hpp"

namespace synward::test {
namespace {

struct FloodCase {
  const char* name;
  bool v6;
  Bytes options;
  std::size_t size;  ///< of the SYN and of its SYN-ACK, bytes without FCS
};
void PrintTo(const FloodCase& c, std::ostream* out) { *out << c.name; }

Bytes linux_options() { return concat({opt_mss(1460), opt_sack(), opt_ts(1, 0), opt_nop(), opt_ws(7)}); }

FrameSpec syn_of(const FloodCase& c) {
  const ServiceEntry to = default_services()[c.v6 ? 1 : 0];
  FrameSpec spec;
  spec.src = address(c.v6 ? "2001:db8:bad::1" : "10.1.2.3");
  spec.dst = to.address;
  spec.dport = to.port;
  spec.flags = kSyn;
  spec.options = c.options;
  return spec;
}

/// ACK number of a SYN-ACK without tags, IP options and extension headers.
std::uint32_t ack_of(ByteView frame, bool v6) {
  const ByteView at = frame.subspan(v6 ? 14 + 40 + 8 : 14 + 20 + 8, 4);
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
}

class Flood : public testing::TestWithParam<FloodCase> {};

TEST_P(Flood, EverySynIsAnsweredAtLineRate) {
  constexpr std::uint32_t kFrames = 20'000;
  constexpr std::uint64_t kSeed = 1;
  const FloodCase& c = GetParam();
  Rng rng(kSeed);
  Board& board = Board::get();
  board.reset({});
  program(board, default_services(), default_secrets());
  board.write32(reg::kSysctlSyncookiesOnly, 1);  // each SYN by its own content

  std::vector<std::uint64_t> arrived;  // last bit of each SYN
  board.on_in([&](const Board::In& in) { arrived.push_back(in.last_bit_ps); });
  std::uint64_t answers = 0, first_ps = 0, last_ps = 0, shortest = ~std::uint64_t{0}, longest = 0;
  board.on_out([&](const Board::Out& out) {
    ASSERT_EQ(out.port, Port::line);
    ASSERT_LT(answers, arrived.size());
    // The n-th SYN has n as its ISN: its answer is the n-th.
    ASSERT_EQ(ack_of(out.bytes, c.v6), answers + 1);
    ASSERT_EQ(out.bytes.size(), c.size);
    ASSERT_TRUE(answers == 0 || out.first_bit_ps >= last_ps + 12 * 80) << "no gap between frames";
    const std::uint64_t wait = out.first_bit_ps - arrived[answers];
    shortest = std::min(shortest, wait);
    longest = std::max(longest, wait);
    if (answers == 0) first_ps = out.first_bit_ps;
    last_ps = out.last_bit_ps;
    ++answers;
  });

  FrameSpec spec = syn_of(c);
  const std::uint64_t start = board.now_ps();
  for (std::uint32_t n = 0; n < kFrames; ++n) {
    spec.seq = n;
    spec.sport = static_cast<std::uint16_t>(rng.between(1024, 65535));
    spec.src.bytes[3] = static_cast<std::uint8_t>(rng.between(1, 254));
    const Bytes frame = build(spec).bytes;
    ASSERT_EQ(frame.size(), c.size);
    board.offer(Port::line, frame, start);
  }
  ASSERT_TRUE(board.drain());

  EXPECT_EQ(answers, kFrames);
  EXPECT_EQ(board.violations(), "");
  const Board::TxFigures tx = board.tx_figures(Port::line);
  EXPECT_EQ(tx.stalled_clocks, 0U) << "the answers outran the wire";
  const Counters counters = read_counters(board);
  EXPECT_EQ(counters[reg::Counter::answered], kFrames);
  EXPECT_EQ(counters.drops(), 0U);
  EXPECT_EQ(conservation_faults(counters), "");
  const double rate = kFrames / (static_cast<double>(last_ps - first_ps) * 1e-6);
  std::cout << "seed " << kSeed << ": " << answers << " answers, " << rate << " million/s, SYN's last bit to SYN-ACK's "
            << "first bit " << shortest << " to " << longest << " ps, transmit FIFO at most " << tx.most_beats
            << " beats" << std::endl;
}

INSTANTIATE_TEST_SUITE_P(Sizes, Flood,
                         testing::Values(FloodCase{"ipv4_60", false, {}, 60},
                                         FloodCase{"ipv4_74", false, linux_options(), 74},
                                         FloodCase{"ipv6_94", true, linux_options(), 94}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace synward::test
