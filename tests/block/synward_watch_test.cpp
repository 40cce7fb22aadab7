// SPDX-License-Identifier: BSD-2-Clause
// Proves, for every frame of the hostile generator, that the flow table hears of those, and only those, that the
// reference can read as far as TCP, whatever their checksums, with the tuple as the engine has it, in order and at the
// promised clock.
#include <Vsynward_watch.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"
#include "block/stream.hpp"
#include "common/generator.hpp"
#include "reference/parse.hpp"
#include "synward/codes.hpp"

namespace synward::test {
namespace {

constexpr std::uint64_t kLatency = 9;  ///< clocks from the last beat, for three beats and more

RequestRecord server_request(const reference::ParsedFrame& parsed, std::uint32_t time_ms) {
  RequestRecord request{};
  request.op = kOpServer;
  request.time_ms = time_ms;
  request.v6 = parsed.v6;
  request.faddr = parsed.dst;
  request.laddr = parsed.src;
  request.fport = parsed.dport;
  request.lport = parsed.sport;
  request.flags = parsed.flags;
  return request;
}

class Watch {
 public:
  explicit Watch(std::uint64_t seed) : rng(seed), block_(seed) {
    block_->valid_i = 0;
    block_.reset();
  }

  void send(const Bytes& frame, unsigned gap_chance) {
    const std::uint32_t time_ms = rng.u32();
    const std::size_t beats = beats_of(frame.size());
    for (std::size_t beat = 0; beat < beats; ++beat) {
      while (rng.percent(gap_chance)) idle();
      const std::size_t at = beat * kBeat;
      const std::size_t bytes = std::min(kBeat, frame.size() - at);
      block_->valid_i = 1;
      block_->first_i = beat == 0;
      block_->last_i = beat + 1 == beats;
      block_->top_i = static_cast<std::uint8_t>(bytes - 1);
      block_->data_i = {};
      set_bytes(block_->data_i, 0, ByteView(frame).subspan(at, bytes));
      block_->time_ms_i = time_ms;
      // Before the last beat it means nothing.
      block_->error_i = beat + 1 == beats ? rng.percent(damaged_percent) : rng.bit();
      if (beat + 1 == beats && block_->error_i != 0) ++damaged;
      if (beat + 1 == beats && block_->error_i == 0) expect(frame, time_ms, beats);
      clock();
      if (testing::Test::HasFatalFailure()) return;
    }
  }

  void drain() {
    for (int i = 0; i < 32; ++i) idle();
    EXPECT_TRUE(expected_.empty());
  }

  Rng rng;
  unsigned damaged_percent = 10;
  std::size_t heard = 0, unheard = 0, damaged = 0;

 private:
  struct Expected {
    RequestRecord request;
    std::uint64_t clock;
  };

  void expect(const Bytes& frame, std::uint32_t time_ms, std::size_t beats) {
    const reference::ParsedFrame parsed = reference::parse(frame, false);
    if (parsed.reading != reference::Reading::tcp) {
      ++unheard;
      return;
    }
    ++heard;
    expected_.push_back({server_request(parsed, time_ms), now_ + kLatency + (beats < 3 ? 3 - beats : 0)});
  }

  void idle() {
    block_->valid_i = 0;
    block_->first_i = rng.bit();
    block_->last_i = rng.bit();
    block_->error_i = rng.bit();
    block_->top_i = static_cast<std::uint8_t>(rng.below(kBeat));
    block_->time_ms_i = rng.u32();
    scramble(block_->data_i, rng);
    clock();
  }

  void clock() {
    block_.settle();
    const bool due = !expected_.empty() && expected_.front().clock == now_;
    ASSERT_EQ(block_->valid_o != 0, due) << "clock " << now_;
    if (due) {
      ASSERT_EQ(fields_text(unpack<RequestRecord>(block_->request_o)), fields_text(expected_.front().request));
      expected_.pop_front();
    }
    block_.edge();
    ++now_;
  }

  Bench<Vsynward_watch> block_;
  std::deque<Expected> expected_;
  std::uint64_t now_ = 0;
};

TEST(Watch, hears_of_every_readable_segment) {
  const std::uint64_t seed = test_seed();
  Watch watch(seed);
  FrameGenerator frames(seed);
  unsigned gaps = 0;
  for (int i = 0; i < 60'000; ++i) {
    if (i % 1000 == 0) gaps = watch.rng.pick(std::array{0U, 0U, 20U, 60U});
    watch.send(frames.next(), gaps);
    if (HasFatalFailure()) FAIL() << "frame " << i << ", " << frames.kind();
  }
  watch.drain();
  EXPECT_GT(watch.heard, 10'000U);
  EXPECT_GT(watch.unheard, 5'000U);
  EXPECT_GT(watch.damaged, 1'000U);
}

// Its segment ends before the frame is too long.
TEST(Watch, does_not_hear_of_an_oversize_frame) {
  Watch watch(test_seed());
  watch.damaged_percent = 0;
  FrameSpec spec;
  spec.src = address("192.0.2.1");
  spec.dst = address("198.51.100.7");
  for (const std::size_t size : {reference::kMaxFrame, reference::kMaxFrame + 1, reference::kMaxFrame + 1000}) {
    Bytes frame = build(spec).bytes;
    frame.resize(size);
    watch.send(frame, 0);
  }
  watch.drain();
  EXPECT_EQ(watch.heard, 1U);
}

}  // namespace
}  // namespace synward::test
