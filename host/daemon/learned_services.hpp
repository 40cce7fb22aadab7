// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "agent_book.hpp"
#include "synward/config.hpp"
#include "synward/handoff_settings.hpp"

namespace synward {

/// What holds, made of the operator's services and of what the servers say of themselves.
struct LearnedServices {
  std::vector<Service> services;      ///< the operator's in their order, then what was learned
  std::vector<std::string> warnings;  ///< where a listener says something else than the operator, one line each
};

/// No service of the operator's gets other keys than its own, and none is learned where one of his already takes what
/// comes. But what has no listener, or one that takes no marks, passes; so does what belongs to a server whose agent is
/// lost, unless `hold`. A service of any address is left as it is: in front of it an entry passes for the one address.
/// `room`: entries that the card has.
LearnedServices learn_services(const std::vector<Service>& configured, const HandoffSettings& settings,
                               std::span<const Agent> agents, bool hold, std::size_t room);

}  // namespace synward
