// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "reference/bytes.hpp"

namespace synward::reference {

inline constexpr std::uint8_t kProtocolTcp = 6;

/// Internet checksum (RFC 1071), one piece after another. Each piece but the last must be of even length.
class Checksum {
 public:
  void add(ByteView bytes);
  void add16(std::uint16_t value) { sum_ += value; }
  /// Pseudo-header (RFC 9293 section 3.1, RFC 8200 section 8.1); the same sum for both families.
  /// IPv4 addresses lie in the low 32 bits; `length` of what follows, bytes.
  void add_pseudo_header(const Wide128& src, const Wide128& dst, std::uint32_t length,
                         std::uint8_t protocol = kProtocolTcp);

  /// What the checksum field must hold if it was summed as zero.
  std::uint16_t field() const { return static_cast<std::uint16_t>(~folded()); }
  /// True if the sum, the received field included, comes out right.
  bool valid() const { return folded() == 0xffff; }

 private:
  std::uint16_t folded() const;

  std::uint64_t sum_ = 0;
};

}  // namespace synward::reference
