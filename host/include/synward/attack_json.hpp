// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "synward/attack.hpp"
#include "synward/attack_detector.hpp"
#include "synward/expected.hpp"

namespace synward {

/// Whether somebody may see clients of this service, and the service.
using SeesService = std::function<bool(const IpAddress& address, std::uint16_t port)>;

/// An attack as the API, the tool and the command have it (docs/attacks.md). Services and sources only as far as
/// `sees` allows.
nlohmann::ordered_json attack_json(const AttackRecord& attack, const SeesService& sees);

/// What of attacks outlives a daemon.
struct AttackState {
  AttackMemory memory;
  std::vector<AttackRecord> attacks;  ///< the oldest first
};
std::string attack_state_text(const AttackState& state);
/// Error: it is not what attack_state_text() makes.
Expected<AttackState> read_attack_state(std::string_view text);

}  // namespace synward
