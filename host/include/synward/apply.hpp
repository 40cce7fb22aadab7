// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "synward/config.hpp"
#include "synward/device.hpp"
#include "synward/expected.hpp"

namespace synward {

/// Writes the key of the tables, sysctls (whereupon the tables are loaded), services and secrets, in that order: the
/// card passes everything until the last secret is there. Table entries that the configuration does not use are
/// removed. Random secrets are drawn here and kept nowhere else. Errors: not a Synward card, another major version of
/// the register map, fewer table entries than services, tables smaller than the sysctls want or not ready in time, no
/// random numbers.
Expected<void> apply(Device& device, const Config& config);

/// Puts `key` in the place of the older cookie key and makes new cookies with it, in one clock.
void rotate_cookie_key(Device& device, const Key& key);

}  // namespace synward
