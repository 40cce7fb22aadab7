// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/records.toml. Do not edit.
#pragma once

#include <cstddef>

namespace synward {

// Bits of the records that the registers show.
inline constexpr std::size_t kListingBits = 348;
inline constexpr std::size_t kEventBits = 432;

}  // namespace synward
