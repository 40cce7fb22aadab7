// SPDX-License-Identifier: BSD-2-Clause
// Words pass unchanged, less than a word changes nothing and says SLVERR, and no ready follows a valid within a clock.
#include <Vsynward_axil_words.h>
#include <gtest/gtest.h>

#include "block/board_bus.hpp"

namespace synward::test {
namespace {

TEST(AxilWords, words_pass_and_parts_of_words_are_refused) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_axil_words> block(seed);
  BusMaster master;
  BusMemory memory;
  set_asks(block->bus_i, {});
  block->words_i = 0;
  block.reset();
  std::uint32_t expected[64] = {};
  std::uint32_t address = 0, value = 0, strobes = 15;
  bool writing = false;
  std::size_t refused = 0, done = 0, good_writes = 0;
  for (int clock = 0; clock < 200'000; ++clock) {
    if (!master.busy()) {
      if (clock > 0 && done > 0) {
        ASSERT_EQ(master.status(), writing && strobes != 15 ? 2U : 0U);
        if (!writing) {
          ASSERT_EQ(master.data(), expected[address / 4]);
        }
      }
      address = static_cast<std::uint32_t>(rng.below(64) * 4);
      writing = rng.bit();
      strobes = rng.percent(70) ? 15 : static_cast<std::uint32_t>(rng.below(15));
      value = rng.u32();
      if (writing) {
        master.write(address, value, strobes);
        if (strobes == 15) {
          expected[address / 4] = value;
          ++good_writes;
        } else {
          ++refused;
        }
      } else {
        master.read(address);
      }
      ++done;
    }
    master.drive(block->bus_i, rng);
    block.settle();
    const BusAsks asks = get_asks(block->words_o);
    block->words_i = pack_says(memory.says(asks, rng));
    block.settle();
    const BusSays says = get_says(block->bus_o);
    block.edge();
    memory.edge(asks);
    master.see(says);
  }
  EXPECT_GT(refused, 100U);
  EXPECT_GE(good_writes, memory.writes());
  EXPECT_LE(good_writes - memory.writes(), 1U) << "a write was made twice or lost";
}

TEST(AxilWords, outputs_are_registers) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_axil_words> block(seed);
  set_asks(block->bus_i, {});
  block->words_i = 0;
  block.reset();
  for (int clock = 0; clock < 2000; ++clock) {
    block.settle();
    const BusResponse before = block->bus_o;
    const BusRequest asked = block->words_o;
    scramble(block->bus_i, rng);
    block->words_i = rng.next() >> (64 - 41);
    block.settle();
    ASSERT_EQ(block->bus_o, before);
    for (std::size_t i = 0; i < 3; ++i) ASSERT_EQ(block->words_o[i], asked[i]);
    block.edge();
  }
}

}  // namespace
}  // namespace synward::test
