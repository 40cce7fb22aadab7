// SPDX-License-Identifier: BSD-2-Clause
// Proves that one segment's options a clock are read as the reference reads them: well-formed, cut off, with broken
// lengths, repeated, with marks, random, and with anything behind the header.
#include <Vsynward_tcp_options.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"
#include "reference/options.hpp"

namespace synward::test {
namespace {

constexpr unsigned kLatency = 13;
constexpr std::size_t kLongest = 40;

Bytes well_formed(Rng& rng) {
  switch (rng.below(8)) {
    case 0:
      return opt_mss(rng.u16());
    case 1:
      return opt_ws(rng.u8());
    case 2:
      return opt_sack();
    case 3:
      return opt_ts(rng.u32(), rng.u32());
    case 4:
      return opt_mark(rng.u8(), rng.u8(), rng.u16(), rng.u32());
    case 5:
      return opt_nop(rng.between(1, 3));
    default: {  // of a kind nobody knows
      Bytes option = random_bytes(rng, rng.between(2, 10));
      option[0] = static_cast<std::uint8_t>(rng.between(9, 255));
      option[1] = static_cast<std::uint8_t>(option.size());
      return option;
    }
  }
}

/// Kinds that count with lengths that do not, and lengths that run anywhere.
Bytes broken(Rng& rng) {
  constexpr std::array<std::uint8_t, 7> kKinds = {2, 3, 4, 8, 253, 0, 5};
  Bytes option = well_formed(rng);
  option[0] = rng.pick(kKinds);
  if (option.size() > 1) option[1] = rng.percent(20) ? rng.u8() : static_cast<std::uint8_t>(rng.below(14));
  return option;
}

/// kLongest bytes and more, of which some are read.
Bytes option_area(Rng& rng) {
  Bytes area;
  const std::size_t style = rng.below(5);
  while (area.size() < kLongest) {
    switch (style) {
      case 0:
        append(area, well_formed(rng));
        break;
      case 1:
        append(area, rng.percent(70) ? well_formed(rng) : broken(rng));
        break;
      case 2:
        area.push_back(static_cast<std::uint8_t>(rng.below(12)));
        break;
      case 3:
        append(area, rng.percent(60) ? opt_nop() : broken(rng));
        break;
      default:
        area.push_back(rng.u8());
    }
  }
  area.resize(kLongest);
  if (rng.percent(20)) area[rng.below(kLongest)] = rng.u8();
  return area;
}

TEST(TcpOptions, are_read_as_the_reference_reads_them) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_tcp_options> block(seed);
  block.reset();
  struct Question {
    Bytes options;
    OptionsRecord expected;
  };
  std::deque<Question> under_way;
  for (int clock = 0; clock < 200'000; ++clock) {
    Bytes area = option_area(rng);
    const std::size_t length = rng.percent(90) ? 4 * rng.below(11) : rng.below(kLongest + 1);
    set_bytes(block->bytes_i, 0, area);
    block->len_i = static_cast<std::uint8_t>(length);
    block.settle();
    if (under_way.size() == kLatency) {
      const Question& question = under_way.front();
      ASSERT_EQ(fields_text(unpack<OptionsRecord>(block->options_o)), fields_text(question.expected))
          << "clock " << clock << ", options " << to_hex(question.options);
      under_way.pop_front();
    }
    area.resize(length);
    const OptionsRecord expected = reference::read_options(area, true);
    under_way.push_back({std::move(area), expected});
    block.edge();
  }
}

}  // namespace
}  // namespace synward::test
