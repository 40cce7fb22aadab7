// SPDX-License-Identifier: BSD-2-Clause
// The physical gate on netlists made by hand: each limit from both sides.
#include "synth/physical.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "temporary_folder.hpp"

namespace synward::synth {
namespace {

/// A netlist that grows cell by cell; nets are numbers.
class Made {
 public:
  int net(const std::string& name) {
    made.net_names.push_back(name);
    return static_cast<int>(made.net_names.size()) - 1;
  }
  int port(const std::string& name) {
    const int made_net = net(name);
    made.inputs.push_back({name, made_net});
    return made_net;
  }
  int reg(int d, int enable = -1, const std::string& name = "q") {
    const int q = net(name);
    made.cells.push_back({fmt::format("r{}", q),
                          "FDRE",
                          {{"C", 0, clock, false}, {"CE", 0, enable, false}, {"D", 0, d, false}, {"Q", 0, q, true}}});
    return q;
  }
  int lut(int in, const std::string& name = "lut") {
    const int out = net(name);
    made.cells.push_back({fmt::format("l{}", out), "LUT2", {{"I0", 0, in, false}, {"O", 0, out, true}}});
    return out;
  }
  int inverter(int in, const std::string& name = "not") {
    const int out = net(name);
    made.cells.push_back({fmt::format("i{}", out), "INV", {{"I", 0, in, false}, {"O", 0, out, true}}});
    return out;
  }
  /// As many outputs, in a row of nets.
  int block_ram_of(int bits) {
    const int first = static_cast<int>(made.net_names.size());
    Cell ram{fmt::format("m{}", first), "RAMB36E2", {{"CLKARDCLK", 0, clock, false}}};
    for (int bit = 0; bit < bits; ++bit) ram.pins.push_back({"DOUTADOUT", bit, net("ram"), true});
    made.cells.push_back(std::move(ram));
    return first;
  }
  int block_ram(int address) {
    const int out = net("ram");
    made.cells.push_back(
        {fmt::format("m{}", out),
         "RAMB36E2",
         {{"CLKARDCLK", 0, clock, false}, {"ADDRARDADDR", 0, address, false}, {"DOUTADOUT", 0, out, true}}});
    return out;
  }
  Physical find() const { return find_physical(made); }

  Netlist made{.top = "made", .inputs = {}, .outputs = {}, .cells = {}, .net_names = {}};
  int clock = net("clk");
};

TEST(Physical, ALutDrives64AndNoMore) {
  for (const int loads : {kMostLutLoads, kMostLutLoads + 1}) {
    Made made;
    const int wide = made.lut(made.reg(-1), "wide");
    for (int i = 0; i < loads; ++i) made.reg(wide);
    const Physical found = made.find();
    ASSERT_EQ(found.wide.size(), loads > kMostLutLoads ? 1U : 0U);
    EXPECT_EQ(found.passes(), found.wide.empty());
    if (found.wide.empty()) continue;
    EXPECT_EQ(found.wide[0].name, "wide");
    EXPECT_EQ(found.wide[0].loads, loads);
    EXPECT_EQ(found.wide[0].driver, Driver::lut);
    EXPECT_EQ(found.wide[0].kinds.at("FF.D"), loads);
  }
}

TEST(Physical, ARegisterEnables256AndNoMore) {
  for (const int loads : {kMostRegisterLoads, kMostRegisterLoads + 1}) {
    Made made;
    const int enable = made.reg(-1, -1, "enable_q");
    for (int i = 0; i < loads; ++i) made.reg(-1, enable);
    const Physical found = made.find();
    ASSERT_EQ(found.wide.size(), loads > kMostRegisterLoads ? 1U : 0U);
    EXPECT_EQ(found.enables.at(0).loads, loads);
    EXPECT_EQ(found.enables.at(0).name, "enable_q");
    EXPECT_EQ(found.control_sets, 2);
  }
}

TEST(Physical, AnInverterIsPartOfWhatItDrivesButForClockEnables) {
  Made made;
  const int reset = made.reg(-1, -1, "reset_q");
  for (int i = 0; i < kMostRegisterLoads; ++i) made.reg(made.inverter(reset));
  EXPECT_TRUE(made.find().passes()) << "256 loads of one register";
  made.reg(made.inverter(reset));
  ASSERT_EQ(made.find().wide.size(), 1U);
  EXPECT_EQ(made.find().wide[0].name, "reset_q");
  EXPECT_EQ(made.find().wide[0].loads, kMostRegisterLoads + 1);

  Made enables;
  const int enable = enables.inverter(enables.reg(-1), "enable");
  for (int i = 0; i < kMostLutLoads + 1; ++i) enables.reg(-1, enable);
  ASSERT_EQ(enables.find().wide.size(), 1U);
  EXPECT_EQ(enables.find().wide[0].name, "enable");
}

TEST(Physical, AMemorysOutputRegistersHaveOneEnable) {
  // Memories of one bit each: an enable for each, not for each register.
  for (const bool other_reader : {false, true}) {
    Made made;
    const int enable = made.lut(made.reg(-1), "enable");
    for (int i = 0; i < kMostLutLoads; ++i) made.reg(made.block_ram(made.reg(-1)), enable);
    EXPECT_TRUE(made.find().passes());
    const int ram = made.block_ram_of(kMostLutLoads);
    std::vector<int> words;
    for (int bit = 0; bit < kMostLutLoads; ++bit) words.push_back(made.reg(ram + bit, enable));
    if (other_reader) made.reg(ram);
    const Physical found = made.find();
    ASSERT_EQ(found.wide.size(), 1U);
    EXPECT_EQ(found.wide[0].loads, kMostLutLoads + (other_reader ? kMostLutLoads : 1));
    EXPECT_EQ(found.enables.empty() ? 0 : found.enables[0].loads, other_reader ? kMostLutLoads : 0);
  }
}

TEST(Physical, BitsOfOneNameAreOneFinding) {
  Made made;
  for (const char* name : {"select[0]", "select[1]"}) {
    const int wide = made.lut(made.reg(-1), name);
    for (int i = 0; i < 70; ++i) made.reg(wide);
  }
  const Physical found = made.find();
  ASSERT_EQ(found.wide.size(), 1U);
  EXPECT_EQ(found.wide[0].bits, 2);
}

TEST(Physical, AReadOfBlockRamCostsThreeLevelsUnlessARegisterTakesIt) {
  for (const int luts : {0, 1, 2}) {
    Made made;
    int at = made.block_ram(made.reg(-1));
    for (int i = 0; i < luts; ++i) at = made.lut(at);
    made.reg(at, -1, "end");
    const Physical found = made.find();
    EXPECT_EQ(found.ram.endpoints, luts == 2 ? 1 : 0) << luts;
    if (luts == 2) {
      EXPECT_EQ(found.ram.worst, 5);
      EXPECT_EQ(found.ram.to, "end");
    }
  }
}

TEST(Physical, APortHasOneLevel) {
  for (const int luts : {1, 2}) {
    Made made;
    int at = made.port("ready_i");
    for (int i = 0; i < luts; ++i) at = made.lut(at);
    made.reg(at);
    const Physical found = made.find();
    EXPECT_EQ(found.port.endpoints, luts == 2 ? 1 : 0);
    EXPECT_EQ(found.port.from, luts == 2 ? "ready_i" : "");
  }
}

TEST(Physical, TheModelsSlackFallsWithLevelsAndLoads) {
  const auto slack = [](int luts, int loads) {
    Made made;
    int at = made.reg(-1);
    for (int i = 0; i < luts; ++i) at = made.lut(at);
    for (int i = 0; i < loads; ++i) made.reg(at);
    return made.find().slack_ns;
  };
  EXPECT_NEAR(slack(0, 1), kPeriodNs - 0.08 - 0.15 - 0.03, 1e-9);
  EXPECT_NEAR(slack(1, 1), slack(0, 1) - 0.10 - 0.15, 1e-9);
  EXPECT_NEAR(slack(1, 16), slack(1, 1) - 0.2, 1e-9);
}

/// How often each type of cell is in Yosys' netlist of a module of rtl/common.
std::map<std::string, int> synthesised(const std::string& module, const std::string& parameter, int value) {
  const TemporaryFolder folder;
  const std::string stem = folder / "netlist";
  std::ofstream(stem + ".ys") << fmt::format(
      "read_verilog -sv -DSYNTHESIS " RTL_COMMON
      "{0}.sv\nchparam -set {1} {2} {0}\nhierarchy -top {0}\n"
      "synth_xilinx -family xcup -flatten -noiopad -noclkbuf\nwrite_json {3}.json\n",
      module, parameter, value, stem);
  std::map<std::string, int> cells;
  EXPECT_EQ(std::system(("yosys -q -s " + stem + ".ys > " + stem + ".log 2>&1").c_str()), 0) << module;
  for (const Cell& cell : read_netlist(stem + ".json").cells) ++cells[cell.type];
  return cells;
}

/// What keeps the copies apart is an attribute that Yosys might lose on the way.
TEST(Fanout, its_copies_survive_synthesis) {
  EXPECT_EQ(synthesised("synward_fanout", "Copies", 5), (std::map<std::string, int>{{"FDRE", 5}}));
}

TEST(SlrPipe, its_registers_survive_synthesis) {
  EXPECT_EQ(synthesised("synward_slr_pipe", "Width", 7), (std::map<std::string, int>{{"FDRE", 14}}));
}

}  // namespace
}  // namespace synward::synth
