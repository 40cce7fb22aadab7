// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/record_codes.hpp"
#include "synward/register_codes.hpp"

namespace synward {

// Values of net.synward.unknown_ack.
constexpr std::uint8_t kUnknownAckPass = 0;
constexpr std::uint8_t kUnknownAckDrop = 1;
constexpr std::uint8_t kUnknownAckRst = 2;

/// Value of net.inet.tcp.blackhole that forbids RSTs of the card.
constexpr std::uint8_t kBlackholeAll = 3;

// TCP flags (RFC 9293 section 3.1).
constexpr std::uint8_t kTcpFin = 0x01;
constexpr std::uint8_t kTcpSyn = 0x02;
constexpr std::uint8_t kTcpRst = 0x04;
constexpr std::uint8_t kTcpAck = 0x10;

}  // namespace synward
