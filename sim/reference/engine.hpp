// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "reference/due_buckets.hpp"
#include "reference/elastic.hpp"
#include "synward/engine.hpp"
#include "synward/sim/card.hpp"

namespace synward::reference {

/// Milliseconds from `now` to the next in which a TICK may change anything, at least 1; Engine::kNever if there is
/// none.
std::uint32_t state_quiet_ms(const EngineState& state, std::uint32_t now);

/// The engine with its tables and its sweeper: what the step functions of hls/ leave to time.
class Engine {
 public:
  /// Takes the answers to what the sweeper asks.
  using Sink = std::function<void(const EngineAnswer&)>;

  /// `other`: answers in the place of the step functions, which then are its check and what the sweeper looks at.
  explicit Engine(sim::TableSizes sizes, std::shared_ptr<OtherEngine> other = nullptr);

  const sim::TableSizes& sizes() const { return sizes_; }
  /// Another engine answers, as one behind streams.
  bool streams() const { return other_ != nullptr; }
  const EngineState& state() const { return state_; }
  const SyncacheBucket& bucket(std::uint32_t index) const { return syncache_[index]; }
  const FlowBucket& flows(std::uint32_t index) const { return flows_[index]; }

  /// Answers one request. Throws std::logic_error if another engine answers differently.
  EngineAnswer ask(const EngineConfig& config, const RequestRecord& request, const Room& room = kRoomEnough);
  static constexpr Room kRoomEnough{true, true};

  /// Empties both tables.
  void clear(std::uint8_t flow_learn);
  /// Ends a pause at the next tick.
  void end_pause();
  /// The timers' settings have changed: an entry may be due sooner.
  void expect_earlier() { all_due_ = true; }

  /// The sweeper's clock is put to `time_ms`, which is nobody's age; what is due then comes with the next sweep. A step
  /// back by less than 2^17 ms must not meet entries: the card waits with each until its group's time.
  void set_time(std::uint32_t time_ms);
  /// Milliseconds from the last that was swept to the next in which anything but a VISIT may change, at least 1;
  /// kNever if there is none.
  std::uint32_t quiet_ms() const;
  static constexpr std::uint32_t kNever = 0xffffffff;
  /// Buckets that sweeps have looked at, for tests.
  std::uint64_t looked() const { return looked_; }
  /// Sweeps every millisecond after the last up to `time_ms`: the tick, timeouts by bucket and way, the visit.
  void sweep_until(const EngineConfig& config, std::uint32_t time_ms, const Sink& sink);

 private:
  void note_change(std::uint32_t flows, bool was_open);
  void expect(const RexmitConfig& rexmit, std::uint32_t bucket, const EntryRecord& entry);
  void expect_due(const RexmitConfig& rexmit);
  void expect_all(const RexmitConfig& rexmit, std::uint32_t index);
  void sweep_entries(const EngineConfig& config, std::uint32_t now, const Sink& sink);
  unsigned log_pace() const;
  RequestRecord next_visit();
  std::int32_t visits_behind(std::uint32_t now) const;
  void visit_until(const EngineConfig& config, std::uint32_t now, const Sink& sink);

  sim::TableSizes sizes_;
  std::shared_ptr<OtherEngine> other_;
  std::vector<SyncacheBucket> syncache_;
  std::vector<FlowBucket> flows_;
  EngineState state_{};
  DueBuckets due_;                  ///< by swept_'s time
  bool all_due_ = false;            ///< what due_ says may be too late
  std::uint64_t looked_ = 0;        ///< buckets that were looked at because of due_
  std::uint32_t open_buckets_ = 0;  ///< flow buckets that fail open
  std::uint32_t next_visit_ = 0;    ///< counted from time 0, as far as its time has bits
  std::uint32_t swept_ms_ = 0;      ///< the last millisecond that was swept
  /// The same without wrap, far enough from 0 that what was armed in the past is not before it.
  std::uint64_t swept_ = std::uint64_t{1} << 32;
};

}  // namespace synward::reference
