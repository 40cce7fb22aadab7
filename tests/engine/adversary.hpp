// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/rng.hpp"
#include "synward/engine.hpp"
#include "third_model.hpp"

namespace synward::test {

/// Chooses requests by looking into the tables: at the edges of windows, timers and budgets, at the bucket that is
/// full, at the moment when a pause ends. Few connections, so that all meet all.
class Adversary {
 public:
  explicit Adversary(std::uint64_t seed);

  template <typename Tables>
  RequestRecord next(const ThirdModel& model, const Tables& tables, const EngineConfig& config) {
    victims_.clear();
    for (const SyncacheBucket& bucket : tables.syncache) {
      for (unsigned way = 0; way < kWays; ++way) {
        if (way_valid(bucket, way)) victims_.push_back(bucket.way[way]);
      }
    }
    return choose(model, config);
  }

  /// What the engine said to the last request.
  void answered(const RequestRecord& request, const VerdictRecord& verdict);

 private:
  /// A handshake that was answered: its cookie may still be good.
  struct Known {
    Endpoints ends;
    std::uint32_t irs, iss;
    bool ts_ok;
  };

  RequestRecord choose(const ThirdModel& model, const EngineConfig& config);
  void move_clock(const ThirdModel& model, const EngineConfig& config);
  RequestRecord about(std::uint8_t op, const Endpoints& ends);
  Endpoints random_ends();
  Endpoints any_ends();
  RequestRecord syn();
  RequestRecord ack();
  RequestRecord ack_cookie(const Known& known);
  RequestRecord ack_entry(const SyncacheWay& victim);
  RequestRecord rst();
  RequestRecord unreach();
  RequestRecord server();
  RequestRecord status();
  RequestRecord stray();
  RequestRecord visit();
  void put_timestamps(const EntryRecord& entry, RequestRecord& request);
  std::uint32_t edge(std::uint32_t irs, std::uint16_t window);

  Rng rng_;
  std::vector<SyncacheWay> victims_;
  std::vector<Known> known_;
  std::optional<SyncacheWay> next_timeout_;
  std::uint32_t now_;
  bool tick_ = false;
  std::uint32_t visited_ = 0;
};

}  // namespace synward::test
