// SPDX-License-Identifier: BSD-2-Clause
// synward-levels: what a block costs and how deep its logic is, from the netlist that Yosys makes of it
// (`synth_xilinx -family xcup -flatten -noiopad -noclkbuf; write_json`).
//
// The gate stands in for a timing run, which needs the vendor's tools: a path between registers passes if it has at
// most 4 LUT levels, or 2 LUT levels and 8 CARRY8, or lies under the straight line between the two (luts + carry8 / 4
// <= 4). It knows nothing of placement and routing.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>

#include "netlist.hpp"
#include "paths.hpp"
#include "physical.hpp"

namespace synward::synth {

namespace {

using Json = nlohmann::ordered_json;

/// LUTs that a cell takes as a memory (UltraScale+ CLB: one LUT holds 64 bits, or 32 words of 2).
int memory_luts(const std::string& type) {
  if (type.starts_with("RAM32M16") || type.starts_with("RAM64M8") || type.starts_with("RAM256X1D")) return 8;
  if (type.starts_with("RAM32M") || type.starts_with("RAM64M") || type.starts_with("RAM128X1D")) return 4;
  if (type.starts_with("RAM256X1S")) return 4;
  if (type.starts_with("RAM32X1D") || type.starts_with("RAM64X1D") || type.starts_with("RAM128X1S")) return 2;
  return 1;
}

struct Cells {
  int lut = 0, lut1 = 0, ff = 0, carry4 = 0, ramb36 = 0, ramb18 = 0, uram = 0, lutram = 0, srl = 0, muxf = 0;
};

Cells count_cells(const Netlist& netlist) {
  Cells n;
  for (const Cell& cell : netlist.cells) {
    const std::string& t = cell.type;
    if (t == "LUT1")
      ++n.lut1;
    else if (t.starts_with("LUT"))
      ++n.lut;
    else if (t.starts_with("FD"))
      ++n.ff;
    else if (t == "CARRY4")
      ++n.carry4;
    else if (t.starts_with("RAMB36"))
      ++n.ramb36;
    else if (t.starts_with("RAMB18"))
      ++n.ramb18;
    else if (t.starts_with("URAM288"))
      ++n.uram;
    else if (t.starts_with("SRL"))
      ++n.srl;
    else if (t.starts_with("RAM"))
      n.lutram += memory_luts(t);
    else if (t.starts_with("MUXF"))
      ++n.muxf;
  }
  return n;
}

Json to_json(const Path& path) {
  return {{"luts", path.depth.luts},
          {"carry8", path.depth.carry8},
          {"from", path.from},
          {"to", path.to},
          {"via", path.via}};
}

Json to_json(const PathReport& report) {
  Json json = {
      {"endpoints", report.endpoints}, {"worst", to_json(report.worst)}, {"endpoints_by_luts", Json::object()}};
  for (const auto& [luts, count] : report.by_luts) json["endpoints_by_luts"][std::to_string(luts)] = count;
  return json;
}

const char* driver_name(Driver driver) {
  switch (driver) {
    case Driver::lut:
      return "LUT";
    case Driver::registers:
      return "register";
    case Driver::memory:
      return "memory";
    case Driver::port:
      break;
  }
  return "port";
}

Json to_json(const Starts& starts) {
  return {{"endpoints", starts.endpoints}, {"levels", starts.worst}, {"from", starts.from}, {"to", starts.to}};
}

Json to_json(const Physical& physical) {
  Json json = {{"gate", physical.passes()}, {"wide", Json::array()}};
  for (const WideNet& wide : physical.wide) {
    json["wide"].push_back({{"net", wide.name},
                            {"bits", wide.bits},
                            {"loads", wide.loads},
                            {"driver", driver_name(wide.driver)},
                            {"kinds", wide.kinds}});
  }
  json["memory_starts"] = to_json(physical.ram);
  json["port_starts"] = to_json(physical.port);
  json["control_sets"] = physical.control_sets;
  json["enables"] = Json::array();
  for (const Enable& enable : physical.enables) {
    json["enables"].push_back({{"net", enable.name}, {"loads", enable.loads}});
  }
  json["model_slack"] = {
      {"ns", std::round(100 * physical.slack_ns) / 100}, {"from", physical.slack_from}, {"to", physical.slack_to}};
  return json;
}

Json make_report(const Netlist& netlist) {
  const Cells n = count_cells(netlist);
  const auto paths = find_paths(netlist);
  const PathReport& gated = paths.at(Between::registers);
  Json json = {{"block", netlist.top}};
  // LUT1 are feed-throughs and inverters that a vendor's mapper would absorb: not in the total.
  json["cells"] = {{"lut", n.lut + n.lutram + n.srl},
                   {"lut_logic", n.lut},
                   {"lut1", n.lut1},
                   {"lutram", n.lutram},
                   {"srl", n.srl},
                   {"muxf", n.muxf},
                   {"ff", n.ff},
                   {"carry8", (n.carry4 + 1) / 2},
                   {"bram36", n.ramb36 + 0.5 * n.ramb18},
                   {"uram288", n.uram}};
  json["gate"] = gated.failing.empty();
  json["registers"] = to_json(gated);
  json["port_to_register"] = to_json(paths.at(Between::port_to_register));
  json["to_port"] = to_json(paths.at(Between::to_port));
  json["physical"] = to_json(find_physical(netlist));
  json["failing"] = Json::array();
  for (const Group& group : gated.failing) {
    json["failing"].push_back({{"to", group.to}, {"endpoints", group.endpoints}, {"worst", to_json(group.worst)}});
  }
  return json;
}

void print_path(const std::string& title, const Json& report) {
  const Json& worst = report["worst"];
  fmt::print("{}: {} endpoints\n", title, report["endpoints"].get<int>());
  if (report["endpoints"] == 0) return;
  fmt::print("  deepest: {} LUT levels, {} CARRY8\n    from {}\n", worst["luts"].get<int>(), worst["carry8"].get<int>(),
             worst["from"].get<std::string>());
  for (const Json& cell : worst["via"]) fmt::print("         {}\n", cell.get<std::string>());
  fmt::print("    to   {}\n  endpoints by LUT levels:", worst["to"].get<std::string>());
  for (const auto& [luts, count] : report["endpoints_by_luts"].items()) fmt::print(" {}: {}", luts, count.get<int>());
  fmt::print("\n");
}

void print_physical(const Json& physical) {
  for (const Json& wide : physical["wide"]) {
    std::string kinds;
    for (const auto& [kind, count] : wide["kinds"].items()) kinds += fmt::format(" {} {}", kind, count.get<int>());
    fmt::print("  {} loads of {} ({}, {} bits):{}\n", wide["loads"].get<int>(), wide["net"].get<std::string>(),
               wide["driver"].get<std::string>(), wide["bits"].get<int>(), kinds);
  }
  for (const char* starts : {"memory_starts", "port_starts"}) {
    const Json& path = physical[starts];
    if (path["endpoints"] == 0) continue;
    fmt::print("  {}: {} endpoints, worst {} levels, {} -> {}\n", starts, path["endpoints"].get<int>(),
               path["levels"].get<int>(), path["from"].get<std::string>(), path["to"].get<std::string>());
  }
  const Json& slack = physical["model_slack"];
  fmt::print("  {} control sets; model slack {:.2f} ns, {} -> {}\n  physical gate: {}\n",
             physical["control_sets"].get<int>(), slack["ns"].get<double>(), slack["from"].get<std::string>(),
             slack["to"].get<std::string>(), physical["gate"].get<bool>() ? "ok" : "FAIL");
}

void print_report(const Json& report) {
  fmt::print("{}\n", report["block"].get<std::string>());
  for (const auto& [name, count] : report["cells"].items()) fmt::print("  {:<10} {:>9}\n", name, count.get<double>());
  print_path("between registers", report["registers"]);
  for (const Json& group : report["failing"]) {
    const Json& worst = group["worst"];
    fmt::print("  over the gate: {} ({} endpoints), {} LUT levels, {} CARRY8, from {}\n",
               group["to"].get<std::string>(), group["endpoints"].get<int>(), worst["luts"].get<int>(),
               worst["carry8"].get<int>(), worst["from"].get<std::string>());
  }
  print_path("from input ports to registers (not gated)", report["port_to_register"]);
  print_path("to output ports (not gated)", report["to_port"]);
  print_physical(report["physical"]);
  fmt::print("gate: {}\n", report["gate"].get<bool>() ? "ok" : "FAIL");
}

}  // namespace

}  // namespace synward::synth

int main(int argc, char** argv) {
  CLI::App app("Cells and logic depth of a Yosys netlist of Xilinx primitives");
  std::string file;
  bool as_json = false;
  app.add_option("netlist", file, "what write_json wrote after synth_xilinx -family xcup -flatten -noiopad -noclkbuf")
      ->required();
  app.add_flag("--json", as_json, "report as JSON");
  CLI11_PARSE(app, argc, argv);
  try {
    const auto report = synward::synth::make_report(synward::synth::read_netlist(file));
    if (as_json) {
      std::cout << report.dump(2) << '\n';
    } else {
      synward::synth::print_report(report);
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "synward-levels: {}\n", error.what());
    return 1;
  }
  return 0;
}
