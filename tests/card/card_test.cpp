// SPDX-License-Identifier: BSD-2-Clause
// The whole card in simulation, as rtl/board puts it together: line rate through the crossings, links that flap under
// traffic, host traffic beside a flood, and its registers behind a bus.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>

#include "card/card_board.hpp"
#include "common/frame.hpp"
#include "common/rng.hpp"
#include "common/setup.hpp"
#include "synward/port_registers.hpp"

namespace synward::test {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}
std::uint64_t seed() {
  const std::uint64_t seed = number_from("SYNWARD_SEED", 1);
  std::cout << "seed " << seed << std::endl;
  return seed;
}

FrameSpec syn_to_service() {
  const ServiceEntry to = default_services()[0];
  FrameSpec spec;
  spec.src = address("10.1.2.3");
  spec.dst = to.address;
  spec.dport = to.port;
  spec.flags = kSyn;
  return spec;
}
/// A frame of no service's, with its number in it: the card passes it as it is.
Bytes numbered(std::uint32_t number, std::size_t size) {
  Bytes frame(size, static_cast<std::uint8_t>(number * 7));
  const std::uint8_t head[] = {2, 0, 0, 0, 0, 1, 0x5e, 0x11, 0x22, 0x33, 0x44, 0x55, 0x88, 0xb6};
  std::copy(std::begin(head), std::end(head), frame.begin());
  for (std::size_t i = 0; i < 4; ++i) frame[14 + i] = static_cast<std::uint8_t>(number >> (8 * i));
  return frame;
}
bool is_numbered(ByteView frame) { return frame[12] == 0x88 && frame[13] == 0xb6; }
std::uint32_t number_of(ByteView frame) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number |= std::uint32_t{frame[14 + i]} << (8 * i);
  return number;
}
std::uint32_t ack_of(ByteView frame) {
  const ByteView at = frame.subspan(14 + 20 + 8, 4);
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
}

class CardFlood : public testing::TestWithParam<std::uint64_t> {};

TEST_P(CardFlood, EverySynIsAnsweredAtLineRateThroughTheCrossings) {
  const auto frames = static_cast<std::uint32_t>(number_from("SYNWARD_CARD_SYNS", 20'000));
  CardBoard& card = CardBoard::get();
  CardBoard::Settings settings;
  settings.seed = seed();
  settings.fec_rx_ns = GetParam();
  card.power_up(settings);
  program(card, default_services(), default_secrets());
  card.write32(reg::kSysctlSyncookiesOnly, 1);
  Rng rng(settings.seed);

  std::vector<std::uint64_t> arrived;
  arrived.reserve(frames);
  card.on_in([&](const CardBoard::In& in) { arrived.push_back(in.last_bit_ps); });
  std::uint64_t answers = 0, first_ps = 0, last_ps = 0, shortest = ~std::uint64_t{0}, longest = 0;
  card.on_out([&](const CardBoard::Out& out) {
    ASSERT_EQ(out.port, Port::line);
    ASSERT_LT(answers, arrived.size());
    ASSERT_EQ(ack_of(out.bytes), answers + 1) << "out of order, or lost";
    const std::uint64_t wait = out.first_bit_ps - arrived[answers];
    shortest = std::min(shortest, wait);
    longest = std::max(longest, wait);
    if (answers == 0) first_ps = out.first_bit_ps;
    last_ps = out.last_bit_ps;
    ++answers;
  });

  FrameSpec spec = syn_to_service();
  constexpr std::uint32_t kChunk = 10'000;
  for (std::uint32_t n = 0; n < frames;) {
    const std::uint32_t end = std::min(frames, n + kChunk);
    for (; n < end; ++n) {
      spec.seq = n;
      spec.sport = static_cast<std::uint16_t>(rng.between(1024, 65535));
      card.offer(Port::line, build(spec).bytes, card.now_ps());
    }
    // Before the last of the chunk is through, the next one is there.
    if (n < frames) card.run_until(card.now_ps() + (kChunk - 200) * 6720ULL);
  }
  ASSERT_TRUE(card.drain(frames * 10'000ULL + 1'000'000'000));
  EXPECT_EQ(answers, frames);
  EXPECT_EQ(card.violations(), "");
  EXPECT_EQ(card.read32(kLinePort + port_reg::kRxLost), 0U);
  const Counters counters = read_counters(card);
  EXPECT_EQ(counters[reg::Counter::answered], frames);
  EXPECT_EQ(conservation_faults(counters), "");
  const double rate = frames / (static_cast<double>(last_ps - first_ps) * 1e-6);
  std::cout << answers << " answers, " << rate << " million/s, SYN's last bit to SYN-ACK's first bit " << shortest
            << " to " << longest << " ps, receive FEC " << settings.fec_rx_ns << " ns" << std::endl;
  card.on_in(nullptr);
  card.on_out(nullptr);
}

INSTANTIATE_TEST_SUITE_P(Fec, CardFlood, testing::Values(0, 100),
                         [](const auto& test) { return "ns" + std::to_string(test.param); });

TEST(Card, LinksThatFlapUnderTrafficTearNothing) {
  constexpr int kFlaps = 24;
  CardBoard& card = CardBoard::get();
  CardBoard::Settings settings;
  settings.seed = seed();
  card.power_up(settings);
  program(card, default_services(), default_secrets());
  Rng rng(settings.seed);
  const std::uint32_t flaps_before[] = {card.read32(kLinePort + port_reg::kFlaps),
                                        card.read32(kHostPort + port_reg::kFlaps)};

  std::map<std::uint32_t, std::size_t> sizes[2];  // by port that the frame came from
  std::uint32_t last_seen[2] = {0, 0}, passed = 0, answers = 0;
  card.on_out([&](const CardBoard::Out& out) {
    ASSERT_FALSE(out.damaged) << "a frame left with a bad FCS";
    if (!is_numbered(out.bytes)) {
      ASSERT_EQ(out.port, Port::line);
      ++answers;
      return;
    }
    const unsigned from = out.port == Port::line ? 1 : 0;
    const std::uint32_t number = number_of(out.bytes);
    const auto sent = sizes[from].find(number);
    ASSERT_NE(sent, sizes[from].end());
    ASSERT_TRUE(std::equal(out.bytes.begin(), out.bytes.end(), numbered(number, sent->second).begin()))
        << "torn: frame " << number << ", " << out.bytes.size() << " bytes";
    ASSERT_EQ(out.bytes.size(), sent->second) << "torn";
    ASSERT_GT(number, last_seen[from]) << "twice, or out of order";
    last_seen[from] = number;
    ++passed;
  });

  std::uint32_t next = 1;
  FrameSpec spec = syn_to_service();
  const auto traffic = [&](std::uint64_t ps) {
    const std::uint64_t end = card.now_ps() + ps;
    for (std::uint64_t at = card.now_ps(); at < end; at += 200'000) {
      for (const Port port : {Port::line, Port::host}) {
        const std::size_t size = rng.bit() ? rng.between(60, 130) : rng.between(131, 1514);
        sizes[port == Port::line ? 0 : 1][next] = size;
        card.offer(port, numbered(next++, size), at);
      }
      spec.seq = next;
      spec.sport = static_cast<std::uint16_t>(rng.between(1024, 65535));
      card.offer(Port::line, build(spec).bytes, at);
    }
    card.run_until(end);
  };
  traffic(5'000'000);
  for (int flap = 0; flap < kFlaps; ++flap) {
    const Port port = rng.bit() ? Port::line : Port::host;
    card.run_until(card.now_ps() + rng.below(4000));
    card.plug(port, false, rng.bit());
    traffic(rng.between(1'500'000, 4'000'000));
    ASSERT_FALSE(card.up(port));
    const std::uint32_t before = passed;
    traffic(1'000'000);
    // The link watch lets nothing in while either link is down; what was inside is through by now.
    ASSERT_EQ(passed, before) << "admitted with a link down";
    card.plug(port, true, false);
    traffic(8'000'000);
    ASSERT_TRUE(card.up(port)) << "flap " << flap;
    ASSERT_GT(passed, before) << "nothing passes any more";
    if (HasFatalFailure()) return;
  }
  ASSERT_TRUE(card.drain());
  EXPECT_EQ(card.violations(), "") << "a CMAC was given a part of a frame";
  const std::uint32_t flaps = card.read32(kLinePort + port_reg::kFlaps) - flaps_before[0] +
                              card.read32(kHostPort + port_reg::kFlaps) - flaps_before[1];
  EXPECT_EQ(flaps, static_cast<std::uint32_t>(kFlaps));
  EXPECT_EQ(conservation_faults(read_counters(card)), "");
  const std::uint32_t cut = card.read32(kLinePort + port_reg::kRxCut) + card.read32(kHostPort + port_reg::kRxCut);
  EXPECT_GT(cut, 0U) << "no flap met a frame";
  std::cout << kFlaps << " flaps, " << passed << " frames passed, " << answers << " SYN-ACKs, " << cut
            << " frames cut on their way in" << std::endl;
  card.on_out(nullptr);
}

TEST(Card, AHostThatSends90GbitsASecondLosesNothingBesideAFlood) {
  const auto frames = static_cast<std::uint32_t>(number_from("SYNWARD_CARD_HOST_FRAMES", 1000));
  constexpr std::size_t kSize = 1514;  // 1,518 with the FCS
  CardBoard& card = CardBoard::get();
  CardBoard::Settings settings;
  settings.seed = seed();
  card.power_up(settings);
  program(card, default_services(), default_secrets());
  card.write32(reg::kSysctlSyncookiesOnly, 1);
  Rng rng(settings.seed);
  std::uint64_t answers = 0, last_out = 0;
  std::uint32_t passed = 0;
  bool in_order = true;
  card.on_out([&](const CardBoard::Out& out) {
    if (!is_numbered(out.bytes)) {
      ++answers;
      return;
    }
    in_order = in_order && number_of(out.bytes) == ++passed;
    last_out = out.last_bit_ps;
  });
  // 90 Gb/s of frames, preamble and gap not counted.
  constexpr std::uint64_t kEvery = (kSize + 4) * 8 * 1000 / 90;  // ps
  const std::uint64_t start = card.now_ps() + 1'000'000;
  for (std::uint32_t n = 1; n <= frames; ++n) card.offer(Port::host, numbered(n, kSize), start + n * kEvery);
  const auto syns = static_cast<std::uint32_t>(frames * kEvery / 6720);
  FrameSpec spec = syn_to_service();
  for (std::uint32_t n = 0; n < syns; ++n) {
    spec.seq = n;
    spec.sport = static_cast<std::uint16_t>(rng.between(1024, 65535));
    card.offer(Port::line, build(spec).bytes, start);
  }
  ASSERT_TRUE(card.drain(frames * kEvery + 1'000'000'000));
  EXPECT_TRUE(in_order);
  EXPECT_EQ(passed, frames) << "frames of the host are lost";
  EXPECT_EQ(card.violations(), "");
  EXPECT_EQ(card.read32(kHostPort + port_reg::kRxLost), 0U);
  EXPECT_EQ(conservation_faults(read_counters(card)), "");
  EXPECT_GT(answers, 0U);
  const double gbits = static_cast<double>(frames) * (kSize + 4) * 8 / static_cast<double>(last_out - start) * 1000;
  std::cout << passed << " of " << frames << " frames of the host at " << gbits << " Gb/s, " << answers << " of "
            << syns << " SYNs answered (" << 100.0 * static_cast<double>(answers) / syns << " %)" << std::endl;
  card.on_out(nullptr);
}

TEST(Card, PortsSayWhatTheyAreAndFecIsChosenAtRunTime) {
  CardBoard& card = CardBoard::get();
  CardBoard::Settings settings;
  settings.seed = seed();
  settings.bus_ns = 1500;
  card.power_up(settings);
  EXPECT_EQ(card.read32(reg::kId), reg::kDeviceId);
  for (const auto& [port, base] : {std::pair{Port::line, kLinePort}, std::pair{Port::host, kHostPort}}) {
    EXPECT_EQ(card.read32(base + port_reg::kId), port_reg::kIdValue);
    EXPECT_EQ(card.read32(base + port_reg::kVersion), port_reg::kVersionValue);
    EXPECT_EQ(card.read32(base + port_reg::kStatus), 0x67U) << "up, open, aligned, FEC aligned and on";
    EXPECT_EQ(card.read32(base + port_reg::kBlockLock), 0xfffffU);
    EXPECT_TRUE(card.fec(port));
    const std::uint32_t control = card.read32(base + port_reg::kControl);
    EXPECT_EQ(control, 7U);
    card.write32(base + port_reg::kControl, control & ~2U);
    card.run_until(card.now_ps() + 20'000'000);
    EXPECT_TRUE(card.up(port));
    EXPECT_FALSE(card.fec(port));
    EXPECT_EQ(card.read32(base + port_reg::kFlaps), 1U);
    card.write32(base + port_reg::kControl, control);
    card.run_until(card.now_ps() + 20'000'000);
    EXPECT_TRUE(card.up(port) && card.fec(port));
  }
  EXPECT_EQ(card.read32(0x3000), 0xffffffffU) << "nothing lies there";
}

}  // namespace
}  // namespace synward::test
