// SPDX-License-Identifier: BSD-2-Clause
#include "board/gen_ports.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <string>
#include <vector>

#include "csr/gen_text.hpp"

namespace synward::gen {

namespace {

constexpr const char* kSource = "rtl/board/ports.toml";

struct Register {
  std::string name, access, doc;
  unsigned offset{};
};
struct Field {
  std::string name, doc;
  unsigned bit{}, width{};
  unsigned mask() const { return ((1U << width) - 1) << bit; }
};
struct Bit {
  std::string name, text;
};
struct Ports {
  unsigned id{}, version{}, bits{}, line{}, host{}, space{};
  std::vector<Register> registers, counters;
  std::vector<Field> control;
  std::vector<Bit> status;
};

Ports read(const std::filesystem::path& file) {
  const auto root = toml::parse_file(file.string());
  const auto& port = *root["port"].as_table();
  const auto part = [&port](std::size_t i) { return port["version"][i].value_or(0U); };
  Ports ports{port["id"].value_or(0U),
              part(0) << 16 | part(1) << 8 | part(2),
              port["address_bits"].value_or(12U),
              port["line"].value_or(0U),
              port["host"].value_or(0U),
              port["space"].value_or(0U),
              {},
              {},
              {},
              {}};
  each(root, "register", [&](const toml::table& t) {
    ports.registers.push_back({text(t, "name"), text(t, "access"), text(t, "doc"), t["offset"].value_or(0U)});
  });
  each(root, "counter", [&](const toml::table& t) {
    ports.counters.push_back({text(t, "name"), "ro", text(t, "doc"), t["offset"].value_or(0U)});
  });
  each(root, "control", [&](const toml::table& t) {
    ports.control.push_back({text(t, "name"), text(t, "doc"), t["bit"].value_or(0U), t["width"].value_or(1U)});
  });
  each(root, "status", [&](const toml::table& t) { ports.status.push_back({text(t, "name"), text(t, "text")}); });
  return ports;
}

std::string verilog(const Ports& p) {
  std::string sv = fmt::format("// SPDX-License-Identifier: BSD-2-Clause\n// {}\n\n", fmt::format(kMade, kSource));
  sv += "/// Registers of a network port (synward_port_registers), byte offsets; bits of STATUS.\n";
  sv += "package synward_port_pkg;\n";
  sv += fmt::format("  localparam logic [31:0] ID_VALUE = 32'h{:08x};\n", p.id);
  sv += fmt::format("  localparam logic [31:0] VERSION_VALUE = 32'h{:08x};\n", p.version);
  for (const auto* list : {&p.registers, &p.counters})
    for (const auto& r : *list)
      sv += fmt::format("  localparam logic [{}:0] {} = {}'h{:03x};\n", p.bits - 1, upper(r.name), p.bits, r.offset);
  for (std::size_t i = 0; i < p.status.size(); ++i)
    sv += fmt::format("  localparam int STATUS_{} = {};\n", upper(p.status[i].name), i);
  for (const auto& f : p.control) sv += fmt::format("  localparam int CONTROL_{} = {};\n", upper(f.name), f.bit);
  return sv + "endpackage\n";
}

std::string header(const Ports& p) {
  std::string h = fmt::format(
      "// SPDX-License-Identifier: BSD-2-Clause\n// {}\n#pragma once\n\n#include <array>\n#include <cstddef>\n#include "
      "<cstdint>\n#include <string_view>\n\nnamespace synward {{\n\n",
      fmt::format(kMade, kSource));
  h += fmt::format(
      "/// Where a card that has its network ports beside the core (rtl/board/synward_line_card) shows them; the "
      "core's\n"
      "/// registers are at 0.\ninline constexpr std::uint32_t kLinePort = {:#x};\ninline constexpr std::uint32_t "
      "kHostPort = {:#x};\ninline constexpr std::uint32_t kCardSpace = {:#x};  ///< bytes\n\n",
      p.line, p.host, p.space);
  h += fmt::format(
      "/// Registers of a port, byte offsets.\nnamespace port_reg {{\n\ninline constexpr std::uint32_t kIdValue = "
      "0x{:08x};\ninline constexpr std::uint32_t kVersionValue = 0x{:08x};\n\n",
      p.id, p.version);
  for (const auto& r : p.registers)
    h += fmt::format("/// {}\ninline constexpr std::uint32_t k{} = 0x{:03x};\n", r.doc, camel(lower(r.name)), r.offset);
  h += "\n// Fields of CONTROL.\n";
  for (const auto& f : p.control)
    h += fmt::format("inline constexpr std::uint32_t kControl{} = {:#x};  ///< {}\n", camel(f.name), f.mask(), f.doc);
  h += "\n/// Bits of STATUS.\nenum class Status : std::uint8_t {\n";
  for (const auto& b : p.status) h += fmt::format("  {},  ///< {}\n", b.name, b.text);
  h += fmt::format(
      "}};\nstruct StatusInfo {{\n  std::string_view name;  ///< of the enumerator\n  std::string_view text;  ///< for "
      "people\n}};\ninline constexpr std::array<StatusInfo, {}> kStatusInfo{{{{\n",
      p.status.size());
  for (const auto& b : p.status) h += fmt::format("    {{\"{}\", \"{}\"}},\n", b.name, b.text);
  h += "}};\n\n/// Counters: 32 bits, from 0 at power-up, modulo 2^32.\nenum class Counter : std::uint8_t {\n";
  for (const auto& c : p.counters) h += fmt::format("  {},  ///< {}\n", c.name, c.doc);
  h += fmt::format(
      "}};\ninline constexpr std::size_t kCounters = {};\nstruct CounterInfo {{\n  std::string_view name;  ///< of the "
      "enumerator\n  std::uint32_t offset;\n  std::string_view doc;\n}};\ninline constexpr std::array<CounterInfo, "
      "kCounters> kCounterInfo{{{{\n",
      p.counters.size());
  for (const auto& c : p.counters) h += fmt::format("    {{\"{}\", 0x{:03x}, \"{}\"}},\n", c.name, c.offset, c.doc);
  h += "}};\n";
  for (const auto& c : p.counters)
    h += fmt::format("inline constexpr std::uint32_t k{} = 0x{:03x};\n", camel(c.name), c.offset);
  return h + "\n}  // namespace port_reg\n\n}  // namespace synward\n";
}

std::string page(const Ports& p) {
  std::string md = fmt::format(
      "\n## Network ports\n\nOf a card whose ports are ours (`rtl/board`; {} defines them): plain Vivado shows the "
      "line port at {:#x} and\nthe host port at {:#x}, beside the core at 0; with Vitis each is a kernel of its own; "
      "OpenNIC has its shell's.\n\n| offset | name | access | meaning |\n| --- | --- | --- | --- |\n",
      kSource, p.line, p.host);
  for (const auto& r : p.registers)
    md += fmt::format("| 0x{:03x} | {} | {} | {} |\n", r.offset, r.name, r.access, r.doc);
  for (const auto& c : p.counters)
    md += fmt::format("| 0x{:03x} | {} | {} | Counts: {}. |\n", c.offset, upper(c.name), c.access, c.doc);
  md += "\nCounters are 32 bits wide, begin at 0 at power-up, and wrap.\n\n| bits of CONTROL | name | meaning |\n";
  md += "| --- | --- | --- |\n";
  for (const auto& f : p.control) {
    const auto bits = f.width == 1 ? fmt::format("{}", f.bit) : fmt::format("{}:{}", f.bit + f.width - 1, f.bit);
    md += fmt::format("| {} | {} | {} |\n", bits, f.name, f.doc);
  }
  md += "\n| bit of STATUS | name | meaning |\n| --- | --- | --- |\n";
  for (std::size_t i = 0; i < p.status.size(); ++i)
    md += fmt::format("| {} | {} | {} |\n", i, p.status[i].name, p.status[i].text);
  return md;
}

}  // namespace

std::string ports(const std::filesystem::path& in, const std::filesystem::path& out) {
  const auto ports = read(in / kSource);
  write_file(out / "rtl/board/synward_port_pkg.sv", verilog(ports));
  write_file(out / "host/include/synward/port_registers.hpp", header(ports));
  return page(ports);
}

}  // namespace synward::gen
