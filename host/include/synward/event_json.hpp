// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "synward/event.hpp"
#include "synward/expected.hpp"

namespace synward {

/// An event as one line of JSON, without a line break. Keys of what the event does not tell are left out.
std::string to_json_line(const LogEvent& event);

/// Reads lines of to_json_line(). Errors: "FILE:LINE: what".
Expected<std::vector<LogEvent>> parse_json_lines(std::string_view text, const std::string& file);

}  // namespace synward
