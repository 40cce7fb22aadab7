// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/records.toml. Do not edit.
#pragma once

#include <cstdint>

namespace synward {

// service.mode.
constexpr std::uint8_t kModePass = 0;
constexpr std::uint8_t kModeProtect = 1;
constexpr std::uint8_t kModeDrop = 2;

// request.op, verdict.op.
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

// request.flags of a PEEK, sight.kind: what it asks.
constexpr std::uint8_t kPeekWalk = 0;
constexpr std::uint8_t kPeekFetch = 1;
constexpr std::uint8_t kPeekClear = 2;
constexpr std::uint8_t kPeekList = 4;
constexpr std::uint8_t kPeekState = 8;

// verdict.fate.
constexpr std::uint8_t kFateForward = 0;
constexpr std::uint8_t kFateDrop = 1;
constexpr std::uint8_t kFateConsumed = 2;

// verdict.send.
constexpr std::uint8_t kSendNothing = 0;
constexpr std::uint8_t kSendSynAck = 1;
constexpr std::uint8_t kSendChallenge = 2;
constexpr std::uint8_t kSendRst = 3;
constexpr std::uint8_t kSendMark = 4;

// engine_faults.cause.
constexpr std::uint8_t kFaultNone = 0;
constexpr std::uint8_t kFaultSilent = 1;
constexpr std::uint8_t kFaultWrong = 2;
constexpr std::uint8_t kFaultForgot = 3;

// request.note of a STATUS: what became of a mark at the server.
constexpr std::uint8_t kStatusNone = 0;
constexpr std::uint8_t kStatusTaken = 1;
constexpr std::uint8_t kStatusFull = 2;
constexpr std::uint8_t kStatusNoListener = 3;
constexpr std::uint8_t kStatusRefused = 4;
constexpr std::uint8_t kStatusBusy = 5;

// state of a flow in the flow table.
constexpr std::uint8_t kFlowFree = 0;
constexpr std::uint8_t kFlowHanded = 1;
constexpr std::uint8_t kFlowOpen = 2;
constexpr std::uint8_t kFlowClosing = 3;

// what classification makes of a frame (rtl/parse/synward_classify.sv).
constexpr std::uint8_t kKindPass = 0;
constexpr std::uint8_t kKindDrop = 1;
constexpr std::uint8_t kKindAsk = 2;

}  // namespace synward
