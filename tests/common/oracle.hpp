// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>

#include "common/frame.hpp"

namespace synward::test {

using Key = std::array<std::uint8_t, 16>;

/// SipHash with 64 bits of output by OpenSSL, as the little-endian number that the algorithm's paper means: 2-4, or
/// with other numbers of rounds.
std::uint64_t openssl_siphash(const Key& key, ByteView message, unsigned compress = 2, unsigned finish = 4);

/// A connection from a client to a server.
struct Tuple {
  Address client, server;
  std::uint16_t client_port = 0, server_port = 0;

  bool operator==(const Tuple&) const = default;
};

/// What the card's secrets are.
struct Secrets {
  std::array<Key, 2> cookie{};  ///< by parity
  Key ts{};
  Key mark{};
  Key table{};
  Key control{};
  bool parity = false;  ///< which cookie secret new cookies use
};

/// Nearest cookie byte, MMMWWWSP, to what a SYN offered. `mss` 0: none; `shift` negative: no window scale.
std::uint8_t oracle_cookie_byte(unsigned mss, int shift, bool sack, bool parity);
/// mac32 of a cookie over bytes put together here, with OpenSSL's SipHash.
std::uint32_t oracle_cookie_mac(const Key& key, const Tuple& tuple, std::uint32_t irs, std::uint8_t byte);
std::uint32_t oracle_iss(const Key& key, const Tuple& tuple, std::uint32_t irs, std::uint8_t byte);
std::uint32_t oracle_tsoff(const Key& key, const Tuple& tuple, bool per_conn);
/// The hash that both tables are keyed with.
std::uint64_t oracle_table_hash(const Key& key, const Tuple& tuple);
/// Tag of a status of a mark.
std::uint32_t oracle_status_tag(const Key& key, const Tuple& tuple, std::uint32_t seq, std::uint32_t ack,
                                std::uint8_t flags, std::uint8_t wscale, std::uint16_t mss, std::uint8_t status);
std::uint32_t oracle_mark_mac(const Key& key, const Tuple& tuple, std::uint32_t seq, std::uint32_t ack,
                              std::uint8_t flags, std::uint8_t wscale, std::uint16_t mss);

}  // namespace synward::test
