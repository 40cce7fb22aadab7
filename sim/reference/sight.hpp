// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "synward/engine.hpp"

namespace synward::reference {

/// What an engine shows of its tables with `answer`, as the step functions have them behind it: `bucket` is number
/// `index`, where the request looked, or the one that a PEEK is about.
SightRecord sight_of(const EngineConfig& config, const RequestRecord& request, const EngineAnswer& answer,
                     std::uint32_t index, const SyncacheBucket& bucket, const EngineState& state);

/// What the host is shown of an entry.
ListingRecord listing_of(const SyncacheWay& way);

}  // namespace synward::reference
