// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "reference/engine.hpp"
#include "reference/lister.hpp"
#include "synward/sim/card.hpp"

namespace synward::sim {

/// synward_engine (hls/kernels) behind its streams, clock by clock: when it takes a setting or a question, and when its
/// answers come. Beside it stands what a card needs besides the kernel, and the kernel does not have: the timers, which
/// ask when no question waits, the listing, and the state that registers show. They look at the step functions' tables,
/// which are the kernel's: every answer is compared. A load is over at once.
class ClockedEngine {
 public:
  /// Clocks from taking a question to its answer. Assumed: no schedule is at hand.
  static constexpr std::uint64_t kLatency = 60;

  /// The kernel's clock, in 1024ths of the card's: 1024 for the same, 1100 for 300 MHz beside 322.265625.
  static constexpr std::uint64_t kSameClock = 1024, k300MHz = 1100;

  explicit ClockedEngine(TableSizes sizes, std::uint64_t kernel_clock = kSameClock);

  void reset(std::uint32_t time_ms);

  // ---- one clock: what was on offer and wanted in it is taken, then tick()
  bool takes_setting() const { return takes_setting_; }
  bool takes_question() const { return takes_question_; }
  void set(const EngineConfig& config, bool load, bool end_pause);
  void ask(const RequestRecord& request, const Room& room);
  /// The answer that is on offer.
  const EngineAnswer* answer() const { return offered_ ? &line_.front().answer : nullptr; }
  void pop();

  /// What the socket shows in the clock that begins.
  struct Shown {
    std::uint32_t time_ms;
    bool room_line, room_host, line_half;
    bool setting_waits, question_waits;
  };
  void tick(const Shown& shown);

  reference::Lister& lister() { return *lister_; }
  const EngineState& state() const { return engine_->state(); }
  /// Nothing is under way, and nothing is due before wake_ms().
  bool idle() const;
  /// Milliseconds from the clock's on; reference::Engine::kNever if nothing is due ever.
  std::uint32_t quiet_ms() const { return engine_->quiet_ms(); }

 private:
  /// Questions behind which a timer goes first although others wait: timers are never starved, and cost little.
  static constexpr unsigned kTimerTurn = 4096;

  struct UnderWay {
    EngineAnswer answer;
    std::uint64_t due;
  };
  void take(const RequestRecord& request, const Room& room);

  /// The kernel is busy for so many clocks of its own. What it was free before within this clock is not lost.
  void occupy(std::uint64_t clocks) {
    free_ = std::max(free_, now_ * kSameClock - std::min(now_ * kSameClock, kSameClock - 1)) + clocks * kernel_clock_;
  }
  bool free() const { return now_ * kSameClock >= free_; }

  TableSizes sizes_;
  std::uint64_t kernel_clock_;
  std::optional<reference::Engine> engine_;
  std::optional<reference::Lister> lister_;
  std::shared_ptr<reference::OtherEngine> kernel_;
  std::optional<EngineConfig> config_;  ///< from the first setting on
  std::deque<UnderWay> line_;
  std::uint64_t now_ = 0;   ///< clocks of the card
  std::uint64_t free_ = 0;  ///< when the kernel takes another, 1024ths
  std::uint32_t time_ms_ = 0;
  unsigned since_timer_ = 0;
  bool takes_setting_ = false, takes_question_ = false, offered_ = false;
};

}  // namespace synward::sim
