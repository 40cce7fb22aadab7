// SPDX-License-Identifier: BSD-2-Clause
// The HLS kernels behind an elastic socket, the reference model's and the RTL's: the reference's frames, but for the
// time, and a full engine.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "common/card_under_test.hpp"
#include "common/generator.hpp"

namespace synward::test {
namespace {

using reg::Counter;
using sim::InPort;
using sim::OutPort;

constexpr double kLineRateClocks = 84 * 8 / 100e9 * sim::kClockHz;  ///< of a minimum frame, with preamble and gap

/// A card that has been set up, and what it sent by port.
struct Rig {
  explicit Rig(std::unique_ptr<sim::Card> made) : card(std::move(made)) {
    card->set_sink([this](const sim::OutFrame& frame) {
      sent[static_cast<std::size_t>(frame.port)].emplace_back(frame.bytes.begin(), frame.bytes.end());
    });
    program(*card, default_services(), default_secrets());
    load_tables(*card);
  }

  std::unique_ptr<sim::Card> card;
  std::vector<std::string> sent[2];
};

/// SYNs of 60 bytes, one every `clocks` clocks; how many were answered, and how many found the engine full.
struct Flood {
  std::uint64_t answered, full;
};
Flood flood(double clocks, int frames) {
  Rig rig(make_card_under_test());
  const std::uint64_t start = rig.card->now();
  const ServiceEntry service = default_services().front();
  for (int i = 0; i < frames; ++i) {
    FrameSpec spec;
    spec.src = address("100.66.7." + std::to_string(1 + i % 250));
    spec.dst = service.address;
    spec.sport = static_cast<std::uint16_t>(1024 + i / 250);
    spec.dport = service.port;
    spec.seq = static_cast<std::uint32_t>(i);
    spec.flags = kSyn;
    rig.card->offer(InPort::line_rx, build(spec).bytes, start + static_cast<std::uint64_t>(i * clocks));
  }
  EXPECT_TRUE(rig.card->drain());
  const Counters counters = read_counters(*rig.card);
  EXPECT_EQ(conservation_faults(counters, rig.card->read32(reg::kSyncacheCount)), "");
  EXPECT_EQ(counters[Counter::line_rx_frames], static_cast<std::uint64_t>(frames));
  return {counters[Counter::answered], counters[reg::Drop::engine_full]};
}

TEST(Elastic, LineRateOfMinimumFramesIsAnswered) {
  constexpr int kFrames = 20'000;
  const Flood seen = flood(kLineRateClocks, kFrames);
  EXPECT_EQ(seen.answered, static_cast<std::uint64_t>(kFrames));
  EXPECT_EQ(seen.full, 0u);
}

TEST(Elastic, WhatFindsTheEngineFullIsDroppedWholeAndCounted) {
  // Twice as fast as the engine takes them; the line cannot do that.
  constexpr int kFrames = 20'000;
  const Flood seen = flood(1, kFrames);
  EXPECT_EQ(seen.answered + seen.full, static_cast<std::uint64_t>(kFrames));
  EXPECT_NEAR(static_cast<double>(seen.answered), kFrames / 2.0, kFrames / 100.0);
}

TEST(Elastic, FramesAreTheReferencesButForTheTime) {
  constexpr int kFrames = 10'000;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    Rig hls(make_card_under_test());
    Rig reference(sim::make_reference_card(kSmallTables));
    const std::uint64_t start = std::max(hls.card->now(), reference.card->now()) + 1000;
    for (Rig* rig : {&hls, &reference}) rig->card->run_until(start);
    FrameGenerator frames(seed, {});
    std::uint64_t at = start;
    for (int i = 0; i < kFrames; ++i) {
      const bool from_host = rng.percent(10);
      const Bytes& frame = from_host ? frames.next_from_host() : frames.next();
      const InPort port = from_host ? InPort::host_rx : InPort::line_rx;
      // Far enough apart that every frame has the same millisecond in both, and sometimes time for timers.
      at += (frame.size() + 63) / 64 + rng.below(200) + (rng.below(500) == 0 ? 400'000'000 : 0);
      for (Rig* rig : {&hls, &reference}) {
        rig->card->offer(port, frame, at);
        rig->card->run_until(at);
      }
    }
    for (Rig* rig : {&hls, &reference}) ASSERT_TRUE(rig->card->drain());
    const Counters a = read_counters(*hls.card);
    const Counters b = read_counters(*reference.card);
    for (std::size_t i = 0; i < reg::kCounters; ++i) EXPECT_EQ(a.value[i], b.value[i]) << reg::kCounterInfo[i].name;
    EXPECT_EQ(hls.sent[1], reference.sent[1]);
    // Replies wait, the host's frames do not.
    std::sort(hls.sent[0].begin(), hls.sent[0].end());
    std::sort(reference.sent[0].begin(), reference.sent[0].end());
    EXPECT_EQ(hls.sent[0], reference.sent[0]);
    EXPECT_GT(hls.sent[0].size(), 1000u);
  }
}

}  // namespace
}  // namespace synward::test
