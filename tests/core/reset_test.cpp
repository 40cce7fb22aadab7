// SPDX-License-Identifier: BSD-2-Clause
// Resets of the whole core at any clock, of any length, with skew between its parts, under traffic on all ports; and
// what is lost within it between two streams that belong together.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "common/mail.hpp"
#include "common/setup.hpp"
#include "core/reset_rig.hpp"

namespace synward::test {
namespace {

constexpr unsigned kMostSkew = 24;
constexpr std::uint64_t kSynLatency = 90;

std::uint64_t seed() {
  const char* text = std::getenv("SYNWARD_SEED");
  const std::uint64_t value = text == nullptr ? 1 : std::strtoull(text, nullptr, 0);
  std::cout << "seed " << value << std::endl;
  return value;
}

Traffic random_traffic(Rng& rng) {
  return {.line = rng.pick(std::array{0U, 30U, 100U}),
          .host = rng.pick(std::array{0U, 30U, 100U}),
          .gaps = rng.pick(std::array{0U, 30U, 80U}),
          .line_ready = rng.pick(std::array{0U, 10U, 60U, 100U}),
          .host_ready = rng.pick(std::array{0U, 10U, 60U, 100U}),
          .mails = rng.pick(std::array{0U, 20U})};
}

/// Fewer beats in than the outputs take.
Traffic calm() { return {.line = 15, .host = 15, .gaps = 20}; }

void start_service(ResetRig& rig) {
  program(rig, default_services(), default_secrets());
  rig.write32(reg::kSysctlSyncookiesOnly, 1);
  rig.serve();
}

/// All that is offered gets its fate, and is counted; then a SYN is answered in time.
void expect_service(ResetRig& rig, const ResetRig::Seen& seen, std::uint64_t lost = 0) {
  EXPECT_EQ(seen.passed[kToLine], seen.offered[kToLine]);
  EXPECT_EQ(seen.answers, seen.syns);
  EXPECT_EQ(seen.passed[kToHost] + seen.syns + seen.forged + lost, seen.offered[kToHost]);
  EXPECT_EQ(seen.cut, 0U);
  const Counters counters = read_counters(rig);
  EXPECT_EQ(conservation_faults(counters), "");
  EXPECT_EQ(counters[reg::Drop::pairing_lost], lost);
  EXPECT_EQ(rig.syn_latency(), kSynLatency);
}

/// Has the card send a frame, unless it is not done with the one before.
void mail_something(ResetRig& rig) {
  if ((rig.read32(reg::kMailStatus) >> 24 & 1) != 0) return;
  MailSpec spec;
  spec.tags = rig.rng.below(3);
  spec.type = static_cast<std::uint8_t>(2 + rig.rng.below(200));
  spec.size = rig.rng.between(60, 256);
  // One that was sent before may be at the port.
  if (rig.mail_out.empty()) rig.mail_out = mail_frame(spec);
  write_mail(rig, rig.mail_out);
  send_mail(rig, rig.mail_out.size());
}

TEST(Reset, TearsMergesAndInventsNothingAndServiceComesBack) {
  ResetRig rig(seed());
  Rng& rng = rig.rng;
  std::uint64_t resets = 0, cut = 0, passed = 0, mails = 0;
  rig.start(calm());
  rig.clocks(kRelease);  // power-up, without a reset
  start_service(rig);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    rig.forget();
    for (auto left = rng.between(1, 8); left > 0; --left) {
      rig.start(random_traffic(rng));
      rig.clocks(rng.below(400));
      if (rng.percent(30)) {
        // The registers answer as soon as their own copy of the reset has risen, which is before the skew is over.
        rig.clocks(kRelease);
        ASSERT_NO_THROW(mail_something(rig)) << rig.wrong();
        rig.clocks(rng.below(30));
      }
      if (rng.percent(50)) rig.begin_access();
      if (rng.percent(30)) rig.start(random_traffic(rng));
      const auto length = rng.percent(30) ? 0 : rng.percent(40) ? rng.between(1, 4) : rng.between(1, 200);
      rig.reset(length, rng.percent(50) ? 0 : kMostSkew);
      ++resets;
      ASSERT_EQ(rig.wrong(), "");
    }
    cut += rig.seen.cut;
    mails += rig.seen.mails;
    // What waited at a port through the reset leaves behind it, and is counted nowhere.
    if (rng.bit()) rig.clocks(rng.below(300));
    rig.start(calm());
    rig.clocks(kRelease);
    ASSERT_NO_THROW(start_service(rig)) << rig.wrong();
    rig.drain();
    rig.forget();
    rig.start(calm());
    rig.clocks(600);
    rig.drain();
    ASSERT_EQ(rig.wrong(), "");
    passed += rig.seen.passed[kToHost];
    expect_service(rig, rig.seen);
    ASSERT_EQ(rig.wrong(), "");
    if (HasFailure()) return;
  }
  EXPECT_GT(cut, resets / 8);
  EXPECT_GT(passed, 1'000U);
  EXPECT_GT(mails, 10U);
  std::cout << resets << " resets, " << cut << " frames cut, " << rig.now() << " clocks" << std::endl;
}

TEST(Reset, EmptiesTheMailbox) {
  ResetRig rig(seed());
  Rng& rng = rig.rng;
  rig.start(calm());
  rig.clocks(kRelease);
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    start_service(rig);
    rig.start({.line = 10, .host = 50, .host_ready = rng.bit() ? 0U : 50U, .mails = 50});
    mail_something(rig);
    rig.clocks(rng.below(100));
    ASSERT_NE(rig.read32(reg::kMailStatus) & 0x7f, 0U);
    ASSERT_FALSE(read_mail(rig).empty());
    write_mail(rig, rig.mail_out);
    rig.start({.line = 10, .host = 0});
    rig.reset(rng.below(100), 0);
    rig.clocks(kRelease);
    ASSERT_EQ(rig.read32(reg::kMailStatus), 0U);
    for (std::uint32_t word = 0; word < 64; ++word) ASSERT_EQ(rig.read32(reg::kMailData + 4 * word), 0U);
    rig.drain();
    rig.forget();
    // What was written before is gone.
    send_mail(rig, 100);
    rig.drain();
    ASSERT_EQ(rig.read32(reg::kMailStatus), 1U << 25);
    ASSERT_EQ(rig.seen.mails, 0U);
    mail_something(rig);
    rig.drain();
    ASSERT_EQ(rig.seen.mails, 1U);
    ASSERT_EQ(rig.wrong(), "");
    EXPECT_EQ(conservation_faults(read_counters(rig)), "");
    if (HasFailure()) return;
  }
}

/// What waits for a frame is lost now and then, or stays though nobody waits for it.
TEST(Reset, WhatIsLostWithinCostsItsOwnFrameAlone) {
  ResetRig rig(seed());
  Rng& rng = rig.rng;
  rig.start(calm());
  rig.clocks(kRelease);
  start_service(rig);
  rig.drain();
  std::uint64_t lost = 0;
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    rig.forget();
    rig.start(calm());
    std::uint64_t lost_now = 0;
    const unsigned chance = rng.pick(std::array{2U, 20U, 100U});
    const bool sums = rng.bit();
    rig.on_edge = [&](sim::CoreFaults& faults) {
      std::uint8_t& there = sums ? faults.sums : faults.decisions;
      for (unsigned i = 0; i < 8; ++i) {
        if ((there >> i & 1) != 0 && (chance == 100 || rng.percent(chance))) {
          there = static_cast<std::uint8_t>(there & ~(1U << i));
          ++lost_now;
        }
      }
    };
    rig.clocks(rng.between(1, 400));
    rig.drain();
    rig.start(calm());
    // Numbers for which nobody waits.
    rig.on_edge = [&](sim::CoreFaults& faults) {
      if (rng.percent(5)) (sums ? faults.sums : faults.decisions) |= static_cast<std::uint8_t>(rng.u8() & rng.u8());
    };
    rig.clocks(rng.between(1, 400));
    rig.on_edge = nullptr;
    rig.drain();
    lost += lost_now;
    // Each frame behind it has its own again.
    const ResetRig::Seen before = rig.seen;
    ASSERT_EQ(rig.wrong(), "");
    EXPECT_LE(before.passed[kToHost] + before.syns + before.forged, before.offered[kToHost]);
    EXPECT_GE(before.passed[kToHost] + before.syns + before.forged + lost_now, before.offered[kToHost]);
    rig.forget();
    rig.start(calm());
    rig.clocks(300);
    rig.drain();
    ASSERT_EQ(rig.wrong(), "");
    const ResetRig::Seen seen = rig.seen;
    EXPECT_EQ(seen.answers, seen.syns);
    EXPECT_EQ(seen.passed[kToHost] + seen.syns + seen.forged, seen.offered[kToHost]);
    const Counters counters = read_counters(rig);
    EXPECT_EQ(conservation_faults(counters), "");
    EXPECT_EQ(counters[reg::Drop::pairing_lost], lost);
    EXPECT_EQ(rig.syn_latency(), kSynLatency);
    if (HasFailure()) return;
  }
  EXPECT_GT(lost, 200U);
  std::cout << lost << " lost, " << rig.now() << " clocks" << std::endl;
}

/// The engine alone, for longer than the tree could ever skew it: frames without a verdict are dropped, and a mark that
/// waited for its MAC may get a wrong one.
TEST(Reset, TheEngineAloneCostsTheFramesOnTheirWay) {
  ResetRig rig(seed());
  Rng& rng = rig.rng;
  rig.start(calm());
  rig.clocks(kRelease);
  start_service(rig);
  std::uint64_t lost = 0;
  for (int round = 0; round < 30; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    rig.forget();
    rig.start(calm());
    rig.clocks(rng.below(300));
    rig.macs_lost = true;
    rig.on_edge = [](sim::CoreFaults& faults) { faults.engine_reset = 0; };
    rig.clocks(rng.between(1, 200));
    rig.on_edge = nullptr;
    // What entered the engine before it was in reset is out of it.
    rig.clocks(64);
    rig.drain();
    ASSERT_EQ(rig.wrong(), "");
    const Counters counters = read_counters(rig);
    EXPECT_EQ(conservation_faults(counters), "");
    lost = counters[reg::Drop::pairing_lost];
    rig.macs_lost = false;
    rig.forget();
    rig.start(calm());
    rig.clocks(300);
    rig.drain();
    const ResetRig::Seen seen = rig.seen;
    EXPECT_EQ(seen.answers, seen.syns);
    EXPECT_EQ(seen.passed[kToHost] + seen.syns + seen.forged, seen.offered[kToHost]);
    EXPECT_EQ(read_counters(rig)[reg::Drop::pairing_lost], lost);
    EXPECT_EQ(rig.syn_latency(), kSynLatency);
    ASSERT_EQ(rig.wrong(), "");
    if (HasFailure()) return;
  }
  EXPECT_GT(lost, 100U);
  std::cout << lost << " lost, " << rig.now() << " clocks" << std::endl;
}

}  // namespace
}  // namespace synward::test
