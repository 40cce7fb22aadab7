// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "synward/log_parser.hpp"

namespace synward {

/// The events of a file in tests/data/logs.
inline std::vector<LogEvent> read_log(const std::string& name) {
  std::ifstream in(TEST_DATA "/logs/" + name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return parse_log(text.str());
}

}  // namespace synward
