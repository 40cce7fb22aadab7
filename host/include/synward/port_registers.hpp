// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace synward {

/// Where a card that has its network ports beside the core (rtl/board/synward_line_card) shows them; the core's
/// registers are at 0.
inline constexpr std::uint32_t kLinePort = 0x1000;
inline constexpr std::uint32_t kHostPort = 0x2000;
inline constexpr std::uint32_t kCardSpace = 0x4000;  ///< bytes; 0x3000 on answers all ones

/// Registers of a port, byte offsets. rtl/board/synward_port_pkg.sv says the same to the card; a test holds them
/// together.
namespace port_reg {
inline constexpr std::uint32_t kIdValue = 0x53594e50;  ///< "SYNP"
inline constexpr std::uint32_t kVersionValue = 0x00010000;
inline constexpr std::uint32_t kId = 0x000;
inline constexpr std::uint32_t kVersion = 0x004;
inline constexpr std::uint32_t kControl = 0x008;
inline constexpr std::uint32_t kStatus = 0x00c;
inline constexpr std::uint32_t kBlockLock = 0x010;
inline constexpr std::uint32_t kFlaps = 0x020;
inline constexpr std::uint32_t kRetries = 0x024;
inline constexpr std::uint32_t kRxLost = 0x028;
inline constexpr std::uint32_t kTxWithheld = 0x02c;
inline constexpr std::uint32_t kRxCut = 0x030;
inline constexpr std::uint32_t kTxDropped = 0x034;
inline constexpr std::uint32_t kRxBadFcs = 0x038;
inline constexpr std::uint32_t kFecCorrected = 0x03c;
inline constexpr std::uint32_t kFecUncorrected = 0x040;
inline constexpr std::uint32_t kTxUnderflow = 0x044;
}  // namespace port_reg

}  // namespace synward
