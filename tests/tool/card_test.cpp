// SPDX-License-Identifier: BSD-2-Clause
// synward card: which cards are refused, what the self-test finds, which images are for what.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "card_image.hpp"
#include "card_selftest.hpp"
#include "synward/registers.hpp"

namespace synward::tool {
namespace {

/// Words that a test sets; TIME_MS runs, and what a core ignores is ignored.
class Words final : public Device {
 public:
  Words()
      : words{{reg::kId, reg::kDeviceId},
              {reg::kVersion, reg::kVersionMajor << 16 | reg::kVersionMinor << 8 | reg::kVersionPatch},
              {reg::kSizes, 32 | reg::kCounters << 8 | reg::kDrops << 16 | reg::kEvents.size() << 24},
              {reg::kTableStatus, 1 | 14U << 8 | 8U << 12 | 16U << 16 | 9U << 24},
              {reg::kClockHz, 302'124'023}} {
    for (const auto& sysctl : reg::kSysctls) words[sysctl.offset] = sysctl.def;
  }
  std::uint32_t read32(std::uint32_t offset) override {
    if (offset == reg::kTimeMs) return ++words[offset];
    const auto found = words.find(offset);
    return found == words.end() ? 0 : found->second & ~stuck_low;
  }
  void write32(std::uint32_t offset, std::uint32_t value) override {
    ++writes[offset];
    if (offset != reg::kId || id_is_writable) words[offset] = value;
  }

  std::map<std::uint32_t, std::uint32_t> words, writes;
  std::uint32_t stuck_low = 0;  ///< bits of the bus
  bool id_is_writable = false;
};

std::size_t faults(const std::vector<SelftestRow>& rows) {
  return static_cast<std::size_t>(std::ranges::count(rows, Verdict::failed, &SelftestRow::verdict));
}

TEST(CardSelftest, ChangesNothingOnACardInLine) {
  Words card;
  card.words[reg::kScratch] = 77;
  const auto rows = selftest(card, false);
  EXPECT_EQ(faults(rows), 0U) << selftest_text(rows);
  EXPECT_EQ(card.words[reg::kScratch], 77U);
  card.writes.erase(reg::kScratch);
  card.writes.erase(reg::kId);  // which no card takes
  EXPECT_TRUE(card.writes.empty()) << "at " << card.writes.begin()->first;
  const auto text = selftest_text(rows);
  EXPECT_NE(text.find("not run      memory: tables cleared: it would disturb traffic: --offline"), std::string::npos)
      << text;
  EXPECT_NE(text.find("not offered  line port: near-end loopback: the card shows no line port"), std::string::npos)
      << text;
  EXPECT_NE(text.find("not offered  transceivers: PRBS"), std::string::npos) << text;
  EXPECT_EQ(selftest_json(rows).size(), rows.size());
  EXPECT_EQ(selftest_json(rows)[0]["verdict"], "passed");
}

TEST(CardSelftest, FindsEachFault) {
  const auto only = [](Words& card, const std::string& words) {
    const auto rows = selftest(card, false);
    EXPECT_GE(faults(rows), 1U) << words;
    EXPECT_NE(selftest_text(rows).find(words), std::string::npos) << selftest_text(rows);
  };
  Words stuck;
  stuck.stuck_low = 0x80000000;
  only(stuck, "FAILED       bus: SCRATCH, bit by bit: 0xfffffffe was written, 0x7ffffffe read");
  Words slow;
  slow.words[reg::kClockHz] = 250'000'000;
  only(slow, "FAILED       clock fast enough: CLOCK_HZ is 250000000");
  Words sizes;
  sizes.words[reg::kSizes] ^= 0x100;
  only(sizes, "FAILED       identity, version, sizes: the card cannot be right: ");
  Words told;
  told.words[reg::kSecretData] = 7;
  only(told, "a word that is written alone, at 0x080, reads 0x00000007");
  Words range;
  range.words[reg::kSysctlUnknownAck] = 9;
  only(range, "net.synward.unknown_ack is 9, out of 0..2");
  Words loose;
  loose.id_is_writable = true;
  only(loose, "ID could be written");
}

TEST(CardSelftest, RefusesWhatIsNotOursInClearWords) {
  Words gone;
  gone.words[reg::kId] = 0xffffffff;
  EXPECT_NE(not_ours(gone).find("does not answer"), std::string::npos);
  Words other;
  other.words[reg::kId] = 0x12345678;
  EXPECT_NE(not_ours(other).find("not Synward's"), std::string::npos);
  Words older;
  older.words[reg::kVersion] = 0x00000300;
  EXPECT_NE(not_ours(older).find("register map 0.3.0"), std::string::npos);
  Words newer;
  newer.words[reg::kVersion] = 0x00010000;
  EXPECT_NE(not_ours(newer).find("register map 1.0.0"), std::string::npos);
}

class CardImage : public testing::Test {
 public:
  ~CardImage() override { std::filesystem::remove_all(folder_); }

 protected:
  CardImage() : folder_(testing::TempDir() + "/synward-card-image-" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
    write("program.tcl", "\n");
    write("flash.tcl", "\n");
  }
  std::string write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << bytes;
    return folder_ + "/" + name;
  }
  Expected<std::vector<std::string>> plan(const std::string& file, bool keep, const std::string& bdf = "0000:65:00.0") {
    return image_command({file, bdf, folder_, keep});
  }
  std::string folder_;
};

TEST_F(CardImage, EachKindGoesItsWay) {
  const auto xclbin = write("a.xclbin", "xclbin2" + std::string(40, '\0') + "xilinx_u55c_gen3x16_xdma_3_202210_1");
  const auto bit = write("a.bit", std::string("\0\x09synward_u55c;Version=2022.2\0b\0\x18xcu55c-fsvh2892-2L-e", 50));
  const auto mcs = write("a.mcs", ":020000040000FA\r\n:10000000FFFFFFFF\r\n");
  ASSERT_TRUE(plan(xclbin, false));
  EXPECT_EQ(plan(xclbin, false)->front(), "xbutil");
  ASSERT_TRUE(plan(bit, false));
  EXPECT_EQ(plan(bit, false)->front(), "vivado");
  ASSERT_TRUE(plan(mcs, true));
  EXPECT_EQ(plan(mcs, true)->at(6), folder_ + "/flash.tcl");
  EXPECT_FALSE(plan(xclbin, true));
  EXPECT_FALSE(plan(bit, true));
  EXPECT_FALSE(plan(mcs, false));
  EXPECT_FALSE(plan(xclbin, false, ""));
  EXPECT_FALSE(image_command({bit, "", "", false})) << "without scripts";
}

TEST_F(CardImage, WhatDoesNotFitIsRefused) {
  EXPECT_FALSE(plan(write("b.xclbin", "xclbin2" + std::string(40, '\0') + "xilinx_u50_gen3x16_xdma"), false));
  EXPECT_FALSE(plan(write("b.bit", "other_design xcu55c-fsvh2892-2L-e"), false));
  EXPECT_FALSE(plan(write("c.bit", "synward_u55c xcu50-fsvh2104-2-e"), false));
  EXPECT_FALSE(plan(write("b.mcs", ":020000 this is text"), true));
  EXPECT_FALSE(plan(write("empty", ""), false));
  EXPECT_FALSE(plan(folder_ + "/none", false));
}

TEST(CardCommand, AProgramThatFailsOrIsNotThereIsSaid) {
  EXPECT_TRUE(run_command({"true"}));
  EXPECT_FALSE(run_command({"false"}));
  EXPECT_FALSE(run_command({"/nonexistent/xbutil"}));
}

}  // namespace
}  // namespace synward::tool
