// SPDX-License-Identifier: BSD-2-Clause
// synward card and synward link: what registers say in words, which cards are refused, which images are for what.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "card_image.hpp"
#include "card_ports.hpp"
#include "card_selftest.hpp"
#include "synward/port_registers.hpp"
#include "synward/registers.hpp"

namespace synward::tool {
namespace {

/// Words that a test sets; SCRATCH and CONTROL can be written, and TIME_MS runs.
class Words final : public Device {
 public:
  std::uint32_t read32(std::uint32_t offset) override {
    if (offset == reg::kTimeMs && !port_) return ++words[offset];
    const auto found = words.find(offset);
    return found == words.end() ? 0 : found->second & ~stuck_low;
  }
  void write32(std::uint32_t offset, std::uint32_t value) override { words[offset] = value; }

  static Words core() {
    Words device;
    device.words = {{reg::kId, reg::kDeviceId},
                    {reg::kVersion, reg::kVersionMajor << 16 | reg::kVersionMinor << 8 | reg::kVersionPatch},
                    {reg::kClockHz, 302'124'023}};
    return device;
  }
  static Words port(std::uint32_t status, std::uint32_t locks) {
    Words device;
    device.port_ = true;
    device.words = {{port_reg::kId, port_reg::kIdValue},
                    {port_reg::kVersion, port_reg::kVersionValue},
                    {port_reg::kControl, 7},
                    {port_reg::kStatus, status},
                    {port_reg::kBlockLock, locks},
                    {port_reg::kFlaps, 3}};
    return device;
  }

  Words() = default;
  Words(Words&& other) noexcept : words(std::move(other.words)), port_(other.port_) {}

  std::map<std::uint32_t, std::uint32_t> words;
  std::uint32_t stuck_low = 0;  ///< bits of the bus

 private:
  bool port_ = false;
};

TEST(CardPorts, SayWhatIsWrongInWords) {
  const struct {
    std::uint32_t status, locks;
    const char* words;
  } cases[] = {
      {0x67, 0xfffff, "up, frames are let in, lanes aligned, FEC lanes aligned, RS-FEC in force"},
      {0x65, 0xfffff, "the other port is down"},
      {0x74, 0xfffff, "the far end does not receive us"},
      {0x48, 0xfffff, "the two ends differ in FEC"},
      {0x48, 0x00fff, "some lanes have no lock"},
      {0x48, 0, "no light or no signal"},
  };
  for (const auto& c : cases) {
    Words device = Words::port(c.status, c.locks);
    const auto port = read_port(device, "line");
    ASSERT_TRUE(port);
    EXPECT_NE(port_text(*port).find(c.words), std::string::npos) << port_text(*port);
    EXPECT_NE(port_text(*port).find("flaps"), std::string::npos);
    const auto json = port_json(*port);
    EXPECT_EQ(json["up"], (c.status & 1) != 0);
    EXPECT_EQ(json["counters"]["flaps"], 3);
    EXPECT_EQ(json.contains("advice"), c.status != 0x67);
  }
}

TEST(CardPorts, AreRefusedWhereThereAreNone) {
  Words none;
  EXPECT_FALSE(read_port(none, "line"));
  Words later = Words::port(0x67, 0);
  later.words[port_reg::kVersion] = 0x00020000;
  EXPECT_FALSE(read_port(later, "line"));
}

TEST(CardPorts, FecIsSwitchedAndTheRestOfControlStays) {
  Words device = Words::port(0x67, 0xfffff);
  device.words[port_reg::kControl] = 0x27;
  set_fec(device, false);
  EXPECT_EQ(device.words[port_reg::kControl], 0x25U);
  set_fec(device, true);
  EXPECT_EQ(device.words[port_reg::kControl], 0x27U);
}

TEST(CardPorts, RegistersAreThoseOfTheCard) {
  std::ifstream in(SYNWARD_SOURCE "/rtl/board/synward_port_pkg.sv");
  std::stringstream text;
  text << in.rdbuf();
  const std::map<std::string, std::uint32_t> known{
      {"ID_VALUE", port_reg::kIdValue},
      {"VERSION_VALUE", port_reg::kVersionValue},
      {"ID", port_reg::kId},
      {"VERSION", port_reg::kVersion},
      {"CONTROL", port_reg::kControl},
      {"STATUS", port_reg::kStatus},
      {"BLOCK_LOCK", port_reg::kBlockLock},
      {"FLAPS", port_reg::kFlaps},
      {"RETRIES", port_reg::kRetries},
      {"RX_LOST", port_reg::kRxLost},
      {"TX_WITHHELD", port_reg::kTxWithheld},
      {"RX_CUT", port_reg::kRxCut},
      {"TX_DROPPED", port_reg::kTxDropped},
      {"RX_BAD_FCS", port_reg::kRxBadFcs},
      {"FEC_CORRECTED", port_reg::kFecCorrected},
      {"FEC_UNCORRECTED", port_reg::kFecUncorrected},
      {"TX_UNDERFLOW", port_reg::kTxUnderflow},
  };
  const std::string all = text.str();
  const std::regex line("localparam logic \\[\\d+:0\\] (\\w+) = \\d+'h([0-9a-f]+);");
  std::size_t found = 0;
  for (std::sregex_iterator at(all.begin(), all.end(), line), end; at != end; ++at, ++found) {
    const auto mine = known.find((*at)[1]);
    ASSERT_NE(mine, known.end()) << (*at)[1];
    EXPECT_EQ(mine->second, std::stoul((*at)[2], nullptr, 16)) << (*at)[1];
  }
  EXPECT_EQ(found, known.size());
}

bool all_well(const std::vector<SelftestRow>& rows) {
  for (const auto& row : rows)
    if (!row.fault.empty()) return false;
  return true;
}

TEST(CardSelftest, PassesOnACardAndPutsBackWhatItWrote) {
  Words card = Words::core();
  card.words[reg::kScratch] = 77;
  const auto rows = selftest(card);
  EXPECT_TRUE(all_well(rows)) << selftest_text(rows);
  EXPECT_EQ(rows.size(), 5U);
  EXPECT_EQ(card.words[reg::kScratch], 77U);
}

TEST(CardSelftest, FindsEachFault) {
  Words stuck = Words::core();
  stuck.stuck_low = 0x80000000;
  EXPECT_FALSE(all_well(selftest(stuck)));
  Words slow = Words::core();
  slow.words[reg::kClockHz] = 250'000'000;
  EXPECT_FALSE(all_well(selftest(slow)));
}

TEST(CardSelftest, RefusesWhatIsNotOursInClearWords) {
  Words gone = Words::core();
  gone.words[reg::kId] = 0xffffffff;
  EXPECT_NE(not_ours(gone).find("does not answer"), std::string::npos);
  Words other = Words::core();
  other.words[reg::kId] = 0x12345678;
  EXPECT_NE(not_ours(other).find("not Synward's"), std::string::npos);
  Words older = Words::core();
  older.words[reg::kVersion] = 0x00000300;
  EXPECT_NE(not_ours(older).find("register map 0.3.0"), std::string::npos);
  Words newer = Words::core();
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
