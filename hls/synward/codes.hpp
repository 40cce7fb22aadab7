// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "synward/register_codes.hpp"

namespace synward {

// RequestRecord::op and VerdictRecord::op.
constexpr std::uint8_t kOpNone = 0;
constexpr std::uint8_t kOpSyn = 1;
constexpr std::uint8_t kOpAck = 2;
constexpr std::uint8_t kOpRst = 3;
constexpr std::uint8_t kOpUnreach = 4;
constexpr std::uint8_t kOpServer = 5;
constexpr std::uint8_t kOpTimeout = 6;
constexpr std::uint8_t kOpTick = 7;
constexpr std::uint8_t kOpVisit = 8;
constexpr std::uint8_t kOpPeek = 9;
constexpr std::uint8_t kOpNote = 10;
constexpr std::uint8_t kOpStatus = 11;
constexpr std::uint8_t kOpStray = 12;

// VerdictRecord::fate.
constexpr std::uint8_t kFateForward = 0;
constexpr std::uint8_t kFateDrop = 1;
constexpr std::uint8_t kFateConsumed = 2;

// VerdictRecord::send.
constexpr std::uint8_t kSendNothing = 0;
constexpr std::uint8_t kSendSynAck = 1;
constexpr std::uint8_t kSendChallenge = 2;
constexpr std::uint8_t kSendRst = 3;
constexpr std::uint8_t kSendMark = 4;

// Values of net.synward.unknown_ack.
constexpr std::uint8_t kUnknownAckPass = 0;
constexpr std::uint8_t kUnknownAckDrop = 1;
constexpr std::uint8_t kUnknownAckRst = 2;

// RequestRecord::note of a STATUS: what became of a mark at the server.
constexpr std::uint8_t kStatusTaken = 1;
constexpr std::uint8_t kStatusFull = 2;
constexpr std::uint8_t kStatusNoListener = 3;
constexpr std::uint8_t kStatusRefused = 4;
constexpr std::uint8_t kStatusBusy = 5;

/// Value of net.inet.tcp.blackhole that forbids RSTs of the card.
constexpr std::uint8_t kBlackholeAll = 3;

// TCP flags (RFC 9293 section 3.1).
constexpr std::uint8_t kTcpFin = 0x01;
constexpr std::uint8_t kTcpSyn = 0x02;
constexpr std::uint8_t kTcpRst = 0x04;
constexpr std::uint8_t kTcpAck = 0x10;

}  // namespace synward
