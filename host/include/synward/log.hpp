// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "synward/config.hpp"
#include "synward/event.hpp"

namespace synward {

/// Levels of syslog.
enum class LogLevel : std::uint8_t { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };
std::string_view level_name(LogLevel level);

/// A line as a kernel logs it, without what syslog puts before it.
struct LogLine {
  double time = 0;  ///< s, of the event
  LogLevel level = LogLevel::debug;
  std::string text;
  /// Where the client was going whose address stands in the text; nothing: no client's does.
  std::optional<std::pair<IpAddress, std::uint16_t>> to{};
  /// What stands there for those who may not see every client; empty: the text, if any of it.
  std::string for_others{};
};

/// The text with * in the places of an event's arguments: sequence numbers among them with which a handshake can be
/// forged.
std::string text_without_arguments(const LogLine& line);

/// FreeBSD's text of TCP flags: 0x11<FIN,ACK>.
std::string flags_text(unsigned flags);
/// "TCP: [foreign]:port to [local]:port", and the flags where the event has them. "[]" for an address not told.
std::string connection_text(const LogEvent& event);
/// The lines of one event, a note before the event itself, as FreeBSD main logs them with log_debug = `debug` (which
/// the overflow warning alone depends on). Events of other systems give none.
std::vector<LogLine> event_lines(const LogEvent& event, bool debug);
/// Linux's line of a listener that is flooded; `dropping`: cookies are off.
LogLine flood_line(double time, const IpAddress& address, std::uint16_t port, bool dropping);

/// Turns events into the log: `net.inet.tcp.log_debug` decides on lines of level debug, of which those that say the
/// same of one client and listener are kept short, and each listener that is flooded gets Linux's line once.
class Logger {
 public:
  static constexpr unsigned kVerbatim = 5;  ///< lines that say the same are logged so often in a window
  static constexpr double kWindow = 10;     ///< s
  /// Windows, and listeners that are known to be flooded, at most: the oldest window is summed up before its time, and
  /// further listeners get no line.
  static constexpr std::size_t kMost = 1024;

  /// `debug` is net.inet.tcp.log_debug, `limiting` net.inet.icmp.icmplim_output.
  explicit Logger(bool debug, bool limiting = true) : debug_(debug), limiting_(limiting) {}

  void set_debug(bool debug) { debug_ = debug; }
  void set_limiting(bool limiting) { limiting_ = limiting; }

  /// Appends the lines of an event, and before them the sums of windows that have ended. Events come in order of time.
  void take(const LogEvent& event, std::vector<LogLine>& out);
  /// The card drops SYNs, cookies being off: the cache is common to all listeners. Lines for those of `services` that
  /// are protected.
  void dropping(double time, const std::vector<Service>& services, std::vector<LogLine>& out);
  /// Appends the sums of windows that have ended at `time`.
  void expire(double time, std::vector<LogLine>& out);
  /// Appends the sums of all windows.
  void finish(std::vector<LogLine>& out);

 private:
  struct Window {
    double start;
    std::uint64_t lines;
    LogLine last;
  };
  using Listener = std::pair<IpAddress, std::uint16_t>;

  void add_debug(const LogEvent& event, LogLine line, std::vector<LogLine>& out);
  void make_room(std::vector<LogLine>& out);
  void sum_up(const std::pair<const std::string, Window>& entry, std::vector<LogLine>& out) const;
  void flood(double time, const Listener& listener, bool dropping, std::vector<LogLine>& out);

  bool debug_, limiting_;
  std::map<std::string, Window> windows_;  ///< by what is common to the lines
  std::set<Listener> flooded_;
};

}  // namespace synward
