// SPDX-License-Identifier: BSD-2-Clause
// What one request does is seen by the next, however near it follows: every pair of deeds that can meet on one
// connection, in one bucket of either table, or on what is global, at every distance within reach of the pipeline and
// one more, against the engine of hls/.
#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <string>
#include <vector>

#include "common/requests.hpp"
#include "engine_rtl/client.hpp"
#include "engine_rtl/engine_driver.hpp"
#include "engine_rtl/engine_memories.hpp"

namespace synward::test {
namespace {

constexpr unsigned kFar = kReach + 1;  ///< at this distance the memories show it

class EngineHazards : public testing::Test {
 protected:
  EngineHazards() : rng(test_seed()), config(default_engine_config(rng, kEngineLog)), driver(1) {}

  void load() {
    driver.load(config);
    driver.wait_ready();
  }
  void expect_tables() {
    driver.drain();
    EngineMemories(*driver.bench().operator->()).expect_tables(driver.tables(), config.bucketlimit);
  }
  /// Asks, in the next clock if nothing leaps.
  void act(Client& client, Deed deed, Room room = {true, true}) {
    client.answered(driver.ask(client.request(deed, time_ms), room).verdict);
  }
  /// Asks, `distance` clocks behind what was asked last.
  void act_after(unsigned distance, Client& client, Deed deed, Room room = {true, true}) {
    driver.idle(distance - 1);
    act(client, deed, room);
  }
  void tick() {
    RequestRecord request{};
    request.op = kOpTick;
    request.time_ms = time_ms;
    driver.ask(request);
  }
  /// Lets time pass, and nothing be under way.
  void pass(std::uint32_t ms) {
    time_ms += ms;
    tick();
    driver.idle(kFar);
  }
  void visit(std::uint32_t bucket) { driver.ask(visit_of(bucket)); }
  RequestRecord visit_of(std::uint32_t bucket) const {
    RequestRecord request{};
    request.op = kOpVisit;
    request.time_ms = time_ms;
    request.seq = bucket;
    return request;
  }
  std::uint32_t flows_of(const Client& client) const {
    return engine_address(config, client.request(Deed::ack, 0), kEngineLog, kEngineLog).flows;
  }
  /// A client whose flow is kept in that bucket.
  Client client_in(std::uint32_t flows) {
    for (;;) {
      Client client(rng);
      if (flows_of(client) == flows) return client;
    }
  }
  bool failed() const { return driver.failed() || HasFailure(); }

  Rng rng;
  EngineConfig config;
  EngineDriver<Vsynward_engine> driver;
  std::uint32_t time_ms = 5'000'000;
};

/// What has become of a connection before two more deeds meet on it.
enum class State : std::uint8_t {
  nothing,
  entry,
  due,
  unreachable,
  waiting,      ///< handed over to a server that has not confirmed
  unconfirmed,  ///< and will not be asked again
  handed,
  handed_longer,
  open,
  closing,
  answered,  ///< closing, and the server has answered a SYN since
};
constexpr std::array<State, 11> kStates{State::nothing, State::entry,       State::due,     State::unreachable,
                                        State::waiting, State::unconfirmed, State::handed,  State::handed_longer,
                                        State::open,    State::closing,     State::answered};

class OneConnection : public EngineHazards {
 protected:
  void prepare(Client& client, State state) {
    if (state == State::nothing) return;
    act(client, Deed::syn);
    if (state == State::due) pass(config.rexmit.initial);
    if (state == State::unreachable) {
      for (unsigned n = 0; n < 3; ++n) {
        pass(rexmit_interval(config.rexmit, n));
        act(client, Deed::timeout);
      }
      act(client, Deed::unreach);
    }
    if (state == State::waiting || state == State::unconfirmed) act(client, Deed::ack_agent);
    if (state == State::unconfirmed) {
      for (unsigned n = 0; n <= config.rexmtlimit; ++n) {
        if (n != 0) act(client, Deed::timeout);
        pass(rexmit_interval(config.rexmit, n));
      }
    }
    if (state < State::handed) return;
    act(client, Deed::ack);
    if (state == State::handed_longer) pass(20);
    if (state == State::open) act(client, Deed::server);
    if (state >= State::closing) act(client, Deed::server_fin);
    if (state == State::answered) act(client, Deed::server_syn_ack);
  }
};

TEST_F(OneConnection, EveryPairOfDeedsAtEveryDistance) {
  constexpr unsigned kRunsOfALoad = 150;
  unsigned runs = 0;
  const EngineConfig usual = config;
  driver.start(config);
  for (unsigned distance = 1; distance <= kFar; ++distance) {
    for (const State state : kStates) {
      for (const Deed first : kDeeds) {
        for (const Deed second : kDeeds) {
          if (runs++ % kRunsOfALoad == 0) {
            expect_tables();
            config = usual;
            // Every other time with settings of any kind.
            for (std::size_t changes = rng.bit() ? rng.between(1, 6) : 0; changes > 0; --changes)
              change_settings(rng, config);
            load();
          }
          Client client(rng);
          const Room room{!rng.percent(10), !rng.percent(10)};
          prepare(client, state);
          pass(1);
          act(client, first, room);
          act_after(distance, client, second);
          // And one more, for what the second has left.
          act_after(static_cast<unsigned>(rng.between(1, kFar)), client, rng.pick(kDeeds));
          ASSERT_FALSE(failed()) << "distance " << distance << ", state " << static_cast<int>(state) << ", deeds "
                                 << static_cast<int>(first) << " and " << static_cast<int>(second);
        }
      }
    }
  }
  expect_tables();
  std::cout << runs << " runs, " << driver.clocks() << " clocks" << std::endl;
}

/// What a bucket of two ways holds of three clients before two more deeds meet in it.
struct BucketState {
  const char* name;
  unsigned entries;
  unsigned cachelimit;
  bool paused;
};
constexpr std::array<BucketState, 6> kBucketStates{{{"empty", 0, 2, false},
                                                    {"one", 1, 2, false},
                                                    {"full", 2, 2, false},
                                                    {"one, cachelimit", 1, 1, false},
                                                    {"none, cachelimit soon", 0, 1, false},
                                                    {"full, paused", 2, 2, true}}};

class OneBucket : public EngineHazards {
 protected:
  static constexpr std::size_t kClients = 3;
  static constexpr std::array<Deed, 5> kBucketDeeds{Deed::syn, Deed::ack, Deed::rst, Deed::timeout, Deed::unreach};

  struct Act {
    std::size_t client;
    Deed deed;
  };
  static std::vector<Act> acts() {
    std::vector<Act> all;
    for (std::size_t client = 0; client < kClients; ++client) {
      for (const Deed deed : kBucketDeeds) all.push_back({client, deed});
    }
    return all;
  }

  void run(const BucketState& state, const Act& first, const Act& second, unsigned distance) {
    std::vector<Client> clients;
    for (std::size_t i = 0; i < kClients; ++i) clients.emplace_back(rng);
    Client earlier(rng);
    if (state.paused) {
      // Three entries in two ways: the oldest goes, a pause begins.
      act(earlier, Deed::syn);
    }
    for (unsigned i = 0; i < state.entries; ++i) act(clients[i], Deed::syn);
    // Then all are due.
    pass(config.rexmit.initial);
    ASSERT_EQ(driver.tables().state.count, state.entries);
    ASSERT_EQ(driver.tables().state.pause.paused, state.paused);
    act(clients[first.client], first.deed);
    act_after(distance, clients[second.client], second.deed);
    const Act& third = rng.pick(all_);
    act_after(static_cast<unsigned>(rng.between(1, kFar)), clients[third.client], third.deed);
    // An end to any pause, and to all entries but one whose client was let through by its cookie.
    pass(2'000'000);
    for (Client& client : clients) act(client, Deed::rst);
    act(earlier, Deed::rst);
    if (driver.tables().state.count != 0) load();
  }

  const std::vector<Act> all_ = acts();
};

TEST_F(OneBucket, EveryPairOfDeedsAtEveryDistance) {
  constexpr unsigned kRunsOfALoad = 100;
  config.hashsize = 1;
  config.bucketlimit = 2;
  driver.start(config);
  unsigned runs = 0;
  for (const BucketState& state : kBucketStates) {
    config.cachelimit = state.cachelimit;
    for (const bool cookies : {true, false}) {
      if (state.paused && !cookies) continue;  // then there is no pause
      config.syncookies = cookies;
      expect_tables();
      load();
      for (unsigned distance = 1; distance <= kFar; ++distance) {
        // Without cookies, what is different is the eviction: every other distance will do.
        if (!cookies && distance % 2 == 0) continue;
        for (const Act& first : all_) {
          for (const Act& second : all_) {
            if (++runs % kRunsOfALoad == 0) {
              expect_tables();
              load();
            }
            run(state, first, second, distance);
            ASSERT_FALSE(failed()) << state.name << ", distance " << distance << ", client " << first.client << " deed "
                                   << static_cast<int>(first.deed) << ", client " << second.client << " deed "
                                   << static_cast<int>(second.deed);
          }
        }
      }
    }
  }
  expect_tables();
  std::cout << runs << " runs, " << driver.clocks() << " clocks" << std::endl;
}

class OneFlowBucket : public EngineHazards {
 protected:
  static constexpr std::uint32_t kBucket = 41;
  static constexpr std::array<Deed, 6> kFlowDeeds{Deed::syn, Deed::ack,    Deed::ack_fin,
                                                  Deed::rst, Deed::server, Deed::server_fin};

  /// Flows of others in the bucket.
  void fill(unsigned flows) {
    for (unsigned i = 0; i < flows; ++i) {
      Client other = client_in(kBucket);
      act(other, Deed::syn);
      act(other, Deed::ack);
      act(other, Deed::server);
    }
  }
};

TEST_F(OneFlowBucket, EveryPairOfDeedsAtEveryDistance) {
  constexpr unsigned kRunsOfALoad = 25;
  driver.start(config);
  unsigned runs = 0;
  for (const unsigned used : {0u, kFlowWays - 2, kFlowWays - 1, kFlowWays}) {
    for (unsigned distance = 1; distance <= kFar; ++distance) {
      for (const Deed first : kFlowDeeds) {
        for (const Deed second : kFlowDeeds) {
          if (runs++ % kRunsOfALoad == 0 || runs % (12 * 36) == 1) {
            expect_tables();
            load();
            fill(used);
          }
          std::array<Client, 2> clients{client_in(kBucket), client_in(kBucket)};
          for (Client& client : clients) act(client, Deed::syn);
          if (rng.bit()) act(clients[0], Deed::ack);
          pass(1);
          act(clients[0], first);
          act_after(distance, clients[1], second);
          act_after(static_cast<unsigned>(rng.between(1, kFar)), clients[rng.below(2)], rng.pick(kFlowDeeds));
          // Both are closed and age, and what they left in the syncache goes.
          for (Client& client : clients) act(client, Deed::rst);
          visit(kBucket);
          visit(kBucket);
          ASSERT_FALSE(failed()) << used << " flows, distance " << distance << ", deeds " << static_cast<int>(first)
                                 << " and " << static_cast<int>(second);
        }
      }
    }
  }
  expect_tables();
  std::cout << runs << " runs, " << driver.clocks() << " clocks" << std::endl;
}

/// Whoever asks about one connection, or one bucket, all the time while the tables are cleared finds them empty behind
/// that: what its own requests were told before is not carried on.
TEST_F(OneFlowBucket, WhatIsClearedIsGoneWhateverIsAskedMeanwhile) {
  constexpr unsigned kSeen = 33;  ///< clocks from a request's to that in which the tables must be ready for it
  config.hashsize = 1;
  config.bucketlimit = 4;
  config.cachelimit = 100;
  driver.start(config);
  driver.load(config);
  std::uint64_t began = driver.clocks();
  while (driver.bench()->ready_o == 0) {
    driver.idle(1);
    ASSERT_LT(driver.clocks() - began, 2'000u);
  }
  const std::uint64_t clearing = driver.clocks() - began;
  driver.wait_ready();
  for (unsigned distance = 1; distance <= kFar + 1; ++distance) {
    for (const Deed deed : {Deed::syn, Deed::server, Deed::ack, Deed::rst}) {
      fill(kFlowWays);
      for (unsigned i = 0; i < config.bucketlimit; ++i) {
        Client other = client_in(kBucket);
        act(other, Deed::syn);
      }
      pass(1);
      Client client = client_in(kBucket);
      driver.load(config);
      began = driver.clocks();
      for (unsigned asked = 0; asked < 3; driver.idle(distance - 1)) {
        const bool ready = driver.clocks() - began + kSeen >= clearing;
        driver.ready(ready);
        act(client, deed);
        asked += ready ? 1 : 0;
      }
      driver.wait_ready();
      expect_tables();
      ASSERT_FALSE(failed()) << "distance " << distance << ", deed " << static_cast<int>(deed);
    }
  }
}

TEST_F(EngineHazards, AVisitGivesWayToItsNeighboursAndOnlyToThem) {
  driver.start(config);
  load();
  unsigned in_vain = 0, taken = 0;
  for (const Deed deed : {Deed::syn, Deed::ack, Deed::rst, Deed::server}) {
    for (unsigned distance = 1; distance <= kFar + 1; ++distance) {
      for (const bool visit_first : {true, false}) {
        for (const bool elsewhere : {true, false}) {
          Client client(rng);
          act(client, Deed::syn);
          act(client, Deed::ack);
          act(client, Deed::server);
          pass(1);
          const std::uint32_t bucket = (flows_of(client) + (elsewhere ? 1u : 0u)) % (1u << kEngineLog);
          const bool meets = distance <= kReach && !elsewhere;
          const auto visit_it = [&] {
            if (meets) {
              driver.visit_in_vain(visit_of(bucket));
              ++in_vain;
            } else {
              driver.ask_now(visit_of(bucket));
              ++taken;
            }
          };
          if (visit_first) {
            visit_it();
            driver.idle(distance - 1);
            driver.ask_now(client.request(deed, time_ms));
          } else {
            driver.ask_now(client.request(deed, time_ms));
            driver.idle(distance - 1);
            visit_it();
          }
          driver.idle(kFar);
          ASSERT_FALSE(failed()) << "distance " << distance;
        }
      }
    }
    expect_tables();
  }
  // A visit behind a visit gives way, too.
  for (unsigned distance = 1; distance <= kFar; ++distance) {
    pass(1);
    driver.ask_now(visit_of(distance));
    driver.idle(distance - 1);
    if (distance <= kReach) {
      driver.visit_in_vain(visit_of(distance));
    } else {
      driver.ask_now(visit_of(distance));
    }
    driver.idle(kFar);
  }
  expect_tables();
  EXPECT_FALSE(failed());
  EXPECT_EQ(in_vain, 4u * kReach * 2);
  EXPECT_EQ(taken, 4u * ((kFar + 1) * 2 + 2 * 2));
}

TEST_F(EngineHazards, TheLimiterOfRstsAtTheEdgeOfItsWindow) {
  constexpr std::uint32_t kWindow = 1000;
  config.unknown_ack = kUnknownAckRst;
  driver.start(config);
  load();
  Client client(rng);
  for (const std::uint32_t limit : {0u, 1u, 2u}) {
    config.icmplim = limit;
    driver.set(config);
    for (unsigned before_tick = 1; before_tick <= kFar; ++before_tick) {
      for (unsigned behind_tick = 1; behind_tick <= kFar; ++behind_tick) {
        pass(2 * kWindow);
        act(client, Deed::ack);
        act(client, Deed::ack);
        pass(kWindow - 1);
        act(client, Deed::ack);
        ++time_ms;
        act_after(behind_tick, client, Deed::ack_wrong);
        driver.idle(before_tick - 1);
        tick();
        act_after(behind_tick, client, Deed::ack);
        act_after(before_tick, client, Deed::ack);
        driver.idle(before_tick - 1);
        tick();
        ASSERT_FALSE(failed()) << "limit " << limit << ", " << before_tick << " before, " << behind_tick << " behind";
      }
    }
  }
}

TEST_F(EngineHazards, TheEndOfAPauseAndOfTheGate) {
  constexpr std::uint32_t kGate = 16'000, kPause = 15'000;
  config.hashsize = 1;
  config.bucketlimit = 1;
  config.cachelimit = 1;
  driver.start(config);
  load();
  for (const std::uint32_t end : {kPause, kGate}) {
    for (const Deed around : {Deed::syn, Deed::ack, Deed::rst, Deed::timeout}) {
      for (unsigned before_tick = 1; before_tick <= kFar; ++before_tick) {
        for (unsigned behind_tick = 1; behind_tick <= kFar; ++behind_tick) {
          std::array<Client, 3> clients{Client(rng), Client(rng), Client(rng)};
          act(clients[0], Deed::syn);
          act(clients[1], Deed::syn);
          ASSERT_TRUE(driver.tables().state.pause.paused);
          // The bucket holds the second; the first has a cookie, good as long as the gate is open.
          pass(end - 1);
          ++time_ms;
          act(clients[around == Deed::ack ? 0 : 1], around);
          driver.idle(before_tick - 1);
          tick();
          act_after(behind_tick, clients[around == Deed::syn ? 2 : 0], around);
          act_after(before_tick, clients[2], Deed::syn);
          pass(2'000'000);
          for (Client& client : clients) act(client, Deed::rst);
          ASSERT_EQ(driver.tables().state.count, 0u);
          ASSERT_FALSE(failed()) << "deed " << static_cast<int>(around) << ", " << before_tick << " before, "
                                 << behind_tick << " behind";
        }
      }
      load();
    }
  }
}

TEST_F(EngineHazards, APauseThatSoftwareEndsEndsWithTheNextTickWheneverItIsTold) {
  constexpr unsigned kWay = kEngineLatency + 2;  // a tick's, and more
  config.hashsize = 1;
  config.bucketlimit = 1;
  config.cachelimit = 1;
  driver.start(config);
  load();
  unsigned at_once = 0, next = 0;
  for (unsigned told = 0; told <= kWay; ++told) {
    pass(2'000'000);
    Client a(rng), b(rng);
    act(a, Deed::syn);
    act(b, Deed::syn);
    ASSERT_TRUE(driver.tables().state.pause.paused);
    pass(10);
    ++time_ms;
    driver.idle(1);
    tick();
    driver.idle(told);
    driver.bench()->end_pause_i = 1;
    driver.idle(1);
    driver.bench()->end_pause_i = 0;
    driver.idle(kWay);
    if (driver.bench()->paused_o == 0) {
      driver.tables().state.pause.paused = false;
      ++at_once;
    } else {
      driver.tables().state.pause.end = true;
      ++next;
    }
    pass(1);
    driver.idle(kWay);
    EXPECT_EQ(driver.bench()->paused_o, 0u) << "told " << told << " clocks behind a tick";
  }
  EXPECT_FALSE(failed());
  EXPECT_GT(at_once, 30u);
  EXPECT_GT(next, 0u);
}

}  // namespace
}  // namespace synward::test
