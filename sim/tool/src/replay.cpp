// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "synward/sim/cores.hpp"
#include "synward/sim/grouped.hpp"
#include "synward/sim/pcap.hpp"
#include "synward/sim/progress.hpp"
#include "synward/sim/replayer.hpp"
#include "synward/sim/report.hpp"

namespace synward::sim {

namespace {

Json make_report(const Card& card, Pace pace, const Counters& counters, const ReplaySeen& seen,
                 const SynLatency& latency) {
  Json report;
  report["core"] = card.core();
  report["pace"] = pace_name(pace);
  report["clock_hz"] = kClockHz;
  report["cycles"] = seen.cycles();
  report["cycles_per_frame"] =
      seen.line_in == 0 ? Json() : Json(static_cast<double>(seen.cycles()) / static_cast<double>(seen.line_in));
  add_syn_latency(report, latency, card.timed());
  report["frames_lost"] = counters.lost();
  report.update(counters_json(counters));
  return report;
}

std::string make_summary(const Card& card, Pace pace, const Counters& counters, const ReplaySeen& seen,
                         const SynLatency& latency) {
  using enum reg::Counter;
  std::string text = fmt::format(
      "Replayed {} frames ({} from the line, {} from the host) through the {} core, pace {}.\n",
      grouped(seen.line_in + seen.host_in), grouped(seen.line_in), grouped(seen.host_in), card.core(), pace_name(pace));
  text += fmt::format("  answered   {} SYNs\n", grouped(counters[answered]));
  text += fmt::format("  to host    {} passed, {} marked ACKs (handshakes that were completed)\n",
                      grouped(counters[passed]), grouped(counters[marks]));
  text += fmt::format("  to line    {} from the host\n", grouped(counters[to_line]));
  std::uint64_t all_drops = 0;
  std::string reasons;
  for (std::size_t i = 0; i < reg::kDrops; ++i) {
    if (const auto count = counters.values[reg::kFirstDrop + i]; count != 0) {
      all_drops += count;
      reasons += fmt::format("{}{} {}", reasons.empty() ? ": " : ", ", reg::kDropNames[i], grouped(count));
    }
  }
  text += fmt::format("  dropped    {}{}\n", grouped(all_drops), reasons);
  if (card.timed()) {
    text += fmt::format("  time       {} clocks = {:.3f} us", grouped(seen.cycles()),
                        cycles_to_us(static_cast<double>(seen.cycles())));
    if (seen.line_in != 0) {
      text += fmt::format(", {:.3f} clocks per line frame",
                          static_cast<double>(seen.cycles()) / static_cast<double>(seen.line_in));
    }
    text += '\n';
    if (const auto& all = latency.all(); !all.empty()) {
      text +=
          fmt::format("  SYN-ACK    after {} clocks at least, {} (median), {} (p99), {} at most; median {:.0f} ns\n",
                      all.percentile(0), all.percentile(0.5), all.percentile(0.99), all.percentile(1),
                      1000 * cycles_to_us(static_cast<double>(all.percentile(0.5))));
    }
  }
  text += simulated_note(card);
  text += '\n';
  return text;
}

/// The simulator writes the trace itself, straight to its place: a run that fails must take it away again.
class TraceFile {
 public:
  explicit TraceFile(const std::string& path) : path_(path) {}
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;
  ~TraceFile() {
    std::error_code ignored;
    if (!kept_ && std::filesystem::is_regular_file(path_, ignored)) {
      std::filesystem::remove(path_, ignored);
    }
  }
  /// The run went well.
  void keep() { kept_ = true; }

 private:
  const std::string& path_;
  bool kept_ = false;
};

/// Sum of the input files' sizes: the measure of progress needs no second pass.
std::uint64_t input_bytes(const ReplayOptions& options) {
  std::uint64_t total = 0;
  for (const auto* path : {&options.line_in, &options.host_in}) {
    std::error_code unknown;
    const auto size = path->empty() ? 0 : std::filesystem::file_size(*path, unknown);
    total += unknown ? 0 : size;
  }
  return total;
}

}  // namespace

std::string_view pace_name(Pace pace) {
  switch (pace) {
    case Pace::line_rate:
      return "line-rate";
    case Pace::back_to_back:
      return "back-to-back";
    case Pace::pcap:
      break;
  }
  return "pcap";
}

namespace {

bool same_file(const std::string& a, const std::string& b) {
  namespace fs = std::filesystem;
  std::error_code none;
  return fs::equivalent(a, b, none) ||
         fs::absolute(a, none).lexically_normal() == fs::absolute(b, none).lexically_normal();
}

/// No file is written twice, or read and written; devices and pipes may be.
Expected<void> files_apart(const ReplayOptions& options) {
  std::vector<std::string> names{options.config, options.line_in, options.host_in};
  const auto read = names.size();
  for (const auto* path :
       {&options.line_out, &options.host_out, &options.json, &options.events, &options.log, &options.trace}) {
    std::error_code none;
    if (path->empty() || std::filesystem::is_other(*path, none)) {
      continue;
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!names[i].empty() && same_file(names[i], *path)) {
        return Error{fmt::format("{}: {}", *path, i < read ? "is read: it cannot be written too" : "is written twice")};
      }
    }
    names.push_back(*path);
  }
  return {};
}

}  // namespace

Expected<std::string> replay(const ReplayOptions& options) {
  // Everything that can be wrong is found before the first clock.
  auto config = load_config(options.config);
  if (!config) {
    return config.error();
  }
  if (!config->secrets) {
    auto drawn = random_secrets();
    if (!drawn) {
      return drawn.error();
    }
    config->secrets = std::move(*drawn);
  }
  for (const auto& warning : config->warnings) {
    fmt::print(stderr, "synward: {}: {}\n", options.config, warning);
  }
  std::vector<ReplayInput> inputs;
  for (const auto& [port, path] :
       {std::pair{InPort::line_rx, &options.line_in}, std::pair{InPort::host_rx, &options.host_in}}) {
    if (!path->empty()) {
      inputs.push_back({port, *path});
    }
  }
  if (auto apart = files_apart(options); !apart) {
    return apart.error();
  }
  auto replayer = Replayer::open(inputs);
  if (!replayer) {
    return replayer.error();
  }
  auto line_out = PcapWriter::create(options.line_out);
  if (!line_out) {
    return line_out.error();
  }
  auto host_out = PcapWriter::create(options.host_out);
  if (!host_out) {
    return host_out.error();
  }
  auto json_out = OutputFile::create(options.json);
  if (!json_out) {
    return json_out.error();
  }
  std::vector<OutputFile> logs;
  for (const auto* path : {&options.events, &options.log}) {
    if (!path->empty()) {
      auto file = OutputFile::create(*path);
      if (!file) {
        return file.error();
      }
      logs.push_back(std::move(*file));
    }
  }
  TraceFile trace(options.trace);  // before the card, so that it goes after it
  auto made = make_card(options.core, options.trace);
  if (!made) {
    trace.keep();  // nothing was written
    return made.error();
  }
  Card& card = **made;
  Progress progress(input_bytes(options));
  const auto outcome = replayer->run(
      card, *config, options.pace, options.linger_s,
      [&](std::uint64_t ns, const OutFrame& frame) {
        (frame.port == OutPort::line_tx ? *line_out : *host_out).write(ns, frame.bytes);
      },
      [&progress](std::uint64_t bytes) { progress.update(bytes); });
  if (!outcome) {
    return outcome.error();
  }
  const auto& [counters, tables, events, seen, latency] = *outcome;
  if (const auto wrong = check_books(counters, seen); !wrong.empty()) {
    return Error{"conservation broken, this is a defect of the card: " + wrong};
  }
  auto report = make_report(card, options.pace, counters, seen, latency);
  report["tables"] = tables_json(tables);
  report["events"] = events_json(events);
  report["note"] = simulated_note(card);
  if (auto written = json_out->write(report.dump(2) + "\n"); !written) {
    return written.error();
  }
  auto log = logs.begin();
  for (const auto& [path, text] :
       {std::pair{&options.events, &events.json_lines}, std::pair{&options.log, &events.log}}) {
    if (!path->empty()) {
      if (auto written = (log++)->write(*text); !written) {
        return written.error();
      }
    }
  }
  for (auto& file : logs) {
    if (auto done = file.commit(); !done) {
      return done.error();
    }
  }
  for (const auto& done : {line_out->commit(), host_out->commit(), json_out->commit()}) {
    if (!done) {
      return done.error();
    }
  }
  trace.keep();
  return make_summary(card, options.pace, counters, seen, latency);
}

}  // namespace synward::sim
