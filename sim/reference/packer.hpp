// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "synward/records.hpp"

namespace synward::reference {

/// A record in words, as the registers show it: its first field is the most significant.
template <std::size_t Words>
class Packer {
 public:
  void operator()(const Wide128& value, unsigned) {
    shift_in(value.hi, 64);
    shift_in(value.lo, 64);
  }
  template <typename T>
  void operator()(T value, unsigned width) {
    shift_in(static_cast<std::uint64_t>(value), width);
  }
  /// Word `index` < Words, the least significant first.
  std::uint32_t word(std::size_t index) const { return words_[index]; }

 private:
  void shift_in(std::uint64_t value, unsigned width) {
    while (width-- > 0) {
      std::uint32_t carry = static_cast<std::uint32_t>(value >> width & 1);
      for (std::uint32_t& word : words_) {
        const std::uint32_t top = word >> 31;
        word = word << 1 | carry;
        carry = top;
      }
    }
  }

  std::array<std::uint32_t, Words> words_{};
};

}  // namespace synward::reference
