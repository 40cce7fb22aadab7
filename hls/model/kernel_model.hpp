// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <bit>
#include <cstdint>

#include "kernels/answer.hpp"
#include "kernels/ingest.hpp"
#include "kernels/look.hpp"
#include "kernels/tables.hpp"
#include "synward/engine.hpp"

namespace synward {

/// The processes of synward_engine, or with kFlows false of synward_syncache, one item after the other, with state and
/// tables of its own. `Table<Word, kLog>` is a table of 2^kLog words, with memory_read() and memory_write() overloads.
/// It clears in kClearSteps iterations.
template <unsigned kLogBuckets, unsigned kLogFlows, bool kFlows, template <typename, unsigned> class Table,
          std::uint32_t kClearSteps>
class KernelModel {
 public:
  struct Answered {
    EngineAnswer answer;
    bool ready;  ///< the tables were
    SightRecord sight;
  };

  /// Takes a setting, and with a load nothing else but questions until the tables are cleared.
  void set(const EngineSetting& setting) {
    Item item{};
    item.kind = Kind::setting;
    item.load = setting.load;
    item.end_pause = setting.end_pause;
    config_ = setting.config;
    while (!step(item)) item = take(item);
    while (ingest_.gap != 0 && !ingest_.clearing) step(Item{});
  }

  /// Whether a load's clearing is over.
  bool ready() const { return ingest_.started && !ingest_.clearing; }
  /// An iteration without a question.
  void idle() { step(Item{}); }
  /// An iteration behind ingest, which a clearing does not see.
  void bubble() {
    Item bubble{};
    bubble.ready = ready();
    tables(look_step<kLogBuckets, kLogFlows, kFlows>(look_, bubble));
  }
  /// Waits until everything has landed. There has been a setting.
  void settle() {
    while (!ready()) idle();
    for (unsigned i = 0; i <= kDistance + 1; ++i) bubble();
  }

  Answered ask(const EngineQuestion& question) {
    Item item{};
    item.kind = Kind::request;
    item.question = question;
    while (!step(item)) item = take(item);
    return last_;
  }

  EngineConfig& config() { return config_; }
  SyncacheBucket bucket(std::uint32_t index) const {
    SyncacheBucket bucket{};
    const BucketView view = unpack_order(memory_read(orders_, index));
    bucket.valid = view.valid;
    for (unsigned i = 0; i < kWays; ++i) {
      bucket.order[i] = static_cast<std::uint8_t>(std::countr_zero(view.order[i]));
      const KeyWord key = memory_read(keys_[i], index);
      Unpacker<1 + 128 + 128 + 16 + 16> unpack(key);
      Endpoints& ends = bucket.way[i].ends;
      unpack(ends.v6, 1u);
      unpack(ends.faddr, 128u);
      unpack(ends.laddr, 128u);
      unpack(ends.fport, 16u);
      unpack(ends.lport, 16u);
      bucket.way[i].entry = unpack_entry(memory_read(entries_[i], index));
    }
    return bucket;
  }
  FlowBucket flows(std::uint32_t index) const {
    FlowBucket bucket{};
    for (unsigned i = 0; i < kFlowWays; ++i) bucket.way[i] = unpack_flow(memory_read(flows_[i], index));
    bucket.open_laps = memory_read(laps_, index);
    return bucket;
  }
  const TablesState& state() const { return tables_; }

 private:
  static_assert(kClearSteps >= 1u << kLogBuckets && kClearSteps >= 1u << kLogFlows, "every bucket is cleared");

  /// What is left to take after an iteration: nothing, once it waits inside.
  Item take(const Item& item) const { return taken_ ? Item{} : item; }

  Decided tables(const Looked& looked) {
    return tables_step<kLogBuckets, kLogFlows, kFlows>(tables_, looked, keys_, entries_, orders_, flows_, laps_);
  }

  /// One iteration; true if it answered, or took, what was waited for.
  bool step(const Item& item) {
    const bool takes = ingest_takes(ingest_);
    taken_ = takes && item.kind != Kind::bubble;
    Item next;
    if (!ingest_step<kClearSteps>(ingest_, takes ? item : Item{}, next)) return false;
    if (next.kind == Kind::setting) look_.config = answer_.config = config_;
    const Looked looked = look_step<kLogBuckets, kLogFlows, kFlows>(look_, next);
    if (next.kind == Kind::setting) tables_set(tables_, config_, next);
    const Decided decided = tables(looked);
    EngineReply reply = answer_step(answer_, decided);
    if (next.kind != Kind::request) return next.kind == Kind::setting;
    const Endpoints ends = request_ends(next.question.request);
    reply.answer.mark_mac = answer_mac(config_.keys.mark_key, ends, reply.answer.verdict);
    last_ = {reply.answer, next.ready, reply.sight};
    return true;
  }

  IngestState ingest_{};
  LookState look_{};
  TablesState tables_{};
  AnswerState answer_{};
  EngineConfig config_{};
  Answered last_{};
  bool taken_ = false;
  Table<KeyWord, kLogBuckets> keys_[kWays];
  Table<EntryWord, kLogBuckets> entries_[kWays];
  Table<OrderWord, kLogBuckets> orders_;
  Table<FlowWord, kLogFlows> flows_[kFlowWays];
  Table<LapsWord, kLogFlows> laps_;
};

}  // namespace synward
