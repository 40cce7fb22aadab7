// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/csr/registers.toml. Do not edit.
#pragma once

#include <cstdint>

namespace synward {

// VerdictRecord::reason.
constexpr std::uint8_t kDropOversize = 0;
constexpr std::uint8_t kDropShortFrame = 1;
constexpr std::uint8_t kDropUnclassified = 2;
constexpr std::uint8_t kDropBadIpHeader = 3;
constexpr std::uint8_t kDropTruncated = 4;
constexpr std::uint8_t kDropBadIpChecksum = 5;
constexpr std::uint8_t kDropFragment = 6;
constexpr std::uint8_t kDropBadTcpHeader = 7;
constexpr std::uint8_t kDropForgedMark = 8;
constexpr std::uint8_t kDropServiceDrop = 9;
constexpr std::uint8_t kDropBadTcpChecksum = 10;
constexpr std::uint8_t kDropBadSource = 11;
constexpr std::uint8_t kDropSynMissing = 12;
constexpr std::uint8_t kDropSynAckInvalid = 13;
constexpr std::uint8_t kDropSynFin = 14;
constexpr std::uint8_t kDropLinkMulticast = 15;
constexpr std::uint8_t kDropSelfConnect = 16;
constexpr std::uint8_t kDropBadAddress = 17;
constexpr std::uint8_t kDropUnknownAck = 18;
constexpr std::uint8_t kDropLineTxFull = 19;
constexpr std::uint8_t kDropHostTxFull = 20;
constexpr std::uint8_t kDropToLineFull = 21;
constexpr std::uint8_t kDropUnknownRst = 22;
constexpr std::uint8_t kDropSyncacheFull = 23;
constexpr std::uint8_t kDropPaws = 24;
constexpr std::uint8_t kDropTsMissing = 25;
constexpr std::uint8_t kDropSeqInvalid = 26;
constexpr std::uint8_t kDropAckInvalid = 27;
constexpr std::uint8_t kDropRstHalfOpen = 28;
constexpr std::uint8_t kDropRstInvalid = 29;
constexpr std::uint8_t kDropBadFcs = 30;
constexpr std::uint8_t kDropControlFrame = 31;
constexpr std::uint8_t kDropHostControlFrame = 32;
constexpr std::uint8_t kDropSignedSegment = 33;
constexpr std::uint8_t kDropIpv6Option = 34;
constexpr std::uint8_t kDropPairingLost = 35;
constexpr std::uint8_t kDropEngineFull = 36;

// EventRecord::code.
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
constexpr std::uint8_t kEventSynMissing = 15;
constexpr std::uint8_t kEventSynAckInvalid = 16;
constexpr std::uint8_t kEventSynFin = 17;
constexpr std::uint8_t kEventLinkMulticast = 18;
constexpr std::uint8_t kEventSelfConnect = 19;
constexpr std::uint8_t kEventBadAddress = 20;
constexpr std::uint8_t kEventOverflow = 21;
constexpr std::uint8_t kEventLimiting = 22;
constexpr std::uint8_t kEventSockFailRst = 23;
constexpr std::uint8_t kEventSockFail = 24;

// EventRecord::note.
constexpr std::uint8_t kNoteTsUnexpected = 1;
constexpr std::uint8_t kNoteTsTolerated = 2;

}  // namespace synward
