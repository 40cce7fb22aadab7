// SPDX-License-Identifier: BSD-2-Clause
// Proves that the engine answers every request as engine_step() does, 46 clocks later, in order, whatever is asked.
// tests/engine_rtl asks more of it; this one runs against the netlist too.
#include <Vsynward_engine.h>
#include <gtest/gtest.h>

#include <iostream>

#include "common/requests.hpp"
#include "engine_rtl/engine_driver.hpp"

namespace synward::test {
namespace {

TEST(Engine, AnswersAsTheStepFunctions) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  RequestGenerator generator(seed, {.tuples = 24, .log_flows = kEngineLog});
  EngineConfig config = default_engine_config(rng, kEngineLog);
  config.bucketlimit = 3;
  config.hashsize = 4;
  config.cachelimit = 10;
  EngineDriver<Vsynward_engine> driver(seed);
  driver.start(config);
  for (int i = 0; i < 10'000 && !driver.failed(); ++i) {
    if (i % 500 == 499) {
      change_settings(rng, config);
      driver.set(config);
    }
    const RequestRecord& request = generator.next();
    generator.answered(request, driver.ask(request).verdict);
  }
  driver.idle(200);
  EXPECT_EQ(driver.bench()->count_o, driver.tables().state.count);
  EXPECT_EQ(driver.bench()->flows_o, driver.tables().state.flows);
}

// No frame asks: the sweeper does, each time in its millisecond.
TEST(Engine, RepeatsASynAckAndGivesUpByItself) {
  constexpr unsigned kClocks = 700;  // of a millisecond
  Rng rng(test_seed());
  const EngineConfig config = default_engine_config(rng, kEngineLog);
  Bench<Vsynward_engine> engine(1);
  engine->valid_i = engine->valid_copies_i = engine->watch_valid_i = engine->load_i = engine->end_pause_i = 0;
  engine->room_line_i = engine->room_host_i = engine->line_half_i = 1;
  engine->time_ms_i = 0u - 5000;
  pack(settings_record(config), engine->settings_i);
  engine.reset();
  for (unsigned i = 0; engine->ready_o == 0; ++i) {
    ASSERT_LT(i, 1000u);
    engine.clock();
  }
  RequestRecord syn{};
  syn.op = kOpSyn;
  syn.time_ms = engine->time_ms_i;
  syn.seq = rng.u32();
  syn.fport = 40000;
  pack(syn, engine->request_i);
  engine->valid_i = 1;
  engine->valid_copies_i = 0xf;
  engine.clock();
  engine->valid_i = engine->valid_copies_i = 0;
  engine.clocks(kClocks);
  EXPECT_EQ(engine->count_o, 1u);

  /// Adds up what a millisecond brings.
  struct Brought {
    unsigned repeated = 0, gone = 0;
  };
  const auto at = [&](std::uint32_t ms) {
    Brought brought;
    engine->time_ms_i = syn.time_ms + ms;
    for (unsigned clock = 0; clock < kClocks; ++clock) {
      engine.settle();
      VlWide<2> packed{};
      set_bits(packed, 0, 64, engine->counts_o);
      const auto counts = unpack<CountsRecord>(packed);
      const auto verdict = unpack<VerdictRecord>(engine->verdict_o);
      EXPECT_EQ(engine->valid_o, 0u);
      if (counts.retransmitted) {
        EXPECT_EQ(verdict.send, kSendSynAck);
        EXPECT_TRUE(verdict.own);
        EXPECT_EQ(verdict.ack, syn.seq + 1);
        EXPECT_EQ(verdict.fport, syn.fport);
        ++brought.repeated;
      }
      brought.gone += counts.stale ? 1 : 0;
      engine.edge();
    }
    return brought;
  };
  for (const std::uint32_t repeat : {1000u, 3200u, 7400u}) {
    EXPECT_EQ(at(repeat - 1).repeated, 0u) << repeat;
    EXPECT_EQ(at(repeat).repeated, 1u) << repeat;
  }
  EXPECT_EQ(at(15'599).gone, 0u);
  EXPECT_EQ(at(15'600).gone, 1u);
  EXPECT_EQ(engine->count_o, 0u);
}

}  // namespace
}  // namespace synward::test
