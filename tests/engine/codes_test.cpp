// SPDX-License-Identifier: BSD-2-Clause
#include "synward/codes.hpp"

#include <gtest/gtest.h>

#include "synward/registers.hpp"

namespace synward::test {
namespace {

TEST(Codes, AreThoseOfTheRegisters) {
  using reg::Drop;
  using reg::Event;
  const std::pair<std::uint8_t, Drop> drops[] = {
      {kDropUnknownAck, Drop::unknown_ack},     {kDropLineTxFull, Drop::line_tx_full},
      {kDropHostTxFull, Drop::host_tx_full},    {kDropUnknownRst, Drop::unknown_rst},
      {kDropSyncacheFull, Drop::syncache_full}, {kDropPaws, Drop::paws},
      {kDropTsMissing, Drop::ts_missing},       {kDropSeqInvalid, Drop::seq_invalid},
      {kDropAckInvalid, Drop::ack_invalid},     {kDropRstHalfOpen, Drop::rst_half_open},
      {kDropRstInvalid, Drop::rst_invalid}};
  for (const auto& [code, drop] : drops) EXPECT_EQ(code, static_cast<std::uint8_t>(drop));
  const std::pair<std::uint8_t, Event> events[] = {{kEventRexmtExhausted, Event::rexmt_exhausted},
                                                   {kEventRexmt, Event::rexmt},
                                                   {kEventRstSpurious, Event::rst_spurious},
                                                   {kEventRstRejected, Event::rst_rejected},
                                                   {kEventRstChallenge, Event::rst_challenge},
                                                   {kEventRstInvalid, Event::rst_invalid},
                                                   {kEventAckDisabled, Event::ack_disabled},
                                                   {kEventAckSpurious, Event::ack_spurious},
                                                   {kEventCookieFailed, Event::cookie_failed},
                                                   {kEventPaws, Event::paws},
                                                   {kEventTsMissing, Event::ts_missing},
                                                   {kEventSeqChallenge, Event::seq_challenge},
                                                   {kEventAckInvalid, Event::ack_invalid},
                                                   {kEventDupSyn, Event::dup_syn},
                                                   {kEventOverflow, Event::overflow},
                                                   {kEventLimiting, Event::limiting}};
  for (const auto& [code, event] : events) EXPECT_EQ(code, static_cast<std::uint8_t>(event));
  EXPECT_EQ(reg::kNotes[kNoteTsUnexpected - 1u].name, "ts_unexpected");
  EXPECT_EQ(reg::kNotes[kNoteTsTolerated - 1u].name, "ts_tolerated");
  for (const reg::SysctlInfo& sysctl : reg::kSysctls) {
    if (sysctl.offset != reg::kSysctlUnknownAck) continue;
    EXPECT_EQ(sysctl.words[kUnknownAckPass], "pass");
    EXPECT_EQ(sysctl.words[kUnknownAckDrop], "drop");
    EXPECT_EQ(sysctl.words[kUnknownAckRst], "rst");
  }
}

}  // namespace
}  // namespace synward::test
