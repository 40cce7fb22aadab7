// SPDX-License-Identifier: BSD-2-Clause
// Proves that one packet's IPv6 options a clock are judged as RFC 8200 section 4.2 asks: in up to three headers, of any
// length, with types of each kind, and with lengths that run anywhere.
#include <Vsynward_ipv6_options.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <vector>

#include "block/bench.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 14;
constexpr std::size_t kFirst = 40, kEnd = 64;

/// The headers of a packet, one behind the other: where they begin, and which hold options.
struct Packet {
  std::array<std::uint8_t, kEnd> bytes{};
  std::vector<std::size_t> begins;  ///< and, last, the end of the chain
  std::vector<bool> holds_options;
};

bool header_discards(const Packet& packet, std::size_t begin, std::size_t end) {
  std::size_t at = begin + 2;
  while (at < end) {
    const unsigned type = packet.bytes.at(at);
    if (type >= 0x40) return true;
    if (type == 0) {
      at += 1;
    } else if (at + 1 >= end || at + 2 + packet.bytes.at(at + 1) > end) {
      return true;
    } else {
      at += 2 + packet.bytes.at(at + 1);
    }
  }
  return false;
}

bool discards(const Packet& packet) {
  for (std::size_t i = 0; i < packet.holds_options.size(); ++i) {
    if (packet.holds_options[i] && header_discards(packet, packet.begins[i], packet.begins[i + 1])) return true;
  }
  return false;
}

Packet random_packet(Rng& rng) {
  Packet packet;
  const unsigned odd = rng.pick(std::array{0U, 2U, 10U});
  for (std::uint8_t& byte : packet.bytes) {
    byte = rng.percent(odd) ? rng.u8() : static_cast<std::uint8_t>(rng.percent(50) ? rng.below(3) : rng.below(14));
  }
  std::size_t at = kFirst;
  packet.begins.push_back(at);
  while (at < kEnd && !rng.percent(20)) {
    at += 8 * rng.between(1, (kEnd - at) / 8);
    packet.begins.push_back(at);
    packet.holds_options.push_back(rng.percent(80));
  }
  return packet;
}

TEST(Ipv6Options, are_judged_as_the_rfc_asks) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_ipv6_options> block(seed);
  block.reset();
  std::deque<bool> under_way;
  std::array<int, 2> seen{};
  for (int clock = 0; clock < 400'000; ++clock) {
    const Packet packet = random_packet(rng);
    for (std::size_t i = kFirst; i < kEnd; ++i) {
      set_bits(block->bytes_i, static_cast<unsigned>(8 * (i - kFirst)), 8, packet.bytes.at(i));
    }
    unsigned options = 0, bounds = 0;
    for (std::size_t i = 0; i < packet.holds_options.size(); ++i) {
      if (packet.holds_options[i]) options |= 1U << ((packet.begins[i] - kFirst) / 8);
    }
    for (const std::size_t begin : packet.begins) {
      if (begin == 48 || begin == 56) bounds |= 1U << ((begin - 48) / 8);
    }
    block->options_i = static_cast<std::uint8_t>(options);
    block->bounds_i = static_cast<std::uint8_t>(bounds);
    block.settle();
    if (under_way.size() == kLatency) {
      ASSERT_EQ(block->discard_o != 0, under_way.front()) << "clock " << clock;
      ++seen.at(under_way.front() ? 1 : 0);
      under_way.pop_front();
    }
    under_way.push_back(discards(packet));
    block.edge();
  }
  EXPECT_GT(seen[0], 10'000);
  EXPECT_GT(seen[1], 10'000);
}

}  // namespace
}  // namespace synward::test
