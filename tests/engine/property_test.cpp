// SPDX-License-Identifier: BSD-2-Clause
// The engine and the third model, the same requests: every answer and every table entry alike, until each row of what
// FreeBSD does, and of what Synward adds, has been met in both. The seed can be set: SYNWARD_SEED.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "adversary.hpp"
#include "common/requests.hpp"
#include "common/same_record.hpp"
#include "rows.hpp"
#include "third_model.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLogBuckets = 3, kLogFlows = 2;
using Tables = EngineTables<kLogBuckets, kLogFlows>;

std::uint64_t first_seed() {
  const char* text = std::getenv("SYNWARD_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 10);
}

/// An engine, the third model, and the comparison of the two.
class Pair {
 public:
  explicit Pair(std::uint64_t seed) : rng_(seed), config_(default_engine_config(rng_, kLogBuckets)) {
    engine_reset(*tables_);
  }

  EngineConfig& config() { return config_; }
  Rng& rng() { return rng_; }
  const ThirdModel& model() const { return model_; }
  const Tables& tables() const { return *tables_; }
  std::uint64_t engine_hits(Row row) const { return engine_hits_[static_cast<std::size_t>(row)]; }

  void clear() {
    engine_clear(*tables_, config_.flow_learn);
    model_.clear(config_.flow_learn);
  }

  /// Asks both; a difference is a failure.
  EngineAnswer step(const RequestRecord& request, const Room& room) {
    Observation seen = before(request, room);
    const EngineAnswer answer = engine_step(*tables_, config_, request, room);
    const ThirdModel::Answer want = model_.step(config_, request, room);
    EXPECT_EQ(fields_of(answer.verdict), fields_of(want.verdict));
    EXPECT_EQ(fields_of(answer.counts), fields_of(want.counts));
    EXPECT_EQ(answer.mark_mac, want.mark_mac);
    EXPECT_EQ(answer.event, want.event.has_value());
    if (answer.event && want.event) {
      EXPECT_EQ(fields_of(answer.record), fields_of(*want.event));
    }
    EXPECT_EQ(tables_->state.count, model_.entries());
    EXPECT_EQ(tables_->state.pause.paused, model_.paused());
    EXPECT_EQ(tables_->state.gate.open, model_.gate_open());
    compare_bucket(address_.bucket);
    compare_flows(address_.flows);
    after(seen, answer);
    return answer;
  }

 private:
  Observation before(const RequestRecord& request, const Room& room) {
    address_ = engine_address(config_, request, kLogBuckets, kLogFlows);
    Observation seen{config_, request, room, false, tables_->state, {}, {}, {}, 0, {}, {}, 0, 0, 0, 0, 0, 0, 0, 0, {}};
    const bool ready = config_.tables_ready;
    seen.stateless = config_.syncookies_only || (config_.syncookies && (tables_->state.pause.paused || !ready));
    seen.entry = entry_of(request);
    seen.entries = bucket_entries(tables_->syncache[address_.bucket]);
    seen.flow = flow_of();
    seen.open_laps = tables_->flows[address_.flows].open_laps;
    count_flows(seen.handed, seen.opens, seen.closings);
    return seen;
  }

  void after(Observation& seen, const EngineAnswer& answer) {
    seen.answer = answer;
    seen.after = tables_->state;
    seen.entry_after = entry_of(seen.request);
    seen.flow_after = flow_of();
    seen.open_laps_after = tables_->flows[address_.flows].open_laps;
    count_flows(seen.handed_after, seen.opens_after, seen.closings_after);
    for (const RowInfo& row : rows_) {
      if (row.shows(seen)) ++engine_hits_[static_cast<std::size_t>(row.row)];
    }
  }

  std::optional<EntryRecord> entry_of(const RequestRecord& request) const {
    const SyncacheBucket& bucket = tables_->syncache[address_.bucket];
    const unsigned way = bucket_find(bucket, request_ends(request));
    if (way == kNoWay) return std::nullopt;
    return bucket.way[way].entry;
  }

  std::optional<FlowWay> flow_of() const {
    const FlowBucket& flows = tables_->flows[address_.flows];
    const unsigned way = flows_find(flows, address_.fingerprint);
    if (way == kNoFlow) return std::nullopt;
    return flows.way[way];
  }

  void count_flows(unsigned& handed, unsigned& opens, unsigned& closings) const {
    handed = opens = closings = 0;
    for (const FlowWay& way : tables_->flows[address_.flows].way) {
      handed += way.state == kFlowHanded ? 1u : 0u;
      opens += way.state == kFlowOpen ? 1u : 0u;
      closings += way.state == kFlowClosing ? 1u : 0u;
    }
  }

  /// The order must be the model's list, and a permutation.
  void compare_bucket(std::uint32_t index) {
    const SyncacheBucket& bucket = tables_->syncache[index];
    const std::list<ThirdModel::Entry>& want = model_.bucket(index);
    ASSERT_EQ(bucket_entries(bucket), want.size());
    unsigned place = 0;
    unsigned ways = 0;
    for (const ThirdModel::Entry& entry : want) {
      const unsigned way = bucket.order[place++];
      ASSERT_TRUE(way_valid(bucket, way));
      ASSERT_TRUE(same_ends(bucket.way[way].ends, entry.ends));
      ASSERT_EQ(fields_of(bucket.way[way].entry), fields_of(entry.fields));
    }
    for (const std::uint8_t way : bucket.order) ways |= 1u << way;
    ASSERT_EQ(ways, 0xffu);
  }

  void compare_flows(std::uint32_t index) {
    const FlowBucket& flows = tables_->flows[index];
    const ThirdModel::FlowSet& want = model_.flow_set(index);
    ASSERT_EQ(flows.open_laps, want.open_laps);
    std::size_t found = 0;
    for (const FlowWay& way : flows.way) {
      if (way.state == kFlowFree) continue;
      const auto flow = want.flows.find(way.fingerprint);
      ASSERT_NE(flow, want.flows.end());
      ASSERT_EQ(way.state, flow->second.state);
      ASSERT_EQ(way.aux, flow->second.aux);
      ++found;
    }
    ASSERT_EQ(found, want.flows.size());
  }

  Rng rng_;
  EngineConfig config_;
  std::unique_ptr<Tables> tables_ = std::make_unique<Tables>();
  ThirdModel model_{kLogFlows};
  EngineAddress address_{};
  std::vector<RowInfo> rows_ = all_rows();
  std::array<std::uint64_t, kRows> engine_hits_{};
};

/// Now and then other settings, a load, a moment without tables.
void disturb(Pair& pair) {
  Rng& rng = pair.rng();
  if (rng.below(400) == 0) change_settings(rng, pair.config());
  // A bucket can overflow in a pause only if cookies are turned off in it.
  if (pair.model().paused() && rng.below(1000) == 0) pair.config().syncookies = false;
  if (rng.below(20'000) == 0) {
    change_load_settings(rng, pair.config(), kLogBuckets);
    pair.config().tables_ready = false;
    pair.clear();
  }
  if (!pair.config().tables_ready && rng.below(50) == 0) pair.config().tables_ready = true;
}

Room random_room(Rng& rng) {
  const bool line = rng.percent(94);
  return {line, rng.percent(94)};
}

TEST(Property, EveryRowIsMetAndBothEnginesAgree) {
  const std::uint64_t seed = first_seed();
  std::cout << "seed " << seed << std::endl;
  constexpr std::uint64_t kLeast = 200'000, kMost = 20'000'000;
  Pair pair(seed);
  Adversary adversary(seed);
  const auto missing = [&pair](Row row) {
    return pair.model().hits()[static_cast<std::size_t>(row)] == 0 || pair.engine_hits(row) == 0;
  };
  std::uint64_t steps = 0;
  bool done = false;
  for (; steps < kMost && !done; ++steps) {
    disturb(pair);
    const RequestRecord request = adversary.next(pair.model(), pair.tables(), pair.config());
    const Room room = random_room(pair.rng());
    const EngineAnswer answer = pair.step(request, room);
    adversary.answered(request, answer.verdict);
    ASSERT_FALSE(HasFailure()) << "step " << steps << ", op " << int{request.op};
    if (steps >= kLeast && steps % 1000 == 0) {
      done = true;
      for (std::size_t i = 0; i < kRows; ++i) done = done && !missing(static_cast<Row>(i));
    }
  }
  std::cout << "model  engine  row  (" << steps << " requests)\n";
  for (const RowInfo& row : all_rows()) {
    std::cout << pair.model().hits()[static_cast<std::size_t>(row.row)] << "  " << pair.engine_hits(row.row) << "  "
              << row.name << "\n";
    EXPECT_FALSE(missing(row.row)) << row.name;
  }
}

TEST(Property, RowsStandInTheirOrder) {
  const std::vector<RowInfo> rows = all_rows();
  ASSERT_EQ(rows.size(), kRows);
  for (std::size_t i = 0; i < kRows; ++i) EXPECT_EQ(static_cast<std::size_t>(rows[i].row), i) << rows[i].name;
}

class Requests : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Requests, EngineAndModelAgree) {
  const std::uint64_t seed = first_seed() - 1 + GetParam();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Pair pair(seed);
  RequestGenerator requests(seed, {.tuples = 24, .log_flows = kLogFlows});
  for (int i = 0; i < 100'000; ++i) {
    disturb(pair);
    const RequestRecord request = requests.next();
    const EngineAnswer answer = pair.step(request, random_room(pair.rng()));
    requests.answered(request, answer.verdict);
    ASSERT_FALSE(HasFailure()) << "step " << i << ", op " << int{request.op};
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Requests, testing::Range<std::uint64_t>(1, 5));

}  // namespace
}  // namespace synward::test
