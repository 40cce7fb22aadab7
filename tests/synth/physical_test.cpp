// SPDX-License-Identifier: BSD-2-Clause
// The physical gate on netlists made by hand: each limit from both sides.
#include "synth/physical.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

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

}  // namespace
}  // namespace synward::synth
