// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "synward/bar_device.hpp"
#include "synward/device.hpp"
#include "synward/expected.hpp"

namespace synward::tool {

/// Which card, where a verb opens one itself.
struct CardChoice {
  std::string bdf, simulated, sysfs = "/sys";
  unsigned bar = BarDeviceConfig{}.bar;
  std::uint64_t offset = 0;  ///< of the core's registers in the BAR
  bool json = false;

  /// Whether the command line names a card.
  bool named() const { return !bdf.empty() || !simulated.empty(); }
  /// Errors: none is named; those of opening.
  Expected<std::unique_ptr<Device>> open() const;
};

/// Options by which a verb's user names a card, and --json.
std::shared_ptr<CardChoice> add_choice(CLI::App& verb);
/// The card that [device] of a daemon's configuration names, as far as it can be opened beside the daemon's own
/// library: not through XRT. Errors: that, or there is no such configuration.
Expected<CardChoice> configured_card(const std::string& config_path);

}  // namespace synward::tool
