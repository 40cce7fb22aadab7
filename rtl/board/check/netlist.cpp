// SPDX-License-Identifier: BSD-2-Clause
#include "netlist.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unordered_map>

namespace synward::card {

namespace {

using nlohmann::json;

constexpr int kConstant = -1;

/// The pins of a vendor's black box and the pin that clocks them; `prefix` of the pin, the longest that fits. Our own
/// have clk_i.
struct PinClock {
  const char* cell;
  const char* prefix;
  const char* clock;  ///< a pin of the cell; "" for what has no clock, or is static
};
constexpr PinClock kPinClocks[] = {
    {"synward_cmac_", "", "gt_txusrclk2"}, {"synward_cmac_", "sys_reset", "init_clk"},
    {"synward_cmac_", "gt_", ""},          {"synward_cmac_", "gt_loopback_in", "init_clk"},
    {"synward_pcie_ip", "", "axi_aclk"},   {"synward_pcie_ip", "sys_", ""},
    {"synward_pcie_ip", "pci_", ""},       {"synward_engine_ip", "", "ap_clk"},
};
/// Pins that leave the card where an IP's place says.
constexpr const char* kHardPins[] = {"gt_rxp_in", "gt_rxn_in", "gt_txp_out", "gt_txn_out", "pci_exp_"};

bool begins(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

/// "$flatten\a.\b.$procdff$1" -> "a/b/$procdff$1"; a backslash or dot that Yosys put in goes.
std::string path_of(std::string name) {
  if (begins(name, "$flatten")) name.erase(0, 8);
  std::string path;
  for (const char c : name)
    if (c != '\\') path += c == '.' ? '/' : c;
  return path;
}
std::string parent_of(const std::string& path) {
  const std::size_t at = path.rfind('/');
  return at == std::string::npos ? "" : path.substr(0, at);
}

class Reader {
 public:
  explicit Reader(const json& module) : module_(module) {
    name_bits();
    read_cells();
  }

  std::vector<Wire> wires(const std::map<std::string, std::string>& pblock_of) const {
    std::vector<Wire> found;
    for (const Cell& to : cells_)
      for (const auto& [pin, bits] : (*to.node)["connections"].items()) {
        if ((*to.node)["port_directions"][pin] != "input" || pin == "CLK" || pin == "clk_i" || is_ip(to)) continue;
        const bool data = to.flop && pin == "D";
        for (std::size_t i = 0; i < bits.size(); ++i) {
          const Cell* driver = driver_of(bit_of(bits[i]));
          if (driver == nullptr || is_ip(*driver)) continue;
          const Cell& from = *driver;
          const std::string source = from.flop ? register_of(from, bit_of(bits[i])) : from.path;
          const std::string sink =
              to.flop ? register_of(to, bit_of((*to.node)["connections"]["Q"][data ? i : 0])) : to.path;
          const std::string here = innermost(pblock_of, source), there = innermost(pblock_of, sink);
          if (here.empty() || there.empty() || here == there) continue;
          found.push_back({source, sink + "/" + pin, from.flop && data});
        }
      }
    return found;
  }

  Netlist read() {
    Netlist netlist;
    for (const auto& [name, port] : module_["ports"].items()) add_port(netlist, name, port);
    for (std::size_t i = 0; i < cells_.size(); ++i) add_cell(netlist, i);
    std::set<std::string> instances;
    for (const std::string& cell : netlist.cells)
      for (std::string up = parent_of(cell); !up.empty(); up = parent_of(up)) instances.insert(up);
    netlist.cells.insert(netlist.cells.end(), instances.begin(), instances.end());
    std::sort(netlist.cells.begin(), netlist.cells.end());
    netlist.cells.erase(std::unique(netlist.cells.begin(), netlist.cells.end()), netlist.cells.end());
    return netlist;
  }

 private:
  struct Cell {
    std::string path, type;
    const json* node = nullptr;
    bool flop = false, box = false;
  };
  struct Source {
    std::size_t cell;
    int clock;  ///< bit that clocks it; kConstant: none
  };

  /// A register, a memory, logic or a black box; null for an input of the design and for a constant.
  const Cell* driver_of(int bit) const {
    if (const auto found = drivers_.find(bit); found != drivers_.end()) return &cells_[found->second.first];
    const auto memory = memories_.find(bit);
    return memory == memories_.end() ? nullptr : &cells_[memory->second];
  }
  static bool is_ip(const Cell& cell) {
    return cell.box && std::any_of(std::begin(kPinClocks), std::end(kPinClocks),
                                   [&cell](const PinClock& row) { return begins(cell.type, row.cell); });
  }
  static std::string innermost(const std::map<std::string, std::string>& pblock_of, std::string cell) {
    for (; !cell.empty(); cell = parent_of(cell))
      if (const auto found = pblock_of.find(cell); found != pblock_of.end()) return found->second;
    return "";
  }
  static int bit_of(const json& bit) { return bit.is_number() ? bit.get<int>() : kConstant; }

  void name_bits() {
    for (const auto& [name, net] : module_["netnames"].items()) {
      if (net.value("hide_name", 0) != 0) continue;
      const std::string path = path_of(name);
      const auto& bits = net["bits"];
      for (std::size_t i = 0; i < bits.size(); ++i)
        if (bits[i].is_number())
          names_[bit_of(bits[i])].push_back(bits.size() == 1 ? path + "_reg"
                                                             : path + "_reg[" + std::to_string(i) + "]");
    }
  }
  void read_cells() {
    for (const auto& [name, cell] : module_["cells"].items()) {
      Cell made{path_of(name), cell["type"], &cell};
      made.flop = made.type == "$dff" || made.type == "$adff";
      made.box = made.type[0] != '$';
      const bool memory = begins(made.type, "$mem");
      cells_.push_back(made);
      for (const auto& [port, bits] : cell["connections"].items()) {
        if (cell["port_directions"][port] != "output") continue;
        for (const auto& bit : bits) {
          if (!bit.is_number()) continue;
          // Between clocks a RAM is a border: its two sides are two clocks' own.
          if (memory)
            memories_[bit_of(bit)] = cells_.size() - 1;
          else
            drivers_[bit_of(bit)] = {cells_.size() - 1, port};
        }
      }
    }
    std::set<int> port_bits;
    for (const auto& [name, port] : module_["ports"].items())
      for (const auto& bit : port["bits"])
        if (bit.is_number()) {
          port_bits.insert(bit_of(bit));
          if (port["direction"] != "output") inputs_[bit_of(bit)] = name;
        }
    for (const Cell& cell : cells_)
      for (const auto& [pin, bits] : (*cell.node)["connections"].items())
        for (const auto& bit : bits)
          if (bit.is_number() && port_bits.count(bit_of(bit)) != 0) port_pins_[bit_of(bit)].push_back(pin);
  }

  /// The register that a flop's output bit is: a name in the flop's own module, one with _q before others.
  std::string register_of(const Cell& cell, int bit) const {
    const std::string parent = parent_of(cell.path);
    std::string best;
    if (const auto found = names_.find(bit); found != names_.end())
      for (const std::string& name : found->second) {
        if (parent_of(name) != parent) continue;
        const bool state = name.find("_q_reg") != std::string::npos;
        if (best.empty() || (state && best.find("_q_reg") == std::string::npos)) best = name;
      }
    return best.empty() ? cell.path : best;
  }
  std::string clock_name(int bit) const {
    if (const auto in = inputs_.find(bit); in != inputs_.end()) return in->second;
    if (const auto driver = drivers_.find(bit); driver != drivers_.end())
      return cells_[driver->second.first].path + "/" + driver->second.second;
    return "nothing";
  }
  int connected(const Cell& cell, const char* pin) const {
    const auto& connections = (*cell.node)["connections"];
    return connections.contains(pin) && !connections[pin].empty() ? bit_of(connections[pin][0]) : kConstant;
  }
  /// Clock of a black box's pin.
  int box_clock(const Cell& cell, const std::string& pin) const {
    const PinClock* best = nullptr;
    for (const PinClock& row : kPinClocks)
      if (begins(cell.type, row.cell) && begins(pin, row.prefix) &&
          (best == nullptr || std::string(row.prefix).size() > std::string(best->prefix).size()))
        best = &row;
    if (best == nullptr) return connected(cell, "clk_i");
    return *best->clock == '\0' ? kConstant : connected(cell, best->clock);
  }

  /// Clocks that a bit's value comes from; of registers and black boxes behind any logic.
  const std::set<int>& clocks_of(int bit) {
    static const std::set<int> none;
    const auto driver = drivers_.find(bit);
    if (bit == kConstant || driver == drivers_.end()) return none;
    const auto& [index, pin] = driver->second;
    const Cell& cell = cells_[index];
    // Logic is asked once for each cell, a black box for each pin.
    const std::pair<std::size_t, std::string> key{index, cell.box ? pin : std::string()};
    if (const auto known = clocks_.find(key); known != clocks_.end()) return known->second;
    std::set<int>& found = clocks_[key];  // a loop of logic adds nothing
    if (cell.flop || cell.box) {
      const int clock = cell.flop ? connected(cell, "CLK") : box_clock(cell, pin);
      if (clock != kConstant) found.insert(clock);
      return found;
    }
    for (const auto& [port, bits] : (*cell.node)["connections"].items())
      if ((*cell.node)["port_directions"][port] == "input")
        for (const auto& in : bits) {
          const std::set<int>& more = clocks_of(bit_of(in));
          found.insert(more.begin(), more.end());
        }
    return found;
  }
  /// Sources of a bit with their names.
  std::vector<std::pair<Source, std::string>> direct(int start) {
    std::vector<std::pair<Source, std::string>> found;
    std::vector<int> todo{start};
    std::set<int> seen;
    while (!todo.empty()) {
      const int bit = todo.back();
      todo.pop_back();
      if (bit == kConstant || !seen.insert(bit).second) continue;
      const auto driver = drivers_.find(bit);
      if (driver == drivers_.end()) continue;  // an input of the design, or a RAM
      const Cell& cell = cells_[driver->second.first];
      if (cell.flop) {
        found.push_back({{driver->second.first, connected(cell, "CLK")}, register_of(cell, bit)});
      } else if (cell.box) {
        found.push_back({{driver->second.first, box_clock(cell, driver->second.second)}, cell.path});
      } else {
        for (const auto& [port, bits] : (*cell.node)["connections"].items())
          if ((*cell.node)["port_directions"][port] == "input")
            for (const auto& in : bits) todo.push_back(bit_of(in));
      }
    }
    return found;
  }
  void check_sink(Netlist& netlist, int bit, int clock, const std::string& cell, const std::string& pin) {
    if (bit == kConstant || clock == kConstant) return;
    const std::set<int>& from = clocks_of(bit);
    if (from.empty() || (from.size() == 1 && *from.begin() == clock)) return;
    for (const auto& [source, name] : direct(bit))
      if (source.clock != kConstant && source.clock != clock) netlist.crossings.push_back({name, cell, pin});
  }

  void add_port(Netlist& netlist, const std::string& name, const json& port) {
    const auto& bits = port["bits"];
    std::vector<std::string> names;
    for (std::size_t i = 0; i < bits.size(); ++i)
      names.push_back(bits.size() == 1 ? name : name + "[" + std::to_string(i) + "]");
    bool hard = true;
    for (const auto& bit : bits) hard = hard && is_hard(bit_of(bit));
    netlist.ports.insert(netlist.ports.end(), names.begin(), names.end());
    if (hard) netlist.hard_ports.insert(netlist.hard_ports.end(), names.begin(), names.end());
  }
  bool is_hard(int bit) const {
    const auto pins = port_pins_.find(bit);
    if (pins == port_pins_.end()) return false;
    return std::all_of(pins->second.begin(), pins->second.end(), [](const std::string& pin) {
      return std::any_of(std::begin(kHardPins), std::end(kHardPins),
                         [&](const char* hard) { return begins(pin, hard); });
    });
  }
  void add_cell(Netlist& netlist, std::size_t index) {
    const Cell& cell = cells_[index];
    const auto& connections = (*cell.node)["connections"];
    if (cell.flop) {
      const int clock = connected(cell, "CLK");
      netlist.clocks.insert(clock_name(clock));
      const bool async = cell.type == "$adff";
      for (std::size_t i = 0; i < connections["Q"].size(); ++i) {
        const std::string name = register_of(cell, bit_of(connections["Q"][i]));
        netlist.cells.push_back(name);
        for (const char* pin : {"D", "C", "Q"}) netlist.pins.push_back(name + "/" + pin);
        check_sink(netlist, bit_of(connections["D"][i]), clock, name, name + "/D");
        if (async) {
          netlist.pins.push_back(name + "/CLR");
          check_sink(netlist, bit_of(connections["ARST"][0]), clock, name, name + "/CLR");
        }
      }
    } else if (cell.box) {
      netlist.cells.push_back(cell.path);
      for (const auto& [pin, bits] : connections.items()) {
        netlist.pins.push_back(cell.path + "/" + pin);
        if ((*cell.node)["port_directions"][pin] != "input") continue;
        if (bits.empty()) netlist.open_pins.insert(cell.path + "/" + pin);
        for (const auto& bit : bits) {
          check_sink(netlist, bit_of(bit), box_clock(cell, pin), cell.path, cell.path + "/" + pin);
          if (bit == "x" || bit == "z" ||
              (bit.is_number() && drivers_.count(bit_of(bit)) == 0 && inputs_.count(bit_of(bit)) == 0))
            netlist.open_pins.insert(cell.path + "/" + pin);
        }
      }
    }
  }

  const json& module_;
  std::vector<Cell> cells_;
  std::unordered_map<int, std::vector<std::string>> names_;
  std::unordered_map<int, std::pair<std::size_t, std::string>> drivers_;
  std::unordered_map<int, std::size_t> memories_;  ///< what a RAM reads
  std::unordered_map<int, std::string> inputs_;
  std::unordered_map<int, std::vector<std::string>> port_pins_;  ///< of cells, at the design's own ports
  std::map<std::pair<std::size_t, std::string>, std::set<int>> clocks_;
};

json parse(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file + ": cannot be read");
  return json::parse(in, nullptr, false);
}
const json& top_of(const json& all, const std::string& file) {
  if (!all.is_object() || !all.contains("modules")) throw std::runtime_error(file + ": no netlist of Yosys");
  for (const auto& [name, module] : all["modules"].items())
    if (module["attributes"].contains("top")) return module;
  throw std::runtime_error(file + ": no top module");
}

}  // namespace

Netlist read_netlist(const std::string& json_file) {
  const json all = parse(json_file);
  return Reader(top_of(all, json_file)).read();
}

std::vector<Wire> read_wires(const std::string& json_file, const std::map<std::string, std::string>& pblock_of) {
  const json all = parse(json_file);
  return Reader(top_of(all, json_file)).wires(pblock_of);
}

Ports read_ports(const std::string& json_file) {
  const json all = parse(json_file);
  Ports ports;
  for (const auto& [name, port] : top_of(all, json_file)["ports"].items()) ports[name] = port["bits"].size();
  return ports;
}

std::set<std::string> read_outputs(const std::string& json_file) {
  const json all = parse(json_file);
  std::set<std::string> outputs;
  for (const auto& [name, port] : top_of(all, json_file)["ports"].items())
    if (port["direction"] == "output") outputs.insert(name);
  return outputs;
}

}  // namespace synward::card
