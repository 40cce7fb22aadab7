// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include "reference/elastic.hpp"
#include "synward/sim/card.hpp"

namespace synward::sim {

/// Clocks of the card for a request of synward_engine (hls/kernels): its interval.
inline constexpr std::uint64_t kHlsInterval = 2;

/// The processes of synward_engine, which also show their tables with each answer.
class HlsEngine : public reference::OtherEngine {
 public:
  /// With the last answer.
  virtual const SightRecord& sight() const = 0;
  /// Iterations that the clearing of the tables takes, at a reset and a load.
  virtual std::uint32_t clear_steps() const = 0;
  /// Ends the clearing, if one is on.
  virtual void finish_clearing() = 0;
};

/// Throws std::invalid_argument for sizes that it does not exist in. `at_once`: clearing takes no time; else it goes on
/// until finish_clearing().
std::unique_ptr<HlsEngine> make_hls_engine(TableSizes sizes, bool at_once = true);

}  // namespace synward::sim
