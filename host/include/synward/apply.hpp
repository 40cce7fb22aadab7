// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "synward/config.hpp"
#include "synward/device.hpp"
#include "synward/expected.hpp"

namespace synward {

/// Writes sysctls, services and secrets, in that order: the card passes everything until the last secret is there.
/// Table entries that the configuration does not use are removed. Random secrets are drawn here and kept nowhere else.
/// Errors: not a Synward card, another major version of the register map, fewer table entries than services, no random
/// numbers.
Expected<void> apply(Device& device, const Config& config);

}  // namespace synward
