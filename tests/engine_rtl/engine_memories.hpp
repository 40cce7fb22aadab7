// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <Vsynward_engine.h>
#include <Vsynward_engine___024root.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "block/bench.hpp"
#include "engine_rtl/engine_driver.hpp"

namespace synward::test {

/// A table's memory: one row at this size.
#define SYNWARD_MEMORY(table, kind) \
  synward_engine__DOT__##table##__DOT__gen_row__BRA__0__KET____DOT__u_row__DOT__gen_##kind##__DOT__mem

/// The tables of a Verilated engine, read from its memories and held against those of hls/, word for word.
class EngineMemories {
 public:
  explicit EngineMemories(const Vsynward_engine& model) : model_(model), root_(*model.rootp) {}

  /// The request that a clock ago was chosen.
  RequestRecord chosen() const { return unpack<RequestRecord>(root_.synward_engine__DOT__q0_q); }

  /// Bucket `index` of the syncache, 0 to 63. Sizes as at the last load.
  void expect_bucket(std::size_t index, const SyncacheBucket& want, unsigned bucketlimit) const {
    SCOPED_TRACE("bucket " + std::to_string(index));
    const auto& state = root_.SYNWARD_MEMORY(u_syncache__DOT__u_dir, block)[index];
    const auto byte = [&](unsigned at) { return static_cast<unsigned>(get_bits(state, at, 8)); };
    const unsigned entries = bucket_entries(want);
    const unsigned first = kWays - bucketlimit;
    for (unsigned place = 0; place < kWays; ++place) {
      const unsigned up_to = place < kWays - 1 ? byte(8 * place) : (1u << bucketlimit) - 1;
      const unsigned ahead = place == 0 ? 0 : byte(8 * (place - 1));
      const unsigned way = place < first ? 0 : 1u << want.order[place - first];
      EXPECT_EQ(up_to, ahead | way) << "place " << place;
    }
    EXPECT_EQ(byte(kTakenAt), ((1u << entries) - 1) << first);
    EXPECT_EQ(byte(kValidAt), want.valid);
    EXPECT_TRUE(entries == 0 || byte(kOldestAt) == 1u << want.order[entries - 1]) << "oldest";
    EXPECT_EQ(get_bits(state, kSomeAt, 1) != 0, entries != 0);
    EXPECT_EQ(get_bits(state, kEntriesAt, 4), entries);
    for (unsigned way = 0; way < kWays; ++way) {
      if (!way_valid(want, way)) continue;
      SCOPED_TRACE("way " + std::to_string(way));
      expect_key(index, way, want.way[way]);
      expect_entry(index, way, want.way[way].entry);
    }
  }

  /// Bucket `index` of the flow table, 0 to 63.
  void expect_flows(std::size_t index, const FlowBucket& want) const {
    SCOPED_TRACE("flow bucket " + std::to_string(index));
    const auto& ways = root_.SYNWARD_MEMORY(u_flows__DOT__u_table__DOT__u_ways, ultra)[index];
    EXPECT_EQ(root_.SYNWARD_MEMORY(u_flows__DOT__u_table__DOT__u_open, block)[index], want.open_laps);
    for (unsigned way = 0; way < kFlowWays; ++way) {
      const unsigned at = kFlowW * way;
      const FlowWay& flow = want.way[way];
      EXPECT_EQ(get_bits(ways, at + kFlowStateAt, 2), flow.state) << "way " << way;
      if (flow.state == kFlowFree) continue;
      EXPECT_EQ(get_bits(ways, at + kFlowAuxAt, 6), flow.aux) << "way " << way;
      EXPECT_EQ(get_bits(ways, at, kFlowAuxAt), flow.fingerprint) << "way " << way;
    }
  }

  /// All buckets, to the first that differs, and what the status outputs say.
  void expect_tables(const SmallTables& want, unsigned bucketlimit) const {
    for (std::size_t i = 0; i < (1u << kEngineLog) && !testing::Test::HasFailure(); ++i) {
      expect_bucket(i, want.syncache[i], bucketlimit);
      expect_flows(i, want.flows[i]);
    }
    EXPECT_EQ(model_.count_o, want.state.count);
    EXPECT_EQ(model_.flows_o, want.state.flows);
    EXPECT_EQ(model_.paused_o != 0, want.state.pause.paused);
    EXPECT_EQ(model_.backoff_o, want.state.pause.backoff);
    EXPECT_TRUE(!want.state.pause.ever || model_.pause_until_o == want.state.pause.until) << "until";
  }

 private:
  // Layout of a bucket's state (synward_order) and of a flow (synward_flow_table).
  static constexpr unsigned kTakenAt = 56, kValidAt = 64, kOldestAt = 72, kSomeAt = 80, kEntriesAt = 81;
  static constexpr unsigned kFlowW = 36, kFlowAuxAt = 28, kFlowStateAt = 34;
  static constexpr unsigned kTagsW = 66;  ///< bits of the tags, which stand with the key

  void expect_key(std::size_t index, unsigned way, const SyncacheWay& want) const {
    VlWide<12> packed{};
    set_bits(packed, 354, 1, want.ends.v6);
    set_wide(packed, 226, want.ends.faddr);
    set_wide(packed, 98, want.ends.laddr);
    set_bits(packed, 82, 16, want.ends.fport);
    set_bits(packed, 66, 16, want.ends.lport);
    set_bits(packed, 64, 2, want.entry.tags);
    set_bits(packed, 32, 32, want.entry.tag1);
    set_bits(packed, 0, 32, want.entry.tag2);
    EXPECT_EQ(std::memcmp(keys(way)[index].data(), packed.data(), sizeof(packed)), 0) << "key";
  }
  void expect_entry(std::size_t index, unsigned way, const EntryRecord& want) const {
    VlWide<(EntryRecord::kWidth + 31) / 32> stored{};
    pack(want, stored);  // for the tags
    const auto& entry = entries(way)[index];
    constexpr unsigned kStep = 47;  // a divisor of the width
    for (unsigned at = 0; at < EntryRecord::kWidth - kTagsW; at += kStep)
      set_bits(stored, at + kTagsW, kStep, get_bits(entry, at, kStep));
    EXPECT_EQ(fields_text(unpack<EntryRecord>(stored)), fields_text(want)) << "entry";
  }

#define SYNWARD_WAY(memory, n) \
  case n:                      \
    return root_.SYNWARD_MEMORY(u_syncache__DOT__gen_way__BRA__##n##__KET____DOT__##memory, ultra)
#define SYNWARD_WAYS(memory) \
  SYNWARD_WAY(memory, 0);    \
  SYNWARD_WAY(memory, 1);    \
  SYNWARD_WAY(memory, 2);    \
  SYNWARD_WAY(memory, 3);    \
  SYNWARD_WAY(memory, 4);    \
  SYNWARD_WAY(memory, 5);    \
  SYNWARD_WAY(memory, 6);    \
  default:                   \
    SYNWARD_WAY(memory, 7)
  const VlUnpacked<VlWide<12>, 1 << kEngineLog>& keys(unsigned way) const {
    switch (way) { SYNWARD_WAYS(u_key); }
  }
  const VlUnpacked<VlWide<9>, 1 << kEngineLog>& entries(unsigned way) const {
    switch (way) { SYNWARD_WAYS(u_entry); }
  }
#undef SYNWARD_WAYS
#undef SYNWARD_WAY
#undef SYNWARD_MEMORY

  const Vsynward_engine& model_;
  const Vsynward_engine___024root& root_;
};

}  // namespace synward::test
