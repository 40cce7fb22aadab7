// SPDX-License-Identifier: BSD-2-Clause
// Proves SipHash-2-4 against OpenSSL for messages from every start slot, of every length that ends in the last slot,
// with both keys, one a clock in random order.
#include <Vsynward_siphash.h>
#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "block/bench.hpp"
#include "common/oracle.hpp"

namespace synward::test {
namespace {

constexpr unsigned kSlots = 7;
constexpr unsigned kLateSlot = 5;

/// Slots at which a message may begin.
std::vector<unsigned> starts() {
  std::vector<unsigned> slots;
  for (unsigned slot = PARAM_FIRST; slot < kSlots; ++slot) {
    if (slot == PARAM_FIRST || (PARAM_STARTS >> slot & 1) != 0) slots.push_back(slot);
  }
  return slots;
}

/// The words of a message, its length in the top byte of the last.
std::vector<std::uint64_t> words_of(const Bytes& message) {
  std::vector<std::uint64_t> words(message.size() / 8 + 1);
  for (std::size_t i = 0; i < message.size(); ++i)
    words[i / 8] |= static_cast<std::uint64_t>(message[i]) << (8 * (i % 8));
  words.back() |= static_cast<std::uint64_t>(message.size()) << 56;
  return words;
}

void set_key(VlWide<4>& port, const Key& key) { set_bytes(port, 0, key); }

TEST(SipHash, is_openssls_for_every_start_and_both_keys_back_to_back) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_siphash> block(seed);
  block.reset();
  const std::vector<unsigned> all_starts = starts();
  const std::size_t latency = 1 + 4 * (kSlots - PARAM_FIRST) + 8 + 1 + (all_starts.size() - 1) + PARAM_GAP;
  for (int batch = 0; batch < 10; ++batch) {
    std::array<Key, 2> keys;
    for (Key& key : keys) {
      for (std::uint8_t& byte : key) byte = rng.u8();
    }
    set_key(block->key0_i, keys[0]);
    set_key(block->key1_i, keys[1]);
    std::deque<std::uint32_t> expected;
    std::deque<std::uint64_t> late, late4;
    for (int clock = 0; clock < 20'000; ++clock) {
      const unsigned start = rng.pick(all_starts);
      const Bytes message = random_bytes(rng, std::size_t{8} * (kSlots - 1 - start) + rng.below(8));
      const std::vector<std::uint64_t> words = words_of(message);
      scramble(block->words_i, rng);
      for (unsigned slot = start; slot < kSlots; ++slot) {
        if (slot != kLateSlot && !(PARAM_LATE4 != 0 && slot == 4))
          set_bits(block->words_i, 64 * slot, 64, words[slot - start]);
      }
      const bool key = rng.bit();
      block->key_i = key ? 3 : 0;
      block->start_i = static_cast<std::uint8_t>(1U << start);
      block->word4_i = rng.next();
      if (PARAM_LATE4 != 0) {
        late4.push_back(words[4 - start]);
        if (late4.size() > PARAM_LATE4) {
          block->word4_i = late4.front();
          late4.pop_front();
        }
      }
      late.push_back(words[kLateSlot - start]);
      if (late.size() > PARAM_LATE5) {
        block->word5_i = late.front();
        late.pop_front();
      }
      block.settle();
      if (expected.size() == latency) {
        ASSERT_EQ(block->hash_o, expected.front()) << "batch " << batch << ", clock " << clock;
        expected.pop_front();
      }
      const std::uint64_t hash = openssl_siphash(keys[key ? 1 : 0], message);
      expected.push_back(static_cast<std::uint32_t>(hash ^ hash >> 32));
      block.edge();
    }
  }
}

}  // namespace
}  // namespace synward::test
