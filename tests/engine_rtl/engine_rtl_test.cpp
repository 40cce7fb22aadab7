// SPDX-License-Identifier: BSD-2-Clause
// The RTL engine answers as the engine of hls/ does, whatever is asked, in every clock. How many requests a seed, how
// many seeds and from which: SYNWARD_ENGINE_REQUESTS, SYNWARD_ENGINE_SEEDS, SYNWARD_SEED.
#include <Vsynward_engine.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "common/requests.hpp"
#include "engine_rtl/engine_driver.hpp"

namespace synward::test {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(EngineRtl, AnswersAsTheOtherEngine) {
  const std::uint64_t requests = setting("SYNWARD_ENGINE_REQUESTS", 100'000);
  const std::uint64_t seeds = setting("SYNWARD_ENGINE_SEEDS", 2);
  const std::uint64_t first = setting("SYNWARD_SEED", 1);
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    std::cout << "seed " << seed << std::endl;
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed * 0x9e3779b9 + 1);
    RequestGenerator generator(seed, {.tuples = rng.between(4, 64), .log_flows = kEngineLog});
    EngineConfig config = default_engine_config(rng, kEngineLog);
    change_load_settings(rng, config, kEngineLog);
    EngineDriver<Vsynward_engine> driver(seed);
    driver.start(config);
    std::uint64_t pressure = 0;
    for (std::uint64_t i = 0; i < requests && !driver.failed(); ++i) {
      if (rng.below(500) == 0) {
        change_settings(rng, config);
        driver.set(config);
      }
      if (rng.below(5000) == 0) {
        change_load_settings(rng, config, kEngineLog);
        driver.load(config);
        for (std::size_t asked = rng.below(20); asked > 0; --asked) {
          const RequestRecord& request = generator.next();
          generator.answered(request, driver.ask(request).verdict);
        }
        driver.wait_ready();
      }
      if (rng.below(300) == 0) pressure = rng.below(3) == 0 ? rng.between(1, 60) : 0;
      Room room{true, true};
      if (pressure > 0) {
        --pressure;
        room = {rng.bit(), rng.bit()};
      }
      const RequestRecord& request = generator.next();
      generator.answered(request, driver.ask(request, room).verdict);
      if (rng.percent(3)) driver.idle(static_cast<unsigned>(rng.between(1, 14)));
    }
    driver.idle(200);
    EXPECT_EQ(driver.bench()->count_o, driver.tables().state.count);
    EXPECT_EQ(driver.bench()->flows_o, driver.tables().state.flows);
    std::cout << driver.clocks() << " clocks" << std::endl;
    if (driver.failed()) return;
  }
}

}  // namespace
}  // namespace synward::test
