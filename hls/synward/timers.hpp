// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/records.hpp"

namespace synward {

/// Shifts of the initial timeout stop growing here (FreeBSD tcp_backoff).
constexpr unsigned kBackoffShift = 9;
/// SYN-ACKs that an entry may have sent (EntryRecord::rxmits), the first included.
constexpr unsigned kMostRxmits = 13;
/// EntryRecord::armed and ::challenge_end keep this much of the clock.
constexpr std::uint32_t kArmedMask = 0xffffff;
constexpr std::uint32_t kChallengeMask = 0xfffff;

/// How SYN-ACKs are repeated, ms; ranges as in rtl/csr/registers.toml.
struct RexmitConfig {
  std::uint32_t initial, min, slop, max;
};

/// True if `a` comes before `b`, on a clock or a sequence number space of 32 bits.
inline bool before(std::uint32_t a, std::uint32_t b) { return ((a - b) >> 31) != 0; }

/// Time from a SYN-ACK to the next, ms. `n`: how often it has been repeated, 0..12.
inline std::uint32_t rexmit_interval(const RexmitConfig& config, unsigned n) {
  if (n == 0) return config.initial;
  // FreeBSD's TCPT_RANGESET: where the bounds contradict, the upper one wins.
  std::uint32_t interval = (config.initial << (n < kBackoffShift ? n : kBackoffShift)) + config.slop;
  if (interval < config.min) interval = config.min;
  return interval > config.max ? config.max : interval;
}

/// When an entry's next timeout is, ms after it was armed.
inline std::uint32_t entry_interval(const RexmitConfig& config, const EntryRecord& entry) {
  return rexmit_interval(config, entry.rxmits - 1u);
}

/// True if an entry's timeout has come.
inline bool entry_due(const RexmitConfig& config, const EntryRecord& entry, std::uint32_t now) {
  return ((now - entry.armed) & kArmedMask) >= entry_interval(config, entry);
}

/// Starts an entry's timer anew, with `rxmits` SYN-ACKs sent.
inline void entry_arm(EntryRecord& entry, std::uint32_t now, unsigned rxmits) {
  entry.armed = now & kArmedMask;
  entry.rxmits = static_cast<std::uint8_t>(rxmits);
}

/// Five bits in the other order.
inline std::uint32_t reverse5(std::uint32_t x) {
  return (x & 1u) << 4 | (x & 2u) << 2 | (x & 4u) | (x & 8u) >> 2 | (x & 16u) >> 4;
}

/// Five bits, turned to the left by `by` of 1..4.
inline std::uint32_t rotate5(std::uint32_t x, unsigned by) { return (x << by | x >> (5 - by)) & 31u; }

/// Keccak's chi (FIPS 202, 3.2.4) of five bits, each with two below it: a permutation that is not linear.
inline std::uint32_t chi5(std::uint32_t x) { return x ^ (~rotate5(x, 1) & rotate5(x, 2)); }

/// In which 16 ms a mark was made, in five bits: two times of the same 16 ms are alike, and others are by chance,
/// one of 32. Mixed of 2^24 ms: a client's retransmissions, whose intervals double, would meet the same bits of a
/// plain clock again and again; and not by xor alone, under which some distances are alike for every other begin.
inline std::uint8_t mark_slot(std::uint32_t time_ms) {
  const std::uint32_t a = chi5(time_ms >> 4 & 31u), b = chi5(time_ms >> 9 & 31u), c = chi5(time_ms >> 14 & 31u),
                      d = chi5(time_ms >> 19 & 31u);
  return static_cast<std::uint8_t>(a ^ reverse5(b) ^ rotate5(c, 4) ^ rotate5(d, 2));
}

/// Takes one challenge ACK from the entry's budget of `count` in `window` ms, 0: no limit (FreeBSD
/// tcp_challenge_ack_check). False if there is none left.
inline bool challenge_allowed(EntryRecord& entry, std::uint32_t now, std::uint8_t count, std::uint32_t window) {
  const std::uint32_t left = (entry.challenge_end - now) & kChallengeMask;
  const bool within = entry.challenges != 0 && left != 0 && left <= kChallengeMask / 2;
  if (within && count != 0 && window != 0) {
    if (entry.challenges >= count) return false;
    ++entry.challenges;
  } else {
    entry.challenge_end = (now + window) & kChallengeMask;
    entry.challenges = 1;
  }
  return true;
}

}  // namespace synward
