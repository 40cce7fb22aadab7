// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include "synward/engine.hpp"
#include "synward/sim/card.hpp"

namespace synward::reference {

/// The engine with its tables and its sweeper: what the step functions of hls/ leave to time.
class Engine {
 public:
  /// Takes the answers to what the sweeper asks.
  using Sink = std::function<void(const EngineAnswer&)>;

  explicit Engine(sim::TableSizes sizes);

  const sim::TableSizes& sizes() const { return sizes_; }
  const EngineState& state() const { return state_; }
  const SyncacheBucket& bucket(std::uint32_t index) const { return syncache_[index]; }
  const FlowBucket& flows(std::uint32_t index) const { return flows_[index]; }

  /// Answers one request. There is always room.
  EngineAnswer ask(const EngineConfig& config, const RequestRecord& request);

  /// Empties both tables.
  void clear();
  /// Ends a pause at the next tick.
  void end_pause() { state_.pause.end = true; }
  /// The timers' settings have changed: an entry may be due sooner.
  void expect_earlier() { entries_due_ = swept_ms_; }

  /// The sweeper's clock is put to `time_ms`, and nothing is due for that.
  void set_time(std::uint32_t time_ms);
  /// Milliseconds from the last that was swept to the next in which anything but a VISIT may change, at least 1;
  /// kNever if there is none.
  std::uint32_t quiet_ms() const;
  static constexpr std::uint32_t kNever = 0xffffffff;
  /// Sweeps every millisecond after the last up to `time_ms`: the tick, timeouts by bucket and way, the visit.
  void sweep_until(const EngineConfig& config, std::uint32_t time_ms, const Sink& sink);

 private:
  void note_changes(const EngineAddress& address, bool had_entries, bool was_open);
  void expect(const RexmitConfig& rexmit, const EntryRecord& entry);
  void sweep_entries(const EngineConfig& config, std::uint32_t now, const Sink& sink);
  void visit(const EngineConfig& config, std::uint32_t now, const Sink& sink);
  void visit_between(const EngineConfig& config, std::uint32_t first, std::uint32_t end, const Sink& sink);

  sim::TableSizes sizes_;
  std::vector<SyncacheBucket> syncache_;
  std::vector<FlowBucket> flows_;
  EngineState state_{};
  std::set<std::uint32_t> occupied_;  ///< syncache buckets with entries
  std::uint32_t open_buckets_ = 0;    ///< flow buckets that fail open
  std::uint32_t swept_ms_ = 0;        ///< the last millisecond that was swept
  std::uint32_t entries_due_ = 0;     ///< no entry is due before; of meaning while there are any
};

}  // namespace synward::reference
