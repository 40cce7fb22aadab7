// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "synward/device.hpp"

namespace synward::tool {

/// What came of a test.
enum class Verdict : std::uint8_t {
  passed,
  failed,
  not_offered,  ///< this image, or the way to it, has no such thing
  not_run       ///< it would disturb traffic, and nobody said that there is none
};

struct SelftestRow {
  std::string name;
  Verdict verdict = Verdict::passed;
  std::string text;  ///< what is wrong, why it was not run, or what was found
};

/// What can be known of a card and of the bus to it from its registers. Nothing that is in service is changed, only
/// SCRATCH is written and put back; unless `offline`: then tables are cleared, secrets are drawn anew, and ports go
/// into loopback and back. `interface`: one that is cabled to the card's line port, for SYNs; empty: none is.
std::vector<SelftestRow> selftest(Device& device, bool offline, const std::string& interface = {});
std::string selftest_text(const std::vector<SelftestRow>& rows);
nlohmann::ordered_json selftest_json(const std::vector<SelftestRow>& rows);

/// Why this is no card for this program; empty if it is one.
std::string not_ours(Device& device);

}  // namespace synward::tool
