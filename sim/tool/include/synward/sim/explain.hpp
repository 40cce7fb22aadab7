// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/expected.hpp"

namespace synward::sim {

/// Says in words (or as JSON) what the events of a run (JSON lines) or the lines of a system log mean. `path`: "-" for
/// standard input. Errors are one line.
Expected<std::string> explain(const std::string& path, bool json);

}  // namespace synward::sim
