// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/replayer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "synward/apply.hpp"
#include "synward/sim/clock.hpp"
#include "synward/sim/cores.hpp"
#include "synward/sim/interrupt.hpp"
#include "synward/sim/ms_clock.hpp"
#include "synward/sim/pcap.hpp"

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

}  // namespace

/// Why the card's books are wrong; empty where they are right.
std::string check_books(const Counters& counters, const ReplaySeen& seen) {
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

/// How far frames may lie apart by their files' times. What is later is a broken clock's: a simulated year takes some
/// ten seconds.
constexpr std::uint64_t kLongestDays = 400;
constexpr std::uint64_t kNsPerDay = 86'400'000'000'000;

/// One input file: its next frame, and when that starts.
class Replayer::Feed {
 public:
  static Expected<Feed> open(const ReplayInput& input) {
    auto reader = PcapReader::open(input.path);
    if (!reader) {
      return reader.error();
    }
    Feed feed(input, std::move(*reader));
    if (auto read = feed.read(); !read) {
      return read.error();
    }
    return feed;
  }

  InPort port() const { return port_; }
  bool done() const { return !packet_; }
  std::uint64_t ns() const { return packet_->ns; }
  std::uint64_t cycle() const { return cycle_; }
  Bytes bytes() const { return packet_->bytes; }

  /// Starts the clock; the frame that open() read is the first. A frame later than last_ns is refused.
  Expected<void> start(const Pacer& pacer, std::uint64_t last_ns) {
    pacer_ = pacer;
    last_ns_ = last_ns;
    return place();
  }
  Expected<void> advance() {
    if (auto read_one = read(); !read_one) {
      return read_one;
    }
    return place();
  }

 private:
  Feed(const ReplayInput& input, PcapReader reader)
      : port_(input.port), wanted_(input.wanted), reader_(std::move(reader)) {}

  Expected<void> read() {
    do {
      auto next = reader_.next();
      if (!next) {
        return next.error();
      }
      packet_ = *next;
    } while (packet_ && wanted_ && !wanted_(packet_->bytes));
    return {};
  }
  Expected<void> place() {
    if (packet_ && packet_->ns > last_ns_) {
      return reader_.error(fmt::format("more than {} days after the first; line-rate asks no times", kLongestDays));
    }
    if (packet_) {
      cycle_ = pacer_->next(packet_->bytes.size(), packet_->ns);
    }
    return {};
  }

  InPort port_;
  std::function<bool(Bytes)> wanted_;
  PcapReader reader_;
  std::optional<Packet> packet_;
  std::optional<Pacer> pacer_;
  std::uint64_t cycle_ = 0, last_ns_ = 0;
};

/// One replay: the card, the host program beside it, and where the files are.
class Replayer::Run {
 public:
  Run(std::vector<Feed>& feeds, Card& card, const Config& config, std::uint64_t origin, const Watcher& watcher)
      : feeds_(feeds),
        card_(card),
        origin_(origin),
        last_offered_(origin),
        paced_(card),
        host_(paced_, config, static_cast<double>(ms_of_cycle(origin)) / 1000),
        watcher_(watcher) {}

  Expected<ReplayOutcome> run(Pace pace, double linger_s, const Sink& sink) {
    std::uint64_t first_ns = std::numeric_limits<std::uint64_t>::max();
    for (const auto& feed : feeds_) {
      first_ns = feed.done() ? first_ns : std::min(first_ns, feed.ns());
    }
    constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
    const auto last_ns = pace == Pace::pcap && first_ns != kNever ? first_ns + kLongestDays * kNsPerDay : kNever;
    for (auto& feed : feeds_) {
      if (auto started = feed.start(Pacer(pace, origin_, first_ns), last_ns); !started) {
        return started.error();
      }
    }
    auto& seen = outcome_.seen;
    card_.set_sink([&](const OutFrame& frame) {
      sink(first_ns + cycles_to_ns(frame.first_cycle - origin_), frame);
      const bool to_line = frame.port == OutPort::line_tx;
      ++(to_line ? seen.line_out : seen.host_out);
      seen.last_beat = std::max(seen.last_beat, frame.last_cycle);
      if (const auto view = to_line ? parse_tcp(frame.bytes) : std::nullopt; view && view->is_syn_ack()) {
        outcome_.latency.syn_ack(*view, frame.first_cycle);
      }
    });
    auto played = play(linger_s);
    if (played && !card_.drain()) {
      played = Error{"the card did not come to rest within 1,000,000 clocks after the last frame"};
    }
    card_.set_sink({});
    if (interrupted()) {
      return interruption();
    }
    if (!played) {
      return played.error();
    }
    outcome_.events = host_.finish();
    outcome_.tables = read_table_state(card_);
    outcome_.counters = read_counters(card_);
    return std::move(outcome_);
  }

 private:
  std::uint64_t clock_of(double s) const { return origin_ + static_cast<std::uint64_t>(s * kClockHz); }
  double seconds(std::uint64_t cycle) const { return static_cast<double>(cycle - origin_) / kClockHz; }

  /// All frames, and the time after them.
  Expected<void> play(double linger_s) {
    while (Feed* feed = next_feed()) {
      auto done = feed->cycle() > offered_until(feed->cycle()) ? run_towards(feed->cycle()) : offer(*feed);
      if (!done || interrupted()) {
        return done;
      }
    }
    const auto end = last_offered_ + static_cast<std::uint64_t>(linger_s * kClockHz);
    while (linger_s > 0 && card_.now() < end) {
      if (auto ran = run_towards(end); !ran || interrupted()) {
        return ran;
      }
    }
    card_.run_until(std::max(card_.now(), last_offered_));
    return {};
  }

  Feed* next_feed() {
    Feed* next = nullptr;
    for (auto& feed : feeds_) {
      if (!feed.done() && (next == nullptr || feed.cycle() < next->cycle())) {
        next = &feed;
      }
    }
    return next;
  }

  Expected<void> offer(Feed& feed) {
    const bool from_line = feed.port() == InPort::line_rx;
    const auto cycle = feed.cycle();
    if (const auto view = from_line ? parse_tcp(feed.bytes()) : std::nullopt; view && view->is_syn()) {
      outcome_.latency.syn(*view, cycle);
    }
    card_.offer(feed.port(), feed.bytes(), cycle);
    auto& seen = outcome_.seen;
    ++(from_line ? seen.line_in : seen.host_in);
    seen.first_beat = std::min(seen.first_beat, cycle);
    seen.last_beat = std::max(seen.last_beat, cycle + bus_cycles(feed.bytes().size()) - 1);
    last_offered_ = cycle;
    constexpr std::uint64_t kRecordHeader = 16;
    bytes_read_ += feed.bytes().size() + kRecordHeader;
    return feed.advance();
  }

  /// The clock up to which frames are offered before the card runs: that of the host's next visit's end, if the visit
  /// comes before `cycle`.
  std::uint64_t offered_until(std::uint64_t cycle) const {
    const auto visit = clock_of(host_.next_visit());
    return std::max(card_.now() + kAhead, visit <= cycle ? visit + kVisit : 0);
  }

  /// Runs the card towards a clock that is later than that: up to it, or over a visit of the host.
  Expected<void> run_towards(std::uint64_t cycle) {
    watcher_(bytes_read_);
    const auto visit = clock_of(host_.next_visit());
    if (visit > cycle) {
      card_.run_until(cycle);
      return {};
    }
    card_.run_until(visit);
    if (auto visited = host_.visit(host_.next_visit(), kRing); !visited) {
      return visited;
    }
    card_.run_until(visit + kVisit);
    // Where nothing happens for a long time, the visits up to then are made up for at once.
    const auto quiet = std::min(card_.quiet_until(), cycle);
    if (!host_.took_all() || quiet < card_.now() + kVisit) {
      return {};
    }
    const double rest = std::min(seconds(quiet - kVisit), host_.next_visit() + kLongestRest);
    if (rest < host_.next_visit()) {
      return {};
    }
    card_.run_until(clock_of(rest));
    return host_.rest(rest);
  }

  std::vector<Feed>& feeds_;
  Card& card_;
  std::uint64_t origin_;  ///< clock of the files' first time
  std::uint64_t last_offered_;
  std::uint64_t bytes_read_ = 0;
  PacedCard paced_;
  CardHost host_;
  const Watcher& watcher_;
  ReplayOutcome outcome_;
};

Replayer::Replayer(std::vector<Feed> feeds) : feeds_(std::move(feeds)) {}
Replayer::Replayer(Replayer&&) noexcept = default;
Replayer::~Replayer() = default;

Expected<Replayer> Replayer::open(const std::vector<ReplayInput>& inputs) {
  std::vector<Feed> feeds;
  for (const auto& input : inputs) {
    auto feed = Feed::open(input);
    if (!feed) {
      return feed.error();
    }
    feeds.push_back(std::move(*feed));
  }
  return Replayer(std::move(feeds));
}

Expected<ReplayOutcome> Replayer::run(Card& card, const Config& config, Pace pace, double linger_s, const Sink& sink,
                                      const Watcher& watcher) {
  if (const auto applied = apply(card, config); !applied) {
    return applied.error();
  }
  const std::uint64_t origin = run_to_start(card);
  return Run(feeds_, card, config, origin, watcher).run(pace, linger_s, sink);
}

}  // namespace synward::sim
