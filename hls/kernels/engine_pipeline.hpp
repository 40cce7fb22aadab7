// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "kernels/table_memory.hpp"
#include "synward/engine.hpp"

namespace synward {

/// What changes the engine's settings: all of them at once.
struct EngineSetting {
  EngineConfig config;  ///< tables_ready is the kernel's own
  bool load;            ///< clears both tables
  bool end_pause;       ///< ends a pause at the next tick
};

/// The engine of one kernel: tables in memories that answer late, one request an iteration. `Syncache` and `Flows` are
/// TableMemory, or models of it.
template <typename Syncache, unsigned kLogBuckets, typename Flows, unsigned kLogFlows, unsigned kHistory>
class EnginePipeline {
 public:
  /// As after reset: nothing is ready before clear() has gone round.
  EnginePipeline() : config_(EngineConfig()), state_(EngineState()), clearing_(true), clear_at_(0), learn_(0) {}

  void bind() {
    syncache_.bind();
    flows_.bind();
    syncache_history_.bind();
    flows_history_.bind();
  }

  void set(const EngineSetting& setting) {
    config_ = setting.config;
    if (setting.end_pause) state_.pause.end = true;
    if (!setting.load) return;
    clearing_ = true;
    clear_at_ = 0;
    learn_ = setting.config.flow_learn;
    state_.count = 0;
    state_.flows = 0;
  }

  bool ready() const { return !clearing_; }

  /// One iteration: answers `request`, or with op none goes on clearing alone. The tables are read once and written
  /// once.
  EngineAnswer step(const RequestRecord& request, const Room& room) {
    config_.tables_ready = !clearing_;
    const EngineAddress at = engine_address(config_, request, kLogBuckets, kLogFlows);
    SyncacheBucket bucket = unpack<SyncacheBucket>(syncache_history_.forward(at.bucket, syncache_.read(at.bucket)));
    FlowBucket flows = unpack<FlowBucket>(flows_history_.forward(at.flows, flows_.read(at.flows)));
    const EngineAnswer answer = engine_decide(config_, request, room, at.fingerprint, bucket, flows, state_);
    if (clearing_) {
      bucket_clear(bucket);
      flows_clear(flows, learn_);
    }
    write(clearing_ ? clear_at_ : at.bucket, bucket, clearing_ ? clear_at_ : at.flows, flows);
    clearing_ = clearing_ && ++clear_at_ < kClearSteps;
    return answer;
  }

 private:
  static constexpr std::uint32_t kBuckets = 1u << kLogBuckets;
  static constexpr std::uint32_t kFlowBuckets = 1u << kLogFlows;
  static constexpr std::uint32_t kClearSteps = kBuckets > kFlowBuckets ? kBuckets : kFlowBuckets;

  void write(std::uint32_t bucket_at, const SyncacheBucket& bucket, std::uint32_t flows_at, const FlowBucket& flows) {
    const PackedBucket<SyncacheBucket> row = pack(bucket);
    const PackedBucket<FlowBucket> flow_row = pack(flows);
    const std::uint32_t index = bucket_at & (kBuckets - 1);
    const std::uint32_t flow_index = flows_at & (kFlowBuckets - 1);
    syncache_.write(index, row);
    syncache_history_.shift(true, index, row);
    flows_.write(flow_index, flow_row);
    flows_history_.shift(true, flow_index, flow_row);
  }

  Syncache syncache_;
  Flows flows_;
  WriteHistory<SyncacheBucket, kHistory> syncache_history_;
  WriteHistory<FlowBucket, kHistory> flows_history_;
  EngineConfig config_;
  EngineState state_;
  bool clearing_;
  std::uint32_t clear_at_;
  std::uint8_t learn_;  ///< open_laps of what is cleared
};

}  // namespace synward
