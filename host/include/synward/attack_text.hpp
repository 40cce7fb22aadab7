// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/attack.hpp"
#include "synward/log.hpp"

namespace synward {

/// The line of the log that tells of a change, at Unix time `time`, s. Others than those who may see every client get
/// it without addresses.
LogLine attack_line(const AttackChange& change, double time);

}  // namespace synward
