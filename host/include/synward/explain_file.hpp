// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/expected.hpp"

namespace synward {

/// What the events of a run or the lines of a system log mean, in words or as JSON. `path`: - is standard input.
/// Errors: the file cannot be read, or a line of events is not one ("FILE:LINE: what").
Expected<std::string> explain_file(const std::string& path, bool json);

}  // namespace synward
