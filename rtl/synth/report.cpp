// SPDX-License-Identifier: BSD-2-Clause
// synward-synth-report: puts the reports of synward-levels together as one table, as JSON and as Markdown.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "open_list.hpp"

namespace {

using Json = nlohmann::ordered_json;

/// What a cell report calls it, what the table calls it, and how many a U55C has (AMD DS978); 0: not compared.
struct Resource {
  const char* key;
  const char* title;
  double u55c;
};
constexpr Resource kResources[] = {{"lut", "LUT", 1303680}, {"ff", "FF", 2607360}, {"carry8", "CARRY8", 0},
                                   {"lutram", "LUTRAM", 0}, {"srl", "SRL", 0},     {"bram36", "BRAM36", 2016},
                                   {"uram288", "URAM", 960}};
constexpr const char* kNote =
    "Estimate by Yosys 0.23 for UltraScale+, no placement or routing. LUT includes those used as LUTRAM and SRL. Gate: "
    "every path "
    "between registers has LUT levels + CARRY8 / 4 <= 4.";

std::string count_text(double count) {
  return count == static_cast<int>(count) ? fmt::format("{}", static_cast<int>(count)) : fmt::format("{:.1f}", count);
}

using Row = std::vector<std::string>;

Row header() {
  Row row = {"block"};
  for (const Resource& resource : kResources) row.emplace_back(resource.title);
  for (const char* title : {"levels", "carries", "gate", "deepest path"}) row.emplace_back(title);
  return row;
}

Row block_row(const Json& report) {
  Row row = {report["block"].get<std::string>()};
  for (const Resource& resource : kResources) row.push_back(count_text(report["cells"][resource.key].get<double>()));
  const Json& worst = report["registers"]["worst"];
  const bool any = report["registers"]["endpoints"] != 0;
  row.push_back(std::to_string(worst["luts"].get<int>()));
  row.push_back(std::to_string(worst["carry8"].get<int>()));
  row.emplace_back(report["gate"].get<bool>() ? "ok" : "FAIL");
  row.push_back(any ? fmt::format("{} -> {}", worst["from"].get<std::string>(), worst["to"].get<std::string>()) : "-");
  return row;
}

constexpr const char* kPhysicalNote =
    "What a placer and a router would suffer from, of the same netlists: nets with more than 64 loads that a LUT "
    "drives, "
    "with more than 256 that a register or a port drives (bits of one name once); endpoints behind a memory's read "
    "with more "
    "than 4 levels, where block RAM costs 3 to begin, UltraRAM 4 and LUT memory 1, unless the read goes into a "
    "register "
    "alone; endpoints behind a port with more than 1 level. The slack is a model's at 3.1 ns, not a timing run's.";

Row physical_header() {
  return {"block",       "LUT nets",     "register nets",   "widest net", "memory starts",
          "port starts", "control sets", "model slack, ns", "physical"};
}

Row physical_row(const Json& report) {
  const Json& physical = report["physical"];
  int by_lut = 0, by_register = 0;
  for (const Json& wide : physical["wide"])
    ++(wide["driver"] == "LUT" || wide["driver"] == "memory" ? by_lut : by_register);
  const auto starts = [](const Json& path) {
    return path["endpoints"] == 0 ? std::string("0")
                                  : fmt::format("{} ({})", path["endpoints"].get<int>(), path["levels"].get<int>());
  };
  const Json& wide = physical["wide"];
  return {report["block"].get<std::string>(),
          std::to_string(by_lut),
          std::to_string(by_register),
          wide.empty() ? "-" : fmt::format("{} of {}", wide[0]["loads"].get<int>(), wide[0]["net"].get<std::string>()),
          starts(physical["memory_starts"]),
          starts(physical["port_starts"]),
          std::to_string(physical["control_sets"].get<int>()),
          fmt::format("{:.2f}", physical["model_slack"]["ns"].get<double>()),
          physical["gate"].get<bool>() ? "ok" : "open"};
}

void print_table(const std::vector<Row>& rows) {
  std::vector<std::size_t> width(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], row[i].size());
  }
  for (const Row& row : rows) {
    std::string line = fmt::format("{:<{}}", row[0], width[0]);
    for (std::size_t i = 1; i + 1 < row.size(); ++i) line += fmt::format("  {:>{}}", row[i], width[i]);
    fmt::print("{}  {}\n", line, row.back());
  }
}

std::string share_text(const Json& report) {
  std::string text;
  for (const Resource& resource : kResources) {
    if (resource.u55c == 0) continue;
    text += fmt::format("{}{} {:.2f} %", text.empty() ? "" : ", ", resource.title,
                        100 * report["cells"][resource.key].get<double>() / resource.u55c);
  }
  return text;
}

void write_markdown(std::ostream& out, const std::vector<Row>& rows, const std::vector<Row>& physical,
                    const std::vector<Json>& reports) {
  const auto write_row = [&](const Row& row) {
    for (const std::string& field : row) fmt::print(out, "| {} ", field);
    fmt::print(out, "|\n");
  };
  const auto write_table = [&](const char* note, const std::vector<Row>& table) {
    fmt::print(out, "{}\n\n", note);
    write_row(table.front());
    write_row(Row(table.front().size(), "---"));
    for (std::size_t i = 1; i < table.size(); ++i) write_row(table[i]);
    fmt::print(out, "\n");
  };
  write_table(kNote, rows);
  write_table(kPhysicalNote, physical);
  for (const Json& report : reports) {
    if (report["block"] == "synward_core")
      fmt::print(out, "`synward_core` of an Alveo U55C: {}.\n", share_text(report));
  }
}

Json read_report(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file + ": cannot read");
  Json report = Json::parse(in, nullptr, false);
  if (report.is_discarded()) throw std::runtime_error(file + ": not JSON");
  return report;
}

synward::synth::Excess excess_of(const Json& report) {
  const Json& physical = report["physical"];
  return {.nets = static_cast<int>(physical["wide"].size()),
          .memory = physical["memory_starts"]["endpoints"].get<int>(),
          .ports = physical["port_starts"]["endpoints"].get<int>()};
}

/// Worst first: what a placer would meet first.
void sort_by_physical(std::vector<Json>& reports) {
  const auto loads = [](const Json& report) {
    const Json& wide = report["physical"]["wide"];
    return wide.empty() ? 0 : wide[0]["loads"].get<int>();
  };
  std::stable_sort(reports.begin(), reports.end(), [&](const Json& a, const Json& b) {
    const auto key = [&](const Json& report) {
      const synward::synth::Excess excess = excess_of(report);
      return std::tuple(loads(report), excess.memory, excess.ports);
    };
    return key(a) > key(b);
  });
}

bool make_report(const std::vector<std::string>& files, const std::string& open, const std::string& out) {
  const synward::synth::OpenList open_list = synward::synth::read_open_list(open);
  std::vector<Json> reports;
  std::transform(files.begin(), files.end(), std::back_inserter(reports), read_report);
  std::vector<Row> rows = {header()};
  std::transform(reports.begin(), reports.end(), std::back_inserter(rows), block_row);
  print_table(rows);
  std::vector<Row> physical = {physical_header()};
  std::vector<Json> worst_first = reports;
  sort_by_physical(worst_first);
  std::transform(worst_first.begin(), worst_first.end(), std::back_inserter(physical), physical_row);
  fmt::print("\n");
  print_table(physical);
  bool passes = true;
  for (const Json& report : reports) {
    const std::string block = report["block"].get<std::string>();
    for (const Json& group : report["failing"]) {
      const Json& worst = group["worst"];
      fmt::print("over the gate: {}: {} -> {}, {} LUT levels, {} CARRY8, {} endpoints\n", block,
                 worst["from"].get<std::string>(), group["to"].get<std::string>(), worst["luts"].get<int>(),
                 worst["carry8"].get<int>(), group["endpoints"].get<int>());
    }
    if (block == "synward_core") fmt::print("{} of a U55C: {}\n", block, share_text(report));
    passes = passes && report["gate"].get<bool>();
    if (const auto fault = synward::synth::find_fault(open_list, block, excess_of(report))) {
      fmt::print("{}: {}\n", block, *fault);
      passes = false;
    }
  }
  fmt::print("{}\n", kNote);
  std::ofstream json(out + ".json"), markdown(out + ".md");
  json << Json{{"note", kNote}, {"gate", passes}, {"blocks", reports}}.dump(2) << '\n';
  write_markdown(markdown, rows, physical, reports);
  if (!json.flush() || !markdown.flush()) throw std::runtime_error(out + ".json, .md: cannot write");
  return passes;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Table of the reports of synward-levels; status 1 if a block is over the gate, or further over the physical "
      "limits than the list of open blocks allows");
  std::vector<std::string> files;
  std::string open, out;
  app.add_option("reports", files, "what synward-levels --json wrote")->required();
  app.add_option("--open", open, "the blocks that are still over the physical limits, and how far")->required();
  app.add_option("--out", out, "file to write, without .json and .md")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    return make_report(files, open, out) ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "synward-synth-report: {}\n", error.what());
    return 1;
  }
}
