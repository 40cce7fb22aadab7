// SPDX-License-Identifier: BSD-2-Clause
#include "hls/hls_engine.hpp"
#include "reference/card.hpp"

std::unique_ptr<synward::sim::Card> synward::sim::make_hls_card(TableSizes sizes) {
  // No schedule is at hand: 60 clocks are assumed, of which tests depend on none.
  constexpr std::uint64_t kLatency = 60;
  constexpr std::uint64_t kDepth = 64;
  return std::make_unique<reference::ReferenceCard>(sizes,
                                                    reference::Elastic{make_hls_engine(sizes), kLatency, kDepth});
}
