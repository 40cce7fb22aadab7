// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include "netlist.hpp"

namespace synward::synth {

/// How deep a path is. The gate is "at most 4 LUT levels, or 2 LUT levels and 8 CARRY8": a CARRY8 counts as a quarter
/// of a level, so that the budget is the straight line between these corners.
struct Depth {
  int luts = 0;
  int carry8 = 0;

  int quarters() const { return 4 * luts + carry8; }
  bool passes() const { return quarters() <= 16; }
};

/// The deepest path to one endpoint.
struct Path {
  Depth depth;
  std::string from, to;
  std::vector<std::string> via;  ///< cells between, from the start on: type and the net it drives
};

/// Where paths start and end: only those between registers (or memories) are gated.
enum class Between { registers, port_to_register, to_port };

struct Group {
  std::string to;  ///< registers of one name, any bit
  int endpoints = 0;
  Path worst;
};

struct PathReport {
  int endpoints = 0;
  Path worst;
  std::map<int, int> by_luts;  ///< endpoints by LUT levels of their deepest path
  std::vector<Group> failing;  ///< worst first
};

/// The deepest paths of a netlist of Xilinx primitives. LUTs, and LUTs read as memories, are levels; MUXF7 to MUXF9 and
/// INV are not. Every second CARRY4 of a chain, counted from its start, opens a new CARRY8. Throws std::runtime_error
/// on a cell that is not known and on a combinational loop.
std::map<Between, PathReport> find_paths(const Netlist& netlist);

}  // namespace synward::synth
