// SPDX-License-Identifier: BSD-2-Clause
// The MAC model itself: its clock, its wire, and the rules that it watches.
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "synward/sim/line_mac.hpp"
#include "synward/sim/mac_clock.hpp"
#include "synward/sim/wire.hpp"

namespace synward::sim {
namespace {

using Frame = std::vector<std::uint8_t>;

/// A MAC whose receive stream goes to its own transmit side. One in a process, as SystemC has it.
struct Loop : sc_core::sc_module {
  sc_core::sc_signal<bool> clk, ready;
  sc_core::sc_signal<StreamBeat> stream;
  MacClock clock{"clock"};
  LineMac mac{"mac"};

  Loop() : sc_module(sc_core::sc_module_name("loop")) {
    clock.clk(clk);
    mac.clk(clk);
    mac.to_card(stream);
    mac.from_card(stream);
    mac.from_card_ready(ready);
  }
  static Loop& get() {
    static Loop loop;
    return loop;
  }
};

void run(std::uint64_t ps) { sc_core::sc_start(from_ps(ps)); }

class Mac : public testing::Test {
 protected:
  Mac() {
    mac_.rx.reset({});
    mac_.tx.reset();
    mac_.tx.set_observer([this](const MacTx::Sent& sent) {
      sent_.push_back(sent.bytes);
      sent_damaged_.push_back(sent.damaged);
      starts_.push_back(sent.first_bit_ps);
      ends_.push_back(sent.last_bit_ps);
    });
  }
  Mac(const Mac&) = delete;
  Mac& operator=(const Mac&) = delete;
  ~Mac() override { mac_.tx.set_observer(nullptr); }

  LineMac& mac_ = Loop::get().mac;
  std::vector<Frame> sent_;
  std::vector<bool> sent_damaged_;
  std::vector<std::uint64_t> starts_, ends_;
};

TEST(MacClock, DoesNotDrift) {
  EXPECT_EQ(MacClock::edge_ps(33), 102'400U);
  EXPECT_EQ(MacClock::edge_ps(322'265'625), 1'000'000'000'000U);
  for (std::uint64_t n = 1; n < 10'000; ++n) {
    ASSERT_EQ(MacClock::edge_at(MacClock::edge_ps(n)), n);
    ASSERT_EQ(MacClock::edge_at(MacClock::edge_ps(n) + 1), n + 1);
  }
}

TEST(Wire, CarriesTheKnownFrameRates) {
  // 10^12 ps a second: the rates at 100 Gb/s that every vendor prints.
  EXPECT_EQ(1'000'000'000'000 / wire_slot(60), 148'809'523U);
  EXPECT_EQ(1'000'000'000'000 / wire_slot(1514), 8'127'438U);
  EXPECT_EQ(wire_slot(1), wire_slot(60));
}

TEST_F(Mac, FramesComeBackAtLineRate) {
  std::vector<Frame> frames;
  for (const std::size_t size : {14U, 60U, 64U, 65U, 128U, 1514U, 9014U, 60U})
    frames.emplace_back(size, static_cast<std::uint8_t>(size));
  for (const Frame& frame : frames) mac_.rx.offer(frame, 0);
  run(2'000'000);
  ASSERT_EQ(sent_.size(), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    Frame padded = frames[i];
    if (padded.size() < kMinFrame) padded.resize(kMinFrame);
    EXPECT_EQ(sent_[i], padded);
    EXPECT_EQ(ends_[i] - starts_[i], (8 + padded.size() + 4) * 80);
    EXPECT_TRUE(i == 0 || starts_[i] - ends_[i - 1] >= 12 * 80);
  }
  EXPECT_TRUE(mac_.tx.idle());
  ASSERT_FALSE(mac_.tx.violations().empty());
  EXPECT_EQ(mac_.tx.violations()[0].find("tvalid fell"), 0U) << "the receive side leaves gaps in long frames";
}

TEST_F(Mac, PauseFillsTheFifoAndThenStopsTheStream) {
  mac_.tx.pause_until(now_ps() + 10'000'000);
  for (int i = 0; i < 600; ++i) mac_.rx.offer(Frame(64, static_cast<std::uint8_t>(i)), 0);
  run(8'000'000);
  EXPECT_EQ(sent_.size(), 0U);
  EXPECT_EQ(mac_.tx.most_beats(), MacTx::kFifoBeats);
  EXPECT_GT(mac_.tx.stalled_clocks(), 0U);
  EXPECT_NE(mac_.tx.violations().size(), 0U) << "a receive side does not wait for tready: that is seen";
  run(10'000'000);
  ASSERT_EQ(sent_.size(), MacTx::kFifoBeats);
  for (std::size_t i = 1; i < sent_.size(); ++i) ASSERT_EQ(starts_[i] - starts_[i - 1], wire_slot(64));
}

TEST_F(Mac, BadFcsFramesLoseABitAndSaySoWithTheirLastBeat) {
  MacRx::Settings settings;
  settings.bad_fcs_percent = 50;
  mac_.rx.reset(settings);
  std::vector<bool> damaged, errors;
  mac_.rx.set_observer([&](const MacRx::Received& frame) {
    int bits = 0;
    for (const std::uint8_t byte : frame.bytes) bits += __builtin_popcount(byte);
    EXPECT_EQ(bits, frame.damaged ? 1 : 0);
    damaged.push_back(frame.damaged);
  });
  for (int i = 0; i < 40; ++i) mac_.rx.offer(Frame(100, 0), 0);
  for (int clock = 0; clock < 600; ++clock) {
    run(MacClock::edge_ps(1));
    const StreamBeat& beat = Loop::get().stream.read();
    EXPECT_TRUE(!beat.error || (beat.valid && beat.last));
    if (beat.valid && beat.last) errors.push_back(beat.error);
  }
  mac_.rx.set_observer(nullptr);
  EXPECT_EQ(errors.size(), 40U);
  EXPECT_EQ(errors, damaged);
  EXPECT_EQ(sent_damaged_, damaged) << "what comes with an error leaves with a bad FCS";
  EXPECT_GT(std::count(errors.begin(), errors.end(), true), 5);
  EXPECT_LT(std::count(errors.begin(), errors.end(), true), 35);
}

StreamBeat beat(std::uint64_t keep, bool last, bool error = false) {
  StreamBeat made;
  made.error = error;
  made.valid = true;
  made.keep = keep;
  made.last = last;
  return made;
}

TEST(StreamChecker, KnowsTheRules) {
  constexpr std::uint64_t kFull = ~std::uint64_t{0};
  using Clock = std::pair<StreamBeat, bool>;  // and tready
  struct Case {
    const char* broken;  // what the first violation says; empty if none
    std::vector<Clock> clocks;
  };
  const Case cases[] = {
      {"", {{beat(kFull, false), false}, {beat(kFull, false), true}, {beat(1, true), true}, {{}, true}}},
      {"changed", {{beat(kFull, false), false}, {beat(kFull, true), true}}},
      {"changed", {{beat(kFull, true), false}, {{}, true}}},
      {"tvalid fell", {{beat(kFull, false), true}, {{}, true}}},
      {"error", {{beat(kFull, false, true), true}}},
      {"tkeep", {{beat(5, true), true}}},
      {"tkeep", {{beat(0, true), true}}},
      {"tkeep", {{beat(7, false), true}}},
  };
  for (const Case& c : cases) {
    StreamChecker checker;
    for (const auto& [shown, ready] : c.clocks) checker.observe(shown, ready);
    const std::string found = checker.violations().empty() ? "" : checker.violations().front();
    EXPECT_EQ(found.empty(), *c.broken == '\0') << found;
    EXPECT_NE(found.find(c.broken), std::string::npos) << c.broken;
  }
}

}  // namespace
}  // namespace synward::sim
