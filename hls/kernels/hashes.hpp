// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/cookie.hpp"
#include "synward/table_hash.hpp"

namespace synward {

/// One message of two: a hash is built once and its input is chosen. Each message is made with a family that is known,
/// so that every byte has a fixed place in it.
inline SipMessage choose_message(bool first, const SipMessage& a, const SipMessage& b) {
#pragma HLS INLINE
  SipMessage out = sip_message();
  for (unsigned i = 0; i < kSipMessageWords; ++i) {
#pragma HLS UNROLL
    out.word[i] = first ? a.word[i] : b.word[i];
  }
  out.length = first ? a.length : b.length;
  return out;
}

inline Endpoints with_family(const Endpoints& ends, bool v6) {
#pragma HLS INLINE
  Endpoints out = ends;
  out.v6 = v6;
  return out;
}

/// The MAC of a cookie, of either family.
inline std::uint32_t kernel_cookie_mac(const SipKey& key, const Endpoints& ends, std::uint32_t irs, std::uint8_t byte) {
#pragma HLS INLINE
  return fold32(siphash24(key, choose_message(ends.v6, cookie_message(with_family(ends, true), irs, byte),
                                              cookie_message(with_family(ends, false), irs, byte))));
}

inline std::uint32_t kernel_timestamp_offset(const SipKey& key, const Endpoints& ends, bool per_conn) {
#pragma HLS INLINE
  return fold32(siphash24(key, choose_message(ends.v6, timestamp_message(with_family(ends, true), per_conn),
                                              timestamp_message(with_family(ends, false), per_conn))));
}

inline std::uint64_t kernel_table_hash(const SipKey& key, const Endpoints& ends) {
#pragma HLS INLINE
  return siphash13(
      key, choose_message(ends.v6, table_message(with_family(ends, true)), table_message(with_family(ends, false))));
}

inline std::uint32_t kernel_mark_mac(const SipKey& key, const Endpoints& ends, std::uint32_t seq, std::uint32_t ack,
                                     const MarkContent& mark) {
#pragma HLS INLINE
  return fold32(siphash24(key, choose_message(ends.v6, mark_message(with_family(ends, true), seq, ack, mark),
                                              mark_message(with_family(ends, false), seq, ack, mark))));
}

}  // namespace synward
