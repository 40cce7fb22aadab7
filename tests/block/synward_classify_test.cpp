// SPDX-License-Identifier: BSD-2-Clause
// Proves that the first row of the contract that applies decides, of the frame and of what the engine is asked, for
// every row as the first and for random frames, one a clock.
#include <Vsynward_classify.h>
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "block/bench.hpp"
#include "synward/codes.hpp"
#include "synward/registers.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 3;
constexpr std::uint8_t kModePass = 0, kModeDrop = 2;

struct Inputs {
  bool unclassified_drop, fragments_drop, drop_synfin, signed_drop;
  bool control, is_signed, same_address, options_discard;
  bool bad_fcs, pairing_lost, oversize, is_short, more_tags, ip, v6, bad_ip, truncated, ip_ok, fragment4, tcp4;
  bool chain_fragment, chain_inner, chain_unwalked, tcp, bad_tcp, mark, service_addr, service;
  std::uint8_t mode;
  bool quote, l4_ok, no_source;
  std::uint8_t flags;
  bool link_multicast, self, multicast;
};

struct Fate {
  int row;
  std::uint8_t kind;  ///< 0 pass, 1 drop, 2 the engine decides
  std::uint8_t op = kOpNone;
  reg::Drop reason{};
  reg::Event note{};
  bool is_signed = false;
};

Fate pass(int row) { return {row, 0}; }
Fate ask(int row, std::uint8_t op) { return {row, 2, op}; }
Fate drop(int row, reg::Drop reason) { return {row, 1, kOpNone, reason}; }
Fate note(int row, reg::Drop reason, reg::Event event) { return {row, 1, kOpNote, reason, event}; }
Fate drop_if(bool condition, int row, reg::Drop reason) { return condition ? drop(row, reason) : pass(row); }

/// Section 1 of the theory of operation, row by row.
Fate contract(const Inputs& in) {
  using reg::Drop;
  using reg::Event;
  const bool fin = in.flags & kFin, syn = in.flags & kSyn, rst = in.flags & kRst, ack = in.flags & kAck;
  if (in.bad_fcs) return drop(0, Drop::bad_fcs);
  if (in.pairing_lost) return drop(32, Drop::pairing_lost);
  if (in.oversize) return drop(1, Drop::oversize);
  if (in.is_short) return drop(2, Drop::short_frame);
  if (in.more_tags) return drop_if(in.unclassified_drop, 3, Drop::unclassified);
  if (in.control) return drop(28, Drop::control_frame);
  if (!in.ip) return pass(4);
  if (in.bad_ip) return drop(5, Drop::bad_ip_header);
  if (in.truncated) return drop(6, Drop::truncated);
  if (!in.v6 && !in.ip_ok) return drop(7, Drop::bad_ip_checksum);
  if (in.fragment4) return drop_if(in.tcp4 && in.service_addr && in.fragments_drop, 8, Drop::fragment);
  if (in.chain_fragment) return drop_if(in.chain_inner && in.service_addr && in.fragments_drop, 9, Drop::fragment);
  if (in.chain_unwalked) return drop_if(in.service_addr && in.unclassified_drop, 10, Drop::unclassified);
  if (!in.tcp) return {11, 0, in.quote && in.l4_ok ? kOpUnreach : kOpNone};
  if (in.bad_tcp) return drop_if(in.service_addr, 12, Drop::bad_tcp_header);
  if (in.mark) return drop(13, Drop::forged_mark);
  if (!in.service) return pass(14);
  if (in.mode == kModePass) return pass(15);
  if (in.mode == kModeDrop) return drop(16, Drop::service_drop);
  if (!in.l4_ok) return drop(17, Drop::bad_tcp_checksum);
  if (in.no_source) return drop(18, Drop::bad_source);
  if (in.is_signed && in.signed_drop) return drop(29, Drop::signed_segment);
  if (in.is_signed) return {.row = 30, .kind = 0, .is_signed = true};
  if (in.v6 && in.options_discard) return drop(33, Drop::ipv6_option);
  if ((!syn || ack || rst) && (in.link_multicast || in.multicast || in.same_address)) {
    return drop(34, Drop::bad_address);  // row 18c
  }
  if (ack && !syn && !rst) return ask(19, kOpAck);
  if (rst) return ask(20, kOpRst);
  if (!syn) return {21, 2, kOpStray, {}, Event::syn_missing};
  if (ack) return {22, 2, kOpStray, {}, Event::syn_ack_invalid};
  if (fin && in.drop_synfin) return note(23, Drop::syn_fin, Event::syn_fin);
  if (in.link_multicast) return note(24, Drop::link_multicast, Event::link_multicast);
  if (in.self) return note(25, Drop::self_connect, Event::self_connect);
  if (in.multicast) return note(26, Drop::bad_address, Event::bad_address);
  if (in.same_address) return drop(31, Drop::bad_source);
  return ask(27, kOpSyn);
}

/// A frame to which few of the rows apply: each condition holds with a chance of `percent`.
Inputs random_inputs(Rng& rng, unsigned percent) {
  const auto odd = [&] { return rng.percent(percent); };
  Inputs in{};
  in.unclassified_drop = rng.bit();
  in.fragments_drop = rng.bit();
  in.drop_synfin = rng.bit();
  in.signed_drop = rng.bit();
  in.control = odd();
  in.is_signed = odd();
  in.same_address = odd();
  in.options_discard = odd();
  in.bad_fcs = odd();
  in.pairing_lost = odd();
  in.oversize = odd();
  in.is_short = odd();
  in.more_tags = odd();
  in.ip = !odd();
  in.v6 = rng.bit();
  in.bad_ip = odd();
  in.truncated = odd();
  in.ip_ok = !odd();
  in.fragment4 = odd();
  in.tcp4 = rng.bit();
  in.chain_fragment = odd();
  in.chain_inner = rng.bit();
  in.chain_unwalked = odd();
  in.tcp = !odd();
  in.bad_tcp = odd();
  in.mark = odd();
  in.service_addr = rng.bit();
  in.service = !odd();
  in.mode = odd() ? static_cast<std::uint8_t>(rng.below(3)) : std::uint8_t{1};
  in.quote = rng.bit();
  in.l4_ok = !odd();
  in.no_source = odd();
  in.flags = rng.percent(60) ? kSyn : rng.u8();
  in.link_multicast = odd();
  in.self = odd();
  in.multicast = odd();
  return in;
}

void drive(Vsynward_classify& block, const Inputs& in) {
  block.unclassified_drop_i = in.unclassified_drop;
  block.fragments_drop_i = in.fragments_drop;
  block.drop_synfin_i = in.drop_synfin;
  block.signed_drop_i = in.signed_drop;
  block.control_i = in.control;
  block.signed_i = in.is_signed;
  block.same_address_i = in.same_address;
  block.options_discard_i = in.options_discard;
  block.bad_fcs_i = in.bad_fcs;
  block.pairing_lost_i = in.pairing_lost;
  block.oversize_i = in.oversize;
  block.short_i = in.is_short;
  block.more_tags_i = in.more_tags;
  block.ip_i = in.ip;
  block.v6_i = in.v6;
  block.bad_ip_i = in.bad_ip;
  block.truncated_i = in.truncated;
  block.ip_ok_i = in.ip_ok;
  block.fragment4_i = in.fragment4;
  block.tcp4_i = in.tcp4;
  block.chain_fragment_i = in.chain_fragment;
  block.chain_inner_i = in.chain_inner;
  block.chain_unwalked_i = in.chain_unwalked;
  block.tcp_i = in.tcp;
  block.bad_tcp_i = in.bad_tcp;
  block.mark_i = in.mark;
  block.service_addr_i = in.service_addr;
  block.service_i = in.service;
  block.mode_i = in.mode;
  block.quote_i = in.quote;
  block.l4_ok_i = in.l4_ok;
  block.no_source_i = in.no_source;
  block.flags_i = in.flags;
  block.link_multicast_i = in.link_multicast;
  block.self_i = in.self;
  block.multicast_i = in.multicast;
}

TEST(Classify, the_first_row_that_applies_decides) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_classify> block(seed);
  std::deque<Fate> under_way;
  std::set<int> rows;
  for (int clock = 0; clock < 300'000; ++clock) {
    const Inputs in = random_inputs(rng, rng.pick(std::array{1U, 3U, 10U, 50U}));
    drive(*block.operator->(), in);
    block.settle();
    if (under_way.size() == kLatency) {
      const Fate& expected = under_way.front();
      ASSERT_EQ(block->kind_o, expected.kind) << "clock " << clock << ", row " << expected.row;
      ASSERT_EQ(block->op_o, expected.op) << "clock " << clock << ", row " << expected.row;
      if (expected.kind == 1) {
        ASSERT_EQ(block->reason_o, static_cast<unsigned>(expected.reason))
            << "clock " << clock << ", row " << expected.row;
      }
      ASSERT_EQ(block->signed_o != 0, expected.is_signed) << "clock " << clock << ", row " << expected.row;
      if (expected.op == kOpNote || expected.op == kOpStray) {
        ASSERT_EQ(block->note_o, static_cast<unsigned>(expected.note)) << "clock " << clock << ", row " << expected.row;
      }
      rows.insert(expected.row);
      under_way.pop_front();
    }
    under_way.push_back(contract(in));
    block.edge();
  }
  EXPECT_EQ(rows.size(), 35U);
}

}  // namespace
}  // namespace synward::test
