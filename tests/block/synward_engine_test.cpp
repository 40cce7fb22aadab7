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

}  // namespace
}  // namespace synward::test
