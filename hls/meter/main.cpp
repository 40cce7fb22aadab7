// SPDX-License-Identifier: BSD-2-Clause
// synward-hls-meter: measures the loop-carried paths of HLS processes and refuses sources that no HLS tool would take.
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/IRReader/IRReader.h>
#include <llvm/Support/SourceMgr.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "lint.hpp"
#include "operators.hpp"
#include "recurrence.hpp"

namespace {

using namespace synward::meter;
using Json = nlohmann::ordered_json;

struct Process {
  std::string kernel, source, function;
  unsigned ii;
};

struct Options {
  std::string list;
  std::string ir;
  std::vector<std::string> lint;
  double budget = 2.4;
  std::string json, markdown, operators;
};

std::string read_file(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file + ": cannot read");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<Process> read_list(const std::string& file) {
  std::istringstream in(read_file(file));
  std::vector<Process> processes;
  std::string line;
  for (unsigned number = 1; std::getline(in, line); ++number) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    Process process;
    if (!(words >> process.kernel >> process.source >> process.function >> process.ii)) {
      throw std::runtime_error(fmt::format("{}:{}: expected KERNEL SOURCE FUNCTION II", file, number));
    }
    processes.push_back(process);
  }
  return processes;
}

std::unique_ptr<llvm::Module> read_module(llvm::LLVMContext& context, const std::string& file) {
  llvm::SMDiagnostic error;
  std::unique_ptr<llvm::Module> module = llvm::parseIRFile(file, error, context);
  if (!module) throw std::runtime_error(fmt::format("{}: {}", file, error.getMessage().str()));
  return module;
}

/// The name of a source's files without their folders and endings: kernels/engine.cpp is engine.
std::string stem_of(const std::string& source) {
  const std::size_t slash = source.find_last_of('/');
  const std::string name = source.substr(slash == std::string::npos ? 0 : slash + 1);
  return name.substr(0, name.find('.'));
}

llvm::Function& find_function(llvm::Module& module, const std::string& name, const std::string& file) {
  for (llvm::Function& function : module) {
    if (!function.isDeclaration() && short_name(function.getName().str()) == name) return function;
  }
  throw std::runtime_error(fmt::format("{}: no function {}", file, name));
}

/// How many memories of a kind a table takes: URAM of 4,096 words of 72 bits, block RAM of 36 Kbit.
unsigned urams(const MemoryUse& memory) {
  return memory.arrays * ((memory.width + 71) / 72) * ((memory.depth + 4095) / 4096);
}
unsigned brams(const MemoryUse& memory) {
  const unsigned depth = memory.width <= 9 ? 4096 : memory.width <= 18 ? 2048 : 1024;
  return memory.arrays * ((memory.width + 35) / 36) * ((memory.depth + depth - 1) / depth);
}

Json to_json(const Process& process, const Recurrence& measured, double limit, const std::set<std::string>& block) {
  Json memories = Json::array();
  for (const MemoryUse& memory : measured.memories) {
    const bool in_bram = block.count(memory.name) != 0;
    memories.push_back({{"name", memory.name},
                        {"arrays", memory.arrays},
                        {"depth", memory.depth},
                        {"width", memory.width},
                        {"uram", in_bram ? 0 : urams(memory)},
                        {"bram36", in_bram ? brams(memory) : 0}});
  }
  return {{"kernel", process.kernel},
          {"process", process.function},
          {"ii", process.ii},
          {"recurrence_ns", measured.ns},
          {"limit_ns", limit},
          {"iterations", measured.iterations},
          {"states", measured.states},
          {"path", measured.path},
          {"state_bits", measured.register_bits},
          {"widest_port", measured.widest_port},
          {"memories", memories},
          {"findings", measured.findings}};
}

using Row = std::vector<std::string>;

Row header() {
  return {"kernel",      "process",           "II",   "recurrence, ns", "limit, ns",
          "state, bits", "widest port, bits", "URAM", "BRAM36"};
}

Row row_of(const Json& report) {
  const auto sum = [&](const char* kind) {
    unsigned count = 0;
    for (const Json& memory : report["memories"]) count += memory[kind].get<unsigned>();
    return std::to_string(count);
  };
  const double ns = report["recurrence_ns"].get<double>();
  return {report["kernel"].get<std::string>(),
          report["process"].get<std::string>(),
          std::to_string(report["ii"].get<unsigned>()),
          ns == 0 ? "none" : fmt::format("{:.2f}", ns),
          fmt::format("{:.2f}", report["limit_ns"].get<double>()),
          std::to_string(report["state_bits"].get<unsigned>()),
          std::to_string(report["widest_port"].get<unsigned>()),
          sum("uram"),
          sum("bram36")};
}

void print_table(const std::vector<Row>& rows) {
  std::vector<std::size_t> width(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], row[i].size());
  }
  for (const Row& row : rows) {
    fmt::print("{:<{}}  {:<{}}", row[0], width[0], row[1], width[1]);
    for (std::size_t i = 2; i < row.size(); ++i) fmt::print("  {:>{}}", row[i], width[i]);
    fmt::print("\n");
  }
}

void write_markdown(const std::string& file, const std::vector<Row>& rows) {
  std::ofstream out(file);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const std::string& field : rows[i]) fmt::print(out, "| {} ", field);
    fmt::print(out, "|\n");
    if (i != 0) continue;
    for (std::size_t k = 0; k < rows[i].size(); ++k) fmt::print(out, "| --- ");
    fmt::print(out, "|\n");
  }
  if (!out.flush()) throw std::runtime_error(file + ": cannot write");
}

void write_operators(const std::string& file) {
  std::vector<Row> rows = {{"operator", "up to bits", "ns"}};
  for (const PublishedDelay& row : published_delays()) {
    rows.push_back({row.name, row.bits == 0 ? "any" : std::to_string(row.bits), fmt::format("{:.2f}", row.delay)});
  }
  write_markdown(file, rows);
}

/// Breaches of all sources, each once.
bool print_breaches(const std::vector<Breach>& breaches) {
  std::set<std::string> lines;
  for (const Breach& breach : breaches) {
    lines.insert(breach.line == 0 ? fmt::format("{}: {}", breach.file, breach.text)
                                  : fmt::format("{}:{}: {}", breach.file, breach.line, breach.text));
  }
  for (const std::string& line : lines) fmt::print("refused: {}\n", line);
  return !lines.empty();
}

bool print_failures(const Json& report) {
  const std::string name = report["process"].get<std::string>();
  bool failed = false;
  for (const Json& finding : report["findings"]) {
    fmt::print("refused: {}: {}\n", name, finding.get<std::string>());
    failed = true;
  }
  if (report["recurrence_ns"].get<double>() <= report["limit_ns"].get<double>()) return failed;
  fmt::print("over the limit: {}: {:.2f} ns of {:.2f} over {} iterations\n", name,
             report["recurrence_ns"].get<double>(), report["limit_ns"].get<double>(),
             report["iterations"].get<unsigned>());
  for (const Json& state : report["states"]) fmt::print("  state {}\n", state.get<std::string>());
  for (const Json& step : report["path"]) fmt::print("    {}\n", step.get<std::string>());
  return true;
}

bool run(const Options& options) {
  std::vector<Breach> breaches;
  std::set<std::string> memories;
  std::set<std::string> block;
  for (const std::string& file : options.lint) {
    const std::string text = read_file(file);
    const std::vector<Breach> found = lint_source(file, text);
    breaches.insert(breaches.end(), found.begin(), found.end());
    memories.merge(freed_memories(text));
    block.merge(block_memories(text));
  }
  llvm::LLVMContext context;
  std::vector<Json> reports;
  std::set<std::string> sources;
  for (const Process& process : options.list.empty() ? std::vector<Process>() : read_list(options.list)) {
    const std::string base = options.ir + "/" + stem_of(process.source);
    if (sources.insert(process.source).second) {
      const std::vector<Breach> found = lint_module(process.source, *read_module(context, base + ".O0.ll"));
      breaches.insert(breaches.end(), found.begin(), found.end());
    }
    const std::unique_ptr<llvm::Module> module = read_module(context, base + ".ll");
    const Recurrence measured = measure(find_function(*module, process.function, base + ".ll"), memories);
    reports.push_back(to_json(process, measured, options.budget * process.ii, block));
  }
  std::vector<Row> rows = {header()};
  std::transform(reports.begin(), reports.end(), std::back_inserter(rows), row_of);
  if (!reports.empty()) print_table(rows);
  bool failed = print_breaches(breaches);
  for (const Json& report : reports) failed = print_failures(report) || failed;
  if (!options.operators.empty()) write_operators(options.operators);
  if (!options.markdown.empty()) write_markdown(options.markdown, rows);
  if (!options.json.empty()) {
    std::ofstream out(options.json);
    out << Json{{"passes", !failed}, {"processes", reports}}.dump(2) << "\n";
    if (!out.flush()) throw std::runtime_error(options.json + ": cannot write");
  }
  return !failed;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Measures the loop-carried paths of HLS processes, and refuses what no HLS tool takes."};
  app.footer(
      "Example: synward-hls-meter --lint hls/kernels/engine.cpp --list hls/kernels/kernels.list --ir build/hls\n"
      "The list has a line for each process: KERNEL SOURCE FUNCTION II. The folder of --ir holds, for each source, "
      "clang's optimised code (NAME.ll) and its unoptimised code (NAME.O0.ll).\n"
      "Exit status: 0 if all is within the limit and nothing is refused, 1 if not, 2 if something cannot be read.");
  Options options;
  app.add_option("--list", options.list, "the processes to measure");
  app.add_option("--ir", options.ir, "folder of clang's code");
  app.add_option("--lint", options.lint, "sources to check; their DEPENDENCE pragmas name the tables");
  app.add_option("--budget", options.budget, "most that a loop-carried path may take in a clock, ns")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--json", options.json, "write the report as JSON to this file");
  app.add_option("--markdown", options.markdown, "write the table as Markdown to this file");
  app.add_option("--operators", options.operators, "write the delays of operators as Markdown to this file");
  CLI11_PARSE(app, argc, argv);
  try {
    return run(options) ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "synward-hls-meter: {}\n", error.what());
    return 2;
  }
}
