// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "synward/device.hpp"
#include "synward/expected.hpp"

namespace synward {

/// `backend = "xrt"`.
struct XrtDeviceConfig {
  std::string xclbin;                       ///< file, loaded onto the card
  std::string bdf;                          ///< PCIe address of the card; empty: the first one that XRT knows
  std::string ip = "synward:{synward_1}";   ///< kernel:{instance}
  std::optional<std::uint32_t> clock_hz{};  ///< of the core; else what the bitstream says, in whole MHz
};

/// The ports' kernels, line and host, as rtl/board/vitis/link.cfg names them.
inline constexpr std::array<const char*, 2> kXrtPorts{"synward_cmac_line:{cmac_line}", "synward_cmac_host:{cmac_host}"};

/// A card through XRT, for this process alone. XRT must be found by XILINX_XRT: the folder whose lib/ holds
/// libxrt_core.so.2, on Debian too. Errors: "xrt: FILE: what"; built without XRT; the card or its IP is somebody
/// else's.
Expected<std::unique_ptr<Device>> open_xrt_device(const XrtDeviceConfig& config);

}  // namespace synward
