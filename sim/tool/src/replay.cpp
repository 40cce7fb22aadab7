// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>
#include <vector>

#include "synward/apply.hpp"
#include "synward/sim/card_host.hpp"
#include "synward/sim/cores.hpp"
#include "synward/sim/grouped.hpp"
#include "synward/sim/interrupt.hpp"
#include "synward/sim/ms_clock.hpp"
#include "synward/sim/pcap.hpp"
#include "synward/sim/progress.hpp"
#include "synward/sim/report.hpp"

namespace synward::sim {

namespace {

/// Frames are offered this many clocks ahead of the card, so that neither side holds a whole file.
constexpr std::uint64_t kAhead = 4096;
/// Events that a card's ring holds.
constexpr std::size_t kRing = 512;
/// Clocks from one access of the host to the card's registers to the next, whatever core.
constexpr std::uint64_t kAccess = 16;
/// Clocks that a visit of the host takes at most: 16 words an event, and a rotation.
constexpr std::uint64_t kVisit = kAccess * (16 * kRing + 64);
/// The longest time that a host rests, s: the card's clock must not wrap unseen.
constexpr double kLongestRest = 1e6;

/// One input file: its next frame, and when that starts.
class Feed {
 public:
  static Expected<Feed> open(const std::string& path) {
    auto reader = PcapReader::open(path);
    if (!reader) {
      return reader.error();
    }
    Feed feed(std::move(*reader));
    if (auto read = feed.read(); !read) {
      return read.error();
    }
    return feed;
  }

  bool done() const { return !packet_; }
  std::uint64_t ns() const { return packet_->ns; }
  std::uint64_t cycle() const { return cycle_; }
  Bytes bytes() const { return packet_->bytes; }

  /// Starts the clock; the frame that open() read is the first.
  void start(const Pacer& pacer) {
    pacer_ = pacer;
    place();
  }
  Expected<void> advance() {
    auto read_one = read();
    place();
    return read_one;
  }

 private:
  explicit Feed(PcapReader reader) : reader_(std::move(reader)) {}

  Expected<void> read() {
    auto next = reader_.next();
    if (!next) {
      return next.error();
    }
    packet_ = *next;
    return {};
  }
  void place() {
    if (packet_) {
      cycle_ = pacer_->next(packet_->bytes.size(), packet_->ns);
    }
  }

  PcapReader reader_;
  std::optional<Packet> packet_;
  std::optional<Pacer> pacer_;
  std::uint64_t cycle_ = 0;
};

/// A card whose registers are read and written at certain clocks, so that the host of one core finds and frees what
/// that of another does.
class PacedCard final : public Device {
 public:
  explicit PacedCard(Card& card) : card_(card) {}

  std::uint32_t read32(std::uint32_t offset) override {
    pace();
    return card_.read32(offset);
  }
  void write32(std::uint32_t offset, std::uint32_t value) override {
    pace();
    card_.write32(offset, value);
  }

 private:
  void pace() {
    next_ = std::max(next_, card_.now());
    card_.run_until(next_);
    next_ += kAccess;
  }

  Card& card_;
  std::uint64_t next_ = 0;
};

/// What the tool itself saw, to be held against the card's counters.
struct Seen {
  std::uint64_t line_in = 0, host_in = 0, line_out = 0, host_out = 0;
  std::uint64_t first_beat = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t last_beat = 0;

  std::uint64_t cycles() const { return line_in + host_in == 0 ? 0 : last_beat - first_beat + 1; }
};

/// Why the card's books are wrong; empty where they are right.
std::string check_books(const Counters& counters, const Seen& seen) {
  using enum reg::Counter;
  if (auto broken = broken_conservation(counters); !broken.empty()) {
    return broken;
  }
  struct Pair {
    const char* port;
    std::uint64_t counted, seen;
  };
  for (const auto& pair : {Pair{"line_rx", counters[line_rx_frames], seen.line_in},
                           Pair{"host_rx", counters[host_rx_frames], seen.host_in},
                           Pair{"line_tx", counters[line_tx_frames], seen.line_out},
                           Pair{"host_tx", counters[host_tx_frames], seen.host_out}}) {
    if (pair.counted != pair.seen) {
      return fmt::format("{} frames: the card counted {}, {} were seen", pair.port, pair.counted, pair.seen);
    }
  }
  return {};
}

Json make_report(const Card& card, Pace pace, const Counters& counters, const Seen& seen, const SynLatency& latency) {
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

std::string make_summary(const Card& card, Pace pace, const Counters& counters, const Seen& seen,
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
  std::vector<std::pair<InPort, Feed>> feeds;
  for (const auto& [port, path] :
       {std::pair{InPort::line_rx, &options.line_in}, std::pair{InPort::host_rx, &options.host_in}}) {
    if (path->empty()) {
      continue;
    }
    auto feed = Feed::open(*path);
    if (!feed) {
      return feed.error();
    }
    feeds.emplace_back(port, std::move(*feed));
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
  if (const auto applied = apply(card, *config); !applied) {
    return applied.error();
  }

  std::uint64_t first_ns = std::numeric_limits<std::uint64_t>::max();
  for (const auto& [port, feed] : feeds) {
    first_ns = feed.done() ? first_ns : std::min(first_ns, feed.ns());
  }
  const std::uint64_t origin = run_to_start(card);
  for (auto& [port, feed] : feeds) {
    feed.start(Pacer(options.pace, origin, first_ns));
  }

  PacedCard paced(card);
  CardHost host(paced, *config, static_cast<double>(ms_of_cycle(origin)) / 1000);
  const auto clock_of = [origin](double s) { return origin + static_cast<std::uint64_t>(s * kClockHz); };
  const auto seconds = [origin](std::uint64_t cycle) { return static_cast<double>(cycle - origin) / kClockHz; };
  // Clocks that all frames have been offered for, once the host's next visit is over, if that comes before `cycle`.
  const auto offered_until = [&](std::uint64_t cycle) {
    const auto visit = clock_of(host.next_visit());
    return std::max(card.now() + kAhead, visit <= cycle ? visit + kVisit : 0);
  };
  // Runs the card towards a clock that is later than that: up to it, or over a visit of the host.
  const auto run_towards = [&](std::uint64_t cycle) -> Expected<void> {
    const auto visit = clock_of(host.next_visit());
    if (visit > cycle) {
      card.run_until(cycle);
      return {};
    }
    card.run_until(visit);
    if (auto visited = host.visit(host.next_visit(), kRing); !visited) {
      return visited;
    }
    card.run_until(visit + kVisit);
    // Where nothing happens for a long time, the visits up to then are made up for at once.
    const auto quiet = std::min(card.quiet_until(), cycle);
    if (!host.took_all() || quiet < card.now() + kVisit) {
      return {};
    }
    const double rest = std::min(seconds(quiet - kVisit), host.next_visit() + kLongestRest);
    if (rest < host.next_visit()) {
      return {};
    }
    card.run_until(clock_of(rest));
    return host.rest(rest);
  };
  Seen seen;
  SynLatency latency;
  card.set_sink([&](const OutFrame& frame) {
    const bool to_line = frame.port == OutPort::line_tx;
    (to_line ? *line_out : *host_out).write(first_ns + cycles_to_ns(frame.first_cycle - origin), frame.bytes);
    ++(to_line ? seen.line_out : seen.host_out);
    seen.last_beat = std::max(seen.last_beat, frame.last_cycle);
    if (const auto view = to_line ? parse_tcp(frame.bytes) : std::nullopt; view && view->is_syn_ack()) {
      latency.syn_ack(*view, frame.first_cycle);
    }
  });

  Progress progress(input_bytes(options));
  std::uint64_t bytes_read = 0;
  std::uint64_t last_offered = origin;
  while (true) {
    auto* next = static_cast<std::pair<InPort, Feed>*>(nullptr);
    for (auto& entry : feeds) {
      if (!entry.second.done() && (next == nullptr || entry.second.cycle() < next->second.cycle())) {
        next = &entry;
      }
    }
    if (next == nullptr) {
      break;
    }
    auto& [port, feed] = *next;
    const auto cycle = feed.cycle();
    if (cycle > offered_until(cycle)) {
      if (auto ran = run_towards(cycle); !ran) {
        return ran.error();
      }
      if (interrupted()) {
        return interruption();
      }
      progress.update(bytes_read);
      continue;
    }
    const bool from_line = port == InPort::line_rx;
    if (const auto view = from_line ? parse_tcp(feed.bytes()) : std::nullopt; view && view->is_syn()) {
      latency.syn(*view, cycle);
    }
    card.offer(port, feed.bytes(), cycle);
    ++(from_line ? seen.line_in : seen.host_in);
    seen.first_beat = std::min(seen.first_beat, cycle);
    last_offered = cycle;
    seen.last_beat = std::max(seen.last_beat, cycle + bus_cycles(feed.bytes().size()) - 1);
    constexpr std::uint64_t kRecordHeader = 16;
    bytes_read += feed.bytes().size() + kRecordHeader;
    if (const auto advanced = feed.advance(); !advanced) {
      return advanced.error();
    }
  }
  if (options.linger_s > 0) {
    const auto end = last_offered + static_cast<std::uint64_t>(options.linger_s * kClockHz);
    while (card.now() < end) {
      if (auto ran = run_towards(end); !ran) {
        return ran.error();
      }
      if (interrupted()) {
        return interruption();
      }
    }
  }
  card.run_until(std::max(card.now(), last_offered));
  if (!card.drain()) {
    return Error{"the card did not come to rest within 1,000,000 clocks after the last frame"};
  }

  const auto events = host.finish();
  const auto tables = read_table_state(card);
  const auto counters = read_counters(card);
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
