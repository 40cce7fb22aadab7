// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace synward::test {

/// How long a test goes on with random cases: SYNWARD_FUZZ_SECONDS (1), with random numbers from SYNWARD_SEED (1) on.
/// Says both, and how many cases there were. The cases of a seed are always the same, only their number varies.
class Budget {
 public:
  Budget() : end_(std::chrono::steady_clock::now() + std::chrono::seconds(setting("SYNWARD_FUZZ_SECONDS", 1))) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;
  ~Budget() { fmt::print("SYNWARD_SEED={}: {} cases\n", seed(), cases_); }

  static std::uint64_t seed() { return setting("SYNWARD_SEED", 1); }

  /// True for one case more; at least ten.
  bool more() {
    constexpr std::uint64_t kLeast = 10;
    return cases_++ < kLeast || std::chrono::steady_clock::now() < end_;
  }
  /// For messages.
  std::string which() const { return fmt::format("SYNWARD_SEED={}, case {}", seed(), cases_); }

 private:
  static std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* given = std::getenv(name);
    return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
  }

  std::chrono::steady_clock::time_point end_;
  std::uint64_t cases_ = 0;
};

}  // namespace synward::test
