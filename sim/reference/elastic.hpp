// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "synward/engine.hpp"

namespace synward::reference {

/// An engine that answers in the place of the step functions.
class OtherEngine {
 public:
  OtherEngine() = default;
  OtherEngine(const OtherEngine&) = delete;
  OtherEngine& operator=(const OtherEngine&) = delete;
  OtherEngine(OtherEngine&&) = delete;
  OtherEngine& operator=(OtherEngine&&) = delete;
  virtual ~OtherEngine() = default;
  /// As after power-up.
  virtual void reset() = 0;
  virtual EngineAnswer ask(const EngineConfig& config, const RequestRecord& request, const Room& room) = 0;
  /// Empties both tables.
  virtual void clear(std::uint8_t flow_learn) = 0;
  virtual void end_pause() = 0;
  /// Clocks for which it takes no other request than this one.
  virtual std::uint64_t clocks_of(const RequestRecord& request) const = 0;
};

/// What a card's shell assumes of an engine behind streams, clocks of the card.
struct Elastic {
  std::shared_ptr<OtherEngine> engine;
  std::uint64_t latency;  ///< from taking a request to its answer
  std::uint64_t depth;    ///< requests that may wait; a frame for which there is no room is dropped
};

/// When the engine behind an elastic socket takes what it is asked, and answers.
class ElasticSocket {
 public:
  explicit ElasticSocket(Elastic elastic) : elastic_(std::move(elastic)) {}

  const std::shared_ptr<OtherEngine>& engine() const { return elastic_.engine; }
  void reset() { free_ = 0; }

  /// Whether one more request would find no room: the depth is that of requests of the least time each.
  bool full(std::uint64_t now) const {
    const std::uint64_t least = elastic_.engine->clocks_of(RequestRecord{});
    return free_ > now && free_ - now > elastic_.depth * least;
  }
  /// Queues a request at clock `now`; the clock of its answer.
  std::uint64_t take(std::uint64_t now, const RequestRecord& request) {
    const std::uint64_t taken = std::max(now, free_);
    free_ = taken + elastic_.engine->clocks_of(request);
    return free_ + elastic_.latency;
  }

 private:
  Elastic elastic_;
  std::uint64_t free_ = 0;  ///< the first clock in which the engine takes another
};

}  // namespace synward::reference
