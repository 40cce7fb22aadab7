// SPDX-License-Identifier: BSD-2-Clause
// Makes the SystemVerilog, C++ and Markdown views of registers.toml, records.toml and board/ports.toml.
// usage: synward-gen PROJECT_ROOT OUTPUT_ROOT   (the same path for both writes in place)

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <bit>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "board/gen_ports.hpp"
#include "csr/gen_flat.hpp"
#include "csr/gen_record.hpp"
#include "csr/gen_text.hpp"

namespace fs = std::filesystem;

namespace {

using namespace synward::gen;

struct Register {
  std::string name, access, doc;
  unsigned offset{}, words{1};
  bool state{};  // part of a dump of the card's state
};
struct Sysctl {
  std::string name, reg, doc;
  unsigned offset{};
  long long lo{}, hi{}, def{};
  bool load{};
  std::vector<std::string> words;
};
struct Event {
  std::string name, level, function, text, text6;
  unsigned code{};
  bool flags{};
  std::vector<std::string> args;
};
struct Named {
  std::string name, json, doc;
};

void registers(const fs::path& in, const fs::path& out) {
  const std::string source = "rtl/csr/registers.toml";
  const auto root = toml::parse_file((in / source).string());
  std::vector<Register> regs;
  std::vector<Sysctl> sysctls;
  std::vector<Named> drops, counters;
  each(root, "register", [&](const toml::table& t) {
    regs.push_back({text(t, "name"), text(t, "access"), text(t, "doc"), t["offset"].value_or(0u),
                    t["words"].value_or(1u), t["state"].value_or(false)});
  });
  each(root, "sysctl", [&](const toml::table& t) {
    Sysctl s{text(t, "name"),
             text(t, "register"),
             text(t, "doc"),
             t["offset"].value_or(0u),
             t["range"][0].value_or(0LL),
             t["range"][1].value_or(0LL),
             t["default"].value_or(0LL),
             t["load"].value_or(false),
             {}};
    if (const auto* w = t["words"].as_array())
      for (const auto& x : *w) s.words.push_back(x.value_or(std::string{}));
    sysctls.push_back(std::move(s));
  });
  std::vector<Event> events, notes;
  for (const auto& [key, list] : {std::pair{"event", &events}, std::pair{"note", &notes}})
    each(root, key, [&, key = key, list = list](const toml::table& t) {
      Event e{text(t, "name"),  text(t, "level"),       text(t, "function"),        text(t, "text"),
              text(t, "text6"), t["code"].value_or(0u), t["flags"].value_or(false), {}};
      if (e.text6.empty()) e.text6 = e.text;
      if (const auto* a = t["args"].as_array())
        for (const auto& x : *a) e.args.push_back(x.value_or(std::string{}));
      if (e.code != list->size() + 1)
        throw std::runtime_error(fmt::format("{}: {} {} is not number {}", source, key, e.name, list->size() + 1));
      list->push_back(std::move(e));
    });
  each(root, "drop", [&](const toml::table& t) { drops.push_back({text(t, "name"), "", text(t, "doc")}); });
  each(root, "counter", [&](const toml::table& t) {
    counters.push_back({text(t, "name"), text(t, "json"), text(t, "doc")});
  });
  for (const auto& d : drops) counters.push_back({"drop_" + d.name, "drops." + d.name, "dropped: " + d.doc});
  for (const auto& s : sysctls)
    regs.push_back(
        {"SYSCTL_" + s.reg, "rw", fmt::format("`{}`, default {}. {}", s.name, s.def, s.doc), s.offset, 1, false});
  std::sort(regs.begin(), regs.end(), [](const Register& a, const Register& b) { return a.offset < b.offset; });
  for (std::size_t i = 1; i < regs.size(); ++i)
    if (regs[i - 1].offset + 4 * regs[i - 1].words > regs[i].offset)
      throw std::runtime_error(fmt::format("{}: {} overlaps {}", source, regs[i - 1].name, regs[i].name));
  const auto id = root["device"]["id"].value_or(0LL);
  const auto major = root["device"]["version"][0].value_or(0LL), minor = root["device"]["version"][1].value_or(0LL),
             patch = root["device"]["version"][2].value_or(0LL);
  const auto bits = root["device"]["address_bits"].value_or(12LL);
  const std::size_t first_drop = counters.size() - drops.size();

  std::string sv = fmt::format("// SPDX-License-Identifier: BSD-2-Clause\n// {}\n\n", fmt::format(kMade, source));
  sv += "/// Register offsets, counter numbers and drop reasons.\npackage synward_regs_pkg;\n";
  sv += fmt::format(
      "  localparam int AddressBits = {};\n  localparam logic [31:0] DeviceId = 32'h{:08x};\n  localparam logic [31:0] "
      "MapVersion = 32'h{:08x};\n\n",
      bits, id, (major << 16) | (minor << 8) | patch);
  for (const auto& r : regs)
    sv += fmt::format("  localparam logic [{}:0] REG_{} = {}'h{:03x};\n", bits - 1, r.name, bits, r.offset);
  sv += "\n";
  for (const auto& s : sysctls) sv += fmt::format("  localparam logic [31:0] DEFAULT_{} = 32'd{};\n", s.reg, s.def);
  sv += fmt::format("\n  localparam int Counters = {};\n", counters.size());
  for (std::size_t i = 0; i < counters.size(); ++i)
    sv += fmt::format("  localparam int CNT_{} = {};\n", upper(counters[i].name), i);
  sv += fmt::format(
      "\n  localparam int Drops = {};\n  localparam int FirstDrop = {};  // counter number of drop reason 0\n",
      drops.size(), first_drop);
  for (std::size_t i = 0; i < drops.size(); ++i)
    sv += fmt::format("  localparam logic [5:0] DROP_{} = 6'd{};\n", upper(drops[i].name), i);
  sv += fmt::format("\n  localparam int Events = {};  // codes 1..Events\n", events.size());
  for (const auto& e : events) sv += fmt::format("  localparam logic [4:0] EVENT_{} = 5'd{};\n", upper(e.name), e.code);
  sv += "endpackage\n";
  write_file(out / "rtl/csr/synward_regs_pkg.sv", sv);

  std::string h = fmt::format(
      "// SPDX-License-Identifier: BSD-2-Clause\n// {}\n#pragma once\n\n#include <array>\n#include <cstdint>\n#include "
      "<string_view>\n\nnamespace synward::reg {{\n\n",
      fmt::format(kMade, source));
  h += fmt::format(
      "inline constexpr std::uint32_t kDeviceId = 0x{:08x};\ninline constexpr std::uint32_t kVersionMajor = "
      "{};\ninline constexpr std::uint32_t kVersionMinor = {};\ninline constexpr std::uint32_t kVersionPatch = {};\n\n",
      id, major, minor, patch);
  for (const auto& r : regs)
    h += fmt::format("/// {}\ninline constexpr std::uint32_t k{} = 0x{:03x};\n", r.doc, camel(lower(r.name)), r.offset);
  h += "\n/// Values of SECRET_COMMIT.\nenum class SecretCommit : std::uint32_t { cookie_rotate = 0, cookie_slot0 = 1, "
       "cookie_slot1 = 2, ts_secret = 3, mark_key = 4, parity0 = 5, parity1 = 6, table_key = 7, control_key = 8, "
       "mark_next = 9, mark_swap = 10 };\n";
  h += "\n/// Why a frame was dropped; the value is the reason's number.\nenum class Drop : std::uint8_t {\n";
  for (std::size_t i = 0; i < drops.size(); ++i)
    h += fmt::format("  {} = {},  ///< {}\n", drops[i].name, i, drops[i].doc);
  h += fmt::format(
      "}};\ninline constexpr std::size_t kDrops = {};\ninline constexpr std::array<std::string_view, kDrops> "
      "kDropNames{{{{",
      drops.size());
  for (const auto& d : drops) h += fmt::format("\"{}\", ", d.name);
  h += "}};\n\n/// Counter numbers: the counter's low word is at kCounter + 8 x number.\nenum class Counter : "
       "std::uint8_t {\n";
  for (std::size_t i = 0; i < counters.size(); ++i)
    h += fmt::format("  {} = {},  ///< {}\n", counters[i].name, i, counters[i].doc);
  h += fmt::format(
      "}};\ninline constexpr std::size_t kCounters = {};\ninline constexpr std::size_t kFirstDrop = {};\n\nstruct "
      "CounterInfo {{\n  std::string_view name;  ///< name of the enumerator\n  std::string_view json;  ///< path in "
      "reports, dots between levels\n  std::string_view doc;\n}};\ninline constexpr std::array<CounterInfo, kCounters> "
      "kCounterInfo{{{{\n",
      counters.size(), first_drop);
  for (const auto& c : counters) h += fmt::format("    {{\"{}\", \"{}\", \"{}\"}},\n", c.name, c.json, c.doc);
  h += "}};\n\nstruct SysctlInfo {\n  std::string_view name;\n  std::uint32_t offset;  ///< register\n  std::uint32_t "
       "min, max, def;\n  bool load;  ///< takes effect when the tables are loaded\n  std::array<std::string_view, 4> "
       "words;  ///< names of the values from 0 up; empty where the "
       "value is a number\n  std::string_view doc;\n};\n";
  h += fmt::format("inline constexpr std::array<SysctlInfo, {}> kSysctls{{{{\n", sysctls.size());
  for (const auto& s : sysctls) {
    std::string w;
    for (const auto& x : s.words) w += fmt::format("\"{}\", ", x);
    h += fmt::format("    {{\"{}\", 0x{:03x}, {}, {}, {}, {}, {{{}}}, \"{}\"}},\n", s.name, s.offset, s.lo, s.hi, s.def,
                     s.load, w, s.doc);
  }
  h += "}};\n\n/// What an event of the ring is, by its code.\nenum class Event : std::uint8_t {\n";
  for (const auto& e : events) h += fmt::format("  {} = {},\n", e.name, e.code);
  h += "};\n\nstruct EventInfo {\n  std::string_view name, level, function;\n  std::string_view text;   ///< of the "
       "log line, "
       "printf style, for IPv4\n  std::string_view text6;  ///< for IPv6\n  bool flags;              ///< the line "
       "shows tcpflags\n  "
       "std::array<std::string_view, 3> args;\n};\n";
  for (const auto& [name, what, list] :
       {std::tuple{"kEvents", "code", &events}, std::tuple{"kNotes", "note", &notes}}) {
    h += fmt::format("/// By {} - 1.\ninline constexpr std::array<EventInfo, {}> {}{{{{\n", what, list->size(), name);
    for (const auto& e : *list) {
      std::string a;
      for (const auto& x : e.args) a += fmt::format("\"{}\", ", x);
      h += fmt::format("    {{\"{}\", \"{}\", \"{}\", \"{}\", \"{}\", {}, {{{}}}}},\n", e.name, e.level, e.function,
                       e.text, e.text6, e.flags, a);
    }
    h += "}};\n";
  }
  h += fmt::format(
      "\nstruct RegisterInfo {{\n  std::string_view name;\n  std::uint32_t offset;\n}};\n/// What a dump of the card's "
      "state reads besides the sysctls: words that reading does not change.\ninline constexpr std::array<RegisterInfo, "
      "{}> kState{{{{\n",
      std::count_if(regs.begin(), regs.end(), [](const Register& r) { return r.state; }));
  for (const auto& r : regs)
    if (r.state) h += fmt::format("    {{\"{}\", 0x{:03x}}},\n", r.name, r.offset);
  h += "}};\n\n}  // namespace synward::reg\n";
  write_file(out / "host/include/synward/registers.hpp", h);

  std::string codes = fmt::format(
      "// SPDX-License-Identifier: BSD-2-Clause\n// {}\n#pragma once\n\n#include <cstdint>\n\nnamespace synward "
      "{{\n\n// VerdictRecord::reason.\n",
      fmt::format(kMade, source));
  const auto code = [&codes](const char* kind, const std::string& name, std::size_t value) {
    codes += fmt::format("constexpr std::uint8_t k{}{} = {};\n", kind, camel(name), value);
  };
  for (std::size_t i = 0; i < drops.size(); ++i) code("Drop", drops[i].name, i);
  codes += "\n// EventRecord::code.\n";
  for (const auto& e : events) code("Event", e.name, e.code);
  codes += "\n// EventRecord::note.\n";
  for (const auto& n : notes) code("Note", n.name, n.code);
  codes += "\n}  // namespace synward\n";
  write_file(out / "hls/synward/register_codes.hpp", codes);

  std::string md = fmt::format(
      "<!-- {} -->\n# Registers\n\nOne AXI4-Lite port, 32-bit words, byte offsets. Unlisted offsets read 0 and ignore "
      "writes. Write-only words read 0.\n\n| offset | name | access | meaning |\n| --- | --- | --- | --- |\n",
      fmt::format(kMade, source));
  for (const auto& r : regs)
    md += fmt::format("| 0x{:03x}{} | {} | {} | {} |\n", r.offset,
                      r.words > 1 ? fmt::format("-0x{:03x}", r.offset + 4 * r.words - 1) : "", r.name, r.access, r.doc);
  md +=
      "\n## Counters\n\n64 bits each, never cleared, wrap modulo 2^64. The JSON path is where `synward sim` reports "
      "it.\n\n| number | name | JSON path | counts |\n| --- | --- | --- | --- |\n";
  for (std::size_t i = 0; i < counters.size(); ++i)
    md += fmt::format("| {} | {} | `{}` | {} |\n", i, counters[i].name, counters[i].json, counters[i].doc);
  md += "\n## Sysctls\n\n| name | range | default | meaning |\n| --- | --- | --- | --- |\n";
  for (const auto& s : sysctls) {
    std::string range = fmt::format("{}..{}", s.lo, s.hi), def = fmt::format("{}", s.def);
    if (!s.words.empty()) {
      range.clear();
      for (std::size_t i = 0; i < s.words.size(); ++i) range += fmt::format("{}{} ({})", i ? ", " : "", s.words[i], i);
      def = s.words[static_cast<std::size_t>(s.def)];
    }
    md += fmt::format("| {} | {} | {} | {} |\n", s.name, range, def, s.doc);
  }
  md += "\n## Events\n\n| code | name | line | arg0, arg1, arg2 |\n| --- | --- | --- | --- |\n";
  for (const auto& e : events) {
    std::string line = e.function.empty() ? e.text : e.function + ": " + e.text;
    for (std::size_t at = 0; (at = line.find('|', at)) != std::string::npos; at += 2) line.insert(at, 1, '\\');
    md += fmt::format("| {} | {} | {} | {} |\n", e.code, e.name, line, fmt::join(e.args, ", "));
  }
  write_file(out / "docs/registers.md", md + ports(in, out));
}

std::string ctype(unsigned w) {
  if (w == 1) return "bool";
  if (w <= 8) return "std::uint8_t";
  if (w <= 16) return "std::uint16_t";
  if (w <= 32) return "std::uint32_t";
  if (w <= 64) return "std::uint64_t";
  return "Wide128";
}

/// Width of a record that stands before this one. Throws std::runtime_error if there is none.
unsigned width_of(const std::vector<Record>& recs, const std::string& name) {
  for (const auto& r : recs)
    if (r.name == name) return r.width();
  throw std::runtime_error(fmt::format("rtl/records.toml: no record '{}' before its use", name));
}

std::string sv_field(const Field& f) {
  const std::string type = !f.record.empty() ? fmt::format("synward_{}_t", f.record)
                           : f.width == 1    ? std::string("logic")
                                             : fmt::format("logic [{}:0]", f.width - 1);
  return fmt::format("  {} {};{}{}\n", type, f.name, f.doc.empty() ? "" : "  // ", f.doc);
}

/// Not of a record with a field wider than an address: whoever drives it has bytes of its own.
bool has_cpp(const Record& r) {
  return std::all_of(r.fields.begin(), r.fields.end(),
                     [](const Field& f) { return !f.record.empty() || f.width <= 128; });
}

/// A record as a struct of its fields, or of its records.
std::string cpp_record(const Record& r) {
  std::string h =
      fmt::format("\n/// {}\nstruct {} {{\n  static constexpr unsigned kWidth = {};  ///< bits of the packed record\n",
                  r.doc, camel(r.name) + "Record", r.width());
  for (const auto& f : r.fields)
    h += fmt::format("  {} {};{}{}\n", f.record.empty() ? ctype(f.width) : camel(f.record) + "Record", f.name,
                     f.doc.empty() ? "" : "  ///< ", f.doc);
  h += "\n  /// Calls f(value, width in bits) for each field, most significant first.\n  template <typename F>\n"
       "  void each(F&& f) {\n";
  for (const auto& f : r.fields)
    h +=
        f.record.empty() ? fmt::format("    f({}, {}u);\n", f.name, f.width) : fmt::format("    {}.each(f);\n", f.name);
  return h + "  }\n};\n";
}

const Record& find_record(const std::vector<Record>& recs, const std::string& name) {
  const auto found = std::find_if(recs.begin(), recs.end(), [&](const Record& r) { return r.name == name; });
  if (found == recs.end()) throw std::runtime_error(fmt::format("rtl/records.toml: no record '{}'", name));
  return *found;
}

/// Bits that a field takes in the kernels' structs: those of its C++ type.
unsigned kernel_width(unsigned width) { return width == 1 ? 1 : std::max(8U, std::bit_ceil(width)); }

/// A field of a record, or of a record in it, and where the kernels' struct has it.
struct Leaf {
  std::string path;
  unsigned width{}, at{};
};
/// All of them, in order. Returns the first bit behind them.
unsigned leaves(const std::vector<Record>& recs, const Record& record, const std::string& path, unsigned at,
                std::vector<Leaf>& out) {
  for (const auto& f : record.fields) {
    const std::string name = path + '.' + f.name;
    if (f.record.empty()) {
      out.push_back({name, f.width, at});
      at += kernel_width(f.width);
    } else {
      at = leaves(recs, find_record(recs, f.record), name, at, out);
    }
  }
  return at;
}

/// The kernels' structs as Vitis HLS lays them out with AGGREGATE compact=bit: the first member in the lowest bits,
/// each with the bits of its type; of 128 bits the upper half first.
struct KernelPorts {
  std::string module;
  unsigned question{}, setting{}, answer{};  ///< bits of TDATA: whole bytes
};
KernelPorts kernel_ports(const std::vector<Record>& recs, const toml::table& root, const std::string& source) {
  std::vector<Leaf> question, answer;
  const unsigned question_bits = leaves(recs, find_record(recs, "question"), "question_i", 0, question);
  const unsigned answer_bits = leaves(recs, find_record(recs, "answer"), "answer_o", 0, answer);
  std::string body;
  const auto put = [&body](const std::string& to, unsigned at, unsigned bits, unsigned width, const std::string& from) {
    body += fmt::format("    {}[{} +: {}] = {};\n", to, at, bits,
                        bits == width ? from : fmt::format("{{{}'d0, {}}}", bits - width, from));
  };
  body += "  always_comb begin\n    question_o = '0;\n";
  for (const Leaf& f : question) {
    if (f.width == 128) {
      put("question_o", f.at, 64, 64, f.path + "[127:64]");
      put("question_o", f.at + 64, 64, 64, f.path + "[63:0]");
    } else {
      put("question_o", f.at, kernel_width(f.width), f.width, f.path);
    }
  }
  body += "  end\n\n  always_comb begin\n    setting_o = '0;\n";
  unsigned setting_bits = 0;
  each(root, "kernel_setting", [&](const toml::table& t) {
    for (const auto& node : *t["fields"].as_array()) {
      const auto& f = *node.as_array();
      const unsigned bits = f[0].value_or(0u), width = f[1].value_or(0u);
      put("setting_o", setting_bits, bits, width, f[2].value_or(std::string{}));
      setting_bits += bits;
    }
  });
  body += "  end\n\n  always_comb begin\n    answer_o = '0;\n";
  for (const Leaf& f : answer) {
    if (f.width == 128) {
      body += fmt::format("    {0} = {{answer_i[{1} +: 64], answer_i[{2} +: 64]}};\n", f.path, f.at, f.at + 64);
    } else {
      body += fmt::format("    {} = answer_i[{} +: {}];\n", f.path, f.at, f.width);
    }
  }
  body += "  end\n";
  const auto bytes = [](unsigned bits) { return (bits + 7) / 8 * 8; };
  const std::string module = fmt::format(
      "// SPDX-License-Identifier: BSD-2-Clause\n// {}\n`default_nettype none\n`include \"synward_records.svh\"\n\n"
      "/// The streams of synward_elastic as the HLS kernels have them: structs, their first member in the lowest "
      "bits,\n"
      "/// each member with the bits of its C++ type, of 128 bits the upper half first. Wires alone. Not run through\n"
      "/// Vitis.\nmodule synward_kernel_ports (\n    input  synward_question_t question_i,\n"
      "    output logic [`SYNWARD_KERNEL_QUESTION_W-1:0] question_o,  ///< EngineQuestion\n"
      "    input  synward_setting_t setting_i,\n"
      "    output logic [`SYNWARD_KERNEL_SETTING_W-1:0] setting_o,    ///< EngineSetting\n"
      "    input  wire  [`SYNWARD_KERNEL_ANSWER_W-1:0] answer_i,      ///< EngineReply\n"
      "    output synward_answer_t answer_o\n);\n{}\n"
      "  wire unused = &{{1'b0, answer_i}};\nendmodule\n\n`default_nettype wire\n",
      fmt::format(kMade, source), body);
  return {module, bytes(question_bits), bytes(setting_bits), bytes(answer_bits)};
}

void records(const fs::path& in, const fs::path& out) {
  const std::string source = "rtl/records.toml";
  const auto root = toml::parse_file((in / source).string());
  std::vector<Record> recs;
  each(root, "record", [&](const toml::table& t) {
    Record r{text(t, "name"), text(t, "doc"), t["rtl"].value_or(false), t["flat"].value_or(std::string{}), {}};
    for (const auto& f : *t["fields"].as_array()) {
      const auto& a = *f.as_array();
      Field field{a[0].value_or(std::string{}), a[2].value_or(std::string{}), a[1].value_or(0u),
                  a[1].value_or(std::string{})};
      if (!field.record.empty()) field.width = width_of(recs, field.record);
      r.fields.push_back(std::move(field));
    }
    recs.push_back(std::move(r));
  });
  std::string sv = fmt::format(
      "// SPDX-License-Identifier: BSD-2-Clause\n// {}\n`ifndef SYNWARD_RECORDS_SVH\n`define SYNWARD_RECORDS_SVH\n\n",
      fmt::format(kMade, source));
  std::string h = fmt::format(
      "// SPDX-License-Identifier: BSD-2-Clause\n// {}\n#pragma once\n\n#include <cstdint>\n\nnamespace synward "
      "{{\n\n/// 128 bits, for addresses: hi holds bits 127:64.\nstruct Wide128 {{\n  std::uint64_t hi, lo;\n}};\n",
      fmt::format(kMade, source));
  std::string tests = fmt::format(
      "// SPDX-License-Identifier: BSD-2-Clause\n// {}\n#pragma once\n\n#include \"synward/records.hpp\"\n\n"
      "namespace synward {{\n\n// Records of the RTL alone, for its tests.\n",
      fmt::format(kMade, source));
  for (const auto& r : recs) {
    sv += fmt::format("/// {}\ntypedef struct packed {{\n", r.doc);
    for (const auto& f : r.fields) sv += sv_field(f);
    sv += fmt::format("}} synward_{}_t;\n`define SYNWARD_{}_W {}\n\n", r.name, upper(r.name), r.width());
    if (has_cpp(r)) (r.rtl ? tests : h) += cpp_record(r);
  }
  std::string codes = fmt::format(
      "// SPDX-License-Identifier: BSD-2-Clause\n// {}\n#pragma once\n\n#include <cstdint>\n\nnamespace synward {{\n",
      fmt::format(kMade, source));
  // How wide the kernels' streams are, for RTL, scripts and C++.
  const KernelPorts kernel = kernel_ports(recs, root, source);
  sv +=
      "// TDATA of the HLS kernels' streams (act/synward_kernel_ports.sv): their structs bit by bit, in whole bytes.\n";
  h += "\n// Bits of the kernels' streams: their structs, in whole bytes (rtl/act/synward_kernel_ports.sv).\n";
  for (const auto& [name, bits] :
       {std::pair{"question", kernel.question}, {"setting", kernel.setting}, {"answer", kernel.answer}}) {
    sv += fmt::format("`define SYNWARD_KERNEL_{}_W {}\n", upper(name), bits);
    h += fmt::format("constexpr unsigned kKernel{}Bits = {};\n", camel(name), bits);
  }
  sv += '\n';
  // Nobody uses all of them.
  sv += "/* verilator lint_off UNUSEDPARAM */\n";
  each(root, "code", [&](const toml::table& t) {
    const std::string group = text(t, "group");
    const unsigned width = t["width"].value_or(0u);
    sv += fmt::format("// {}.\n", text(t, "doc"));
    codes += fmt::format("\n// {}.\n", text(t, "doc"));
    std::size_t value = 0;
    const bool bits = t["bits"].value_or(false);
    for (const auto& node : *t["names"].as_array()) {
      const std::string name = camel(group) + camel(node.value_or(std::string{}));
      sv += fmt::format("localparam logic [{}:0] {} = {}'d{};\n", width - 1, name, width, value);
      codes += fmt::format("constexpr std::uint8_t k{} = {};\n", name, value);
      value = bits && value != 0 ? 2 * value : value + 1;
    }
    sv += '\n';
  });
  codes += "\n}  // namespace synward\n";
  sv += "/* verilator lint_on UNUSEDPARAM */\n`endif\n";
  h += "\n}  // namespace synward\n";
  tests += "\n}  // namespace synward\n";
  std::string bits = fmt::format(
      "// SPDX-License-Identifier: BSD-2-Clause\n// {}\n#pragma once\n\n#include <cstddef>\n\nnamespace synward "
      "{{\n\n// "
      "Bits of the records that the registers show.\n",
      fmt::format(kMade, source));
  for (const auto& r : recs)
    if (r.name == "event" || r.name == "listing")
      bits += fmt::format("inline constexpr std::size_t k{}Bits = {};\n", camel(r.name), r.width());
  bits += "\n}  // namespace synward\n";
  write_file(out / "host/include/synward/record_bits.hpp", bits);
  write_file(out / "rtl/synward_records.svh", sv);
  write_file(out / "rtl/act/synward_kernel_ports.sv", kernel.module);
  write_file(out / "hls/synward/records.hpp", h);
  write_file(out / "tests/block/rtl_records.hpp", tests);
  write_file(out / "hls/synward/record_codes.hpp", codes);
  each(root, "flat", [&](const toml::table& t) {
    const std::string module = text(t, "module");
    const std::string file = fmt::format("rtl/{}.sv", module);
    write_file(out / "rtl/flat" / (flat_name(module) + ".sv"),
               flat_module(recs, module, read_file(in / file), fmt::format(kMade, source + " and " + file)));
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: synward-gen PROJECT_ROOT OUTPUT_ROOT\n";
    return 2;
  }
  try {
    registers(argv[1], argv[2]);
    records(argv[1], argv[2]);
  } catch (const std::exception& e) {
    std::cerr << "synward-gen: " << e.what() << '\n';
    return 1;
  }
  return 0;
}
