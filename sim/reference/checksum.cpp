// SPDX-License-Identifier: BSD-2-Clause
#include "reference/checksum.hpp"

namespace synward::reference {

void Checksum::add(ByteView bytes) {
  std::size_t at = 0;
  for (; at + 1 < bytes.size(); at += 2) sum_ += static_cast<std::uint32_t>(bytes[at] << 8 | bytes[at + 1]);
  if (at < bytes.size()) sum_ += static_cast<std::uint32_t>(bytes[at] << 8);
}

void Checksum::add_pseudo_header(const Wide128& src, const Wide128& dst, std::uint32_t length, std::uint8_t protocol) {
  const auto add_word = [this](std::uint64_t word) {
    for (int shift = 0; shift < 64; shift += 16) add16(static_cast<std::uint16_t>(word >> shift));
  };
  // The high half of an IPv4 address is zero, and adds nothing.
  add_word(src.hi);
  add_word(src.lo);
  add_word(dst.hi);
  add_word(dst.lo);
  add_word(length);
  add16(protocol);
}

std::uint16_t Checksum::folded() const {
  std::uint64_t sum = sum_;
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

}  // namespace synward::reference
