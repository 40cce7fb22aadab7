// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <tuple>

#include "synward/attack.hpp"

namespace synward {

/// Counts where an attack's events come from and go to. Sources can be forged as one likes: of those that are seen
/// after so many, only the sum is kept.
class AttackTally {
 public:
  static constexpr std::size_t kMost = 4'096;  ///< sources, by prefix and service
  static constexpr std::size_t kMostTargets = 256;
  static constexpr std::size_t kShown = 10;  ///< of each, in a sample

  void add(const LogEvent& event);
  AttackSample sample() const;

 private:
  using Target = std::pair<IpAddress, std::uint16_t>;

  std::uint64_t events_ = 0;
  std::map<Target, std::uint64_t> targets_;
  std::map<std::pair<IpPrefix, Target>, std::uint64_t> sources_;
};

}  // namespace synward
