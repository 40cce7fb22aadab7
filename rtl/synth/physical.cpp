// SPDX-License-Identifier: BSD-2-Clause
#include "physical.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <tuple>
#include <unordered_map>

#include "primitives.hpp"

namespace synward::synth {

namespace {

bool is_register(const Cell& cell) { return cell.type.starts_with("FD"); }

std::string without_bits(const std::string& name) {
  std::string group;
  for (const char c : name) {
    const bool in_number = !group.empty() && group.back() == '[' && c != ']';
    if (!in_number) group += c;
  }
  return group;
}

std::string load_kind(const Cell& cell, const Pin& pin) {
  const std::string& t = cell.type;
  if (t.starts_with("LUT") || t == "INV") return "LUT";
  if (t.starts_with("CARRY")) return "CARRY";
  if (t.starts_with("MUXF")) return "MUXF";
  if (is_register(cell))
    return "FF." + std::string(pin.port == "S" || pin.port == "CLR" || pin.port == "PRE" ? "R" : pin.port);
  const bool address =
      pin.port.find("ADDR") != std::string::npos || pin.port.starts_with("A") || pin.port.starts_with("DPRA");
  return std::string(t.starts_with("URAM")   ? "URAM"
                     : t.starts_with("RAMB") ? "BRAM"
                                             : "LUTRAM") +
         (address ? ".address" : ".data");
}

/// The arrival at a net: of the start that it is asked for, in levels and in ns.
struct Arrival {
  bool reached = false;
  int levels = 0;
  double ns = 0;
  int start = -1;  ///< net at which the path begins
};

class Search {
 public:
  explicit Search(const Netlist& netlist) : netlist_(netlist), absorbed_(netlist.cells.size(), false) {
    for (const Cell& cell : netlist.cells) kinds_.push_back(kind_of(cell));
    for (std::size_t c = 0; c < netlist.cells.size(); ++c) {
      for (const Pin& pin : netlist.cells[c].pins) {
        if (pin.output && pin.net >= 0) driver_[pin.net] = {c, &pin};
      }
    }
    for (const Cell& cell : netlist.cells) {
      for (const Pin& pin : cell.pins) {
        if (!pin.output && pin.net >= 0 && !is_clock(pin.port)) readers_[pin.net].push_back(&cell);
      }
    }
    for (std::size_t c = 0; c < netlist.cells.size(); ++c) find_output_registers(c);
    for (std::size_t c = 0; c < netlist.cells.size(); ++c) {
      for (const Pin& pin : netlist.cells[c].pins) {
        if (const int net = loaded(c, pin); net >= 0) ++loads_[net];
      }
    }
    for (const NamedBit& input : netlist.inputs) ports_[input.net] = input.name;
  }

  /// The net that this pin loads once placed, or none. An inverter is part of what it drives, but for clock enables,
  /// which have none. Output registers that a memory takes in have its one enable and its one reset.
  int loaded(std::size_t cell, const Pin& pin) const {
    if (pin.output || pin.net < 0 || is_clock(pin.port) || netlist_.cells[cell].type == "INV") return -1;
    if (absorbed_[cell] && pin.port != "D") return -1;
    int net = pin.net;
    if (pin.port == "CE") return net;
    for (const Cell* inverter = driver(net); inverter != nullptr && inverter->type == "INV"; inverter = driver(net)) {
      net = input_of(*inverter);
    }
    return net;
  }
  bool is_absorbed(std::size_t cell) const { return absorbed_[cell]; }
  /// The enables and resets of output registers, one for each memory that took them in.
  const std::vector<int>& memory_controls() const { return memory_controls_; }

  int loads(int net) const {
    const auto found = loads_.find(net);
    return found == loads_.end() ? 0 : found->second;
  }
  std::string name(int net) const {
    if (const auto port = ports_.find(net); port != ports_.end()) return port->second;
    const auto n = static_cast<std::size_t>(net);
    if (net >= 0 && n < netlist_.net_names.size() && !netlist_.net_names[n].empty()) return netlist_.net_names[n];
    return unnamed(net);
  }
  /// Where to look for a net without a name: the first named one behind it.
  std::string unnamed(int net) const {
    constexpr std::size_t kFar = 64;
    std::vector<int> behind{net};
    for (std::size_t at = 0; at < behind.size() && at < kFar; ++at) {
      const auto readers = readers_.find(behind[at]);
      if (readers == readers_.end()) continue;
      for (const Cell* cell : readers->second) {
        for (const Pin& pin : cell->pins) {
          if (!pin.output || pin.net < 0) continue;
          const std::string& its = netlist_.net_names[static_cast<std::size_t>(pin.net)];
          if (!its.empty()) return "(unnamed, before " + its + ")";
          behind.push_back(pin.net);
        }
      }
    }
    return "(unnamed)";
  }
  const Cell* driver(int net) const {
    const auto found = driver_.find(net);
    return found == driver_.end() ? nullptr : &netlist_.cells[found->second.cell];
  }
  Driver driver_kind(int net) const {
    const auto found = driver_.find(net);
    if (found == driver_.end()) return Driver::port;
    if (kinds_[found->second.cell] == Kind::clocked)
      return is_register(netlist_.cells[found->second.cell]) ? Driver::registers : Driver::memory;
    return Driver::lut;
  }

  enum class From { ram, port, any };
  /// The latest arrival behind `net`'s wire: from memories or ports by levels, from anywhere by the model.
  const Arrival& arrival(int net, From from) {
    auto& known = arrivals_[static_cast<std::size_t>(from)];
    const auto [entry, is_new] = known.try_emplace(net);
    if (is_new) {
      Arrival found = find(net, from);
      found.ns += 0.15 + 0.05 * std::log2(std::max(1, loads(net)));
      known.at(net) = found;
    }
    return known.at(net);
  }

 private:
  struct At {
    std::size_t cell;
    const Pin* pin;
  };

  static int input_of(const Cell& inverter) {
    for (const Pin& pin : inverter.pins) {
      if (!pin.output) return pin.net;
    }
    return -1;
  }
  static int net_of(const Cell& cell, std::initializer_list<const char*> ports) {
    for (const Pin& pin : cell.pins) {
      for (const char* port : ports) {
        if (pin.port == port) return pin.net;
      }
    }
    return -1;
  }
  /// Whether all that is read of a memory goes into registers of one enable and one reset and nowhere else: then they
  /// are the memory's own (UG901, "RAM with output register").
  void find_output_registers(std::size_t memory) {
    const Cell& ram = netlist_.cells[memory];
    if (kinds_[memory] != Kind::clocked || is_register(ram)) return;
    std::vector<const Cell*> taken;
    for (const Pin& pin : ram.pins) {
      if (!pin.output || pin.net < 0) continue;
      const auto found = readers_.find(pin.net);
      if (found == readers_.end()) continue;
      if (found->second.size() != 1 || !is_register(*found->second[0])) return;
      if (net_of(*found->second[0], {"D"}) != pin.net) return;
      taken.push_back(found->second[0]);
    }
    if (taken.empty()) return;
    const auto controls = [](const Cell& cell) {
      return std::pair(net_of(cell, {"CE"}), net_of(cell, {"R", "S", "CLR", "PRE"}));
    };
    const auto [enable, reset] = controls(*taken[0]);
    for (const Cell* cell : taken) {
      if (controls(*cell) != std::pair(enable, reset)) return;
    }
    for (const Cell* cell : taken) absorbed_[static_cast<std::size_t>(cell - netlist_.cells.data())] = true;
    for (const int net : {enable, reset}) {
      if (net < 0) continue;
      memory_controls_.push_back(net);
      ++loads_[net];
    }
  }

  static int start_levels(const Cell& cell) {
    if (cell.type.starts_with("URAM")) return kUltraRamStart;
    if (cell.type.starts_with("RAMB")) return kBlockRamStart;
    return kLutMemoryStart;
  }
  double start_ns(std::size_t at) const {
    const Cell& cell = netlist_.cells[at];
    if (is_register(cell)) return absorbed_[at] ? 0.30 : 0.08;
    if (cell.type.starts_with("URAM")) return 1.3;
    if (cell.type.starts_with("RAMB")) return 1.0;
    return 0.25;
  }
  static double cell_ns(Kind kind, const Cell& cell, const Pin& in) {
    switch (kind) {
      case Kind::lut:
      case Kind::lut_memory:
        return 0.10;
      case Kind::carry:
        return in.port == "CI" ? 0.04 : 0.14;
      default:
        return cell.type == "INV" ? 0 : 0.06;
    }
  }

  Arrival find(int net, From from) {
    const auto driver = driver_.find(net);
    if (driver == driver_.end()) {
      const bool starts = from != From::ram && ports_.contains(net);
      return {.reached = starts, .levels = 0, .ns = 0.08, .start = net};
    }
    const auto [c, out] = driver->second;
    const Cell& cell = netlist_.cells[c];
    const Kind kind = kinds_[c];
    const bool memory = kind == Kind::lut_memory || (kind == Kind::clocked && !is_register(cell));
    Arrival best;
    const bool starts = from == From::any ? kind == Kind::clocked || memory : from == From::ram && memory;
    if (starts) best = {.reached = true, .levels = start_levels(cell), .ns = start_ns(c), .start = net};
    if (kind == Kind::clocked) return best;
    for (const Pin& in : cell.pins) {
      if (in.output || in.net < 0 || !has_arc(kind, in, *out)) continue;
      Arrival before = arrival(in.net, from);
      if (!before.reached) continue;
      before.levels += kind == Kind::lut || kind == Kind::lut_memory;
      before.ns += cell_ns(kind, cell, in);
      const bool later = from == From::any ? before.ns > best.ns : before.levels > best.levels;
      if (!best.reached || later) best = before;
    }
    return best;
  }

  const Netlist& netlist_;
  std::vector<Kind> kinds_;
  std::unordered_map<int, At> driver_;
  std::unordered_map<int, std::vector<const Cell*>> readers_;
  std::vector<bool> absorbed_;
  std::vector<int> memory_controls_;
  std::unordered_map<int, int> loads_;
  std::unordered_map<int, std::string> ports_;
  std::unordered_map<int, Arrival> arrivals_[3];
};

std::vector<WideNet> find_wide(const Netlist& netlist, const Search& search) {
  std::map<std::string, WideNet> found;
  std::unordered_map<int, std::map<std::string, int>> kinds;
  for (std::size_t c = 0; c < netlist.cells.size(); ++c) {
    for (const Pin& pin : netlist.cells[c].pins) {
      const int net = search.loaded(c, pin);
      if (net >= 0 && search.loads(net) > kMostLutLoads) ++kinds[net][load_kind(netlist.cells[c], pin)];
    }
  }
  for (const int net : search.memory_controls()) {
    if (search.loads(net) > kMostLutLoads) ++kinds[net]["memory.output"];
  }
  for (auto& [net, by_kind] : kinds) {
    const Driver driver = search.driver_kind(net);
    const bool drives_itself = driver == Driver::lut || driver == Driver::memory;
    const int loads = search.loads(net);
    if (loads <= (drives_itself ? kMostLutLoads : kMostRegisterLoads)) continue;
    WideNet& wide = found[without_bits(search.name(net)) + (drives_itself ? "" : " register")];
    ++wide.bits;
    if (loads <= wide.loads) continue;
    wide.name = without_bits(search.name(net));
    wide.loads = loads;
    wide.driver = driver;
    wide.kinds = by_kind;
  }
  std::vector<WideNet> all;
  for (auto& [name, wide] : found) all.push_back(std::move(wide));
  std::stable_sort(all.begin(), all.end(), [](const WideNet& a, const WideNet& b) { return a.loads > b.loads; });
  return all;
}

void count(Starts& starts, const Search& search, const Arrival& arrival, int most, const std::string& to) {
  if (!arrival.reached || arrival.levels <= most) return;
  ++starts.endpoints;
  if (arrival.levels <= starts.worst) return;
  starts.worst = arrival.levels;
  starts.from = search.name(arrival.start);
  starts.to = to;
}

}  // namespace

Physical find_physical(const Netlist& netlist) {
  Search search(netlist);
  Physical physical;
  physical.wide = find_wide(netlist, search);
  physical.slack_ns = kPeriodNs;
  std::set<std::tuple<int, int, int>> sets;
  std::map<int, int> enables;
  for (std::size_t c = 0; c < netlist.cells.size(); ++c) {
    const Cell& cell = netlist.cells[c];
    const Kind kind = kind_of(cell);
    if (kind != Kind::clocked && kind != Kind::lut_memory) continue;
    int clock = -1, enable = -1, reset = -1, q = -1;
    for (const Pin& pin : cell.pins) {
      if (is_register(cell)) {
        if (pin.port == "C") clock = pin.net;
        if (pin.port == "CE") enable = pin.net;
        if (pin.port == "R" || pin.port == "S" || pin.port == "CLR" || pin.port == "PRE") reset = pin.net;
        if (pin.port == "Q") q = pin.net;
      }
    }
    if (is_register(cell) && !search.is_absorbed(c)) {
      sets.insert({clock, enable, reset});
      for (const int net : {enable, reset}) {
        if (net >= 0) ++enables[net];
      }
    }
    for (const Pin& pin : cell.pins) {
      if (pin.output || pin.net < 0 || is_clock(pin.port)) continue;
      // A shift register's tap and a memory's read address are looked at where the path ends, behind it.
      const std::string to = q >= 0 ? search.name(q) : cell.type + " " + cell.name;
      const Cell* driver = search.driver(pin.net);
      const bool output_register = is_register(cell) && pin.port == "D" && driver != nullptr &&
                                   kind_of(*driver) == Kind::clocked && search.loads(pin.net) == 1;
      if (!output_register) {
        count(physical.ram, search, search.arrival(pin.net, Search::From::ram), kMostLevels, to);
      }
      count(physical.port, search, search.arrival(pin.net, Search::From::port), kMostPortLevels, to);
      const Arrival& any = search.arrival(pin.net, Search::From::any);
      if (!any.reached) continue;
      const bool absorbed = output_register && !is_register(*driver);
      const double slack =
          kPeriodNs - (absorbed ? 0.5 : any.ns) - (pin.port == "D" || pin.port.starts_with("D") ? 0.03 : 0.10);
      if (slack >= physical.slack_ns) continue;
      physical.slack_ns = slack;
      physical.slack_from = search.name(any.start);
      physical.slack_to = to;
    }
  }
  physical.control_sets = static_cast<int>(sets.size());
  for (const auto& [net, loads] : enables) {
    physical.enables.push_back({search.name(net), loads});
  }
  std::stable_sort(physical.enables.begin(), physical.enables.end(),
                   [](const Enable& a, const Enable& b) { return a.loads > b.loads; });
  physical.enables.resize(std::min<std::size_t>(physical.enables.size(), 4));
  return physical;
}

}  // namespace synward::synth
