// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/cookie.hpp"
#include "synward/siphash.hpp"

namespace synward {

/// What the hash of the tables is made of.
inline SipMessage table_message(const Endpoints& ends) {
  SipMessage message = sip_message();
  sip_append_be(message, ends.fport, 2);
  sip_append_be(message, ends.lport, 2);
  append_address(message, ends.v6, ends.faddr);
  append_address(message, ends.v6, ends.laddr);
  return message;
}

/// The hash that finds a connection in both tables, 64 bits. The key keeps attackers from choosing buckets.
inline std::uint64_t table_hash(const SipKey& table_key, const Endpoints& ends) {
  return siphash13(table_key, table_message(ends));
}

/// Bucket of the syncache. `hashsize` is a power of two, 1 to 16384.
inline std::uint32_t syncache_index(std::uint64_t hash, std::uint32_t hashsize) {
  return static_cast<std::uint32_t>(hash) & 0x3fffu & (hashsize - 1);
}

/// Bucket of the flow table, which has 2^log_flows of them, at most 2^16.
inline std::uint32_t flow_index(std::uint64_t hash, unsigned log_flows) {
  return static_cast<std::uint32_t>(hash >> 16) & ((1u << log_flows) - 1);
}

/// What the flow table keeps of a connection, 28 bits.
inline std::uint32_t flow_fingerprint(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 36); }

}  // namespace synward
