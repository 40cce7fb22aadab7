// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "card_keeper.hpp"
#include "synward/counters.hpp"

namespace synward {

/// All of the hand-off: servers, their listeners, statuses of marks, mail (docs/host.md, section 4). `counters`: none
/// while the card is lost.
nlohmann::ordered_json handoff_json(const HandoffState& state, const std::optional<Counters>& counters);
/// How it is in general, for everybody: {"configured": ..., "agents": n, "lost": n, ...}.
nlohmann::ordered_json handoff_summary_json(const HandoffState& state);

}  // namespace synward
