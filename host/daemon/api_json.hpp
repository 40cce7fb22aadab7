// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "card_keeper.hpp"
#include "event_book.hpp"
#include "history.hpp"
#include "log_book.hpp"
#include "port_watch.hpp"
#include "settings_store.hpp"
#include "synward/config.hpp"
#include "synward/secret_keeper.hpp"
#include "synward/sysctl_table.hpp"

namespace synward {

// JSON of the API's answers (docs/host.md, section 4).

nlohmann::ordered_json sysctl_json(const SysctlDescription& info, const std::string& value);
nlohmann::ordered_json bypass_json(const std::optional<Bypass>& bypass);
nlohmann::ordered_json services_json(const std::vector<Service>& services);
/// `next`: until the next rotation, if there is one.
nlohmann::ordered_json secrets_json(const SecretStatus& status, std::optional<std::chrono::milliseconds> next,
                                    const SecretSettings& settings);
/// {"tables": ..., "pause": ...}
nlohmann::ordered_json state_json(const CardState& state);
/// GET /v1/link; `now`: steady time.
nlohmann::ordered_json links_json(const LinkState& links, std::chrono::milliseconds now);
/// Of each port whether it is up and open.
nlohmann::ordered_json links_summary_json(const LinkState& links);
/// `last`: the number up to which lines were looked at, whether they may be shown or not.
nlohmann::ordered_json log_json(const std::vector<LogBook::Line>& lines, std::uint64_t last);

// Long answers are written straight into text.
/// `last` as above.
std::string events_json(const std::vector<EventBook::Item>& events, std::uint64_t last);
std::string history_json(const std::vector<NumberedRing<Snapshot>::Item>& snapshots);

}  // namespace synward
