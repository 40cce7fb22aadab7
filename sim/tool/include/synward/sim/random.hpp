// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <span>

namespace synward::sim {

/// Random numbers of a scenario: the same on every machine for the same seed, which the standard's distributions are
/// not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  /// 0 .. limit-1, for limit up to 2^32; the bias is below 2^-32.
  std::uint32_t below(std::uint64_t limit) { return static_cast<std::uint32_t>((bits() >> 32) * limit >> 32); }
  /// In [0, 1).
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  /// Exponentially distributed with mean 1: the gaps of a Poisson process.
  double exponential() { return -std::log1p(-uniform()); }
  bool coin() { return (bits() >> 63) != 0; }
  std::uint8_t byte() { return static_cast<std::uint8_t>(bits() >> 56); }
  void fill(std::span<std::uint8_t> bytes) {
    for (auto& one : bytes) {
      one = byte();
    }
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace synward::sim
