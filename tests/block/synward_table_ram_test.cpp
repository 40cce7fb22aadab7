// SPDX-License-Identifier: BSD-2-Clause
// Proves that a read gives, three clocks later, what all earlier clocks wrote, part by part, and the old word where it
// meets a write.
#include <Vsynward_table_ram.h>
#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "block/bench.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 3;
constexpr unsigned kPart = PARAM_WIDTH / PARAM_PARTS;
constexpr std::size_t kWords = std::size_t{1} << PARAM_LOGDEPTH;
static_assert(PARAM_WIDTH > 32 && PARAM_WIDTH <= 64 && PARAM_PARTS <= 8, "the ports are to be QData and CData");

TEST(TableRam, reads_what_was_written_before) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_table_ram> block(seed);
  std::vector<std::uint64_t> words(kWords);
  std::deque<std::uint64_t> expected;
  for (std::size_t clock = 0; clock < 200'000; ++clock) {
    const bool filling = clock < kWords;
    block->read_addr_i = static_cast<std::uint8_t>(rng.below(kWords));
    // Often where it is read.
    block->write_addr_i = filling     ? static_cast<std::uint8_t>(clock)
                          : rng.bit() ? block->read_addr_i
                                      : static_cast<std::uint8_t>(rng.below(kWords));
    block->write_i = filling ? (1u << PARAM_PARTS) - 1 : static_cast<std::uint8_t>(rng.below(1u << PARAM_PARTS));
    block->write_data_i = rng.next() >> (64 - PARAM_WIDTH);
    block.settle();
    if (expected.size() == kLatency) {
      if (clock > kWords + kLatency) {
        ASSERT_EQ(block->data_o, expected.front()) << "clock " << clock;
      }
      expected.pop_front();
    }
    expected.push_back(words[block->read_addr_i]);
    for (unsigned part = 0; part < PARAM_PARTS; ++part) {
      if ((block->write_i >> part & 1) == 0) continue;
      const std::uint64_t mask = ((std::uint64_t{1} << kPart) - 1) << (kPart * part);
      std::uint64_t& word = words[block->write_addr_i];
      word = (word & ~mask) | (block->write_data_i & mask);
    }
    block.edge();
  }
}

}  // namespace
}  // namespace synward::test
