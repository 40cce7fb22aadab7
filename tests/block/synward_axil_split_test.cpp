// SPDX-License-Identifier: BSD-2-Clause
// Each page of the bus reaches its own slave, and what lies beyond answers DECERR and all ones.
#include <Vsynward_axil_split.h>
#include <gtest/gtest.h>

#include <array>

#include "block/board_bus.hpp"

namespace synward::test {
namespace {

TEST(AxilSplit, pages_reach_their_slaves_alone) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_axil_split> block(seed);
  BusMaster master;
  std::array<BusMemory, 3> memories;
  std::array<std::array<std::uint32_t, 64>, 3> expected{};
  set_asks(block->bus_i, {});
  block->core_i = block->line_i = block->host_i = 0;
  block.reset();
  std::uint32_t page = 0, word = 0;
  bool writing = false, begun = false;
  std::size_t beyond = 0, done = 0;
  std::array<std::size_t, 3> writes{};
  for (int clock = 0; clock < 200'000; ++clock) {
    if (!master.busy()) {
      if (begun) {
        ASSERT_EQ(master.status(), page < 3 ? 0U : 3U);
        if (!writing) {
          ASSERT_EQ(master.data(), page < 3 ? expected[page][word] : 0xffffffffU) << page;
        }
        for (unsigned i = 0; i < 3; ++i) ASSERT_EQ(memories[i].writes(), writes[i]);
      }
      begun = true;
      page = static_cast<std::uint32_t>(rng.percent(90) ? rng.below(4) : rng.below(16));
      word = static_cast<std::uint32_t>(rng.below(64));
      writing = rng.bit();
      beyond += page >= 3;
      ++done;
      if (writing) {
        const std::uint32_t value = rng.u32();
        if (page < 3) {
          expected[page][word] = value;
          ++writes[page];
        }
        master.write(page << 12 | word << 2, value);
      } else {
        master.read(page << 12 | word << 2);
      }
    }
    master.drive(block->bus_i, rng);
    block.settle();
    const std::array asks{get_asks(block->core_o), get_asks(block->line_o), get_asks(block->host_o)};
    block->core_i = pack_says(memories[0].says(asks[0], rng));
    block->line_i = pack_says(memories[1].says(asks[1], rng));
    block->host_i = pack_says(memories[2].says(asks[2], rng));
    block.settle();
    const BusSays says = get_says(block->bus_o);
    block.edge();
    for (unsigned i = 0; i < 3; ++i) memories[i].edge(asks[i]);
    master.see(says);
  }
  EXPECT_GT(beyond, 100U);
  EXPECT_GT(done, 5000U);
}

}  // namespace
}  // namespace synward::test
