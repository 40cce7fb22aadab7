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
  explicit Search(const Netlist& netlist) : netlist_(netlist) {
    for (const Cell& cell : netlist.cells) kinds_.push_back(kind_of(cell));
    for (std::size_t c = 0; c < netlist.cells.size(); ++c) {
      for (const Pin& pin : netlist.cells[c].pins) {
        if (pin.net < 0) continue;
        if (pin.output)
          driver_[pin.net] = {c, &pin};
        else if (!is_clock(pin.port))
          ++loads_[pin.net];
      }
    }
    for (const NamedBit& input : netlist.inputs) ports_[input.net] = input.name;
  }

  int loads(int net) const {
    const auto found = loads_.find(net);
    return found == loads_.end() ? 0 : found->second;
  }
  std::string name(int net) const {
    if (const auto port = ports_.find(net); port != ports_.end()) return port->second;
    const auto n = static_cast<std::size_t>(net);
    if (net >= 0 && n < netlist_.net_names.size() && !netlist_.net_names[n].empty()) return netlist_.net_names[n];
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

  static int start_levels(const Cell& cell) {
    if (cell.type.starts_with("URAM")) return kUltraRamStart;
    if (cell.type.starts_with("RAMB")) return kBlockRamStart;
    return kLutMemoryStart;
  }
  static double start_ns(const Cell& cell) {
    if (cell.type.starts_with("FD")) return 0.08;
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
    if (starts) best = {.reached = true, .levels = start_levels(cell), .ns = start_ns(cell), .start = net};
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
  std::unordered_map<int, int> loads_;
  std::unordered_map<int, std::string> ports_;
  std::unordered_map<int, Arrival> arrivals_[3];
};

std::vector<WideNet> find_wide(const Netlist& netlist, const Search& search) {
  std::map<std::string, WideNet> found;
  std::unordered_map<int, std::map<std::string, int>> kinds;
  for (const Cell& cell : netlist.cells) {
    for (const Pin& pin : cell.pins) {
      if (pin.output || pin.net < 0 || is_clock(pin.port) || search.loads(pin.net) <= kMostLutLoads) continue;
      ++kinds[pin.net][load_kind(cell, pin)];
    }
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
  for (const Cell& cell : netlist.cells) {
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
    if (is_register(cell)) sets.insert({clock, enable, reset});
    for (const int net : {enable, reset}) {
      if (net >= 0) ++enables[net];
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
