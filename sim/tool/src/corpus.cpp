// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/corpus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "synward/config.hpp"
#include "synward/sim/grouped.hpp"
#include "synward/sim/interrupt.hpp"
#include "synward/sim/output_file.hpp"
#include "synward/sim/pcap.hpp"
#include "synward/sim/progress.hpp"
#include "synward/sim/replay.hpp"
#include "synward/sim/replayer.hpp"
#include "synward/sim/reply_laws.hpp"
#include "synward/sim/report.hpp"

namespace synward::sim {

namespace {

namespace fs = std::filesystem;

/// What a finding is told in a list of, at most: the first says where to look.
constexpr std::size_t kMostFindings = 10;
constexpr std::array<std::string_view, 2> kCores{"rtl", "ref"};

using Endpoint = std::pair<IpAddress, std::uint16_t>;
/// How often each frame was seen.
using Frames = std::unordered_map<std::string, std::uint64_t>;

std::string text_of(Bytes frame) { return {frame.begin(), frame.end()}; }

/// A capture below the folder: one file with both directions, or a pair X.line.pcap and X.host.pcap.
struct Capture {
  fs::path line;
  std::optional<fs::path> host;    ///< its own file
  std::optional<fs::path> config;  ///< X.toml beside it

  bool split() const { return line.string().ends_with(".line.pcap"); }
};

enum class Verdict : std::uint8_t { same, overrun, differs, broken, refused };
constexpr std::array<std::string_view, 5> kVerdicts{"same", "overrun", "differs", "broken", "refused"};

/// What is known of a capture behind both cores.
struct Finding {
  std::string name;
  Verdict verdict = Verdict::same;
  std::string services;  ///< what was protected
  std::uint64_t from_line = 0, from_host = 0;
  Counters counters;  ///< the reference's
  std::vector<std::string> differences, broken;
  std::string refusal;
};

bool is_capture(const std::string& name) {
  // What the reader does not take, such as compressed files, is refused by it, in words.
  constexpr std::array<std::string_view, 6> kEndings{".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz", ".cap.gz"};
  return std::ranges::any_of(kEndings, [&name](auto ending) { return name.ends_with(ending); });
}

Expected<std::vector<Capture>> find_captures(const std::string& folder) {
  std::error_code failed;
  std::set<fs::path> files;
  // Links to folders are not followed, so this comes to an end.
  for (fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, failed), end;
       !failed && at != end; at.increment(failed)) {
    std::error_code unknown;
    if (is_capture(at->path().filename().string()) && !at->is_directory(unknown)) {
      files.insert(at->path());
    }
  }
  if (failed) {
    return Error{fmt::format("{}: {}", folder, failed.message())};
  }
  if (files.empty()) {
    return Error{fmt::format("{}: no capture below it (*.pcap, *.pcapng, *.cap)", folder)};
  }
  std::vector<Capture> captures;
  for (const auto& file : files) {
    Capture capture{file, {}, {}};
    auto stem = file.parent_path() / file.stem();
    if (file.string().ends_with(".host.pcap") && files.contains(fs::path(stem).replace_extension(".line.pcap"))) {
      continue;
    }
    if (capture.split()) {
      stem.replace_extension();
      const auto host = stem.string() + ".host.pcap";
      capture.host = files.contains(host) ? std::optional<fs::path>(host) : std::nullopt;
    }
    std::error_code unknown;
    if (const auto config = stem.string() + ".toml"; fs::is_regular_file(config, unknown)) {
      capture.config = config;
    }
    captures.push_back(std::move(capture));
  }
  return captures;
}

/// Source address of an IP packet behind up to two VLAN tags.
std::optional<IpAddress> source_of(Bytes frame) {
  std::size_t at = 12;
  for (int tags = 0; tags < 2 && at + 2 <= frame.size(); ++tags) {
    const auto type = load16(&frame[at]);
    at += type == 0x8100 || type == 0x88a8 ? 4 : 0;
  }
  IpAddress source;
  if (at + 2 > frame.size()) {
    return std::nullopt;
  }
  const auto type = load16(&frame[at]);
  const std::size_t place = at + 2 + (type == 0x86dd ? 8 : 12);
  source.v6 = type == 0x86dd;
  if ((type != 0x0800 && type != 0x86dd) || place + source.wire().size() > frame.size()) {
    return std::nullopt;
  }
  std::ranges::copy(frame.subspan(place, source.wire().size()), source.wire().begin());
  return source;
}

/// What a capture holds: read as a whole first, so that one that is damaged is refused before any core works.
struct Contents {
  std::set<Endpoint> servers;  ///< where SYNs go
  std::set<IpAddress> addresses;
  Frames from_line, from_host;
  std::uint64_t line_frames = 0, host_frames = 0;
  ReplyLaws laws;

  /// In a capture of both directions: whether the server sent it.
  bool from_server(Bytes frame) const {
    if (const auto view = parse_tcp(frame)) {
      return servers.contains({view->flow.source, view->flow.source_port});
    }
    const auto source = source_of(frame);
    return source && addresses.contains(*source);
  }
};

Expected<void> each_frame(const fs::path& path, const std::function<void(Bytes)>& visit) {
  auto reader = PcapReader::open(path.string());
  if (!reader) {
    return reader.error();
  }
  while (!interrupted()) {
    const auto packet = reader->next();
    if (!packet) {
      return packet.error();
    }
    if (!*packet) {
      return {};
    }
    visit((*packet)->bytes);
  }
  return interruption();
}

Expected<Contents> read_contents(const Capture& capture) {
  Contents contents;
  auto done = each_frame(capture.line, [&](Bytes frame) {
    if (const auto view = parse_tcp(frame); view && view->is_syn()) {
      contents.servers.insert({view->flow.destination, view->flow.destination_port});
      contents.addresses.insert(view->flow.destination);
    }
  });
  const auto from_host = [&](Bytes frame) {
    ++contents.host_frames;
    ++contents.from_host[text_of(frame)];
  };
  if (done) {
    done = each_frame(capture.line, [&](Bytes frame) {
      if (!capture.split() && contents.from_server(frame)) {
        from_host(frame);
        return;
      }
      ++contents.line_frames;
      ++contents.from_line[text_of(frame)];
      contents.laws.from_line(frame);
    });
  }
  if (done && capture.host) {
    done = each_frame(*capture.host, from_host);
  }
  if (!done) {
    return done.error();
  }
  return contents;
}

/// Protects the capture's own servers: each of them while the table has room, else their ports, else everything.
std::vector<Service> services_for(const Contents& contents, std::string& words) {
  std::vector<Service> services;
  std::set<std::uint16_t> ports;
  for (const auto& [address, port] : contents.servers) {
    ports.insert(port);
    services.emplace_back().address = address;
    services.back().port = port;
  }
  words = fmt::format("{} {}", services.size(), services.size() == 1 ? "server" : "servers");
  if (services.empty() || services.size() > kMaxServices) {
    services.clear();
    for (const auto port : ports) {
      services.emplace_back().port = port;
    }
    words = fmt::format("any address, {} ports", services.size());
  }
  if (services.empty() || services.size() > kMaxServices) {
    services.assign(1, Service());
    words = "any address and port";
  }
  return services;
}

Expected<Config> config_for(const Capture& capture, const CorpusOptions& options, const Contents& contents,
                            std::string& words) {
  const auto path = !options.config.empty() ? options.config : capture.config ? capture.config->string() : "";
  // The same keys each time, so that a finding can be looked at again.
  auto config = path.empty() ? parse_config(
                                   "[[service]]\naddress = \"any\"\nport = 1\n[secrets]\nmode = \"fixed\"\n"
                                   "key0 = \"000102030405060708090a0b0c0d0e0f\"\n"
                                   "key1 = \"101112131415161718191a1b1c1d1e1f\"\n",
                                   "the corpus's configuration")
                             : load_config(path);
  if (!config) {
    return config;
  }
  words = path;
  if (path.empty()) {
    config->services = services_for(contents, words);
  }
  if (!config->secrets) {
    auto drawn = random_secrets();
    if (!drawn) {
      return drawn.error();
    }
    config->secrets = std::move(*drawn);
  }
  return config;
}

/// What one core made of a capture.
struct CoreRun {
  std::vector<std::string> line, host;
  ReplayOutcome outcome;
};

Expected<CoreRun> run_core(std::string_view core, const Capture& capture, const Contents& contents,
                           const Config& config, const CorpusOptions& options, const Replayer::Watcher& watcher) {
  std::vector<ReplayInput> inputs{{InPort::line_rx, capture.line.string()}};
  if (capture.host) {
    inputs.push_back({InPort::host_rx, capture.host->string()});
  }
  if (!capture.split()) {
    inputs[0].wanted = [&contents](Bytes frame) { return !contents.from_server(frame); };
    inputs.push_back(
        {InPort::host_rx, capture.line.string(), [&contents](Bytes frame) { return contents.from_server(frame); }});
  }
  auto replayer = Replayer::open(inputs);
  if (!replayer) {
    return replayer.error();
  }
  auto card = options.make(core);
  if (!card) {
    return card.error();
  }
  CoreRun run;
  auto outcome = replayer->run(
      **card, config, options.pace, options.linger_s,
      [&run](std::uint64_t, const OutFrame& frame) {
        (frame.port == OutPort::line_tx ? run.line : run.host).push_back(text_of(frame.bytes));
      },
      watcher);
  if (!outcome) {
    return outcome.error();
  }
  run.outcome = std::move(*outcome);
  return run;
}

void note(std::vector<std::string>& list, std::string text) {
  if (list.size() < kMostFindings) {
    list.push_back(std::move(text));
  }
}

Bytes bytes_of(const std::string& frame) { return {reinterpret_cast<const std::uint8_t*>(frame.data()), frame.size()}; }

/// Which laws a core broke.
void check_laws(std::string_view core, const CoreRun& run, const Contents& contents, std::vector<std::string>& broken) {
  if (const auto wrong = check_books(run.outcome.counters, run.outcome.seen); !wrong.empty()) {
    note(broken, fmt::format("{}: conservation: {}", core, wrong));
  }
  const auto check = [&](const std::vector<std::string>& sent, Frames passed, const char* where, auto&& law) {
    for (std::size_t i = 0; i < sent.size(); ++i) {
      // What somebody else sent is theirs; of equal frames as many as came in.
      if (const auto other = passed.find(sent[i]); other != passed.end() && other->second != 0) {
        --other->second;
      } else if (const auto wrong = law(bytes_of(sent[i])); !wrong.empty()) {
        note(broken, fmt::format("{}: frame {} to the {}: {}", core, i + 1, where, wrong));
      }
    }
  };
  const auto& laws = contents.laws;
  check(run.line, contents.from_host, "line", [&laws](Bytes frame) { return laws.broken_to_line(frame); });
  check(run.host, contents.from_line, "host", [&laws](Bytes frame) { return laws.broken_to_host(frame); });
}

/// Frames of the one list that the other lacks.
std::size_t lacking(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  std::vector<std::string> only;
  std::ranges::set_difference(one, other, std::back_inserter(only));
  return only.size();
}

std::vector<std::string> sorted(std::vector<std::string> list) {
  std::ranges::sort(list);
  return list;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return sorted(std::move(lines));
}

/// Where the cores differ. How replies and the host's frames lie between each other on the line is a matter of time.
void compare(const CoreRun& rtl, const CoreRun& ref, std::vector<std::string>& differences) {
  for (const auto& [where, one, other] :
       {std::tuple{"line", &rtl.line, &ref.line}, std::tuple{"host", &rtl.host, &ref.host}}) {
    const auto a = sorted(*one);
    const auto b = sorted(*other);
    if (a != b) {
      note(differences,
           fmt::format("to the {}: {} frames from rtl alone, {} from ref alone", where, lacking(a, b), lacking(b, a)));
    }
  }
  if (rtl.host != ref.host && sorted(rtl.host) == sorted(ref.host)) {
    note(differences, "to the host: the same frames in another order");
  }
  const auto& one = rtl.outcome;
  const auto& other = ref.outcome;
  for (std::size_t i = 0; i < reg::kCounters; ++i) {
    if (one.counters.values[i] != other.counters.values[i]) {
      note(differences, fmt::format("counter {}: rtl {}, ref {}", reg::kCounterInfo[i].name, one.counters.values[i],
                                    other.counters.values[i]));
    }
  }
  if (one.events.lost != other.events.lost || lines_of(one.events.json_lines) != lines_of(other.events.json_lines)) {
    note(differences, "events");
  }
  for (const auto& [what, a, b] : {std::tuple{"half-open connections", one.tables.entries, other.tables.entries},
                                   std::tuple{"flows", one.tables.flows, other.tables.flows}}) {
    if (a != b) {
      note(differences, fmt::format("{}: rtl {}, ref {}", what, a, b));
    }
  }
}

std::uint64_t drops(const Counters& counters) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < reg::kDrops; ++i) {
    sum += counters.values[reg::kFirstDrop + i];
  }
  return sum;
}

/// Puts one capture through both cores. An error only where the user interrupts.
Expected<Finding> examine(const Capture& capture, const CorpusOptions& options, const Replayer::Watcher& watcher) {
  Finding finding;
  finding.name = fs::path(capture.line).lexically_relative(options.folder).string();
  const auto refuse = [&finding](const Error& error) -> Expected<Finding> {
    if (interrupted()) {
      return interruption();
    }
    finding.verdict = Verdict::refused;
    finding.refusal = error.text;
    return finding;
  };
  auto contents = read_contents(capture);
  if (!contents) {
    return refuse(contents.error());
  }
  finding.from_line = contents->line_frames;
  finding.from_host = contents->host_frames;
  const auto config = config_for(capture, options, *contents, finding.services);
  if (!config) {
    return refuse(config.error());
  }
  std::vector<CoreRun> runs;
  for (const auto core : kCores) {
    auto run = run_core(core, capture, *contents, *config, options, watcher);
    if (!run) {
      return refuse(run.error());
    }
    check_laws(core, *run, *contents, finding.broken);
    runs.push_back(std::move(*run));
  }
  finding.counters = runs[1].outcome.counters;
  // The reference's buffers are never full: behind a loss the cores have not seen the same.
  const auto lost = runs[0].outcome.counters.lost();
  if (lost != 0) {
    finding.differences.push_back(fmt::format("not compared: the rtl core lost {} frames for want of room", lost));
  } else {
    compare(runs[0], runs[1], finding.differences);
  }
  finding.verdict = !finding.broken.empty()        ? Verdict::broken
                    : lost != 0                    ? Verdict::overrun
                    : !finding.differences.empty() ? Verdict::differs
                                                   : Verdict::same;
  return finding;
}

std::string count_verdicts(const std::vector<Finding>& findings) {
  std::string text = fmt::format("{} captures", findings.size());
  for (std::size_t i = 0; i < kVerdicts.size(); ++i) {
    const auto count = std::ranges::count(findings, static_cast<Verdict>(i), &Finding::verdict);
    text += fmt::format("{} {} {}", i == 0 ? ":" : ",", count, kVerdicts[i]);
  }
  return text + ".\n";
}

std::string make_table(const std::vector<Finding>& findings) {
  std::size_t width = std::string_view("capture").size();
  for (const auto& finding : findings) {
    width = std::max(width, finding.name.size());
  }
  std::string text = fmt::format("{:<{}}  {:>9}  {:>9}  {:>9}  {:>9}  {:>9}  {:>9}  {}\n", "capture", width, "line in",
                                 "host in", "answered", "passed", "marks", "dropped", "both cores");
  for (const auto& finding : findings) {
    using enum reg::Counter;
    const auto& counters = finding.counters;
    text += fmt::format("{:<{}}  {:>9}  {:>9}  {:>9}  {:>9}  {:>9}  {:>9}  {}\n", finding.name, width,
                        grouped(finding.from_line), grouped(finding.from_host), grouped(counters[answered]),
                        grouped(counters[passed]), grouped(counters[marks]), grouped(drops(counters)),
                        kVerdicts[static_cast<std::size_t>(finding.verdict)]);
    for (const auto* list : {&finding.broken, &finding.differences}) {
      for (const auto& line : *list) {
        text += fmt::format("    {}\n", line);
      }
    }
    if (!finding.refusal.empty()) {
      text += fmt::format("    {}\n", finding.refusal);
    }
  }
  return text + count_verdicts(findings) + "Simulated: both the clock-exact RTL and the reference model, not a card.\n";
}

Json make_json(const CorpusOptions& options, const std::vector<Finding>& findings) {
  Json report;
  report["folder"] = options.folder;
  report["pace"] = pace_name(options.pace);
  auto& captures = report["captures"] = Json::array();
  for (const auto& finding : findings) {
    using enum reg::Counter;
    Json one{{"file", finding.name},
             {"verdict", kVerdicts[static_cast<std::size_t>(finding.verdict)]},
             {"protected", finding.services},
             {"line_in", finding.from_line},
             {"host_in", finding.from_host},
             {"answered", finding.counters[answered]},
             {"passed", finding.counters[passed]},
             {"marks", finding.counters[marks]},
             {"dropped", drops(finding.counters)},
             {"broken", finding.broken},
             {"differences", finding.differences}};
    one["refusal"] = finding.refusal.empty() ? Json() : Json(finding.refusal);
    captures.push_back(std::move(one));
  }
  auto& summary = report["summary"] = Json::object();
  for (std::size_t i = 0; i < kVerdicts.size(); ++i) {
    summary[std::string(kVerdicts[i])] = std::ranges::count(findings, static_cast<Verdict>(i), &Finding::verdict);
  }
  report["note"] = "Simulated: both the clock-exact RTL and the reference model, not a card.";
  return report;
}

/// How much work a capture is, in bytes of it: for each core its size, and what it takes to make and set up a card.
std::uint64_t work_of(const Capture& capture) {
  constexpr std::uint64_t kCard = 100'000;
  std::error_code unknown;
  std::uint64_t size = fs::file_size(capture.line, unknown);
  size = unknown ? 0 : size;
  if (capture.host) {
    const auto more = fs::file_size(*capture.host, unknown);
    size += unknown ? 0 : more;
  }
  return (size + kCard) * kCores.size();
}

}  // namespace

Expected<CorpusResult> corpus(const CorpusOptions& options) {
  const auto captures = find_captures(options.folder);
  if (!captures) {
    return captures.error();
  }
  if (!options.config.empty()) {
    if (auto config = load_config(options.config); !config) {
      return config.error();
    }
  }
  std::optional<OutputFile> json;
  if (!options.json.empty()) {
    auto file = OutputFile::create(options.json);
    if (!file) {
      return file.error();
    }
    json.emplace(std::move(*file));
  }
  std::uint64_t total = 0;
  for (const auto& capture : *captures) {
    total += work_of(capture);
  }
  std::vector<Finding> findings;
  {
    Progress progress(total);
    std::uint64_t done = 0;
    for (const auto& capture : *captures) {
      std::uint64_t of_core = 0, before = 0;
      auto finding = examine(capture, options, [&](std::uint64_t bytes) {
        // The second core begins again at 0.
        before += bytes < of_core ? of_core : 0;
        of_core = bytes;
        progress.update(done + before + of_core);
      });
      if (!finding) {
        return finding.error();
      }
      findings.push_back(std::move(*finding));
      done += work_of(capture);
      progress.update(done);
    }
  }
  if (json) {
    if (auto written = json->write(make_json(options, findings).dump(2) + "\n"); !written) {
      return written.error();
    }
    if (auto committed = json->commit(); !committed) {
      return committed.error();
    }
  }
  const bool sound = std::ranges::none_of(findings, [](const Finding& finding) {
    return finding.verdict == Verdict::differs || finding.verdict == Verdict::broken;
  });
  const bool any = std::ranges::any_of(findings, [](const Finding& f) { return f.verdict != Verdict::refused; });
  if (!any) {
    return CorpusResult{make_table(findings) + "No capture could be read.\n", false};
  }
  return CorpusResult{make_table(findings), sound};
}

}  // namespace synward::sim
