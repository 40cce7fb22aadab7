// SPDX-License-Identifier: BSD-2-Clause
#include "paths.hpp"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

#include "primitives.hpp"

namespace synward::synth {

namespace {

/// The deepest way to a net from the starts of one kind.
struct Arrival {
  bool reached = false;
  Depth depth;
  int previous = -1;  ///< net
};

class Search {
 public:
  Search(const Netlist& netlist, bool from_ports) : netlist_(netlist), from_ports_(from_ports) {
    for (const NamedBit& input : netlist.inputs) input_names_[input.net] = input.name;
    for (std::size_t c = 0; c < netlist.cells.size(); ++c) {
      kinds_.push_back(kind_of(netlist.cells[c]));
      for (const Pin& pin : netlist.cells[c].pins) {
        if (pin.output && pin.net >= 0) driver_[pin.net] = {c, &pin};
      }
    }
  }

  const Arrival& arrival(int net) {
    const auto [entry, is_new] = arrivals_.try_emplace(net);
    if (is_new) {
      // References into the map stay valid while it grows.
      State& state = entry->second;
      state.value = find(net);
      state.done = true;
    } else if (!entry->second.done) {
      throw std::runtime_error("combinational loop through " + net_name(net));
    }
    return entry->second.value;
  }

  Path path_to(int net, std::string to) {
    Path path{.depth = arrival(net).depth, .from = {}, .to = std::move(to), .via = {}};
    int at = net;
    for (int before = arrival(at).previous; before >= 0; before = arrival(at).previous) {
      const std::string& type = netlist_.cells[driver_.at(at).cell].type;
      path.via.push_back(has_name(at) ? type + " " + net_name(at) : type);
      at = before;
    }
    std::reverse(path.via.begin(), path.via.end());
    const auto driver = driver_.find(at);
    path.from = driver == driver_.end() ? net_name(at) : start_name(netlist_.cells[driver->second.cell], at);
    return path;
  }

  std::string net_name(int net) const {
    const auto input = input_names_.find(net);
    if (input != input_names_.end()) return input->second;
    return has_name(net) ? netlist_.net_names[static_cast<std::size_t>(net)] : "(unnamed)";
  }

 private:
  struct Driver {
    std::size_t cell;
    const Pin* pin;
  };
  struct State {
    Arrival value;
    bool done = false;
  };

  bool has_name(int net) const {
    const auto n = static_cast<std::size_t>(net);
    return n < netlist_.net_names.size() && !netlist_.net_names[n].empty();
  }

  Arrival find(int net) {
    const auto driver = driver_.find(net);
    if (driver == driver_.end())
      return {.reached = from_ports_ && input_names_.contains(net), .depth = {}, .previous = -1};
    const auto [c, out] = driver->second;
    const Cell& cell = netlist_.cells[c];
    Arrival best;
    if (!from_ports_ && (kinds_[c] == Kind::clocked || kinds_[c] == Kind::lut_memory)) {
      best = {.reached = true,
              .depth = {.luts = cell.type.starts_with("RAM") && kinds_[c] == Kind::lut_memory, .carry8 = 0},
              .previous = -1};
    }
    for (const Pin& in : cell.pins) {
      if (in.output || in.net < 0 || !has_arc(kinds_[c], in, *out)) continue;
      const Arrival& before = arrival(in.net);
      if (!before.reached) continue;
      Depth depth = before.depth;
      if (kinds_[c] == Kind::lut || kinds_[c] == Kind::lut_memory) ++depth.luts;
      if (kinds_[c] == Kind::carry && opens_carry8(c, in)) ++depth.carry8;
      if (!best.reached || depth.quarters() > best.depth.quarters()) {
        best = {.reached = true, .depth = depth, .previous = in.net};
      }
    }
    return best;
  }

  /// The CARRY4 before `cell` in its chain, or none.
  const Driver* carry_before(const Pin& in) const {
    if (in.port != "CI" || in.net < 0) return nullptr;
    const auto driver = driver_.find(in.net);
    const bool chained = driver != driver_.end() && kinds_[driver->second.cell] == Kind::carry;
    return chained ? &driver->second : nullptr;
  }
  /// Place of a CARRY4 in its chain, from 0.
  int chain_position(std::size_t cell) {
    const auto [entry, is_new] = positions_.try_emplace(cell, 0);
    if (!is_new) return entry->second;
    for (const Pin& pin : netlist_.cells[cell].pins) {
      if (const Driver* before = carry_before(pin)) entry->second = chain_position(before->cell) + 1;
    }
    return entry->second;
  }
  bool opens_carry8(std::size_t cell, const Pin& in) {
    return carry_before(in) == nullptr || chain_position(cell) % 2 == 0;
  }

  std::string start_name(const Cell& cell, int net) const {
    if (cell.type.starts_with("FD")) return net_name(net);
    return cell.type + " " + (has_name(net) ? net_name(net) : cell.name);
  }

  const Netlist& netlist_;
  bool from_ports_;
  std::vector<Kind> kinds_;
  std::unordered_map<int, std::string> input_names_;
  std::unordered_map<int, Driver> driver_;
  std::unordered_map<int, State> arrivals_;
  std::unordered_map<std::size_t, int> positions_;
};

/// A register by the name of its output, a memory by its cell's.
std::string end_name(const Search& search, const Cell& cell, const Pin& pin) {
  const auto q = std::find_if(cell.pins.begin(), cell.pins.end(), [](const Pin& p) { return p.port == "Q"; });
  const std::string name = q != cell.pins.end() ? search.net_name(q->net) : cell.type + " " + cell.name;
  return pin.port == "D" ? name : name + " (" + pin.port + ")";
}

/// Without the bits' numbers.
std::string group_name(const std::string& name) {
  std::string group;
  for (const char c : name) {
    const bool in_number = !group.empty() && group.back() == '[' && c != ']';
    if (!in_number) group += c;
  }
  return group;
}

class Collector {
 public:
  void add(Search& search, int net, const std::string& to) {
    const Arrival& arrival = search.arrival(net);
    if (!arrival.reached) return;
    ++report_.by_luts[arrival.depth.luts];
    if (report_.endpoints++ == 0 || arrival.depth.quarters() > report_.worst.depth.quarters()) {
      report_.worst = search.path_to(net, to);
    }
    if (arrival.depth.passes()) return;
    Group& group = groups_[group_name(to)];
    if (group.endpoints++ == 0 || arrival.depth.quarters() > group.worst.depth.quarters()) {
      group.worst = search.path_to(net, to);
    }
  }

  PathReport take() {
    for (auto& [to, group] : groups_) {
      group.to = to;
      report_.failing.push_back(std::move(group));
    }
    std::stable_sort(report_.failing.begin(), report_.failing.end(), [](const Group& a, const Group& b) {
      return a.worst.depth.quarters() > b.worst.depth.quarters();
    });
    return std::move(report_);
  }

 private:
  PathReport report_;
  std::map<std::string, Group> groups_;
};

}  // namespace

std::map<Between, PathReport> find_paths(const Netlist& netlist) {
  Search from_registers(netlist, false), from_ports(netlist, true);
  Collector registers, port_to_register, to_port;
  for (const Cell& cell : netlist.cells) {
    const Kind kind = kind_of(cell);
    if (kind != Kind::clocked && kind != Kind::lut_memory) continue;
    for (const Pin& pin : cell.pins) {
      if (pin.output || pin.net < 0 || is_clock(pin.port)) continue;
      const std::string to = end_name(from_registers, cell, pin);
      registers.add(from_registers, pin.net, to);
      port_to_register.add(from_ports, pin.net, to);
    }
  }
  for (const NamedBit& output : netlist.outputs) {
    if (output.net < 0) continue;
    to_port.add(from_registers, output.net, output.name);
    to_port.add(from_ports, output.net, output.name);
  }
  return {{Between::registers, registers.take()},
          {Between::port_to_register, port_to_register.take()},
          {Between::to_port, to_port.take()}};
}

}  // namespace synward::synth
