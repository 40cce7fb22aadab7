// SPDX-License-Identifier: BSD-2-Clause
// The Vitis HLS kernel, in C simulation: the same answers as the step functions, and a history that is long enough.
#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "common/requests.hpp"
#include "common/same_record.hpp"
#include "kernels/engine_kernel.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLogBuckets = 3, kLogFlows = 2;

/// A memory whose writes land kDelay iterations late, and which begins with junk, as URAM does.
template <typename Bucket, unsigned kLog, unsigned kDelay>
class LateMemory {
 public:
  LateMemory() {
    for (auto& row : rows_) {
      for (std::uint64_t& word : row.word) word = 0xa5a5a5a5a5a5a5a5;
    }
  }
  PackedBucket<Bucket> read(std::uint32_t index) const { return rows_[index]; }
  /// Once an iteration.
  void write(std::uint32_t index, const PackedBucket<Bucket>& row) {
    const Late landing = late_[at_ % kDelay];
    if (at_ >= kDelay) rows_[landing.index] = landing.row;
    late_[at_++ % kDelay] = {index, row};
  }
  void bind() {}

 private:
  struct Late {
    std::uint32_t index;
    PackedBucket<Bucket> row;
  };
  std::array<PackedBucket<Bucket>, 1u << kLog> rows_;
  std::array<Late, kDelay> late_{};
  std::uint64_t at_ = 0;
};

/// Asks a pipeline and the step functions the same; how many answers differ.
template <unsigned kDelay, unsigned kHistory>
int differing_answers() {
  constexpr std::uint64_t kSeed = 9;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  using Pipeline = EnginePipeline<LateMemory<SyncacheBucket, kLogBuckets, kDelay>, kLogBuckets,
                                  LateMemory<FlowBucket, kLogFlows, kDelay>, kLogFlows, kHistory>;
  const auto pipeline = std::make_unique<Pipeline>();
  const auto tables = std::make_unique<EngineTables<kLogBuckets, kLogFlows>>();
  engine_reset(*tables);
  Rng rng(kSeed);
  EngineConfig config = default_engine_config(rng, kLogBuckets);
  RequestGenerator requests(kSeed, {.tuples = 16, .log_flows = kLogFlows});
  pipeline->set({config, true, false});
  int differing = 0;
  for (int i = 0; i < 100'000; ++i) {
    if (rng.below(500) == 0) {
      const bool load = rng.percent(10);
      change_settings(rng, config);
      if (load) {
        change_load_settings(rng, config, kLogBuckets);
        engine_clear(*tables, config.flow_learn);
      }
      pipeline->set({config, load, false});
    }
    config.tables_ready = pipeline->ready();
    const RequestRecord request = requests.next();
    const Room room{rng.percent(95), rng.percent(95)};
    const EngineAnswer want = engine_step(*tables, config, request, room);
    const EngineAnswer got = pipeline->step(request, room);
    const bool same = fields_of(got.verdict) == fields_of(want.verdict) && got.mark_mac == want.mark_mac &&
                      fields_of(got.counts) == fields_of(want.counts) && got.event == want.event &&
                      fields_of(got.record) == fields_of(want.record);
    differing += same ? 0 : 1;
    requests.answered(request, want.verdict);
  }
  return differing;
}

TEST(Kernel, HistoryAsLongAsTheDelayIsEnough) {
  EXPECT_EQ((differing_answers<1, 1>()), 0);
  EXPECT_EQ((differing_answers<3, 3>()), 0);
  EXPECT_EQ((differing_answers<6, 6>()), 0);
  EXPECT_EQ((differing_answers<3, 6>()), 0);
}

TEST(Kernel, ShorterHistoryIsNot) {
  EXPECT_GT((differing_answers<2, 1>()), 0);
  EXPECT_GT((differing_answers<6, 5>()), 0);
}

TEST(Kernel, PackedBucketsComeBackWhole) {
  Rng rng(4);
  for (int i = 0; i < 1000; ++i) {
    PackedBucket<SyncacheBucket> syncache{};
    PackedBucket<FlowBucket> flows{};
    for (std::uint64_t& word : syncache.word) word = rng.next();
    for (std::uint64_t& word : flows.word) word = rng.next();
    // What lies above the last field is nobody's.
    syncache.word[PackedBucket<SyncacheBucket>::kWords - 1] &= ~0ull >> (64 - BucketBits<SyncacheBucket>::value % 64);
    flows.word[PackedBucket<FlowBucket>::kWords - 1] &= ~0ull >> (64 - BucketBits<FlowBucket>::value % 64);
    const auto again = pack(unpack<SyncacheBucket>(syncache));
    const auto flows_again = pack(unpack<FlowBucket>(flows));
    for (unsigned k = 0; k < PackedBucket<SyncacheBucket>::kWords; ++k) ASSERT_EQ(again.word[k], syncache.word[k]);
    for (unsigned k = 0; k < PackedBucket<FlowBucket>::kWords; ++k) ASSERT_EQ(flows_again.word[k], flows.word[k]);
  }
}

TEST(Kernel, TopAnswersLikeTheStepFunctions) {
  constexpr std::uint64_t kSeed = 12;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  const auto tables = std::make_unique<EngineTables<kMaxLogBuckets, kMaxLogFlows>>();
  engine_reset(*tables);
  Rng rng(kSeed);
  EngineConfig config = default_engine_config(rng, 2);  // few buckets in use, so that they fill
  RequestGenerator requests(kSeed, {.tuples = 64, .log_flows = kMaxLogFlows});
  hls::stream<EngineQuestion> questions;
  hls::stream<EngineSetting> settings;
  hls::stream<EngineAnswer> answers;
  settings.write({config, true, false});
  // The tables are cleared in as many iterations as the larger one has buckets.
  for (unsigned i = 0; i < 1u << kMaxLogFlows; ++i) engine_kernel(questions, settings, answers);
  EXPECT_TRUE(answers.empty());
  for (int i = 0; i < 50'000; ++i) {
    if (rng.below(500) == 0) {
      change_settings(rng, config);
      const bool end_pause = rng.bit();
      tables->state.pause.end = tables->state.pause.end || end_pause;
      settings.write({config, false, end_pause});
    }
    if (rng.percent(20)) engine_kernel(questions, settings, answers);  // an iteration with nothing to answer
    const RequestRecord request = requests.next();
    const Room room{rng.percent(95), rng.percent(95)};
    const EngineAnswer want = engine_step(*tables, config, request, room);
    questions.write({request, room});
    engine_kernel(questions, settings, answers);
    ASSERT_FALSE(answers.empty());
    const EngineAnswer got = answers.read();
    ASSERT_EQ(fields_of(got.verdict), fields_of(want.verdict)) << i;
    ASSERT_EQ(fields_of(got.counts), fields_of(want.counts)) << i;
    ASSERT_EQ(got.mark_mac, want.mark_mac) << i;
    ASSERT_EQ(got.event, want.event) << i;
    ASSERT_EQ(fields_of(got.record), fields_of(want.record)) << i;
    requests.answered(request, want.verdict);
  }
}

}  // namespace
}  // namespace synward::test
