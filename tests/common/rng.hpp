// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>

namespace synward::test {

/// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers from a seed with every compiler and library.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  std::uint8_t u8() { return static_cast<std::uint8_t>(next() >> 56); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(next() >> 48); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(next() >> 32); }
  bool bit() { return next() >> 63 != 0; }

  /// 0 to n - 1, n > 0. The bias (n / 2^32) does not matter here.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>((next() >> 32) * n >> 32); }
  /// first to last, both included.
  std::size_t between(std::size_t first, std::size_t last) { return first + below(last - first + 1); }
  bool percent(unsigned chance) { return below(100) < chance; }

  template <typename List>
  const auto& pick(const List& list) {
    return list[below(list.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace synward::test
