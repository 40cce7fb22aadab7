// SPDX-License-Identifier: BSD-2-Clause
// The RTL engine answers as the engine of hls/ does, whatever is asked, in every clock, and its memories hold the same;
// and so does the HLS kernel, asked the same.
// How many requests a seed, how many seeds and from which: SYNWARD_ENGINE_REQUESTS, SYNWARD_ENGINE_SEEDS, SYNWARD_SEED.
#include <Vsynward_engine.h>
#include <gtest/gtest.h>

#include <iostream>
#include <memory>
#include <string>

#include "common/requests.hpp"
#include "common/same_record.hpp"
#include "engine/late_table.hpp"
#include "engine_rtl/campaign.hpp"
#include "engine_rtl/engine_driver.hpp"
#include "engine_rtl/engine_memories.hpp"
#include "model/kernel_model.hpp"

namespace synward::test {
namespace {

using Driver = EngineDriver<Vsynward_engine>;

void expect_tables(Driver& driver) {
  driver.drain();
  EngineMemories(*driver.bench().operator->()).expect_tables(driver.tables(), driver.config().bucketlimit);
}

/// The HLS kernel, which is asked what the RTL engine is asked. Its tables land late.
class Kernel {
 public:
  Kernel() : model_(std::make_unique<Model>()) {}
  void set(const EngineConfig& config, bool load) { model_->set({config, load, false}); }
  void wait_ready() { model_->settle(); }
  void expect(const RequestRecord& request, const Room& room, const EngineAnswer& want) {
    const EngineAnswer got = model_->ask({request, room}).answer;
    EXPECT_EQ(fields_of(got.verdict), fields_of(want.verdict)) << "the kernel, asked operation " << int{request.op};
    EXPECT_EQ(fields_of(got.counts), fields_of(want.counts));
    EXPECT_EQ(got.mark_mac, want.mark_mac);
    EXPECT_EQ(got.event, want.event);
    EXPECT_EQ(fields_of(got.record), fields_of(want.record));
  }

 private:
  template <typename Word, unsigned kLog>
  using Table = LateTable<Word, kLog, kDistance>;
  /// Longer in clearing than anything is asked meanwhile, so that it is ready no sooner than the RTL engine.
  static constexpr std::uint32_t kClearSteps = 1024;
  using Model = KernelModel<kEngineLog, kEngineLog, true, Table, kClearSteps>;
  std::unique_ptr<Model> model_;
};

void run(std::uint64_t seed, std::uint64_t requests) {
  Rng rng(seed * 0x9e3779b9 + 1);
  RequestGenerator generator(seed, {.tuples = rng.between(4, 64), .log_flows = kEngineLog});
  EngineConfig config = default_engine_config(rng, kEngineLog);
  change_load_settings(rng, config, kEngineLog);
  Driver driver(seed);
  driver.start(config);
  Kernel kernel;
  // The RTL engine clears its tables as it begins, which is no load and learns nothing.
  EngineConfig bare = config;
  bare.flow_learn = 0;
  kernel.set(bare, true);
  kernel.wait_ready();
  kernel.set(config, false);
  const auto ask = [&](const RequestRecord& request, const Room& room) {
    const EngineAnswer answer = driver.ask(request, room);
    kernel.expect(request, room, answer);
    generator.answered(request, answer.verdict);
  };
  std::uint64_t pressure = 0;
  for (std::uint64_t i = 0; i < requests && !testing::Test::HasFailure(); ++i) {
    if (rng.below(500) == 0) {
      expect_tables(driver);
      change_settings(rng, config);
      driver.set(config);
      kernel.set(config, false);
    }
    if (rng.below(5000) == 0) {
      change_load_settings(rng, config, kEngineLog);
      driver.load(config);
      kernel.set(config, true);
      // What is asked shortly before the tables are ready may be decided when they are: the engines agree on what is
      // asked earlier.
      const std::uint64_t latest = driver.clocks() + 100;
      for (std::size_t asked = rng.below(20); asked > 0 && driver.clocks() < latest; --asked) {
        ask(generator.next(), {true, true});
      }
      driver.wait_ready();
      kernel.wait_ready();
    }
    if (rng.below(300) == 0) pressure = rng.below(3) == 0 ? rng.between(1, 60) : 0;
    Room room{true, true};
    if (pressure > 0) {
      --pressure;
      room = {rng.bit(), rng.bit()};
    }
    ask(generator.next(), room);
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
