// SPDX-License-Identifier: BSD-2-Clause
// synward-card-check: what can be known of a card's files without the vendor's tools. One row for each check; exit
// status 1 if one fails. ./dev card u55c
#include <fmt/format.h>
#include <sys/wait.h>
#include <toml++/toml.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "netlist.hpp"

namespace {

using namespace synward::card;
namespace fs = std::filesystem;

/// A row of the table.
struct Check {
  std::string name;
  std::string what;  ///< what was looked at, with its count
  std::vector<std::string> faults;
};

std::string read_file(const fs::path& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error(path.string() + ": cannot be read");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}
std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  std::istringstream in(read_file(path));
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}
bool begins(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }
bool ends(const std::string& text, const std::string& with) {
  return text.size() >= with.size() && text.compare(text.size() - with.size(), with.size(), with) == 0;
}

/// The words of a list of Tcl: braces, no backslashes.
std::vector<std::string> tcl_list(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    std::size_t end = at;
    if (text[at] == '{') {
      int depth = 0;
      do {
        depth += text[end] == '{';
        depth -= text[end] == '}';
      } while (++end < text.size() && depth > 0);
      words.push_back(text.substr(at + 1, end - at - 2));
    } else {
      while (end < text.size() && text[end] != ' ') ++end;
      words.push_back(text.substr(at, end - at));
    }
    at = end;
  }
  return words;
}

/// What the stand-in wrote down of a script.
struct Record {
  std::set<std::string> clocks, pinned, sources, ips, defines;
  std::map<std::string, std::string> pblock_of;  ///< by cell
  struct Exception {
    bool any_from = false, any_to = false;
    std::set<std::string> from, to;
  };
  std::vector<Exception> exceptions;
};

class Tree {
 public:
  Tree(fs::path root, fs::path stand_in, fs::path netlists, fs::path work)
      : root_(std::move(root)), stand_in_(std::move(stand_in)), netlists_(std::move(netlists)), work_(std::move(work)) {
    fs::create_directories(work_);
  }

  /// `only`: one group of checks; empty: all.
  std::vector<Check> run(const std::string& only) {
    for (const char* top : {"synward_u55c", "synward_cmac_port", "synward_box_322mhz", "synward_card",
                            "synward_hls_card", "synward_engine_ip"}) {
      const std::string netlist = (netlists_ / (std::string(top) + ".json")).string();
      ports_[top] = read_ports(netlist);
      outputs_[top] = read_outputs(netlist);
    }
    const std::pair<const char*, std::function<void()>> all[] = {
        {"sources", [this] { sources(); }},
        {"engine", [this] { engine(); }},
        {"vivado", [this] { vivado("rtl"); }},
        {"vivado_hls", [this] { vivado("hls"); }},
        {"port", [this] { constraints("constraints: Vitis kernel of a port", "synward_cmac_port"); }},
        {"box", [this] { constraints("constraints: OpenNIC box", "synward_box_322mhz"); }},
        {"core", [this] { core_constraints(); }},
        {"packages", [this] { packages(); }},
        {"kernels", [this] { kernels(); }},
        {"link", [this] { link("rtl"); }},
        {"link_hls", [this] { link("hls"); }},
        {"opennic", [this] { opennic(); }},
    };
    for (const auto& [name, check] : all)
      if (only.empty() || only == name) check();
    return std::move(checks_);
  }

 private:
  Check& begin(std::string name) {
    checks_.push_back({std::move(name), "", {}});
    return checks_.back();
  }

  void sources() {
    Check& check = begin("sources.list against the tree");
    const fs::path rtl = root_ / "rtl";
    std::set<std::string> listed, there;
    for (const std::string& line : lines_of(rtl / "board/sources.list")) {
      if (line.empty() || line[0] == '#') continue;
      const std::size_t space = line.find(' ');
      const std::string path = line.substr(space + 1);
      if (!listed.insert(path).second) check.faults.push_back(path + " is listed twice");
      if (!fs::is_regular_file(rtl / path)) check.faults.push_back(path + " is listed and not there");
    }
    for (const auto& entry : fs::recursive_directory_iterator(rtl)) {
      const std::string path = fs::relative(entry.path(), rtl).string();
      const std::string ext = entry.path().extension().string();
      if ((ext == ".sv" || ext == ".svh") && !begins(path, "board/blackbox/")) there.insert(path);
    }
    for (const std::string& path : there)
      if (listed.count(path) == 0) check.faults.push_back(path + " is there and not listed");
    check.what = fmt::format("{} files", listed.size());
  }

  /// What a command of the shell says, in the folder `work_`.
  std::string said_by(const std::string& command) const {
    const std::string here = fmt::format("cd '{}' && {} 2>&1", work_.string(), command);
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(here.c_str(), "r"), pclose);
    if (!pipe) throw std::runtime_error(command + ": does not start");
    std::string text;
    for (int c = 0; (c = std::fgetc(pipe.get())) != EOF;) text += static_cast<char>(c);
    return text;
  }

  /// Runs a script in the stand-in; faults go to `check`, the count of commands to its text. `environment`: of the
  /// shell's, before the command.
  Record stand_in(Check& check, const std::string& objects, const std::string& script, const std::string& arguments,
                  const std::string& environment = "") {
    static int number = 0;
    const fs::path record = work_ / fmt::format("{}.record", ++number);
    std::istringstream in(said_by(fmt::format("{} tclsh '{}' '{}' '{}' '{}' {}", environment, stand_in_.string(),
                                              objects, record.string(), (root_ / script).string(), arguments)));
    bool ended = false;
    for (std::string line; std::getline(in, line);) {
      if (begins(line, "calls ")) {
        calls_ += std::stoul(line.substr(6));
        ended = true;
      } else {
        check.faults.push_back(line);
      }
    }
    if (!ended) check.faults.push_back(script + ": the stand-in did not come to its end");
    return read_record(record);
  }
  static Record read_record(const fs::path& path) {
    Record record;
    for (const std::string& line : lines_of(path)) {
      const std::vector<std::string> words = tcl_list(line);
      const auto names = [&words](std::size_t i) { return tcl_list(words.at(i)); };
      if (words.size() >= 2 && words[0] == "clock") record.clocks.insert(words[1]);
      if (words.size() >= 2 && words[0] == "pinned") record.pinned.insert(words[1]);
      if (words.size() >= 2 && words[0] == "source") record.sources.insert(words[1]);
      if (words.size() >= 2 && words[0] == "ip") record.ips.insert(words[1]);
      if (words.size() >= 2 && words[0] == "define") record.defines.insert(words[1]);
      if (words.size() >= 3 && words[0] == "pblock")
        for (const std::string& cell : names(2)) record.pblock_of[cell] = words[1];
      if (words.size() >= 3 && words[0] == "exception") {
        Record::Exception made;
        made.any_from = words[1] == "*";
        made.any_to = words[2] == "*";
        for (const std::string& name : names(1)) made.from.insert(name);
        for (const std::string& name : names(2)) made.to.insert(name);
        record.exceptions.push_back(std::move(made));
      }
    }
    return record;
  }

  std::string write_objects(const std::string& name, const Netlist& netlist) {
    const fs::path path = work_ / (name + ".objects");
    std::ofstream out(path);
    for (const std::string& one : netlist.ports) out << "port {" << one << "}\n";
    for (const std::string& one : netlist.cells) out << "cell {" << one << "}\n";
    for (const std::string& one : netlist.pins) out << "pin {" << one << "}\n";
    write_modules(out);
    return path.string();
  }
  void write_modules(std::ostream& out) const {
    for (const auto& [module, ports] : ports_)
      for (const auto& [port, width] : ports) out << "module " << module << ' ' << port << '\n';
  }
  std::string modules_only() {
    const fs::path path = work_ / "modules.objects";
    std::ofstream out(path);
    write_modules(out);
    return path.string();
  }

  /// Every path between clocks lies below an exception.
  static void crossings(Check& check, const Netlist& netlist, const Record& record) {
    std::set<std::string> said;
    for (const Crossing& path : netlist.crossings) {
      const bool covered =
          std::any_of(record.exceptions.begin(), record.exceptions.end(), [&path](const Record::Exception& e) {
            return (e.any_from || e.from.count(path.from) != 0) &&
                   (e.any_to || e.to.count(path.to) != 0 || e.to.count(path.to_pin) != 0);
          });
      if (!covered && said.insert(path.from + path.to_pin).second)
        check.faults.push_back(fmt::format("unconstrained crossing: {} to {}", path.from, path.to_pin));
    }
  }

  /// Each way takes the engines that it offers, and answers to any other name with both.
  void engine() {
    Check& check = begin("ENGINE: rtl, hls, and no other");
    const std::string unknown = "ENGINE=vhdl: there are rtl and hls";
    std::size_t count = 0;
    const auto says = [&](const std::string& who, const std::string& text, const std::string& words, bool wanted) {
      ++count;
      if ((text.find(words) != std::string::npos) != wanted)
        check.faults.push_back(fmt::format("{} {} \"{}\"", who, wanted ? "does not say" : "says", words));
    };
    for (const std::string way : {"vivado", "vitis"}) {
      const std::string make = fmt::format("make -n -f '{}'", (root_ / "rtl/board" / way / "Makefile").string());
      says(way + "/Makefile ENGINE=vhdl", said_by(make + " ENGINE=vhdl"), unknown, true);
      const std::string rtl = said_by("env -u ENGINE " + make), hls = said_by(make + " ENGINE=hls");
      for (const std::string& text : {rtl, hls}) says(way + "/Makefile", text, "***", false);
      says(way + "/Makefile", rtl, "synward_engine", false);
      says(way + "/Makefile ENGINE=hls", hls, "synward_engine", true);
    }
    const auto script = [&](const std::string& name, const std::string& arguments, const std::string& environment,
                            const std::string& words) {
      Check said;
      stand_in(said, modules_only(), "rtl/board/" + name, arguments, environment);
      says(fmt::format("{} {}{}", name, environment, arguments), said.faults.empty() ? "" : said.faults[0], words,
           true);
    };
    script("vivado/build.tcl", "vhdl", "", unknown);
    script("vivado/build.tcl", "hls", "", "hls/vitis/run.sh synward_engine ip");
    script("opennic/build_box_322mhz.tcl", "", "ENGINE=vhdl", unknown);
    script("opennic/build_box_322mhz.tcl", "", "ENGINE=hls", "ENGINE=hls: not offered");
    check.what = fmt::format("{} answers", count);
  }

  /// The build has the engine that was asked for, whole, and not the other.
  void one_engine(Check& check, const Netlist& netlist, const Record& record, bool hls) const {
    const std::string cell = "u_line_card/u_engine", rtl_cell = "u_line_card/u_card/u_core/u_engine";
    const auto has = [&check](bool there, bool wanted, const std::string& what) {
      if (there != wanted) check.faults.push_back(fmt::format("{} {}", wanted ? "without" : "with", what));
    };
    const auto cells = [&netlist](const std::string& name) {
      return std::find(netlist.cells.begin(), netlist.cells.end(), name) != netlist.cells.end();
    };
    has(cells(cell), hls, "the cell " + cell);
    has(cells(rtl_cell), !hls, "the cell " + rtl_cell);
    has(record.ips.count("synward_engine_ip") != 0, hls, "the IP synward_engine_ip");
    has(record.defines.count("SYNWARD_ENGINE_HLS") != 0, hls, "SYNWARD_ENGINE_HLS");
    for (const auto& [file, wanted] : {std::pair{"engine/synward_engine.sv", !hls}, {"synward_hls_core.sv", hls}})
      has(std::any_of(record.sources.begin(), record.sources.end(),
                      [end = "/" + std::string(file)](const std::string& path) { return ends(path, end); }),
          wanted, file);
    if (!hls) return;
    for (const auto& [port, width] : ports_.at("synward_engine_ip")) {
      const std::string pin = cell + "/" + port;
      const bool there = std::find(netlist.pins.begin(), netlist.pins.end(), pin) != netlist.pins.end();
      if (outputs_.at("synward_engine_ip").count(port) == 0 && (!there || netlist.open_pins.count(pin) != 0))
        check.faults.push_back(pin + " is left open");
    }
  }

  void vivado(const std::string& engine) {
    const bool hls = engine == "hls";
    const std::string top = hls ? "synward_u55c_hls" : "synward_u55c", with = hls ? ", ENGINE=hls" : "";
    const Netlist netlist = read_netlist((netlists_ / (top + ".json")).string());
    const std::string objects = write_objects(top, netlist);
    Check& scripts = begin("Vivado scripts: build, program, flash" + with);
    calls_ = 0;
    const fs::path archive = work_ / "synward_engine.zip";
    std::ofstream(archive) << "\n";
    const Record record = stand_in(scripts, objects, "rtl/board/vivado/build.tcl",
                                   hls ? fmt::format("hls '{}'", archive.string()) : std::string());
    one_engine(scripts, netlist, record, hls);
    const fs::path dummy = work_ / "dummy.bit";
    std::ofstream(dummy) << "\n";
    stand_in(scripts, modules_only(), "rtl/board/vivado/program.tcl", dummy.string());
    stand_in(scripts, modules_only(), "rtl/board/vivado/flash.tcl", dummy.string());
    scripts.what = fmt::format("{} commands", calls_);

    Check& crossing = begin("XDC against the netlist: crossings" + with);
    crossings(crossing, netlist, record);
    if (netlist.crossings.empty()) crossing.faults.push_back("the netlist shows no crossing: it is not the card's");
    crossing.what =
        fmt::format("{} paths between clocks, {} exceptions", netlist.crossings.size(), record.exceptions.size());

    Check& clocks = begin("XDC against the netlist: clocks" + with);
    for (const std::string& clock : netlist.clocks)
      if (clock.find('/') == std::string::npos && record.clocks.count(clock) == 0)
        clocks.faults.push_back("no create_clock for " + clock);
    for (const std::string& port : netlist.ports)
      if (port.find("refclk_p") != std::string::npos && record.clocks.count(port) == 0)
        clocks.faults.push_back("no create_clock for " + port);
    clocks.what = fmt::format("{} clocks of registers, {} from outside", netlist.clocks.size(), record.clocks.size());

    Check& pblocks = begin("XDC against the netlist: pblocks" + with);
    const std::vector<Wire> wires = read_wires((netlists_ / (top + ".json")).string(), record.pblock_of);
    for (const Wire& wire : wires)
      if (!wire.registers)
        pblocks.faults.push_back(fmt::format("{} to {} is not register to register", wire.from, wire.to_pin));
    if (!hls && wires.empty())
      pblocks.faults.push_back("no wire between pblocks: the flow table is on no die of its own");
    pblocks.what = fmt::format("{} wires between pblocks", wires.size());

    Check& ports = begin("XDC against the netlist: ports" + with);
    const std::set<std::string> hard(netlist.hard_ports.begin(), netlist.hard_ports.end());
    for (const std::string& port : netlist.ports)
      if (record.pinned.count(port) == 0 && hard.count(port) == 0)
        ports.faults.push_back(port + " has no pin, and no IP places it");
    ports.what = fmt::format("{} ports, {} pinned", netlist.ports.size(), record.pinned.size());
  }

  /// The common file serves each way: what it names may be missing in one of them, but no path may be left.
  void constraints(const std::string& name, const std::string& top) {
    const Netlist netlist = read_netlist((netlists_ / (top + ".json")).string());
    Check& check = begin(name);
    Check scratch;
    const Record record = stand_in(scratch, write_objects(top, netlist), "constraints/crossings.xdc", "");
    for (const std::string& fault : scratch.faults)
      if (fault.find(": no cell like") == std::string::npos && fault.find(": no pin like") == std::string::npos)
        check.faults.push_back(fault);
    crossings(check, netlist, record);
    check.what = fmt::format("{} paths between clocks", netlist.crossings.size());
  }

  /// constraints/synward_core.xdc is for the core alone: u_core falls from the names.
  void core_constraints() {
    Netlist core;
    const std::string inside = "u_core/";
    const Netlist card = read_netlist((netlists_ / "synward_card.json").string());
    for (const std::string& cell : card.cells)
      if (begins(cell, inside)) core.cells.push_back(cell.substr(inside.size()));
    for (const std::string& pin : card.pins)
      if (begins(pin, inside)) core.pins.push_back(pin.substr(inside.size()));
    core.ports = {"clk_i", "rst_ni"};
    Check& check = begin("constraints/synward_core.xdc against the netlist");
    calls_ = 0;
    stand_in(check, write_objects("synward_core", core), "constraints/synward_core.xdc", "");
    check.what = fmt::format("{} commands", calls_);
  }

  void packages() {
    Check& check = begin("Vitis scripts: package, post_sys_link");
    calls_ = 0;
    for (const char* kernel : kKernels) stand_in(check, modules_only(), "rtl/board/vitis/package.tcl", kernel);
    stand_in(check, modules_only(), "rtl/board/vitis/post_sys_link.tcl", "");
    check.what = fmt::format("{} commands", calls_);
  }

  static const char* module_of(const std::string& kernel) {
    if (kernel == "synward_engine") return "synward_engine_ip";
    return kernel == "synward" ? "synward_card" : kernel == "synward_hls" ? "synward_hls_card" : "synward_cmac_port";
  }
  static std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
  }
  static std::string attribute(const std::string& element, const std::string& name) {
    const std::regex wanted("\\b" + name + "=\"([^\"]*)\"");
    std::smatch found;
    return std::regex_search(element, found, wanted) ? found[1].str() : "";
  }

  void kernels() {
    Check& check = begin("kernel.xml against registers and ports");
    const toml::table registers = toml::parse_file((root_ / "rtl/csr/registers.toml").string());
    const auto bits = registers["device"]["address_bits"].value_or(std::int64_t{0});
    std::size_t count = 0;
    for (const std::string kernel : kKernels) {
      fs::path path = root_ / "rtl/board/vitis" / (kernel + ".xml");
      // Of synward_hls there is none: its package makes it.
      if (kernel == "synward_hls") {
        path = work_ / (kernel + ".xml");
        fs::remove(path);
        Check scratch;
        stand_in(scratch, modules_only(), "rtl/board/vitis/package.tcl", kernel);
      }
      const std::string text = read_file(path);
      const Ports& ports = ports_[module_of(kernel)];
      const auto fault = [&](const std::string& what) {
        check.faults.push_back(fmt::format("{}.xml: {}", kernel, what));
      };
      std::set<std::string> named, ids;
      const std::regex element("<(kernel|port|arg) [^>]*>");
      for (std::sregex_iterator at(text.begin(), text.end(), element), end; at != end; ++at) {
        const std::string tag = (*at)[1], body = at->str();
        ++count;
        if (tag == "kernel" && attribute(body, "name") != (kernel == "synward_hls" ? "synward" : kernel))
          fault("names kernel " + attribute(body, "name"));
        if (tag == "kernel" && attribute(body, "hwControlProtocol") != "user_managed") fault("is not user_managed");
        if (tag == "arg") {
          if (named.count(lower(attribute(body, "port"))) == 0)
            fault("argument of an unknown port " + attribute(body, "port"));
          if (!ids.insert(attribute(body, "id")).second) fault("two arguments have id " + attribute(body, "id"));
        }
        if (tag != "port") continue;
        const std::string port = lower(attribute(body, "name"));
        named.insert(port);
        if (port == "s_axi_control") {
          const auto range = std::stoull(attribute(body, "range"), nullptr, 0);
          if (range != 1ULL << bits) fault(fmt::format("range {:#x}, registers.toml spans {:#x}", range, 1ULL << bits));
          const auto found = ports.find(port + "_awaddr");
          if (found == ports.end() || 1ULL << found->second < range)
            fault("the port's addresses do not span the range");
          continue;
        }
        const auto data = ports.find(port + "_tdata");
        if (data == ports.end()) {
          fault("no stream " + port);
        } else if (std::to_string(data->second) != attribute(body, "dataWidth")) {
          fault(fmt::format("{} is {} bits wide", port, data->second));
        }
        if (attribute(body, "mode") != (port[0] == 's' ? "write_only" : "read_only"))
          fault(port + " runs the other way");
      }
      for (const auto& [port, width] : ports)
        if (const std::size_t at = port.find("_tvalid");
            at != std::string::npos && named.count(port.substr(0, at)) == 0)
          fault("does not name " + port.substr(0, at));
    }
    check.what = fmt::format("{} elements", count);
  }

  /// An AXI4-Stream of a module.
  struct Stream {
    std::size_t width = 0;  ///< bits of TDATA
    bool out = false;
    std::set<std::string> signals;
  };
  /// By their names in lower case, of which the vendor's tools make no difference.
  std::map<std::string, Stream> streams_of(const std::string& module) const {
    std::map<std::string, Stream> streams;
    const Ports& ports = ports_.at(module);
    for (const auto& [port, width] : ports)
      if (const std::size_t at = lower(port).find("_tvalid"); at != std::string::npos)
        streams[lower(port.substr(0, at))].out = outputs_.at(module).count(port) != 0;
    for (const auto& [port, width] : ports)
      if (const auto stream = streams.find(lower(port.substr(0, port.rfind('_')))); stream != streams.end()) {
        const std::string signal = lower(port.substr(port.rfind('_') + 1));
        stream->second.signals.insert(signal);
        if (signal == "tdata") stream->second.width = width;
      }
    return streams;
  }

  void link(const std::string& engine) {
    const bool hls = engine == "hls";
    Check& check =
        begin(hls ? "link.cfg and link_hls.cfg against the kernels' ports" : "link.cfg against the kernels' ports");
    std::map<std::string, std::string> kernel_of;  // by instance
    std::map<std::string, int> used;               // streams
    std::size_t count = 0;
    std::vector<std::string> lines = lines_of(root_ / "rtl/board/vitis/link.cfg"),
                             kernels{std::begin(kLinked), std::end(kLinked)};
    if (hls) {
      const std::vector<std::string> more = lines_of(root_ / "rtl/board/vitis/link_hls.cfg");
      lines.insert(lines.end(), more.begin(), more.end());
      kernels.push_back("synward_engine");
    }
    const auto streams = [&](const std::string& instance) {
      const std::string& kernel = kernel_of[instance];
      return streams_of(module_of(hls && kernel == "synward" ? "synward_hls" : kernel));
    };
    const auto stream = [&](const std::string& end, bool out) -> Stream {
      const std::size_t dot = end.find('.');
      const std::string instance = end.substr(0, dot), port = dot == std::string::npos ? "" : end.substr(dot + 1);
      if (kernel_of.count(instance) == 0) {
        check.faults.push_back("stream_connect: no instance " + instance);
        return {};
      }
      const std::map<std::string, Stream> all = streams(instance);
      const auto found = all.find(port);
      if (found == all.end()) {
        check.faults.push_back("stream_connect: " + instance + " has no stream " + port);
        return {};
      }
      if (found->second.out != out) {
        check.faults.push_back("stream_connect: " + end + " runs the other way");
      } else if (++used[end] > 1) {
        check.faults.push_back("stream_connect: " + end + " is connected twice");
      }
      return found->second;
    };
    for (const std::string& line : lines) {
      const std::size_t equals = line.find('=');
      if (line.empty() || line[0] == '#' || line[0] == '[' || equals == std::string::npos) continue;
      ++count;
      const std::string key = line.substr(0, equals), value = line.substr(equals + 1);
      std::vector<std::string> parts;
      std::istringstream in(value);
      for (std::string part; std::getline(in, part, ':');) parts.push_back(part);
      if (key == "nk") {
        if (parts.size() != 3 || parts[1] != "1" ||
            std::find(kernels.begin(), kernels.end(), parts[0]) == kernels.end()) {
          check.faults.push_back("nk: " + value);
        } else {
          kernel_of[parts[2]] = parts[0];
        }
      } else if (key == "slr") {
        if (parts.size() != 2 || kernel_of.count(parts[0]) == 0 || !std::regex_match(parts[1], std::regex("SLR[0-2]")))
          check.faults.push_back("slr: " + value);
      } else if (key == "stream_connect" && parts.size() == 2) {
        const Stream from = stream(parts[0], true), to = stream(parts[1], false);
        if (from.width != 0 && to.width != 0 && from.width != to.width)
          check.faults.push_back(
              fmt::format("stream_connect: {} has {} bits, {} has {}", parts[0], from.width, parts[1], to.width));
        if (from.width != 0 && to.width != 0 && from.signals != to.signals)
          check.faults.push_back(fmt::format("stream_connect: {} and {} have other signals", parts[0], parts[1]));
      } else if (key == "freqHz") {
        if (parts.size() != 2 || kernel_of.count(parts[1].substr(0, parts[1].find('.'))) == 0 ||
            parts[1].substr(parts[1].find('.') + 1) != "ap_clk")
          check.faults.push_back("freqHz: " + value);
        if (std::stoull(parts[0]) < kSlowestHz)
          check.faults.push_back(fmt::format("freqHz: {} does not carry 65-byte frames at 100 Gb/s", parts[0]));
      } else if (key == "param" && begins(value, "compiler.userPostSysLinkOverlayTcl=")) {
        if (!fs::is_regular_file(root_ / "rtl/board/vitis" / value.substr(value.find('=') + 1)))
          check.faults.push_back("param: no file " + value.substr(value.find('=') + 1));
      } else if (key != "platform" && key != "save-temps" && key != "prop") {
        check.faults.push_back("unknown key " + key);
      }
    }
    for (const auto& [instance, kernel] : kernel_of)
      for (const auto& [name, one] : streams(instance))
        if (used.count(instance + "." + name) == 0) check.faults.push_back(instance + "." + name + " is not connected");
    check.what = fmt::format("{} lines, {} ends of streams", count, used.size());
  }

  void opennic() {
    Check& check = begin("OpenNIC plugin against the box's ports");
    const fs::path folder = root_ / "rtl/board/opennic";
    for (const char* file : {"build_box_322mhz.tcl", "box_322mhz/box_322mhz_axi_crossbar.tcl",
                             "box_322mhz/box_322mhz_address_map.v", "box_322mhz/box_322mhz_address_map_inst.vh"})
      if (!fs::is_regular_file(folder / file)) check.faults.push_back(std::string("no file ") + file);
    const std::string text = read_file(folder / "box_322mhz/user_plugin_322mhz_inst.vh");
    const Ports& ports = ports_["synward_box_322mhz"];
    std::set<std::string> connected;
    const std::regex pin("\\.([a-z0-9_]+)\\(");
    for (std::sregex_iterator at(text.begin(), text.end(), pin), end; at != end; ++at) {
      if (!connected.insert((*at)[1]).second) check.faults.push_back((*at)[1].str() + " is connected twice");
      if (ports.count((*at)[1]) == 0) check.faults.push_back("no port " + (*at)[1].str());
    }
    for (const auto& [port, width] : ports)
      if (connected.count(port) == 0) check.faults.push_back(port + " is not connected");
    calls_ = 0;
    stand_in(check, modules_only(), "rtl/board/opennic/build_box_322mhz.tcl", "");
    stand_in(check, modules_only(), "rtl/board/opennic/box_322mhz/box_322mhz_axi_crossbar.tcl", "");
    check.what = fmt::format("{} ports, {} commands", ports.size(), calls_);
  }

  /// What package.tcl packs.
  static constexpr const char* kKernels[] = {"synward", "synward_hls", "synward_cmac_line", "synward_cmac_host"};
  static constexpr const char* kLinked[] = {"synward", "synward_cmac_line", "synward_cmac_host"};
  static constexpr unsigned long long kSlowestHz = 281'000'000;  ///< docs/performance.md: two beats for 65 bytes

  fs::path root_, stand_in_, netlists_, work_;
  std::map<std::string, Ports> ports_;
  std::map<std::string, std::set<std::string>> outputs_;
  std::vector<Check> checks_;
  std::size_t calls_ = 0;
};

void print(const std::vector<Check>& checks) {
  for (const Check& check : checks) {
    fmt::print("{:<6} {:<50} {}\n", check.faults.empty() ? "ok" : "FAULT", check.name, check.what);
    for (const std::string& fault : check.faults) fmt::print("       {}\n", fault);
  }
}
void print_json(const std::vector<Check>& checks) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Check& check : checks)
    rows.push_back({{"check", check.name}, {"seen", check.what}, {"faults", check.faults}});
  fmt::print("{}\n", rows.dump(2));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "What can be known of a card's files without the vendor's tools.\n"
      "Example: synward-card-check --root . --netlists build/card/netlists --work build/card"};
  std::string root = ".", stand_in, netlists, work, only;
  bool json = false;
  app.add_option("--root", root, "The repository, or what was unpacked of it");
  app.add_option("--stand-in", stand_in, "The stand-in for Vivado; default ROOT/rtl/board/check/standin.tcl");
  app.add_option("--netlists", netlists, "Folder that netlists.sh has made")->required();
  app.add_option("--work", work, "Folder for what is written on the way")->required();
  app.add_option(
      "--only", only,
      "One group: sources, engine, vivado, vivado_hls, port, box, core, packages, kernels, link, link_hls, opennic");
  app.add_flag("--json", json, "The table as JSON");
  CLI11_PARSE(app, argc, argv);
  try {
    const fs::path absolute = fs::absolute(root);
    if (stand_in.empty()) stand_in = (absolute / "rtl/board/check/standin.tcl").string();
    const std::vector<Check> checks = Tree(absolute, fs::absolute(stand_in), netlists, fs::absolute(work)).run(only);
    json ? print_json(checks) : print(checks);
    const bool right =
        std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.faults.empty(); });
    return right ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "synward-card-check: {}\n", error.what());
    return 2;
  }
}
