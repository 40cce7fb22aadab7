// SPDX-License-Identifier: BSD-2-Clause
#include "csr/gen_flat.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace synward::gen {
namespace {

constexpr std::size_t kColumns = 120;

/// A line of a list of parameters or ports: a declaration and what is said of it, or words between them.
struct Line {
  std::string declaration, words;
};

std::string list_of(const std::vector<Line>& lines) {
  std::size_t left = 0;
  for (const Line& line : lines) left += line.declaration.empty() ? 0 : 1;
  std::string out;
  for (const Line& line : lines) {
    if (line.declaration.empty()) {
      out += line.words + '\n';
      continue;
    }
    const std::string declared = fmt::format("    {}{}", line.declaration, --left != 0 ? "," : "");
    if (line.words.empty()) {
      out += declared + '\n';
    } else if (declared.size() + 7 + line.words.size() <= kColumns) {
      out += fmt::format("{}  ///< {}\n", declared, line.words);
    } else {
      out += fmt::format("    /// {}\n{}\n", line.words, declared);
    }
  }
  return out;
}

std::string type_of(const Field& field) {
  if (!field.record.empty()) return fmt::format("synward_{}_t", field.record);
  return field.width == 1 ? "" : fmt::format("[{}:0]", field.width - 1);
}

class Flattener {
 public:
  explicit Flattener(const std::vector<Record>& records) : records_(records) {}

  void parameter(const std::string& line) {
    static const std::regex kParameter(R"(\s*(parameter \w+ (\w+) = [^,/ ]+),?(?:\s*///< (.*))?)");
    std::smatch match;
    if (!std::regex_match(line, match, kParameter)) throw std::runtime_error("no parameter: " + line);
    parameters_.push_back({match[1], match[3]});
    parameter_names_.push_back(match[2]);
  }

  void port(const std::string& line) {
    static const std::regex kPort(R"(\s*(input |output) +(?:wire|logic|synward_(\w+)_t)\s+)"
                                  R"((\[.*\]\s*)?((\w+)(_n?[io])),?(?:\s*///< (.*))?)");
    std::smatch match;
    if (!std::regex_match(line, match, kPort)) {
      if (line.find("//") == std::string::npos && !line.empty()) throw std::runtime_error("no port: " + line);
      ports_.push_back({"", line});
      return;
    }
    const Record* const record = find(match[2]);
    if (const std::string name = name_of_ready(match[5]); !name.empty()) {
      ports_.push_back({fmt::format("input  wire  {}_i", name), match[7]});
      connections_ += fmt::format("      .{}({}_i),\n", match[4].str(), name);
      return;
    }
    if (record == nullptr || record->flat.empty()) {
      std::string declaration = line.substr(line.find_first_not_of(' '));
      declaration.resize(
          std::min(declaration.find_last_not_of(' ', declaration.find("///<") - 1) + 1, declaration.size()));
      if (declaration.back() == ',') declaration.pop_back();
      ports_.push_back({declaration, match[7]});
    } else {
      record_port(*record, match[1] == "output", match[4], match[5], match[6]);
    }
    connections_ += fmt::format("      .{},\n", match[4].str());
  }

  std::string text(const std::string& module, const std::string& made) const {
    const std::string instance = fmt::format("u{}", module.substr(module.find('_')));
    std::string with;
    for (const std::string& name : parameter_names_) with += fmt::format("      .{0}({0}),\n", name);
    with.resize(with.size() - 2);
    return fmt::format(
        "// SPDX-License-Identifier: BSD-2-Clause\n// {}\n`default_nettype none\n`include \"synward_records.svh\"\n\n"
        "/// {} with a port for each field of its records. Wires alone.\nmodule {} #(\n{}) (\n{});\n{}"
        "  {} #(\n{}\n  ) {} (\n{}  );\nendmodule\n\n`default_nettype wire\n",
        made, module, flat_name(module), list_of(parameters_), list_of(ports_), wires_, module, with, instance,
        connections_.substr(0, connections_.size() - 2) + '\n');
  }

 private:
  const Record* find(const std::string& name) const {
    const auto found = std::find_if(records_.begin(), records_.end(), [&](const Record& r) { return r.name == name; });
    return found == records_.end() ? nullptr : &*found;
  }

  /// What the ready beside a stream of records is called, as its fields are; empty for any other port.
  std::string name_of_ready(const std::string& base) const {
    const auto found = readies_.find(base);
    return found == readies_.end() ? std::string{} : found->second;
  }

  /// A port of a record: the wire of its name, and a port for each field.
  void record_port(const Record& record, bool output, const std::string& port, const std::string& base,
                   const std::string& suffix) {
    wires_ += fmt::format("  synward_{}_t {};\n", record.name, port);
    if (output) readies_[base + "_ready"] = called(record, base, "ready");
    fields(record, output, port, base, suffix);
  }

  static std::string called(const Record& record, const std::string& base, const std::string& field) {
    return fmt::format(fmt::runtime(record.flat), fmt::arg("port", base), fmt::arg("field", field));
  }

  void fields(const Record& record, bool output, const std::string& member, const std::string& base,
              const std::string& suffix) {
    for (const Field& field : record.fields) {
      const std::string from = fmt::format("{}.{}", member, field.name);
      const Record* const inner = find(field.record);
      if (inner != nullptr && !inner->flat.empty()) {
        fields(*inner, output, from, base, suffix);
        continue;
      }
      const std::string name = called(record, base, field.name) + suffix;
      const std::string type = type_of(field);
      ports_.push_back({fmt::format("{} {}{}{}{}", output ? "output" : "input ",
                                    !field.record.empty() ? ""
                                    : output              ? "logic "
                                                          : "wire  ",
                                    type, type.empty() ? "" : " ", name),
                        field.doc});
      wires_ +=
          output ? fmt::format("  assign {} = {};\n", name, from) : fmt::format("  assign {} = {};\n", from, name);
    }
  }

  const std::vector<Record>& records_;
  std::vector<Line> parameters_, ports_;
  std::vector<std::string> parameter_names_;
  std::map<std::string, std::string> readies_;  ///< of a stream of records: its base, what its ready is called
  std::string wires_, connections_;
};

}  // namespace

std::string flat_name(const std::string& module) {
  constexpr std::string_view kPrefix = "synward_";
  return fmt::format("synward_flat_{}", module.substr(kPrefix.size()));
}

std::string flat_module(const std::vector<Record>& records, const std::string& module, const std::string& text,
                        const std::string& made) {
  Flattener flattener(records);
  enum class In { kBefore, kParameters, kPorts, kBehind } in = In::kBefore;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (in == In::kBefore && line == "module " + module + " #(") {
      in = In::kParameters;
    } else if (in == In::kParameters && line == ") (") {
      in = In::kPorts;
    } else if (in == In::kPorts && line == ");") {
      in = In::kBehind;
    } else if (in == In::kParameters) {
      flattener.parameter(line);
    } else if (in == In::kPorts) {
      flattener.port(line);
    }
  }
  if (in != In::kBehind) throw std::runtime_error(module + ": its ports are not laid out one a line");
  return flattener.text(module, made);
}

}  // namespace synward::gen
