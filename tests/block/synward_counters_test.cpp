// SPDX-License-Identifier: BSD-2-Clause
// Proves that every counter counts every clock, be it of its own, bytes, or what the engine's answers count; that a
// snapshot is of one instant, and that it is read right, in any order, while the counting goes on.
#include <Vsynward_counters.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>

#include "block/bench.hpp"
#include "synward/registers.hpp"

namespace synward::test {
namespace {

using Values = std::array<std::uint64_t, reg::kCounters>;

constexpr unsigned kReadLatency = 3;
/// Clocks from a snapshot until it can be read.
constexpr int kSettled = 3;

bool is_byte_counter(std::size_t number) {
  using reg::Counter;
  const auto counter = static_cast<Counter>(number);
  return counter == Counter::line_rx_bytes || counter == Counter::line_tx_bytes || counter == Counter::host_rx_bytes ||
         counter == Counter::host_tx_bytes;
}

/// The counters of a CountsRecord, in the order of its fields.
constexpr std::array kOfAnswers = {
    reg::Counter::added,       reg::Counter::retransmitted,  reg::Counter::dupsyn,      reg::Counter::sc_dropped,
    reg::Counter::completed,   reg::Counter::bucketoverflow, reg::Counter::reset,       reg::Counter::stale,
    reg::Counter::unreach,     reg::Counter::zonefail,       reg::Counter::sendcookie,  reg::Counter::recvcookie,
    reg::Counter::spurcookie,  reg::Counter::failcookie,     reg::Counter::badrst,      reg::Counter::evicted,
    reg::Counter::stateless,   reg::Counter::challenge_acks, reg::Counter::resets_sent, reg::Counter::resets_limited,
    reg::Counter::flows_added, reg::Counter::flows_full,     reg::Counter::established, reg::Counter::remarked,
    reg::Counter::handed,      reg::Counter::aborted,        reg::Counter::flushed,     reg::Counter::flows_aged,
};

bool counts_alone(std::size_t number) {
  return !is_byte_counter(number) &&
         std::find(kOfAnswers.begin(), kOfAnswers.end(), static_cast<reg::Counter>(number)) == kOfAnswers.end();
}

/// The packed record.
std::uint64_t pack_counts(CountsRecord counts) {
  std::uint64_t bits = 0;
  counts.each([&bits](auto value, unsigned width) { bits = bits << width | static_cast<std::uint64_t>(value); });
  return bits;
}

void count_answer(Values& values, CountsRecord counts) {
  std::size_t field = 0;
  counts.each([&](auto value, unsigned) {
    values[static_cast<std::size_t>(kOfAnswers[field++])] += static_cast<std::uint64_t>(value);
  });
}

std::uint8_t count_bytes(Values& values, reg::Counter counter, Rng& rng) {
  const auto bytes = static_cast<std::uint8_t>(rng.percent(70) ? rng.between(1, 64) : 0);
  values[static_cast<std::size_t>(counter)] += bytes;
  return bytes;
}

TEST(Counters, a_snapshot_is_of_one_instant) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_counters> block(seed);
  block->count_i = {};
  block->counts_valid_i = 0;
  block->snapshot_i = 0;
  block->line_rx_bytes_i = block->line_tx_bytes_i = block->host_rx_bytes_i = block->host_tx_bytes_i = 0;
  block.reset();
  Values live{}, copy{};
  std::deque<unsigned> asked;
  int since_snapshot = -1;  // none yet
  for (int clock = 0; clock < 200'000; ++clock) {
    const bool snapshot = (since_snapshot < 0 || since_snapshot > kSettled) && rng.percent(2);
    if (snapshot) {
      copy = live;
      since_snapshot = 0;
      asked.clear();
    }
    block->snapshot_i = snapshot;
    block->count_i = {};
    const bool answer = rng.percent(60);
    const auto counts = random_record<CountsRecord>(rng);
    block->counts_valid_i = answer;
    block->counts_i = pack_counts(counts);
    if (answer) count_answer(live, counts);
    for (std::size_t i = 0; i < reg::kCounters; ++i) {
      if (!counts_alone(i) || !rng.percent(60)) continue;
      set_bits(block->count_i, static_cast<unsigned>(i), 1, 1);
      ++live[i];
    }
    block->line_rx_bytes_i = count_bytes(live, reg::Counter::line_rx_bytes, rng);
    block->line_tx_bytes_i = count_bytes(live, reg::Counter::line_tx_bytes, rng);
    block->host_rx_bytes_i = count_bytes(live, reg::Counter::host_rx_bytes, rng);
    block->host_tx_bytes_i = count_bytes(live, reg::Counter::host_tx_bytes, rng);
    const auto word = static_cast<unsigned>(rng.below(256));
    block->word_i = static_cast<std::uint8_t>(word);
    block.settle();
    if (asked.size() == kReadLatency) {
      const std::size_t number = asked.front() / 2;
      const std::uint64_t value = number < reg::kCounters ? copy[number] : 0;
      ASSERT_EQ(block->word_o, static_cast<std::uint32_t>(asked.front() % 2 == 0 ? value : value >> 32))
          << "clock " << clock << ", word " << asked.front();
      asked.pop_front();
    }
    if (since_snapshot >= 0 && since_snapshot++ >= kSettled) asked.push_back(word);
    block.edge();
  }
}

}  // namespace
}  // namespace synward::test
