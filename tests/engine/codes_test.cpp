// SPDX-License-Identifier: BSD-2-Clause
#include "synward/codes.hpp"

#include <gtest/gtest.h>

#include "synward/registers.hpp"

namespace synward::test {
namespace {

TEST(Codes, UnknownAckIsThatOfTheRegisters) {
  for (const reg::SysctlInfo& sysctl : reg::kSysctls) {
    if (sysctl.offset != reg::kSysctlUnknownAck) continue;
    EXPECT_EQ(sysctl.words[kUnknownAckPass], "pass");
    EXPECT_EQ(sysctl.words[kUnknownAckDrop], "drop");
    EXPECT_EQ(sysctl.words[kUnknownAckRst], "rst");
  }
}

}  // namespace
}  // namespace synward::test
