// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace synward::synth {

/// One bit of a cell's port.
struct Pin {
  std::string port;
  int bit = 0;
  int net = -1;  ///< -1: a constant
  bool output = false;
};

struct Cell {
  std::string name, type;
  std::vector<Pin> pins;
};

/// A named bit of a module's port or net.
struct NamedBit {
  std::string name;
  int net = -1;
};

/// The top module of a Yosys netlist.
struct Netlist {
  std::string top;
  std::vector<NamedBit> inputs, outputs;
  std::vector<Cell> cells;
  std::vector<std::string> net_names;  ///< by net; the shortest of its names, empty where it has none
};

/// Reads what `write_json` wrote. Throws std::runtime_error with one line that says what is wrong.
Netlist read_netlist(const std::filesystem::path& file);

}  // namespace synward::synth
