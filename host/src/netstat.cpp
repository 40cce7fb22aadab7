// SPDX-License-Identifier: BSD-2-Clause
#include "synward/netstat.hpp"

#include <fmt/format.h>

namespace synward {

std::string netstat_text(const Counters& counters) {
  std::string text;
  for (const auto& line : kNetstatLines) {
    const auto value = line.value(counters);
    text += fmt::format("{}{} {}\n", std::string(line.tabs, '\t'), value, value == 1 ? line.one : line.many);
  }
  return text;
}

}  // namespace synward
