// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/pacing.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace synward::sim {
namespace {

TEST(Clock, conversions_are_exact) {
  EXPECT_EQ(cycles_to_ns(165), 512U);
  EXPECT_EQ(cycles_to_ns(322265625), 1'000'000'000U);
  EXPECT_EQ(ns_to_cycles(1'000'000'000), 322265625U);
  EXPECT_EQ(ns_to_cycles(0), 0U);
  EXPECT_EQ(ns_to_cycles(1), 1U);  // the first clock that is not before
  for (std::uint64_t cycle : {1ULL, 164ULL, 166ULL, 123'456'789'012ULL, 1ULL << 54}) {
    // Down to whole nanoseconds and up again meets the same clock, because a clock is longer than that.
    EXPECT_EQ(ns_to_cycles(cycles_to_ns(cycle)), cycle);
  }
}

TEST(Pacing, back_to_back_counts_beats) {
  Pacer pacer(Pace::back_to_back, 100, 0);
  EXPECT_EQ(pacer.next(1, 0), 100U);
  EXPECT_EQ(pacer.next(64, 0), 101U);
  EXPECT_EQ(pacer.next(65, 0), 102U);
  EXPECT_EQ(pacer.next(9000, 0), 104U);
  EXPECT_EQ(pacer.next(60, 0), 104U + 141U);
}

TEST(Pacing, line_rate_does_not_drift) {
  constexpr std::uint64_t kFrames = 1'000'000;
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{60}, std::size_t{65}, std::size_t{74}, std::size_t{129}, std::size_t{1514}}) {
    Pacer pacer(Pace::line_rate, 0, 0);
    std::uint64_t start = 0;
    for (std::uint64_t i = 0; i <= kFrames; ++i) {
      start = pacer.next(size, 0);
    }
    const double wire_bytes = static_cast<double>((std::max<std::size_t>(size, 60) + 24) * kFrames);
    const double exact = wire_bytes / 12.5e9 * kClockHz;
    // Not before its wire time, and less than one clock after it.
    EXPECT_GE(static_cast<double>(start), exact - 1e-3) << size;
    EXPECT_LT(static_cast<double>(start), exact + 1) << size;
  }
}

TEST(Pacing, line_rate_never_starts_a_frame_early) {
  Pacer pacer(Pace::line_rate, 0, 0);
  std::uint64_t units = 0;
  for (std::size_t i = 0; i < 100'000; ++i) {
    const std::size_t size = 60 + i * 7919 % 1455;
    const auto start = pacer.next(size, 0);
    ASSERT_GE(start * kWireUnitsPerCycle, units);
    ASSERT_LT(start * kWireUnitsPerCycle, units + kWireUnitsPerCycle);
    units += wire_units(size);
  }
}

TEST(Pacing, pcap_follows_the_file_and_respects_the_wire) {
  Pacer pacer(Pace::pcap, 7, 1'000'000);
  EXPECT_EQ(pacer.next(1000, 1'000'000), 7U);
  EXPECT_EQ(pacer.next(60, 1'000'001), 7U + 27U);  // the wire is still taken, for 26.4 clocks
  EXPECT_EQ(pacer.next(60, 999'000), 7U + 29U);    // earlier than the first: as soon as possible
  EXPECT_EQ(pacer.next(60, 1'000'512), 7U + 165U);
  EXPECT_EQ(pacer.next(60, 1'000'512), 7U + 168U);
  // 50 years later the wire is as fast as ever.
  constexpr std::uint64_t kYears = 50ULL * 365 * 86'400 * 1'000'000'000;
  EXPECT_EQ(pacer.next(60, 1'000'000 + kYears), 7U + ns_to_cycles(kYears));
  EXPECT_EQ(pacer.next(60, 1'000'000 + kYears), 7U + ns_to_cycles(kYears) + 3U);
  EXPECT_EQ(pacer.next(60, 1'000'000 + kYears), 7U + ns_to_cycles(kYears) + 5U);
}

}  // namespace
}  // namespace synward::sim
