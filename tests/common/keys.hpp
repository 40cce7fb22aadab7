// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "common/oracle.hpp"
#include "synward/cookie.hpp"

namespace synward::test {

/// A key's 16 bytes as the two little-endian words that the engine keeps, and back.
inline SipKey to_key(const Key& bytes) {
  SipKey key{};
  for (std::size_t i = 8; i-- > 0;) {
    key.k0 = key.k0 << 8 | bytes[i];
    key.k1 = key.k1 << 8 | bytes[i + 8];
  }
  return key;
}

inline Key to_bytes(const SipKey& key) {
  Key bytes{};
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<std::uint8_t>(key.k0 >> 8 * i);
    bytes[i + 8] = static_cast<std::uint8_t>(key.k1 >> 8 * i);
  }
  return bytes;
}

/// An address as the engine's records hold it, and back.
inline Wide128 wide(const Address& address) {
  Wide128 out{};
  for (const std::uint8_t byte : address.view()) {
    out.hi = out.hi << 8 | out.lo >> 56;
    out.lo = out.lo << 8 | byte;
  }
  return out;
}

inline Address narrow(bool v6, const Wide128& value) {
  Address out;
  out.v6 = v6;
  const std::size_t size = v6 ? 16 : 4;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t up = size - 1 - i;
    out.bytes[i] = static_cast<std::uint8_t>((up >= 8 ? value.hi : value.lo) >> 8 * (up % 8));
  }
  return out;
}

inline Endpoints ends_of(const Tuple& tuple) {
  return {tuple.client.v6, wide(tuple.client), wide(tuple.server), tuple.client_port, tuple.server_port};
}

inline Tuple tuple_of(const Endpoints& ends) {
  return {narrow(ends.v6, ends.faddr), narrow(ends.v6, ends.laddr), ends.fport, ends.lport};
}

}  // namespace synward::test
