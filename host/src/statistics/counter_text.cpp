// SPDX-License-Identifier: BSD-2-Clause
#include "synward/counter_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace synward {

namespace {

enum class Figure : std::uint8_t {
  added,
  completed,
  dropped,  ///< refused for want of room
  overflowed,
  cookies_sent,
  cookies_received,
  cookies_failed,
  queue_overflowed,  ///< a listener's queue of connections that wait for accept
};

struct Words {
  std::string_view text;
  Figure figure;
};

/// What stands behind a number in netstat -s, one word of several in the plural left out.
constexpr std::array<Words, 16> kNetstat{{
    {" syncache entries added", Figure::added},
    {" syncache entry added", Figure::added},
    {" completed", Figure::completed},
    {" bucket overflow", Figure::overflowed},
    {" cache overflow", Figure::overflowed},
    {" cookies sent", Figure::cookies_sent},
    {" cookie sent", Figure::cookies_sent},
    {" cookies received", Figure::cookies_received},
    {" cookie received", Figure::cookies_received},
    {" SYN cookies sent", Figure::cookies_sent},
    {" SYN cookies received", Figure::cookies_received},
    {" invalid SYN cookies received", Figure::cookies_failed},
    {" times the listen queue of a socket overflowed", Figure::queue_overflowed},
    {" listen queue overflow", Figure::queue_overflowed},
    {" listen queue overflows", Figure::queue_overflowed},
    {" SYNs to LISTEN sockets dropped", Figure::dropped},
}};

/// nstat's names, which stand before the number.
constexpr std::array<Words, 7> kNstat{{
    {"TcpExtSyncookiesSent", Figure::cookies_sent},
    {"TcpExtSyncookiesRecv", Figure::cookies_received},
    {"TcpExtSyncookiesFailed", Figure::cookies_failed},
    {"TcpExtListenOverflows", Figure::queue_overflowed},
    {"TcpExtListenDrops", Figure::dropped},
    {"TcpPassiveOpens", Figure::completed},
    {"TcpExtTCPReqQFullDrop", Figure::dropped},
}};

using Figures = std::map<Figure, std::uint64_t>;

/// The number at the front, taken away.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc()) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return number;
}

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(" \t>|");
  line = first == std::string_view::npos ? std::string_view() : line.substr(first);
  return line.substr(0, line.find_last_not_of(" \t\r") + 1);
}

void read_line(std::string_view line, Figures& figures) {
  line = trimmed(line);
  for (const auto& [name, figure] : kNstat) {
    auto rest = line;
    if (rest.starts_with(name) && rest.substr(name.size(), 1).find_first_of(" \t") == 0) {
      rest.remove_prefix(name.size());
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
      figures[figure] += take_number(rest).value_or(0);
      return;
    }
  }
  const auto number = take_number(line);
  if (!number) {
    return;
  }
  for (const auto& [words, figure] : kNetstat) {
    if (line == words) {
      figures[figure] += *number;
      return;
    }
  }
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

constexpr const char* kSince =
    " Counters run from the start of the system on: take them twice, some minutes apart, and compare the differences.";

Finding cookies(std::uint64_t sent, std::uint64_t received) {
  constexpr double kReal = 50;  // per cent
  const bool real = share(received, sent) >= kReal;
  Finding finding;
  finding.cause = real ? Cause::server_overloaded : Cause::syn_flood;
  finding.confidence = sent >= 1000 ? 0.8 : 0.5;
  finding.count = sent;
  finding.pattern = fmt::format("{} cookies sent, {} came back ({:.1f} %)", sent, received, share(received, sent));
  finding.meaning =
      real ? "More connections were begun than the listener had room for, by real clients: they answered. It is no "
             "flood."
           : "Hardly any of those whose SYN was answered with a cookie answered in turn: their addresses were forged, "
             "or they never meant to. It was a SYN flood, and cookies held it off.";
  finding.advice =
      std::string(
          real ? "Give the listener a longer queue (Linux: net.core.somaxconn and the program's backlog; FreeBSD: "
                 "net.inet.tcp.syncache.hashsize) and make the program accept faster."
               : "Keep cookies on. Ask your provider to filter only if the line itself is full.") +
      kSince;
  return finding;
}

Finding full_queue(std::uint64_t times, std::uint64_t dropped) {
  Finding finding;
  finding.cause = Cause::server_overloaded;
  finding.confidence = 0.9;
  finding.count = times;
  finding.pattern = fmt::format("a listener's queue overflowed {} times, {} SYNs were dropped", times, dropped);
  finding.meaning =
      "Handshakes were complete, and the program did not accept them in time. That is the server, not the network.";
  finding.advice = std::string(
                       "Make the program accept faster, or give it a longer queue (Linux: ss -tln, net.core.somaxconn; "
                       "FreeBSD: netstat -Lan, kern.ipc.soacceptqueue).") +
                   kSince;
  return finding;
}

Finding syncache(std::uint64_t added, std::uint64_t completed, std::uint64_t overflowed) {
  constexpr double kWell = 80;  // per cent
  const bool well = share(completed, added) >= kWell;
  Finding finding;
  finding.cause = well ? Cause::healthy : Cause::syn_flood;
  finding.confidence = added >= 1000 ? 0.8 : 0.5;
  finding.count = added;
  finding.pattern = fmt::format("{} of {} handshakes were completed ({:.1f} %), the syncache overflowed {} times",
                                completed, added, share(completed, added), overflowed);
  finding.meaning = well ? "Nearly all clients that began a handshake ended it: no flood to speak of."
                         : "Most of those that began a handshake never ended it: a SYN flood, a scan by half-open "
                           "connections, or a way back that is blocked.";
  finding.advice =
      std::string(well ? "Nothing needs to be done." : "Keep net.inet.tcp.syncookies=1, and look at the log.") + kSince;
  return finding;
}

}  // namespace

std::vector<Finding> explain_counters(std::string_view text) {
  Figures figures;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    read_line(text.substr(0, end), figures);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::vector<Finding> findings;
  if (figures[Figure::cookies_sent] != 0) {
    findings.push_back(cookies(figures[Figure::cookies_sent], figures[Figure::cookies_received]));
  }
  if (figures[Figure::queue_overflowed] != 0) {
    findings.push_back(full_queue(figures[Figure::queue_overflowed], figures[Figure::dropped]));
  }
  if (figures[Figure::added] != 0) {
    findings.push_back(syncache(figures[Figure::added], figures[Figure::completed], figures[Figure::overflowed]));
  }
  return findings;
}

}  // namespace synward
