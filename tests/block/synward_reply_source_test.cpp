// SPDX-License-Identifier: BSD-2-Clause
// Proves that a reply is made of the frame's context and the verdict's options, or, for a retransmission, of the
// verdict and the service's entry as it was last written; one a clock and with gaps.
#include <Vsynward_reply_source.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <vector>

#include "block/bench.hpp"
#include "block/rtl_records.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 2;
constexpr std::size_t kServices = 32;

struct Source {
  VerdictRecord verdict{};
  ContextRecord context{};
};

/// What the builder must be given.
Source expected_source(const VerdictRecord& v, ContextRecord c, const std::vector<ServiceRecord>& services) {
  c.ws_ok = v.ws_ok;
  c.sack_ok = v.sack_ok;
  c.ts_ok = v.ts_ok;
  c.tsval = v.tsecr;
  if (!v.own) return {v, c};
  const ServiceRecord& s = services[v.service];
  // Of a frame that is not there nothing else may count: what the builder does not read of a reply to the line.
  return {v,
          {.mac_dst = v.mac_dst,
           .mac_src = v.mac_src,
           .tags = v.tags,
           .tag1 = v.tag1,
           .tag2 = v.tag2,
           .v6 = v.v6,
           .faddr = v.faddr,
           .laddr = v.laddr,
           .fport = v.fport,
           .lport = v.lport,
           .seq = c.seq,
           .ack = c.ack,
           .window = c.window,
           .ttl = c.ttl,
           .tos = c.tos,
           .flowlabel = c.flowlabel,
           .len = v.len,
           .has_mss = v.has_mss,
           .ws_ok = v.ws_ok,
           .sack_ok = v.sack_ok,
           .ts_ok = v.ts_ok,
           .tsval = v.tsecr,
           .tsecr = c.tsecr,
           .time_ms = v.time_ms,
           .svc_mss = v.v6 ? s.mss6 : s.mss4,
           .svc_window = s.window,
           .svc_wscale = s.wscale,
           .svc_ttl = s.ttl,
           .svc_tos = s.tos}};
}

TEST(ReplySource, gives_the_builder_what_counts) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_reply_source> block(seed);
  block->valid_i = 0;
  pack(ServiceWriteRecord{}, block->service_i);
  block.reset();
  std::vector<ServiceRecord> services(kServices);
  std::deque<std::optional<Source>> under_way;
  std::size_t own = 0;
  for (std::size_t clock = 0; clock < 60'000; ++clock) {
    const bool write = clock < kServices || rng.percent(5);
    const std::size_t index = clock < kServices ? clock : rng.below(kServices);
    const auto service = random_record<ServiceRecord>(rng);
    auto written = random_record<ServiceWriteRecord>(rng);
    written.write = write;
    written.index = static_cast<std::uint8_t>(index);
    written.service = service;
    pack(written, block->service_i);

    const auto verdict = random_record<VerdictRecord>(rng);
    const auto context = random_record<ContextRecord>(rng);
    const bool valid = clock >= kServices && !rng.percent(20);
    block->valid_i = valid;
    pack(verdict, block->verdict_i);
    pack(context, block->context_i);
    block.settle();
    if (under_way.size() == kLatency) {
      const auto& expected = under_way.front();
      ASSERT_EQ(block->valid_o != 0, expected.has_value()) << "clock " << clock;
      if (expected) {
        own += expected->verdict.own;
        ASSERT_EQ(fields_text(unpack<VerdictRecord>(block->verdict_o)), fields_text(expected->verdict));
        ASSERT_EQ(fields_text(unpack<ContextRecord>(block->context_o)), fields_text(expected->context));
      }
      under_way.pop_front();
    }
    under_way.emplace_back();
    if (valid) under_way.back() = expected_source(verdict, context, services);
    if (write) services[index] = service;
    block.edge();
  }
  EXPECT_GT(own, 10'000U);
}

}  // namespace
}  // namespace synward::test
