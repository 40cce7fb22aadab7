// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

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

// VerdictRecord::reason: those of the drop reasons in rtl/csr/registers.toml that the engine gives.
constexpr std::uint8_t kDropUnknownAck = 18;
constexpr std::uint8_t kDropLineTxFull = 19;
constexpr std::uint8_t kDropHostTxFull = 20;
constexpr std::uint8_t kDropUnknownRst = 22;
constexpr std::uint8_t kDropSyncacheFull = 23;
constexpr std::uint8_t kDropPaws = 24;
constexpr std::uint8_t kDropTsMissing = 25;
constexpr std::uint8_t kDropSeqInvalid = 26;
constexpr std::uint8_t kDropAckInvalid = 27;
constexpr std::uint8_t kDropRstHalfOpen = 28;
constexpr std::uint8_t kDropRstInvalid = 29;

// EventRecord::code: those of the events in rtl/csr/registers.toml that the engine finds itself.
constexpr std::uint8_t kEventRexmtExhausted = 1;
constexpr std::uint8_t kEventRexmt = 2;
constexpr std::uint8_t kEventRstSpurious = 3;
constexpr std::uint8_t kEventRstRejected = 4;
constexpr std::uint8_t kEventRstChallenge = 5;
constexpr std::uint8_t kEventRstInvalid = 6;
constexpr std::uint8_t kEventAckDisabled = 7;
constexpr std::uint8_t kEventAckSpurious = 8;
constexpr std::uint8_t kEventCookieFailed = 9;
constexpr std::uint8_t kEventPaws = 10;
constexpr std::uint8_t kEventTsMissing = 11;
constexpr std::uint8_t kEventSeqChallenge = 12;
constexpr std::uint8_t kEventAckInvalid = 13;
constexpr std::uint8_t kEventDupSyn = 14;
constexpr std::uint8_t kEventOverflow = 21;
constexpr std::uint8_t kEventLimiting = 22;

// EventRecord::note.
constexpr std::uint8_t kNoteTsUnexpected = 1;
constexpr std::uint8_t kNoteTsTolerated = 2;

// Values of net.synward.unknown_ack.
constexpr std::uint8_t kUnknownAckPass = 0;
constexpr std::uint8_t kUnknownAckDrop = 1;
constexpr std::uint8_t kUnknownAckRst = 2;

/// Value of net.inet.tcp.blackhole that forbids RSTs of the card.
constexpr std::uint8_t kBlackholeAll = 3;

// TCP flags (RFC 9293 section 3.1).
constexpr std::uint8_t kTcpFin = 0x01;
constexpr std::uint8_t kTcpRst = 0x04;

}  // namespace synward
