// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "kernels/answer.hpp"
#include "kernels/ingest.hpp"
#include "kernels/look.hpp"
#include "kernels/tables.hpp"
#include "synward/engine.hpp"

namespace synward::test {

/// A table that begins with junk, as URAM does, and in which kDelay requests do not see what was written before them.
template <typename Word, unsigned kLog, unsigned kDelay>
class LateTable {
 public:
  LateTable() { std::memset(static_cast<void*>(words_.data()), 0xa5, sizeof words_); }

  Word read(std::uint32_t index) const { return words_[index]; }
  /// Once a request, written or not.
  void write(bool write, std::uint32_t index, const Word& word) {
    Late& late = late_[at_++ % (kDelay + 1)];
    late = {write, index, word};
    const Late& landing = late_[at_ % (kDelay + 1)];
    if (landing.write) words_[landing.index] = landing.word;
  }

 private:
  struct Late {
    bool write;
    std::uint32_t index;
    Word word;
  };
  std::array<Word, 1u << kLog> words_;
  std::array<Late, kDelay + 1> late_{};
  std::uint64_t at_ = 0;
};

template <typename Word, unsigned kLog, unsigned kDelay>
Word memory_read(const LateTable<Word, kLog, kDelay>& table, std::uint32_t index) {
  return table.read(index);
}
template <typename Word, unsigned kLog, unsigned kDelay>
void memory_write(LateTable<Word, kLog, kDelay>& table, bool write, std::uint32_t index, const Word& word) {
  table.write(write, index, word);
}

/// The processes of synward_engine, or with kFlows false of synward_syncache, around tables that answer late.
template <unsigned kLogBuckets, unsigned kLogFlows, bool kFlows, unsigned kDelay>
class KernelModel {
 public:
  struct Answered {
    EngineAnswer answer;
    bool ready;  ///< the tables were
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
  /// Waits until everything has landed.
  void settle() {
    while (!ready()) idle();
    Item bubble{};
    bubble.ready = true;
    for (unsigned i = 0; i <= kDelay; ++i) tables(look_step<kLogBuckets, kLogFlows, kFlows>(look_, bubble));
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
    const BucketView view = unpack_order(orders_.read(index));
    bucket.valid = view.valid;
    for (unsigned i = 0; i < kWays; ++i) {
      bucket.order[i] = static_cast<std::uint8_t>(std::countr_zero(view.order[i]));
      Unpacker<1 + 128 + 128 + 16 + 16> unpack(keys_copy_[i] = keys_[i].read(index));
      Endpoints& ends = bucket.way[i].ends;
      unpack(ends.v6, 1u);
      unpack(ends.faddr, 128u);
      unpack(ends.laddr, 128u);
      unpack(ends.fport, 16u);
      unpack(ends.lport, 16u);
      bucket.way[i].entry = unpack_entry(entries_[i].read(index));
    }
    return bucket;
  }
  FlowBucket flows(std::uint32_t index) const {
    FlowBucket bucket{};
    for (unsigned i = 0; i < kFlowWays; ++i) bucket.way[i] = unpack_flow(flows_[i].read(index));
    bucket.open_laps = laps_.read(index);
    return bucket;
  }
  const TablesState& state() const { return tables_; }

 private:
  // Longer than what keeps a setting apart, so that requests come while the tables are cleared.
  static constexpr unsigned kClearSteps = 64;
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
    EngineAnswer answer = answer_step(answer_, decided);
    if (next.kind != Kind::request) return next.kind == Kind::setting;
    const Endpoints ends = request_ends(next.question.request);
    answer.mark_mac = answer_mac(config_.keys.mark_key, ends, answer.verdict);
    last_ = {answer, next.ready};
    return true;
  }

  IngestState ingest_{};
  LookState look_{};
  TablesState tables_{};
  AnswerState answer_{};
  EngineConfig config_{};
  Answered last_{};
  bool taken_ = false;
  LateTable<KeyWord, kLogBuckets, kDelay> keys_[kWays];
  LateTable<EntryWord, kLogBuckets, kDelay> entries_[kWays];
  LateTable<OrderWord, kLogBuckets, kDelay> orders_;
  LateTable<FlowWord, kLogFlows, kDelay> flows_[kFlowWays];
  LateTable<LapsWord, kLogFlows, kDelay> laps_;
  mutable KeyWord keys_copy_[kWays];
};

}  // namespace synward::test
