// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace synward {

/// SipHash key of 128 bits: k0 is bytes 0-7, k1 bytes 8-15, little-endian (Aumasson and Bernstein, SipHash, section 2).
struct SipKey {
  std::uint64_t k0, k1;
};

constexpr unsigned kSipMessageWords = 8;

/// A message of at most 63 bytes as SipHash reads it: byte i is bits 8(i mod 8) and up of word i / 8. The rest is zero.
struct SipMessage {
  std::uint64_t word[kSipMessageWords];
  std::uint8_t length;  ///< bytes
};

inline SipMessage sip_message() { return SipMessage{{0, 0, 0, 0, 0, 0, 0, 0}, 0}; }

inline void sip_append_byte(SipMessage& message, std::uint8_t byte) {
  message.word[(message.length >> 3) & 7] |= static_cast<std::uint64_t>(byte) << (8 * (message.length & 7));
  message.length = static_cast<std::uint8_t>(message.length + 1);
}

/// Appends the low `bytes` (1 to 8) bytes of `value`, most significant first.
inline void sip_append_be(SipMessage& message, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < 8; ++i) {
    if (i < bytes) sip_append_byte(message, static_cast<std::uint8_t>(value >> (8 * (bytes - 1 - i))));
  }
}

struct SipState {
  std::uint64_t v0, v1, v2, v3;
};

inline std::uint64_t rotate_left(std::uint64_t value, unsigned bits) {
  return (value << bits) | (value >> (64 - bits));
}

/// One SipRound (SipHash paper, figure 2.1).
inline void sip_round(SipState& s) {
  s.v0 += s.v1;
  s.v2 += s.v3;
  s.v1 = rotate_left(s.v1, 13) ^ s.v0;
  s.v3 = rotate_left(s.v3, 16) ^ s.v2;
  s.v0 = rotate_left(s.v0, 32);
  s.v2 += s.v1;
  s.v0 += s.v3;
  s.v1 = rotate_left(s.v1, 17) ^ s.v2;
  s.v3 = rotate_left(s.v3, 21) ^ s.v0;
  s.v2 = rotate_left(s.v2, 32);
}

/// SipHash-kCompress-kFinish of `message`: rounds for each word taken in, and at the end.
template <unsigned kCompress, unsigned kFinish>
inline std::uint64_t siphash(const SipKey& key, const SipMessage& message) {
  // The initial constants spell "somepseudorandomlygeneratedbytes".
  SipState s = {key.k0 ^ 0x736f6d6570736575u, key.k1 ^ 0x646f72616e646f6du, key.k0 ^ 0x6c7967656e657261u,
                key.k1 ^ 0x7465646279746573u};
  const unsigned full = message.length >> 3;
  // The last word holds what is left, and the length in its top byte; it is there even if nothing is left.
  for (unsigned i = 0; i < kSipMessageWords; ++i) {
    if (i > full) continue;
    const std::uint64_t length = i == full ? static_cast<std::uint64_t>(message.length) << 56 : 0;
    const std::uint64_t word = message.word[i] | length;
    s.v3 ^= word;
    for (unsigned round = 0; round < kCompress; ++round) sip_round(s);
    s.v0 ^= word;
  }
  s.v2 ^= 0xff;
  for (unsigned round = 0; round < kFinish; ++round) sip_round(s);
  return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

/// What FreeBSD authenticates cookies with.
inline std::uint64_t siphash24(const SipKey& key, const SipMessage& message) { return siphash<2, 4>(key, message); }

/// What hash tables are content with.
inline std::uint64_t siphash13(const SipKey& key, const SipMessage& message) { return siphash<1, 3>(key, message); }

/// FreeBSD's 32-bit use of the 64-bit hash: low half XOR high half.
inline std::uint32_t fold32(std::uint64_t hash) { return static_cast<std::uint32_t>(hash ^ (hash >> 32)); }

}  // namespace synward
