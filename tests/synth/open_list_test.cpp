// SPDX-License-Identifier: BSD-2-Clause
// The physical gate: what is within the limits stays there, what is open gets no worse, and the list is read as it is
// meant.
#include "synth/open_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "temporary_folder.hpp"

namespace synward::synth {
namespace {

using testing::HasSubstr;

const OpenList kList = {{"open", {.most = {.nets = 2, .memory = 3, .ports = 4}, .reason = "not done yet"}}};

TEST(OpenList, ABlockThatIsNotListedIsWithinEveryLimit) {
  EXPECT_FALSE(find_fault(kList, "met", {}));
  EXPECT_TRUE(find_fault(kList, "met", {.nets = 1}));
  EXPECT_TRUE(find_fault(kList, "met", {.memory = 1}));
  EXPECT_TRUE(find_fault(kList, "met", {.ports = 1}));
}

TEST(OpenList, ABlockThatIsListedGetsNoWorse) {
  EXPECT_FALSE(find_fault(kList, "open", {.nets = 2, .memory = 3, .ports = 4}));
  EXPECT_FALSE(find_fault(kList, "open", {.nets = 1}));
  for (const Excess worse : {Excess{.nets = 3, .memory = 0, .ports = 0}, Excess{.nets = 0, .memory = 4, .ports = 0},
                             Excess{.nets = 0, .memory = 0, .ports = 5}}) {
    EXPECT_THAT(find_fault(kList, "open", worse).value_or(""), HasSubstr("further over"));
  }
}

TEST(OpenList, ABlockThatMeetsTheLimitsLeavesTheList) {
  EXPECT_THAT(find_fault(kList, "open", {}).value_or(""), HasSubstr("take it off"));
}

OpenList list_of(const std::string& text) {
  const TemporaryFolder folder;
  return read_open_list(folder.write("open.list", text));
}

TEST(OpenList, IsReadLineByLine) {
  const OpenList list = list_of("# comment\n\nblock_a 1 2 3 for this reason  # and no other\n");
  ASSERT_EQ(list.size(), 1U);
  const OpenBlock& block = list.at("block_a");
  EXPECT_EQ(block.most.nets, 1);
  EXPECT_EQ(block.most.memory, 2);
  EXPECT_EQ(block.most.ports, 3);
  EXPECT_THAT(block.reason, HasSubstr("for this reason"));
}

TEST(OpenList, WhatIsNotMeasuredHasNoBoundYet) {
  const OpenList list = list_of("block - - - not measured\n");
  EXPECT_FALSE(find_fault(list, "block", {.nets = 1'000, .memory = 1'000'000, .ports = 1}));
  EXPECT_TRUE(find_fault(list, "block", {}));
}

TEST(OpenList, ALineThatSaysTooLittleIsRefusedWithItsNumber) {
  for (const char* line : {"block 1 2 3", "block 1 2 reason", "block 1 2 -3 x", "block 1 2 3x x", "block 0 0 0 reason",
                           "a 1 0 0 x\na 1 0 0 x"}) {
    try {
      list_of("# first\n" + std::string(line) + "\n");
      FAIL() << line;
    } catch (const std::runtime_error& error) {
      EXPECT_THAT(error.what(), HasSubstr(std::string(line).find('\n') == std::string::npos ? ":2:" : ":3:"));
    }
  }
}

TEST(OpenList, NamesOnlyBlocksThatAreMeasured) {
  std::set<std::string> measured;
  std::ifstream blocks(BLOCKS_LIST);
  for (std::string line, test, module; std::getline(blocks, line);) {
    std::istringstream words(line);
    if (words >> test >> module && test[0] != '#') measured.insert(module);
  }
  ASSERT_GT(measured.size(), 50U);
  for (const auto& [block, open] : read_open_list(OPEN_LIST)) EXPECT_TRUE(measured.contains(block)) << block;
}

}  // namespace
}  // namespace synward::synth
