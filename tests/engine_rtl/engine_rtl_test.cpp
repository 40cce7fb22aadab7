// SPDX-License-Identifier: BSD-2-Clause
// The RTL engine answers as the engine of hls/ does, whatever is asked, in every clock, and its memories hold the same.
// How many requests a seed, how many seeds and from which: SYNWARD_ENGINE_REQUESTS, SYNWARD_ENGINE_SEEDS, SYNWARD_SEED.
#include <Vsynward_engine.h>
#include <gtest/gtest.h>

#include <iostream>
#include <string>

#include "common/requests.hpp"
#include "engine_rtl/campaign.hpp"
#include "engine_rtl/engine_driver.hpp"
#include "engine_rtl/engine_memories.hpp"

namespace synward::test {
namespace {

using Driver = EngineDriver<Vsynward_engine>;

void expect_tables(Driver& driver) {
  driver.drain();
  EngineMemories(*driver.bench().operator->()).expect_tables(driver.tables(), driver.config().bucketlimit);
}

void run(std::uint64_t seed, std::uint64_t requests) {
  Rng rng(seed * 0x9e3779b9 + 1);
  RequestGenerator generator(seed, {.tuples = rng.between(4, 64), .log_flows = kEngineLog});
  EngineConfig config = default_engine_config(rng, kEngineLog);
  change_load_settings(rng, config, kEngineLog);
  Driver driver(seed);
  driver.start(config);
  std::uint64_t pressure = 0;
  for (std::uint64_t i = 0; i < requests && !testing::Test::HasFailure(); ++i) {
    if (rng.below(500) == 0) {
      expect_tables(driver);
      change_settings(rng, config);
      driver.set(config);
    }
    if (rng.below(5000) == 0) {
      change_load_settings(rng, config, kEngineLog);
      driver.load(config);
      // What is asked shortly before the tables are ready may be decided when they are: the engines agree on what is
      // asked earlier.
      const std::uint64_t latest = driver.clocks() + 100;
      for (std::size_t asked = rng.below(20); asked > 0 && driver.clocks() < latest; --asked) {
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
  expect_tables(driver);
  std::cout << driver.clocks() << " clocks" << std::endl;
}

TEST(EngineRtl, AnswersAsTheOtherEngineAndHoldsTheSame) {
  const Campaign campaign = campaign_of(100'000, 2);
  for (std::uint64_t seed = campaign.first; seed < campaign.first + campaign.seeds; ++seed) {
    std::cout << "seed " << seed << std::endl;
    SCOPED_TRACE("seed " + std::to_string(seed));
    run(seed, campaign.requests);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace synward::test
