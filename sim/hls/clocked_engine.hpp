// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "hls/hls_engine.hpp"
#include "kernels/records.hpp"
#include "reference/engine.hpp"
#include "synward/sim/card.hpp"

namespace synward::sim {

/// synward_engine (hls/kernels) behind its streams, clock by clock: when it takes a setting or a question, when its
/// answers come, and how long it clears its tables. Every answer, and what it shows of the tables, is compared with the
/// step functions'.
class ClockedEngine {
 public:
  /// Clocks from taking a question to its answer. Assumed: no schedule is at hand.
  static constexpr std::uint64_t kLatency = 60;

  /// The kernel's clock, in 1024ths of the card's: 1024 for the same, 1100 for 300 MHz beside 322.265625.
  static constexpr std::uint64_t kSameClock = 1024, k300MHz = 1100;

  explicit ClockedEngine(TableSizes sizes, std::uint64_t kernel_clock = kSameClock);

  void reset();

  // ---- one clock: what was on offer and wanted in it is taken, then tick()
  bool takes_setting() const { return takes_setting_; }
  bool takes_question() const { return takes_question_; }
  void set(const EngineConfig& config, bool load, bool end_pause);
  void ask(const RequestRecord& request, const Room& room);
  /// The answer that is on offer.
  const EngineReply* answer() const { return offered_ ? &line_.front().reply : nullptr; }
  void pop();

  /// What waits at the streams in the clock that begins.
  void tick(bool setting_waits, bool question_waits);

  /// Nothing is under way.
  bool idle() const { return line_.empty() && free(); }
  /// As the step functions have it.
  const EngineState& state() const { return engine_->state(); }
  const FlowBucket& flows(std::uint32_t index) const { return engine_->flows(index); }

 private:
  struct UnderWay {
    EngineReply reply;
    std::uint64_t due;
  };
  void clear();
  bool held_up() const;

  /// The first moment from which on the kernel counts: what it was free before within this clock is not lost.
  std::uint64_t from() const {
    return std::max(free_, now_ * kSameClock - std::min(now_ * kSameClock, kSameClock - 1));
  }
  /// The kernel is busy for so many clocks of its own.
  void occupy(std::uint64_t clocks) { free_ = from() + clocks * kernel_clock_; }
  bool free() const { return now_ * kSameClock >= free_; }

  TableSizes sizes_;
  std::uint64_t kernel_clock_;
  std::shared_ptr<HlsEngine> kernel_;
  std::optional<reference::Engine> engine_;  ///< the step functions
  std::optional<EngineConfig> config_;       ///< from the first setting on
  std::deque<UnderWay> line_;
  std::uint64_t now_ = 0;      ///< clocks of the card
  std::uint64_t free_ = 0;     ///< when the kernel takes another, 1024ths
  std::uint64_t cleared_ = 0;  ///< when the tables are, likewise
  bool clearing_ = false;
  bool takes_setting_ = false, takes_question_ = false, offered_ = false;
};

}  // namespace synward::sim
