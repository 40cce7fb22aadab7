// SPDX-License-Identifier: BSD-2-Clause
// Proves that SYN-ACKs and marked ACKs, one a clock and with gaps, are byte for byte those of the reference, and that
// nothing but zeros follows them.
#include <Vsynward_reply_builder.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>

#include "block/bench.hpp"
#include "reference/builder.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 10;
constexpr std::size_t kRoom = 106;

ContextRecord random_context(Rng& rng) {
  auto context = random_record<ContextRecord>(rng);
  context.tags = static_cast<std::uint8_t>(rng.below(3));
  if (!context.v6) {
    context.faddr = {0, rng.u32()};
    context.laddr = {0, rng.u32()};
  }
  // Around the lengths at which the MSS option is left out.
  context.len = static_cast<std::uint16_t>(rng.percent(80) ? rng.between(54, 110) : rng.between(54, 16383));
  context.svc_wscale = static_cast<std::uint8_t>(rng.below(15));
  return context;
}

std::uint32_t half_words(std::uint64_t value) {
  return static_cast<std::uint32_t>((value & 0xffff) + (value >> 16 & 0xffff) + (value >> 32 & 0xffff) + (value >> 48));
}

std::uint32_t address_sum(const ContextRecord& context) {
  return half_words(context.faddr.hi) + half_words(context.faddr.lo) + half_words(context.laddr.hi) +
         half_words(context.laddr.lo) + context.fport + context.lport;
}

TEST(ReplyBuilder, builds_the_references_frames) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_reply_builder> block(seed);
  block->valid_i = 0;
  block.reset();
  struct Reply {
    bool mark;
    reference::Bytes frame;
  };
  std::deque<std::optional<Reply>> under_way;
  unsigned gaps = 0;
  for (int clock = 0; clock < 60'000; ++clock) {
    if (rng.percent(1)) gaps = rng.pick(std::array{0U, 0U, 30U});
    const auto context = random_context(rng);
    const auto verdict = random_record<VerdictRecord>(rng);
    const bool mark = rng.bit();
    const bool valid = !rng.percent(gaps);
    block->valid_i = valid;
    block->mark_i = mark;
    pack(context, block->context_i);
    pack(verdict, block->verdict_i);
    block->address_sum_i = address_sum(context);
    block.settle();
    if (under_way.size() == kLatency) {
      const auto& expected = under_way.front();
      ASSERT_EQ(block->valid_o != 0, expected.has_value()) << "clock " << clock;
      if (expected) {
        ASSERT_EQ(block->mark_o != 0, expected->mark) << "clock " << clock;
        ASSERT_EQ(block->len_o, expected->frame.size()) << "clock " << clock << ", " << to_hex(expected->frame);
        Bytes padded = expected->frame;
        padded.resize(kRoom);
        ASSERT_EQ(to_hex(get_bytes(block->frame_o, 0, kRoom)), to_hex(padded)) << "clock " << clock;
      }
      under_way.pop_front();
    }
    if (valid) {
      under_way.emplace_back(Reply{
          mark, mark ? reference::build_marked_ack(context, verdict) : reference::build_syn_ack(context, verdict)});
    } else {
      under_way.emplace_back();
    }
    block.edge();
  }
}

}  // namespace
}  // namespace synward::test
