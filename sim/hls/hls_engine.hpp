// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include "reference/elastic.hpp"
#include "synward/sim/card.hpp"

namespace synward::sim {

/// Clocks of the card for a request of synward_engine (hls/kernels): its interval.
inline constexpr std::uint64_t kHlsInterval = 2;

/// The processes of synward_engine. Throws std::invalid_argument for sizes that it does not exist in.
std::unique_ptr<reference::OtherEngine> make_hls_engine(TableSizes sizes);

}  // namespace synward::sim
