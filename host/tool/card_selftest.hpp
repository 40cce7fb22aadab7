// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "synward/device.hpp"

namespace synward::tool {

struct SelftestRow {
  std::string name;
  std::string fault;  ///< empty if all is well
};

/// What the registers of a core can tell of a card and of the bus to it. Nothing that is in service is changed: only
/// SCRATCH is written, and put back.
std::vector<SelftestRow> selftest(Device& device);
std::string selftest_text(const std::vector<SelftestRow>& rows);

/// Why this is no card for this program; empty if it is one.
std::string not_ours(Device& device);

}  // namespace synward::tool
