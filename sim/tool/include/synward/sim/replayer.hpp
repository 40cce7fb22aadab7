// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "synward/config.hpp"
#include "synward/counters.hpp"
#include "synward/expected.hpp"
#include "synward/sim/card.hpp"
#include "synward/sim/card_host.hpp"
#include "synward/sim/pacing.hpp"
#include "synward/sim/syn_latency.hpp"
#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {

/// A capture file that feeds a port.
struct ReplayInput {
  InPort port;
  std::string path;
  std::function<bool(Bytes)> wanted{};  ///< which of its frames; none: all
};

/// What went in and came out, as seen from outside, to be held against the card's counters.
struct ReplaySeen {
  std::uint64_t line_in = 0, host_in = 0, line_out = 0, host_out = 0;
  std::uint64_t first_beat = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t last_beat = 0;

  std::uint64_t cycles() const { return line_in + host_in == 0 ? 0 : last_beat - first_beat + 1; }
};

/// What a replay found.
struct ReplayOutcome {
  Counters counters;
  TableState tables;
  EventReport events;
  ReplaySeen seen;
  SynLatency latency;
};

/// Why the card's books are wrong; empty where they are right.
std::string check_books(const Counters& counters, const ReplaySeen& seen);

/// Capture files on their way through a card.
class Replayer {
 public:
  /// A frame that left, and its time on the clock of the files.
  using Sink = std::function<void(std::uint64_t ns, const OutFrame& frame)>;
  /// Bytes of the files that have been read.
  using Watcher = std::function<void(std::uint64_t bytes)>;

  /// Opens the files and reads the first frame of each.
  static Expected<Replayer> open(const std::vector<ReplayInput>& inputs);
  Replayer(Replayer&&) noexcept;
  Replayer& operator=(Replayer&&) = delete;
  ~Replayer();

  /// Once. `config`, with secrets, is applied to the card. `linger_s`: how long its timers run after the last frame.
  Expected<ReplayOutcome> run(Card& card, const Config& config, Pace pace, double linger_s, const Sink& sink,
                              const Watcher& watcher);

 private:
  class Feed;
  class Run;
  explicit Replayer(std::vector<Feed> feeds);

  std::vector<Feed> feeds_;
};

}  // namespace synward::sim
