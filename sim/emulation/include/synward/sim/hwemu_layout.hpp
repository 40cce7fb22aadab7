// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "synward/port_registers.hpp"

/// What the emulated card's xclbin says, and what its simulator therefore sees: the kernels and instances of
/// rtl/board/vitis/link.cfg. v++ chooses other addresses; what XRT makes of them is the same.
namespace synward::sim::hwemu {

struct Kernel {
  std::string_view name, instance;
  std::uint64_t base;  ///< of its registers on the card's bus
};
inline constexpr std::uint64_t kBase = 0x800000;
inline constexpr std::array<Kernel, 3> kKernels{{{"synward", "synward_1", kBase},
                                                 {"synward_cmac_line", "cmac_line", kBase + kLinePort},
                                                 {"synward_cmac_host", "cmac_host", kBase + kHostPort}}};

}  // namespace synward::sim::hwemu
