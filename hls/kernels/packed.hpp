// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/records.hpp"

namespace synward {

/// `kBits` bits of table memory. Records are packed by hand, because the tools do not trim what bool and uint8_t take.
template <unsigned kBits>
struct Packed {
  static constexpr unsigned kWords = (kBits + 63) / 64;
  std::uint64_t word[kWords];
};

/// Puts fields into a Packed, one behind the other from bit 0.
template <unsigned kBits>
class Packer {
 public:
  explicit Packer(Packed<kBits>& out) : out_(out), at_(0) {
    for (unsigned i = 0; i < Packed<kBits>::kWords; ++i) out_.word[i] = 0;
  }

  void operator()(const Wide128& value, unsigned) {
    put(value.lo, 64);
    put(value.hi, 64);
  }
  template <typename T>
  void operator()(const T& value, unsigned width) {
    put(static_cast<std::uint64_t>(value), width);
  }

 private:
  void put(std::uint64_t value, unsigned width) {
    const unsigned shift = at_ & 63;
    out_.word[at_ >> 6] |= value << shift;
    if (shift + width > 64) out_.word[(at_ >> 6) + 1] |= value >> (64 - shift);
    at_ += width;
  }

  Packed<kBits>& out_;
  unsigned at_;
};

/// Takes them out again, in the same order.
template <unsigned kBits>
class Unpacker {
 public:
  explicit Unpacker(const Packed<kBits>& in) : in_(in), at_(0) {}

  void operator()(Wide128& value, unsigned) {
    value.lo = take(64);
    value.hi = take(64);
  }
  template <typename T>
  void operator()(T& value, unsigned width) {
    value = static_cast<T>(take(width));
  }

 private:
  std::uint64_t take(unsigned width) {
    const unsigned shift = at_ & 63;
    std::uint64_t value = in_.word[at_ >> 6] >> shift;
    if (shift + width > 64) value |= in_.word[(at_ >> 6) + 1] << (64 - shift);
    at_ += width;
    return width == 64 ? value : value & ((std::uint64_t{1} << width) - 1);
  }

  const Packed<kBits>& in_;
  unsigned at_;
};

}  // namespace synward
