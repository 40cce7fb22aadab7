// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string_view>

/// What the emulated card's xclbin says, and what its simulator therefore sees.
namespace synward::sim::hwemu {

inline constexpr std::string_view kKernel = "synward";
inline constexpr std::string_view kInstance = "synward_1";
/// Address of the registers on the card's bus.
inline constexpr std::uint64_t kBase = 0x800000;

}  // namespace synward::sim::hwemu
