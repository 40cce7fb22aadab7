// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "synward/card.hpp"
#include "synward/config.hpp"
#include "synward/device.hpp"
#include "synward/expected.hpp"

namespace synward {

/// Values of all sysctls of the card, in the order of reg::kSysctls.
using SysctlValues = std::array<std::uint32_t, reg::kSysctls.size()>;

/// What `sysctls` mean on this card: sizes that were not set are the card's own. Error: a size that the card does not
/// have.
Expected<SysctlValues> sysctl_values(const Sysctls& sysctls, const CardInfo& info);

/// Identifies the card, then writes the key of the tables, sysctls (whereupon the tables are loaded), services and
/// secrets, in that order: the card passes everything until the last secret is there. Table entries that the
/// configuration does not use are removed. Random secrets are drawn here and kept nowhere else. Errors: those of
/// Card::identify(), fewer table entries than services, tables smaller than the sysctls want or not ready in time, no
/// random numbers, a key that the card refused.
Expected<void> apply(Device& device, const Config& config);

/// All that apply() writes but the secrets of cookies, timestamps and marks.
Expected<void> apply_settings(Card& card, const Sysctls& sysctls, const std::vector<Service>& services,
                              const Key& table_key);
/// Whether a card that somebody else set up protects, with tables of the sizes that `sysctls` want.
bool in_service(Card& card, const Sysctls& sysctls);
/// Writes what may change while the card is in service: sysctls but sizes, and services, whatever their table holds.
Expected<void> refresh_settings(Card& card, const Sysctls& sysctls, const std::vector<Service>& services);
/// Writes all sysctls but the sizes of the tables.
void write_sysctls(Card& card, const Sysctls& sysctls);
/// Writes the service table. Entries that stay as they are see nothing of it; where some come or go, the others move to
/// their new places before the old ones are given away. `before`: what the table holds, as given to apply_settings().
Expected<void> replace_services(Card& card, const std::vector<Service>& before, const std::vector<Service>& services);

/// Puts `key` in the place of the older cookie key and makes new cookies with it, in one clock. Error: write_key()'s.
Expected<void> rotate_cookie_key(Device& device, const Key& key);

}  // namespace synward
