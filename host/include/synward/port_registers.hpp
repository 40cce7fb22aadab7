// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/board/ports.toml. Do not edit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace synward {

/// Where a card that has its network ports beside the core (rtl/board/synward_line_card) shows them; the core's
/// registers are at 0.
inline constexpr std::uint32_t kLinePort = 0x1000;
inline constexpr std::uint32_t kHostPort = 0x2000;
inline constexpr std::uint32_t kCardSpace = 0x4000;  ///< bytes

/// Registers of a port, byte offsets.
namespace port_reg {

inline constexpr std::uint32_t kIdValue = 0x53594e50;
inline constexpr std::uint32_t kVersionValue = 0x00010000;

/// `SYNP` in ASCII (0x53594e50). Anything else is no port.
inline constexpr std::uint32_t kId = 0x000;
/// Version of this map: major 31:16, minor 15:8, patch 7:0. Software refuses another major.
inline constexpr std::uint32_t kVersion = 0x004;
/// What the host wants; at reset 0x7.
inline constexpr std::uint32_t kControl = 0x008;
/// What the link is at.
inline constexpr std::uint32_t kStatus = 0x00c;
/// Lanes with block lock, 19:0.
inline constexpr std::uint32_t kBlockLock = 0x010;

// Fields of CONTROL.
inline constexpr std::uint32_t kControlEnable = 0x1;  ///< the link may come up
inline constexpr std::uint32_t kControlFec = 0x2;  ///< RS-FEC; another one takes effect by a reset of the CMAC
inline constexpr std::uint32_t kControlWithPeer = 0x4;  ///< let nothing in while the other port is down (not in the Vitis way)
inline constexpr std::uint32_t kControlLoopback = 0x70;  ///< of the transceivers: 0 none, 2 near end (PMA)

/// Bits of STATUS.
enum class Status : std::uint8_t {
  up,  ///< up
  open,  ///< frames are let in
  aligned,  ///< lanes aligned
  local_fault,  ///< local fault
  remote_fault,  ///< remote fault
  fec_aligned,  ///< FEC lanes aligned
  fec,  ///< RS-FEC in force
  mac_reset,  ///< CMAC in reset
};
struct StatusInfo {
  std::string_view name;  ///< of the enumerator
  std::string_view text;  ///< for people
};
inline constexpr std::array<StatusInfo, 8> kStatusInfo{{
    {"up", "up"},
    {"open", "frames are let in"},
    {"aligned", "lanes aligned"},
    {"local_fault", "local fault"},
    {"remote_fault", "remote fault"},
    {"fec_aligned", "FEC lanes aligned"},
    {"fec", "RS-FEC in force"},
    {"mac_reset", "CMAC in reset"},
}};

/// Counters: 32 bits, from 0 at power-up, modulo 2^32.
enum class Counter : std::uint8_t {
  flaps,  ///< the link went down
  retries,  ///< lanes that did not align within a second, and resets that the CMAC asked for
  rx_lost,  ///< whole frames that did not fit the crossing to the core
  tx_withheld,  ///< frames that the core sent while the link was down
  rx_cut,  ///< frames that a link cut; they end with an error, and the core counts them as bad FCS
  tx_dropped,  ///< frames that were in the crossing from the core when the link went down
  rx_bad_fcs,  ///< frames with a bad FCS, as the CMAC says
  fec_corrected,  ///< code words that RS-FEC corrected
  fec_uncorrected,  ///< code words that RS-FEC could not correct
  tx_underflow,  ///< frames that the CMAC had to end for want of data
};
inline constexpr std::size_t kCounters = 10;
struct CounterInfo {
  std::string_view name;  ///< of the enumerator
  std::uint32_t offset;
  std::string_view doc;
};
inline constexpr std::array<CounterInfo, kCounters> kCounterInfo{{
    {"flaps", 0x020, "the link went down"},
    {"retries", 0x024, "lanes that did not align within a second, and resets that the CMAC asked for"},
    {"rx_lost", 0x028, "whole frames that did not fit the crossing to the core"},
    {"tx_withheld", 0x02c, "frames that the core sent while the link was down"},
    {"rx_cut", 0x030, "frames that a link cut; they end with an error, and the core counts them as bad FCS"},
    {"tx_dropped", 0x034, "frames that were in the crossing from the core when the link went down"},
    {"rx_bad_fcs", 0x038, "frames with a bad FCS, as the CMAC says"},
    {"fec_corrected", 0x03c, "code words that RS-FEC corrected"},
    {"fec_uncorrected", 0x040, "code words that RS-FEC could not correct"},
    {"tx_underflow", 0x044, "frames that the CMAC had to end for want of data"},
}};
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
