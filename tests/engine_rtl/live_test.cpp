// SPDX-License-Identifier: BSD-2-Clause
// The RTL engine with its sweeper awake, beside frames and host segments: every answer as the engine of hls/ gives it
// to the same requests, tables that may be cleared at any time, and timeouts that are asked in time.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "common/requests.hpp"
#include "engine_rtl/campaign.hpp"
#include "engine_rtl/live_driver.hpp"

namespace synward::test {
namespace {

constexpr std::uint8_t kFlagSyn = 0x02, kFlagAck = 0x10;

RequestRecord syn_of(Rng& rng, std::uint16_t number, std::uint32_t time_ms) {
  RequestRecord syn{};
  syn.op = kOpSyn;
  syn.time_ms = time_ms;
  syn.faddr = {0, 0xc0000200u + rng.u8()};
  syn.laddr = {0, 0xc6336407};
  syn.fport = number;
  syn.lport = 443;
  syn.seq = rng.u32();
  syn.flags = kFlagSyn;
  syn.window = 65535;
  syn.service = 3;
  syn.tags = 1;
  syn.tag1 = 0x81000000 | number;
  return syn;
}

/// Asks what the generator asks, in clocks that `load` per cent of the time are taken; time moves as it says.
void run_random(LiveDriver& driver, Rng& rng, RequestGenerator& generator, EngineConfig config,
                std::uint64_t requests) {
  unsigned load = 50;
  for (std::uint64_t i = 0; i < requests && !driver.failed(); ++i) {
    if (rng.below(500) == 0) load = rng.pick(std::array{5U, 46U, 80U, 100U});
    if (rng.below(2000) == 0) {
      change_settings(rng, config);
      driver.set(config);
    }
    if (rng.below(1500) == 0) {
      config.keys.table_key = {rng.next(), rng.next()};
      driver.set_table_key(config.keys.table_key);
    }
    if (rng.below(100) == 0) driver.model().line_half_i = rng.percent(80);
    const RequestRecord& request = generator.next();
    if (request.time_ms != driver.time_ms()) {
      if (request.time_ms - driver.time_ms() > 1) {
        driver.leap(request.time_ms);
      } else {
        driver.set_time(request.time_ms);
      }
      if (rng.percent(20)) driver.clocks(static_cast<unsigned>(rng.below(1000)));
    }
    // What time asks is the sweeper's own.
    if (request.op == kOpTick || request.op == kOpVisit || request.op == kOpTimeout) continue;
    while (!rng.percent(load)) driver.clock();
    if (request.op == kOpServer && rng.bit()) {
      driver.watch(request);
      driver.clock();
    } else {
      driver.clock(&request, {rng.percent(97), rng.percent(97)});
    }
  }
}

TEST(EngineLive, AnswersAsTheOtherEngineWhateverTheSweeperAsks) {
  const Campaign campaign = campaign_of(120'000, 2);
  const std::uint64_t requests = campaign.requests / 3;  // many clocks go by between two of them
  for (std::uint64_t seed = campaign.first; seed < campaign.first + campaign.seeds && !HasFailure(); ++seed) {
    std::cout << "seed " << seed << std::endl;
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed * 0x9e3779b9 + 2);
    const std::size_t tuples = rng.between(4, 64);
    RequestGenerator generator(seed, {.tuples = tuples, .log_flows = kEngineLog});
    EngineConfig config = default_engine_config(rng, kEngineLog);
    config.bucketlimit = static_cast<std::uint32_t>(rng.between(1, kWays));
    config.hashsize = 1u << rng.between(0, kEngineLog);
    config.cachelimit = config.hashsize * config.bucketlimit;
    const bool overflows = tuples > 2 * std::size_t{config.cachelimit};
    std::cout << tuples << " connections, " << config.cachelimit << " entries at most" << std::endl;
    std::map<unsigned, std::uint64_t> asked;
    LiveDriver driver(seed, generator.time_ms(), [&](const RequestRecord& request, const EngineAnswer& answer) {
      ++asked[request.op];
      generator.answered(request, answer.verdict);
    });
    driver.start(config);
    run_random(driver, rng, generator, config, requests);
    driver.clocks(2000);
    driver.expect_tables();
    EXPECT_LE(driver.old_tags(), asked[kOpTimeout] / 100);
    std::cout << driver.now() << " clocks, " << driver.visits() << " visits, " << driver.refused_visits()
              << " refused, timeouts " << asked[kOpTimeout] << ", ticks " << asked[kOpTick] << std::endl;
    EXPECT_GT(driver.visits(), 100u);
    EXPECT_GT(driver.refused_visits(), 10u);
    // A cache that overflows is paused most of the time, and empty.
    EXPECT_GT(asked[kOpTimeout], overflows ? 10u : 100u);
  }
}

/// A SYN-ACK's repetition or an entry's end, as the timer brings it.
struct Timed {
  std::uint32_t time_ms;
  std::uint16_t fport;
  bool exhausted;

  auto operator<=>(const Timed&) const = default;
};

class EngineTimers : public testing::TestWithParam<std::uint32_t> {};

// The card sleeps whenever it says that it may, until it says; the first clock counts of every millisecond that
// matters.
TEST_P(EngineTimers, AreRightToTheMillisecondThroughSleep) {
  constexpr std::uint16_t kConnections = 100;
  constexpr std::array<std::uint32_t, 3> kRepeats{1000, 3200, 7400};
  constexpr std::uint32_t kEnd = 15'600;
  constexpr unsigned kAwake = 64;  // clocks until the sweeper has seen a new millisecond
  Rng rng(test_seed());
  const EngineConfig config = default_engine_config(rng, kEngineLog);
  std::vector<Timed> met, expected;
  LiveDriver driver(1, GetParam(), [&](const RequestRecord& request, const EngineAnswer& answer) {
    if (request.op == kOpTimeout && answer.event) met.push_back({request.time_ms, request.fport, answer.counts.stale});
  });
  driver.start(config);
  driver.wait_ready();
  const auto sleep_until = [&](std::uint32_t time_ms) {
    while (driver.time_ms() != time_ms && !driver.failed()) {
      for (unsigned i = 0; driver.model().idle_o == 0; ++i) {
        ASSERT_LT(i, 20'000u) << "the engine never rests";
        driver.clock();
      }
      const bool wakes = driver.model().wake_o != 0 && before(driver.model().wake_ms_o, time_ms);
      const std::uint32_t wake = wakes ? driver.model().wake_ms_o : time_ms;
      if (wake != driver.time_ms() + 1) {
        driver.set_time(wake - 1);
        driver.clocks(500);
      }
      driver.set_time(wake);
      driver.clocks(kAwake);
    }
  };
  for (std::uint16_t i = 0; i < kConnections; ++i) {
    sleep_until(driver.time_ms() + static_cast<std::uint32_t>(rng.between(1, 300)));
    const RequestRecord syn = syn_of(rng, i, driver.time_ms());
    driver.clock(&syn);
    driver.clocks(100);
    for (const std::uint32_t after : kRepeats) expected.push_back({syn.time_ms + after, i, false});
    expected.push_back({syn.time_ms + kEnd, i, true});
  }
  sleep_until(driver.time_ms() + kEnd + 1000);
  driver.expect_tables();
  EXPECT_EQ(driver.model().count_o, 0u);
  const auto by_time = [&](const Timed& a, const Timed& b) {
    return std::tuple(a.time_ms - GetParam(), a.fport) < std::tuple(b.time_ms - GetParam(), b.fport);
  };
  std::sort(met.begin(), met.end(), by_time);
  std::sort(expected.begin(), expected.end(), by_time);
  EXPECT_TRUE(met == expected) << met.size() << " timeouts, " << expected.size() << " expected";
  std::cout << driver.now() << " clocks, " << driver.visits() << " visits" << std::endl;
}

// From anywhere; and so that the clock wraps, all of it, or the part that entries keep.
INSTANTIATE_TEST_SUITE_P(Clock, EngineTimers,
                         testing::Values(123'456'789u, 0u - 20'000u, (7u << 24) - 20'000u, (1u << 31) - 20'000u));

// All that the tables hold is due at once while frames of the least size come at the wire's rate.
TEST(EngineLive, RepeatsEverythingWithinABoundAtWireRate) {
  constexpr unsigned kWireRate = 46;               // per cent of the clocks
  constexpr std::uint64_t kClocksOfAMs = 322'266;  // at 322.265625 MHz
  Rng rng(test_seed());
  EngineConfig config = default_engine_config(rng, kEngineLog);
  std::size_t repeats = 0, ends = 0;
  LiveDriver driver(1, 1000, [&](const RequestRecord&, const EngineAnswer& answer) {
    repeats += answer.counts.retransmitted ? 1 : 0;
    ends += answer.counts.stale ? 1 : 0;
  });
  driver.start(config);
  driver.wait_ready();
  constexpr std::size_t kAll = (1u << kEngineLog) * kWays;
  for (std::uint16_t i = 0; driver.model().count_o < kAll; ++i) {
    // Only where it finds a free way.
    const RequestRecord syn = syn_of(rng, i, driver.time_ms());
    const EngineAddress at = engine_address(config, syn, kEngineLog, kEngineLog);
    if (bucket_entries(driver.tables().syncache[at.bucket]) == kWays) continue;
    driver.clock(&syn);
    driver.clocks(kEngineLatency + 4);
  }
  const auto traffic = [&](unsigned clocks) {
    for (unsigned i = 0; i < clocks; ++i) {
      RequestRecord ack = syn_of(rng, rng.u16(), driver.time_ms());
      ack.op = kOpAck;
      ack.flags = kFlagAck;
      if (rng.percent(kWireRate)) {
        driver.clock(&ack);
      } else {
        driver.clock();
      }
    }
  };
  traffic(1000);
  std::size_t expected = 0;
  for (const std::uint32_t interval : {1000u, 2200u, 4200u}) {
    driver.set_time(driver.time_ms() + interval);
    const std::uint64_t began = driver.now();
    expected += kAll;
    while (repeats < expected && driver.now() - began < kClocksOfAMs && !driver.failed()) traffic(16);
    std::cout << kAll << " entries repeated within " << driver.now() - began << " clocks" << std::endl;
    EXPECT_EQ(repeats, expected);
  }
  driver.set_time(driver.time_ms() + 8200);
  traffic(kClocksOfAMs / 10);
  EXPECT_EQ(ends, kAll);
  std::cout << "none later than " << driver.latest() << " clocks" << std::endl;
  EXPECT_LT(driver.latest(), kClocksOfAMs / 10);
  driver.expect_tables();
}

// Five connections each way at 148.8 million frames/s on each port: their buckets are met so often that visits always
// give way. Timeouts come in time all the same.
TEST(EngineLive, FiveConnectionsAtFullRateBothWaysKeepNoTimeoutWaiting) {
  constexpr std::size_t kHot = 5;
  constexpr unsigned kWireRate = 462;       // of a thousand clocks, on either port
  constexpr std::uint32_t kLap = 1u << 17;  // ms
  constexpr std::uint64_t kBound = 30'000;  // clocks, 93 us
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  EngineConfig config = default_engine_config(rng, kEngineLog);
  LiveDriver driver(seed, 1000, [](const RequestRecord&, const EngineAnswer&) {});
  driver.start(config);
  driver.wait_ready();
  // Evenly, so that no bucket has a moment of rest.
  const auto segment = [&](std::uint8_t op, std::uint64_t number) {
    RequestRecord request = syn_of(rng, static_cast<std::uint16_t>(number % kHot), driver.time_ms());
    request.op = op;
    request.faddr = {0, op == kOpServer ? 0xc0000300u : 0xc0000400u};
    request.flags = kFlagAck;
    return request;
  };
  std::uint64_t clock = 0;
  const auto traffic = [&](unsigned clocks) {
    for (unsigned i = 0; i < clocks; ++i, ++clock) {
      const std::uint64_t frames = clock * kWireRate / 1000;
      const bool frame = frames != (clock + 1) * kWireRate / 1000;
      if (frame) driver.watch(segment(kOpServer, frames));
      const RequestRecord ack = segment(kOpAck, frames);
      driver.clock(frame ? &ack : nullptr);
    }
  };
  for (std::uint16_t round = 0; round < 20 && !driver.failed(); ++round) {
    for (std::uint16_t i = 0; i < 8; ++i) {
      const RequestRecord syn = syn_of(rng, static_cast<std::uint16_t>(1000 + 8 * round + i), driver.time_ms());
      driver.clock(&syn);
    }
    traffic(200);
    // A lap of visits, of which those of ten buckets give way for ever; and all entries are due.
    driver.set_time(driver.time_ms() + kLap);
    traffic(60'000);
  }
  std::cout << driver.refused_visits() << " visits gave way, none later than " << driver.latest() << " clocks"
            << std::endl;
  EXPECT_GT(driver.refused_visits(), 1000u);
  EXPECT_LT(driver.latest(), kBound);
}

// Entries come and go, and the buffer of replies is half full now and then: no timeout is lost.
TEST(EngineLive, NeverLosesATimeout) {
  constexpr std::uint64_t kLatest = 30'000;  // clocks, without those in which the sweeper must wait
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  RequestGenerator generator(seed, {.tuples = 64, .log_flows = kEngineLog});
  EngineConfig config = default_engine_config(rng, kEngineLog);
  config.hashsize = 16;
  config.cachelimit = config.hashsize * kWays;
  config.rexmit = {3, 3, 1, 12};
  LiveDriver driver(seed, generator.time_ms(), [&](const RequestRecord& request, const EngineAnswer& answer) {
    generator.answered(request, answer.verdict);
  });
  driver.start(config);
  driver.wait_ready();
  for (unsigned ms = 0; ms < 400 && !driver.failed(); ++ms) {
    driver.set_time(driver.time_ms() + 1);
    driver.model().line_half_i = ms % 8 != 0;
    for (unsigned clock = 0; clock < 3000; ++clock) {
      if (!rng.percent(46)) {
        driver.clock();
        continue;
      }
      RequestRecord request = generator.next();
      if (request.op == kOpTick || request.op == kOpVisit || request.op == kOpTimeout) request.op = kOpNone;
      request.time_ms = driver.time_ms();
      driver.clock(&request);
    }
  }
  driver.model().line_half_i = 1;
  driver.clocks(2000);
  driver.expect_tables();
  std::cout << "none later than " << driver.latest() << " clocks" << std::endl;
  EXPECT_LT(driver.latest(), kLatest);
  EXPECT_EQ(driver.old_tags(), 0u);
}

// Requests come in every clock while the tables are cleared: what was asked before is forgotten, what is asked from the
// first clock in which they are ready on is kept, and timed.
TEST(EngineLive, ClearsTheTablesWhileEverythingGoesOn) {
  constexpr unsigned kLatest = 4000;  // clocks
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  EngineConfig config = default_engine_config(rng, kEngineLog);
  config.rexmit.initial = 3;
  config.syncookies = false;  // no pause: everything is stored
  config.cachelimit = 130;    // about what is asked between two clearings
  LiveDriver driver(seed, 77, [](const RequestRecord&, const EngineAnswer&) {});
  driver.start(config);
  const auto traffic = [&](unsigned clocks) {
    RequestRecord request{};
    for (unsigned i = 0; i < clocks; ++i) {
      // Mostly new connections, and what follows to the last few.
      if (rng.percent(70)) request = syn_of(rng, rng.u16(), driver.time_ms());
      if (rng.percent(20)) request.op = rng.pick(std::array{kOpSyn, kOpAck, kOpRst});
      driver.clock(&request);
    }
  };
  for (unsigned load = 0; load < 200 && !HasFailure(); ++load) {
    traffic(200);
    driver.set_table_key({rng.next(), rng.next()});
    traffic(1);
    while (driver.model().ready_o == 0) traffic(1);
    traffic(static_cast<unsigned>(rng.below(4)));
    driver.clocks(2 * kEngineLatency);
    driver.set_time(driver.time_ms() + config.rexmit.initial);
    driver.clocks(kLatest + 1000);
    driver.expect_tables();
  }
  std::cout << "none later than " << driver.latest() << " clocks" << std::endl;
  EXPECT_LT(driver.latest(), kLatest);
}

}  // namespace
}  // namespace synward::test
