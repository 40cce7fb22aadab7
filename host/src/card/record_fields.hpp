// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "synward/address.hpp"

namespace synward {

/// Takes the fields of a record of rtl/records.toml out of the words that the registers show, most significant first.
class RecordFields {
 public:
  /// `words`: the least significant first, with `bits` bits in all. They must outlive the reader.
  RecordFields(std::span<const std::uint32_t> words, std::size_t bits) : words_(words), bit_(bits) {}

  /// The next `width` (1..32) bits.
  std::uint32_t take(unsigned width) {
    std::uint32_t value = 0;
    while (width-- > 0) {
      --bit_;
      value = value << 1 | (words_[bit_ / 32] >> bit_ % 32 & 1);
    }
    return value;
  }
  bool take_bit() { return take(1) != 0; }
  /// The next 128 bits.
  IpAddress take_address(bool v6) {
    IpAddress address;
    address.v6 = v6;
    for (auto& byte : address.bytes) {
      byte = static_cast<std::uint8_t>(take(8));
    }
    return address;
  }

 private:
  std::span<const std::uint32_t> words_;
  std::size_t bit_;
};

}  // namespace synward
