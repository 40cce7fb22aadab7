// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include "netlist.hpp"

namespace synward::synth {

/// What drives a net, as far as placement cares.
enum class Driver { lut, registers, memory, port };

/// A net with more loads than it should have. Bits of one name are one finding.
struct WideNet {
  std::string name;  ///< without the bits' numbers
  int bits = 0;      ///< as many of its bits are over the limit
  int loads = 0;     ///< of the widest bit
  Driver driver = Driver::lut;
  std::map<std::string, int> kinds;  ///< loads of the widest bit: "LUT", "FF.D", "FF.CE", "FF.R", "RAM.address", ...
};

/// Endpoints whose path begins in a memory without output register, or at a port, and is deeper than the limit.
struct Starts {
  int endpoints = 0;  ///< over the limit
  int worst = 0;      ///< levels, the start's cost included
  std::string from, to;
};

struct Enable {
  std::string name;
  int loads = 0;
};

/// What a placer and a router suffer from, read from the netlist: no placement is known.
struct Physical {
  std::vector<WideNet> wide;  ///< over the limits below, widest first
  Starts ram, port;
  int control_sets = 0;         ///< distinct clock, enable and set or reset
  std::vector<Enable> enables;  ///< clock enables and resets with the most loads, widest first, at most four
  double slack_ns = 0;          ///< worst, at 3.1 ns, by the model; see kModel
  std::string slack_from, slack_to;

  bool passes() const { return wide.empty() && ram.endpoints == 0 && port.endpoints == 0; }
};

constexpr int kMostLutLoads = 64;        ///< of a net driven by a LUT, a carry chain or a memory
constexpr int kMostRegisterLoads = 256;  ///< of a net driven by a register, or by a port: the register before it
constexpr int kMostLevels = 4;           ///< start cost included
constexpr int kMostPortLevels = 1;
constexpr double kPeriodNs = 3.1;

/// Levels that a start costs before its first LUT: a read of block RAM or UltraRAM that goes straight into a register
/// is that memory's output register, and costs none.
constexpr int kBlockRamStart = 3, kUltraRamStart = 4, kLutMemoryStart = 1;

constexpr const char* kModel =
    "model: register to pin 0.08 ns, block RAM 1.0, UltraRAM 1.3, either behind its output register 0.30, LUT memory "
    "0.25, LUT 0.10, MUXF 0.06, CARRY4 0.04 and 0.10 to enter, "
    "a net 0.15 + 0.05 log2(loads), setup 0.03, of an enable or reset 0.10";

Physical find_physical(const Netlist& netlist);

}  // namespace synward::synth
