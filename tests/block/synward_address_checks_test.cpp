// SPDX-License-Identifier: BSD-2-Clause
// Proves each verdict on a SYN's addresses, for addresses at and beside the edges, one a clock.
#include <Vsynward_address_checks.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 3;

bool operator==(const Wide128& a, const Wide128& b) { return a.hi == b.hi && a.lo == b.lo; }

struct Verdicts {
  bool no_source, self, same, multicast;
};

bool is_group(bool v6, const Wide128& address) {
  if (v6) return address.hi >> 56 == 0xff;
  return address.lo >> 28 == 0xe || address.lo == 0xffffffff;
}

bool is_martian(bool v6, const Wide128& address) {
  if (address == Wide128{0, 0}) return true;
  if (!v6) return (address.lo & 0xff000000) == 0x7f000000;
  return address == Wide128{0, 1} || (address.hi == 0 && (address.lo & 0xffffffff00000000) == 0x0000ffff00000000);
}

/// An address that a check is about, or one bit beside it.
Wide128 odd_address(Rng& rng, bool v6) {
  const std::uint64_t group_bits = rng.next();
  Wide128 address{};
  switch (rng.below(6)) {
    case 0:  // unspecified
      break;
    case 1:  // multicast
      address = v6 ? Wide128{0xffULL << 56 | group_bits >> 8, rng.next()} : Wide128{0, 0xe0000000 | group_bits >> 36};
      break;
    case 2:  // broadcast
      address = v6 ? Wide128{~0ULL, ~0ULL} : Wide128{0, 0xffffffff};
      break;
    case 3:  // loopback
      address = v6 ? Wide128{0, 1} : Wide128{0, 0x7f000000 | group_bits >> 40};
      break;
    case 4:  // IPv4-mapped
      address = v6 ? Wide128{0, 0xffff00000000 | group_bits >> 32} : Wide128{0, 0x7f000001};
      break;
    default:
      address = v6 ? Wide128{rng.next(), rng.next()} : Wide128{0, rng.u32()};
  }
  if (rng.percent(30)) (v6 && rng.bit() ? address.hi : address.lo) ^= 1ULL << rng.below(v6 ? 64 : 32);
  return address;
}

TEST(AddressChecks, find_what_the_contract_names) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_address_checks> block(seed);
  std::deque<Verdicts> under_way;
  for (int clock = 0; clock < 200'000; ++clock) {
    const bool v6 = rng.bit();
    const Wide128 faddr = odd_address(rng, v6);
    Wide128 laddr = rng.percent(30) ? faddr : odd_address(rng, v6);
    if (rng.percent(10)) laddr.lo ^= 1ULL << rng.below(32);
    const std::uint16_t fport = rng.u16();
    const auto lport = static_cast<std::uint16_t>(rng.percent(50) ? fport : fport ^ 1U << rng.below(16));
    block->v6_i = v6;
    set_wide(block->faddr_i, 0, faddr);
    set_wide(block->laddr_i, 0, laddr);
    block->fport_i = fport;
    block->lport_i = lport;
    block.settle();
    if (under_way.size() == kLatency) {
      const Verdicts& expected = under_way.front();
      ASSERT_EQ(block->no_source_o, expected.no_source) << "clock " << clock;
      ASSERT_EQ(block->same_o, expected.same) << "clock " << clock;
      ASSERT_EQ(block->self_o, expected.self) << "clock " << clock;
      ASSERT_EQ(block->multicast_o, expected.multicast) << "clock " << clock;
      under_way.pop_front();
    }
    under_way.push_back({.no_source = is_martian(v6, faddr),
                         .self = faddr == laddr && fport == lport,
                         .same = faddr == laddr,
                         .multicast = is_group(v6, faddr) || is_group(v6, laddr)});
    block.edge();
  }
}

}  // namespace
}  // namespace synward::test
