// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <string>

#include "common/frame.hpp"
#include "common/oracle.hpp"

namespace synward::test {

inline Key key_of(const std::string& text) {
  const Bytes bytes = hex(text);
  Key key{};
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

inline const Key kK0 = key_of("000102030405060708090a0b0c0d0e0f");
inline const Key kK1 = key_of("101112131415161718191a1b1c1d1e1f");
inline const Key kKr = key_of("5c1a9f03e2d84b7760a1c95e3377f0bd");

/// A cookie made by FreeBSD's algorithm. `mss` 0 and `shift` -1: the SYN had none.
struct Vector {
  const char* id;
  Key key;
  const char* client;
  std::uint16_t client_port;
  const char* server;
  std::uint16_t server_port;
  std::uint32_t irs;
  std::uint16_t mss;
  int shift;
  bool sack;
  bool parity;
  std::uint64_t secmod;  ///< of the vector; the card's own is always 0
  std::uint8_t byte;
  std::uint32_t mac;
  std::uint32_t iss;

  Tuple tuple() const { return {address(client), address(server), client_port, server_port}; }
};

inline void PrintTo(const Vector& vector, std::ostream* out) { *out << vector.id; }

inline const Vector kVectors[] = {
    {"A", kK0, "192.0.2.1", 40000, "198.51.100.7", 443, 0, 1460, 7, true, false, 0, 0xfa, 0xb27cc326, 0xb27cc348},
    {"B", kK1, "192.0.2.1", 40000, "198.51.100.7", 443, 0, 1460, 7, true, true, 0, 0xfb, 0x625147ad, 0x62514799},
    {"C", kK0, "192.0.2.1", 40000, "198.51.100.7", 443, 0, 0, -1, false, false, 0, 0x00, 0xa76d7061, 0xa76d70a7},
    {"D", kKr, "119.254.12.34", 38931, "203.0.113.101", 22, 0x12345678, 1380, 5, true, false, 0, 0x72, 0x1b504ff0,
     0x1b504f69},
    {"E", kKr, "10.255.0.1", 65535, "10.0.0.1", 1, 0xffffffff, 8960, 14, true, true, 0xfffff80001234560, 0xff,
     0x220cbe3b, 0x220cbedd},
    {"F", kKr, "203.0.113.9", 1, "198.51.100.7", 80, 0x80000000, 100, 0, false, false, 0x1ff, 0x04, 0xc46cbb54,
     0xc46cbbc0},
    {"G", kK0, "2001:db8::1", 40000, "2001:db8:100::7", 443, 0, 1440, 7, true, false, 0, 0xba, 0xdd808107, 0xdd808167},
    {"H", kK1, "2001:db8::1", 40000, "2001:db8:100::7", 443, 0, 1440, 7, true, true, 0, 0xbb, 0x6e898f00, 0x6e898fd5},
    {"I", kKr, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 54321, "2001:db8::53", 8443, 0xdeadbeef, 1220, 8, false, false,
     0x1ff, 0x5c, 0x48d8a18a, 0x48d8a114},
    {"J", kKr, "fe80::1", 1024, "fe80::2", 22, 0x7fffffff, 65535, 3, true, true, 0xfffff80001234560, 0xef, 0x80a2ffe7,
     0x80a2ff6f},
    {"K", kKr, "198.18.0.1", 12345, "198.18.0.2", 80, 0xcafebabe, 1452, 1, true, true, 3, 0xcb, 0x22462442, 0x224624e9},
    {"L", kKr, "198.18.0.1", 12345, "198.18.0.2", 80, 0xcafebabe, 1452, 1, true, false, 3, 0xca, 0xfc17471b,
     0xfc174736},
};

}  // namespace synward::test
