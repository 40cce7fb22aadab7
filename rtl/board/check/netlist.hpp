// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace synward::card {

/// A path from one clock into another: between registers, or pins of black boxes.
struct Crossing {
  std::string from, to;  ///< cells, as Vivado names them
  std::string to_pin;
};

/// A bit that one pblock's cell drives and another's takes.
struct Wire {
  std::string from, to_pin;
  bool registers = false;  ///< from a register to a register's data
};

/// What a flattened netlist of Yosys (write_json) says of a design, by Vivado's names: "/" between levels, "_reg"
/// behind registers.
struct Netlist {
  std::vector<std::string> ports, cells, pins;
  std::set<std::string> clocks;         ///< what clocks registers: ports, or pins of black boxes
  std::vector<std::string> hard_ports;  ///< ports that only reach pins which an IP places (transceivers)
  std::set<std::string> open_pins;      ///< inputs of black boxes with a bit that nothing drives
  std::vector<Crossing> crossings;
};

/// Ports of a module with their widths.
using Ports = std::map<std::string, std::size_t>;

/// Throws std::runtime_error, which names the file.
Netlist read_netlist(const std::string& json_file);
/// Wires between pblocks. `pblock_of`: by cell, with all that is within it; the innermost counts. Left out is what an
/// IP drives or takes, since it stands where the IP does, and what stands in no pblock.
std::vector<Wire> read_wires(const std::string& json_file, const std::map<std::string, std::string>& pblock_of);
Ports read_ports(const std::string& json_file);
/// Those of them that the module drives.
std::set<std::string> read_outputs(const std::string& json_file);

}  // namespace synward::card
