// SPDX-License-Identifier: BSD-2-Clause
#include "synward/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

namespace synward {

namespace {

constexpr std::uint16_t kFin = 1, kPush = 8;
/// Connections of one client that make it a scanner, and sources that make a crowd.
constexpr std::size_t kScanned = 4, kCrowd = 5;
/// Fewer events than this are noise where nothing else speaks.
constexpr std::size_t kFew = 10;

/// What an event is evidence of.
enum class Kind : std::uint8_t {
  refused_ack,  ///< an ACK of no handshake
  late_ack,     ///< one whose cookie was good once
  wrong_numbers,
  rst,
  repeated,
  malformed,
  flood,
  closed_port,
  socket_failed,
  other
};

Kind kind_of(const LogEvent& event) {
  using enum reg::Event;
  switch (event.code) {
    case static_cast<unsigned>(ack_disabled):
    case static_cast<unsigned>(ack_spurious):
    case static_cast<unsigned>(cookie_failed):
      return event.cookie == CookieOrigin::retired || event.cookie == CookieOrigin::current ? Kind::late_ack
                                                                                            : Kind::refused_ack;
    case static_cast<unsigned>(seq_challenge):
    case static_cast<unsigned>(ack_invalid):
    case static_cast<unsigned>(paws):
    case static_cast<unsigned>(ts_missing):
      return Kind::wrong_numbers;
    case static_cast<unsigned>(rst_spurious):
    case static_cast<unsigned>(rst_challenge):
    case static_cast<unsigned>(rst_invalid):
      return Kind::rst;
    case static_cast<unsigned>(rexmt_exhausted):
    case static_cast<unsigned>(rexmt):
    case static_cast<unsigned>(dup_syn):
      return Kind::repeated;
    case static_cast<unsigned>(syn_missing):
    case static_cast<unsigned>(syn_ack_invalid):
    case static_cast<unsigned>(syn_fin):
    case static_cast<unsigned>(link_multicast):
    case static_cast<unsigned>(self_connect):
    case static_cast<unsigned>(bad_address):
      return Kind::malformed;
    case static_cast<unsigned>(overflow):
    case static_cast<unsigned>(limiting):
    case static_cast<unsigned>(ForeignEvent::flood_cookies):
    case static_cast<unsigned>(ForeignEvent::flood_dropping):
      return Kind::flood;
    case static_cast<unsigned>(ForeignEvent::closed_port):
      return Kind::closed_port;
    case static_cast<unsigned>(ForeignEvent::socket_failed):
    case static_cast<unsigned>(reg::Event::sock_fail_rst):
    case static_cast<unsigned>(reg::Event::sock_fail):
      return Kind::socket_failed;
    default:
      return Kind::other;
  }
}

using Events = std::vector<const LogEvent*>;

std::string prefix_text(const IpAddress& address) {
  auto prefix = *parse_prefix(to_string(address) + (address.v6 ? "/64" : "/24"));
  return fmt::format("{}/{}", to_string(prefix.base), prefix.length);
}

std::set<IpAddress> sources_of(const Events& events) {
  std::set<IpAddress> sources;
  for (const auto* event : events) {
    if (event->foreign) {
      sources.insert(*event->foreign);
    }
  }
  return sources;
}

std::string source_text(const std::set<IpAddress>& sources) {
  if (sources.empty()) {
    return "sources not told";
  }
  if (sources.size() == 1) {
    return to_string(*sources.begin());
  }
  std::set<std::string> prefixes;
  for (const auto& source : sources) {
    prefixes.insert(prefix_text(source));
  }
  return prefixes.size() == 1 ? *prefixes.begin() : fmt::format("{} sources", sources.size());
}

std::string plural(std::uint64_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

/// What there is of each, "2 SYNs, 1 RST".
std::string listed(std::initializer_list<std::pair<std::uint64_t, std::string_view>> counts) {
  std::string text;
  for (const auto& [count, word] : counts) {
    if (count != 0) {
      text += fmt::format("{}{}", text.empty() ? "" : ", ", plural(count, word));
    }
  }
  return text;
}

std::string span_text(const Finding& finding) {
  return finding.first && finding.seconds() > 0 ? fmt::format(" in {:.0f} s", finding.seconds()) : std::string{};
}

/// What can be counted of a group, whatever its cause.
Finding count(const Events& events) {
  Finding finding;
  const auto sources = sources_of(events);
  finding.source = source_text(sources);
  finding.sources = sources.size();
  std::set<std::uint16_t> client_ports;
  std::set<std::uint16_t> ports;
  for (const auto* event : events) {
    finding.count += event->times;
    client_ports.insert(event->fport);
    ports.insert(event->lport);
    if (event->time) {
      finding.first = std::min(finding.first.value_or(*event->time), *event->time);
      finding.last = std::max(finding.last.value_or(*event->time), *event->time);
    }
  }
  finding.client_ports = client_ports.size();
  finding.port = ports.size() == 1 ? *ports.begin() : std::uint16_t{0};
  return finding;
}

std::size_t count_if(const Events& events, bool (*test)(const LogEvent&)) {
  return static_cast<std::size_t>(std::ranges::count_if(events, [test](const auto* event) { return test(*event); }));
}

bool carries_on(const LogEvent& event) { return (event.flags.value_or(0) & (kFin | kPush)) != 0; }

/// How often the time from an event to the next of the same client port is 1 s or less: what a client that hears
/// nothing sends again.
std::size_t sent_again(const Events& events) {
  std::map<std::uint16_t, double> last;
  std::size_t again = 0;
  for (const auto* event : events) {
    if (!event->time) {
      continue;
    }
    const auto [entry, first] = last.try_emplace(event->fport, *event->time);
    if (!first) {
      again += *event->time - entry->second <= 1 ? 1 : 0;
      entry->second = *event->time;
    }
  }
  return again;
}

std::string service_text(std::uint16_t port) {
  static const std::map<std::uint16_t, std::string_view> kNames{
      {21, "ftp"},  {22, "ssh"},   {23, "telnet"}, {25, "smtp"},   {53, "domain"},
      {80, "http"}, {110, "pop3"}, {143, "imap"},  {443, "https"}, {3389, "rdp"}};
  const auto name = kNames.find(port);
  if (port == 0) {
    return "several ports";
  }
  return name == kNames.end() ? fmt::format("port {}", port) : fmt::format("port {} ({})", port, name->second);
}

Finding find_scan(const Events& events) {
  auto finding = count(events);
  finding.cause = Cause::scan;
  std::set<std::uint16_t> ports;
  for (const auto* event : events) {
    ports.insert(event->lport);
  }
  const bool wide = ports.size() >= kScanned;
  finding.confidence = finding.client_ports >= 10 || wide ? 0.9 : 0.7;
  finding.pattern =
      wide ? fmt::format("{} tried {} of your ports, {}{}", finding.source, ports.size(),
                         plural(finding.count, "segment"), span_text(finding))
           : fmt::format("{} came to {} from {} in turn, {}{}", finding.source, service_text(finding.port),
                         plural(finding.client_ports, "port"), plural(finding.count, "segment"), span_text(finding));
  if (finding.first && finding.client_ports > 1) {
    finding.pattern +=
        fmt::format(", a new port every {:.1f} s", finding.seconds() / static_cast<double>(finding.client_ports - 1));
  }
  if (const auto again = sent_again(events); again > 0) {
    finding.pattern += fmt::format("; {} were sent again within a second", again);
  }
  finding.meaning = fmt::format(
      "One host tries {} over and over, as worms and password guessers do. Its ACKs belong to no handshake, so every "
      "one of "
      "them was refused: none of these segments opened a connection. It is no denial of service; at this rate it costs "
      "nothing.",
      wide ? "your ports" : service_text(finding.port));
  finding.advice =
      "Block the source if it annoys you; there will be others. What counts is the service: let only addresses that "
      "need it "
      "reach it, and for ssh take keys instead of passwords. Look in the service's own log for logins from this "
      "source, since "
      "connections that it did complete are not in this one. The lines themselves are debugging output: "
      "net.inet.tcp.log_debug=0 "
      "(and before FreeBSD 8 log_in_vain=0) turns them off.";
  return finding;
}

Finding find_lost(const Events& events) {
  auto finding = count(events);
  finding.cause = Cause::lost_connections;
  const auto carrying = count_if(events, carries_on);
  const bool restart = finding.sources >= kCrowd && finding.seconds() < 300;
  finding.confidence = restart ? 0.9 : 0.75;
  finding.pattern = fmt::format("{} from {} to {}, {} with FIN or PUSH: the data, or the end, of a connection",
                                plural(finding.count, "segment"), finding.source, service_text(finding.port),
                                carrying == events.size() ? "all" : fmt::format("{}", carrying));
  finding.meaning =
      restart
          ? "Many clients go on with connections that this end has forgotten, all within a short time: the server, its "
            "program, or the card was restarted. It is no attack."
          : "A client goes on with a connection that this end no longer knows, because the server or its program was "
            "restarted or died, or has closed the connection already. It is no attack, and nothing is broken: a "
            "segment of "
            "no known connection meets the listening port, and the syncache refuses it.";
  finding.advice =
      "Find out whether the program behind the port died or was restarted then, and look in its own log for why; "
      "clients "
      "will connect again. Nothing is to be changed in the network. The syncache cannot be turned off, and need not "
      "be: "
      "without net.inet.tcp.syncookies the same segments are refused in other words.";
  return finding;
}

Finding find_late(const Events& events) {
  auto finding = count(events);
  finding.cause = Cause::late_clients;
  finding.confidence = 0.99;
  double least = -1;
  double most = 0;
  for (const auto* event : events) {
    if (event->cookie == CookieOrigin::retired) {
      least = least < 0 ? event->late_s : std::min(least, event->late_s);
      most = std::max(most, event->late_s);
    }
  }
  finding.pattern = fmt::format("{} from {} to {} with cookies that this card has made", plural(finding.count, "ACK"),
                                finding.source, service_text(finding.port));
  if (least >= 0) {
    finding.pattern += fmt::format("; their secret had been replaced {:.1f} to {:.1f} s before", least, most);
  }
  finding.meaning =
      "These clients did get our SYN-ACK and answered it, but too late: a cookie is good for 15 to 30 s, an entry of "
      "the syncache "
      "for 15.6 s. They are real, not forged. They are behind slow or lossy paths, or were asleep.";
  finding.advice =
      "If they matter, keep entries longer (net.inet.tcp.syncache.rexmtlimit) and give the syncache room "
      "(net.inet.tcp.syncache.hashsize), so that fewer of them depend on cookies. Rotating the secrets less often "
      "would help "
      "them too, and forgers as well.";
  return finding;
}

Finding find_forgery(const Events& events, bool acks_pass) {
  auto finding = count(events);
  finding.cause = Cause::forgery;
  const auto checked = count_if(events, [](const LogEvent& event) { return event.cookie == CookieOrigin::none; });
  finding.confidence = 2 * checked > events.size() ? 0.95 : 0.6;
  finding.pattern = fmt::format("{} from {} to {}{} that answer no SYN-ACK", plural(finding.count, "bare ACK"),
                                finding.source, service_text(finding.port), span_text(finding));
  if (checked > 0) {
    finding.pattern += fmt::format("; {} fit no secret of the last ten minutes", checked);
  }
  finding.meaning =
      "Forged ACKs, or the echo of an attack on somebody else in your name. One in 16.7 million guesses right; each of "
      "those "
      "opens one connection and no more.";
  finding.advice =
      acks_pass ? "At less than some million a second nothing needs to be done. Where the server suffers from what is "
                  "passed to it, set net.synward.unknown_ack to drop; connections older than the card's last start are "
                  "then lost."
                : "Nothing needs to be done: with net.synward.unknown_ack as it is, none of them reaches the server.";
  return finding;
}

Finding find_flood(const Events& events) {
  auto finding = count(events);
  finding.cause = Cause::syn_flood;
  finding.confidence = 0.8;
  std::uint32_t pause = 0;
  std::uint32_t resets = 0;
  std::size_t overflows = 0;
  std::size_t linux_lines = 0;
  bool dropping = false;
  for (const auto* event : events) {
    overflows += event->is(reg::Event::overflow) ? 1 : 0;
    pause = event->is(reg::Event::overflow) ? std::max(pause, event->args[0]) : pause;
    resets = event->is(reg::Event::limiting) ? std::max(resets, event->args[0]) : resets;
    linux_lines += event->is(ForeignEvent::flood_cookies) || event->is(ForeignEvent::flood_dropping) ? 1 : 0;
    dropping = dropping || event->is(ForeignEvent::flood_dropping);
  }
  if (overflows != 0) {
    finding.pattern = fmt::format("the syncache overflowed {}; cookies answered alone for up to {} s",
                                  overflows == 1 ? "once" : fmt::format("{} times", overflows), pause);
    finding.meaning =
        "More connections were begun than the syncache holds: a SYN flood, or a burst of clients. With cookies every "
        "client "
        "was still answered; those that are served by a cookie have coarser MSS and window scale and no ECN.";
    finding.advice =
        "Compare the syncache's counters: if completed and cookies received stay near the number of SYNs, it was a "
        "burst of real "
        "clients, and net.inet.tcp.syncache.hashsize should be larger; if not, it was a flood, and it is being "
        "stopped. A pause "
        "that keeps doubling means that it lasts. Ask your provider to filter only if the line itself is full.";
  } else if (linux_lines != 0) {
    finding.pattern = fmt::format("Linux warned {} of a SYN flood on {}, and {}",
                                  linux_lines == 1 ? "once" : fmt::format("{} times", linux_lines),
                                  service_text(finding.port), dropping ? "dropped SYNs" : "answered with cookies");
    finding.confidence = 0.5;
    finding.meaning =
        "A listening socket had as many half-open connections as its backlog allows. A flood does that; so do many "
        "clients at "
        "once with a short backlog, which is the usual cause. Linux says so once for each socket, so one line tells "
        "neither how "
        "long nor how much.";
    finding.advice =
        "Sizes to look at: ss -tln (Send-Q of the listener is its backlog, Recv-Q how many wait for accept); "
        "net.core.somaxconn, "
        "which cuts every backlog; the program's own backlog (Apache ListenBacklog and nginx backlog=, both 511); "
        "net.ipv4.tcp_max_syn_backlog, which matters only with tcp_syncookies=0. Counters: nstat -az "
        "TcpExtListenOverflows "
        "TcpExtListenDrops TcpExtSyncookiesSent TcpExtSyncookiesRecv. If most cookies sent come back, the clients are "
        "real: raise "
        "somaxconn and the program's backlog, restart the program, and make it accept faster. If hardly any do, it is "
        "a flood, and "
        "cookies are what stops it: keep net.ipv4.tcp_syncookies=1.";
    if (dropping) {
      finding.advice = "Turn net.ipv4.tcp_syncookies=1 on first: without it clients are refused. " + finding.advice;
    }
  } else {
    finding.pattern = fmt::format("RSTs were held back: up to {} were wanted in a second", resets);
    finding.meaning =
        "Something sends segments that call for RSTs, to closed ports or with wrong numbers, faster than "
        "net.inet.icmp.icmplim "
        "lets them be answered: a scan or a flood.";
    finding.advice = "Nothing is lost by it. Look for a scan among the other findings.";
  }
  if (resets != 0 && overflows + linux_lines != 0) {
    finding.pattern += fmt::format("; up to {} RSTs were wanted in a second", resets);
  }
  return finding;
}

Finding find_repeated(const Events& events) {
  auto finding = count(events);
  finding.cause = Cause::repeating_clients;
  const auto syns = count_if(events, [](const LogEvent& event) { return event.is(reg::Event::dup_syn); });
  const auto given_up = count_if(events, [](const LogEvent& event) { return event.is(reg::Event::rexmt_exhausted); });
  finding.confidence = 0.7;
  const auto again = finding.count - syns - given_up;
  finding.pattern =
      fmt::format("{} to {}: {}", finding.source, service_text(finding.port),
                  listed({{syns, "repeated SYN"}, {again, "repeated SYN-ACK"}, {given_up, "abandoned handshake"}}));
  if (given_up > syns) {
    finding.meaning =
        "Clients that never answer our SYN-ACK: forged sources of a small flood, a scan by half-open connections, or a "
        "way back that is blocked.";
  } else if (syns == 0) {
    finding.meaning =
        "Clients that had not answered our SYN-ACK a second later: forged sources, or a path that loses packets. Those "
        "that are forged will be given up after their last SYN-ACK; none has been yet.";
  } else {
    finding.meaning =
        "Clients send their SYN again because our SYN-ACK does not reach them, or they not us: loss on the path, or a "
        "way back that another device blocks.";
  }
  finding.advice =
      "Where it is a few networks, look for loss and for asymmetric routes to them (a firewall that sees one direction "
      "alone). "
      "From everywhere, it is a flood that the syncache holds; nothing needs to be done while it does not overflow.";
  return finding;
}

Finding find_rst(const Events& events) {
  auto finding = count(events);
  finding.cause = Cause::rst_probing;
  const bool crowd = finding.sources >= kCrowd;
  finding.confidence = crowd ? 0.6 : 0.7;
  finding.pattern = fmt::format("{} from {} to {}{} that ended no half-open connection", plural(finding.count, "RST"),
                                finding.source, service_text(finding.port), span_text(finding));
  finding.meaning =
      "Somebody guesses at connections to break them, or hosts refuse SYN-ACKs that went to their address because a "
      "flood had "
      "forged it. RSTs are taken at the exact sequence number alone (RFC 5961), so these did nothing.";
  finding.advice = "Keep net.inet.tcp.insecure_rst=0. Nothing else needs to be done.";
  return finding;
}

Finding find_malformed(const Events& events) {
  auto finding = count(events);
  finding.cause = Cause::malformed;
  finding.confidence = 0.8;
  finding.pattern = fmt::format("{} from {} to {} with flags or addresses that no client sends",
                                plural(finding.count, "segment"), finding.source, service_text(finding.port));
  finding.meaning =
      "A scanner that tries which systems answer to odd segments, or forged traffic. All were dropped unanswered.";
  finding.advice = "Nothing needs to be done.";
  return finding;
}

Finding find_failed_sockets(const Events& events) {
  auto finding = count(events);
  finding.cause = Cause::server_overloaded;
  finding.confidence = 0.9;
  finding.pattern = fmt::format("{} to {} were complete, but no socket could be made",
                                plural(finding.count, "handshake"), service_text(finding.port));
  finding.meaning =
      "The server is short of sockets or memory, or its listen queue is full; these clients were turned away.";
  finding.advice =
      "Look at netstat -Lan for the listen queue and at netstat -m and kern.ipc.maxsockets for limits; make the "
      "program accept "
      "faster or give it a longer queue (kern.ipc.soacceptqueue).";
  return finding;
}

Finding find_noise(const Events& events) {
  auto finding = count(events);
  finding.cause = Cause::noise;
  finding.confidence = 0.5;
  finding.pattern = fmt::format("{} from {} to {}", plural(finding.count, "stray segment"), finding.source,
                                service_text(finding.port));
  finding.meaning = "Too few to be anything: old segments of closed connections, probes, faults on the way.";
  finding.advice = "Nothing needs to be done.";
  return finding;
}

/// Events of which one client alone makes a scan, taken out of `refused`: many connections, and not to go on with them.
std::vector<Finding> take_scans(Events& refused) {
  std::map<IpAddress, Events> by_source;
  for (const auto* event : refused) {
    if (event->foreign) {
      by_source[*event->foreign].push_back(event);
    }
  }
  std::vector<Finding> findings;
  std::set<IpAddress> scanners;
  for (const auto& [source, events] : by_source) {
    std::set<std::pair<std::uint16_t, std::uint16_t>> ends;
    for (const auto* event : events) {
      ends.emplace(event->fport, event->lport);
    }
    if (ends.size() >= kScanned && 2 * count_if(events, carries_on) < events.size()) {
      scanners.insert(source);
      findings.push_back(find_scan(events));
    }
  }
  std::erase_if(refused,
                [&scanners](const auto* event) { return event->foreign && scanners.contains(*event->foreign); });
  return findings;
}

/// The cause of ACKs that belong to no handshake and are no scan.
Finding find_refused(const Events& events, bool acks_pass) {
  if (2 * count_if(events, carries_on) >= events.size()) {
    return find_lost(events);
  }
  return events.size() < kFew ? find_noise(events) : find_forgery(events, acks_pass);
}

template <typename Find>
Finding find_few_or(const Events& events, Find find) {
  return events.size() < kFew ? find_noise(events) : find(events);
}

}  // namespace

std::string_view cause_name(Cause cause) {
  static constexpr std::array<std::string_view, 10> kNames{"scan",
                                                           "late clients",
                                                           "forged ACKs",
                                                           "forgotten connections",
                                                           "SYN flood",
                                                           "repeating clients",
                                                           "RST probing",
                                                           "server overload",
                                                           "malformed segments",
                                                           "noise"};
  return kNames[static_cast<std::size_t>(cause)];
}

std::vector<Finding> diagnose(const std::vector<LogEvent>& events, bool acks_pass) {
  // By kind, then by port; sources are looked at within.
  std::map<std::pair<Kind, std::uint16_t>, Events> groups;
  Events suspects;
  // A card that overflowed says so in Linux's words too.
  const bool overflowed =
      std::ranges::any_of(events, [](const LogEvent& event) { return event.is(reg::Event::overflow); });
  for (const auto& event : events) {
    const auto kind = kind_of(event);
    if (kind == Kind::refused_ack || kind == Kind::closed_port || kind == Kind::malformed) {
      suspects.push_back(&event);
    } else {
      const bool all_ports = kind == Kind::flood && (overflowed || event.is(reg::Event::limiting));
      groups[{kind, all_ports ? std::uint16_t{0} : event.lport}].push_back(&event);
    }
  }
  auto findings = take_scans(suspects);
  for (const auto* event : suspects) {
    groups[{kind_of(*event), event->lport}].push_back(event);
  }
  for (const auto& [key, group] : groups) {
    switch (key.first) {
      case Kind::refused_ack:
        findings.push_back(find_refused(group, acks_pass));
        break;
      case Kind::late_ack:
        findings.push_back(find_late(group));
        break;
      case Kind::rst:
        findings.push_back(find_few_or(group, find_rst));
        break;
      case Kind::repeated:
        findings.push_back(find_few_or(group, find_repeated));
        break;
      case Kind::malformed:
        findings.push_back(find_few_or(group, find_malformed));
        break;
      case Kind::flood:
        findings.push_back(find_flood(group));
        break;
      case Kind::socket_failed:
        findings.push_back(find_failed_sockets(group));
        break;
      case Kind::wrong_numbers:
        findings.push_back(find_few_or(group, [acks_pass](const Events& few) { return find_forgery(few, acks_pass); }));
        break;
      case Kind::closed_port:
      case Kind::other:
        findings.push_back(find_noise(group));
        break;
    }
  }
  std::ranges::stable_sort(findings, {}, [](const Finding& finding) {
    return std::tuple(finding.cause == Cause::noise, -static_cast<double>(finding.count));
  });
  return findings;
}

std::string findings_text(const std::vector<Finding>& findings) {
  if (findings.empty()) {
    return "Nothing about handshakes was found.\n";
  }
  std::string text;
  for (const auto& finding : findings) {
    const std::string_view sure = finding.confidence >= 0.9   ? "sure"
                                  : finding.confidence >= 0.7 ? "likely"
                                                              : "possible";
    auto name = std::string(cause_name(finding.cause));
    name[0] = static_cast<char>(std::toupper(name[0]));
    text += fmt::format("{}{} ({}): {}.\n", text.empty() ? "" : "\n", name, sure, finding.pattern);
    if (finding.first && finding.count > 1) {
      text += fmt::format("  Seen       {} over {:.0f} s{}\n", plural(finding.count, "time"), finding.seconds(),
                          finding.seconds() > 0
                              ? fmt::format(", {:.2g} a second", static_cast<double>(finding.count) / finding.seconds())
                              : std::string{});
    }
    text += fmt::format("  Meaning    {}\n  What to do {}\n", finding.meaning, finding.advice);
  }
  return text;
}

std::string findings_json(const std::vector<Finding>& findings) {
  auto json = nlohmann::ordered_json::array();
  for (const auto& finding : findings) {
    nlohmann::ordered_json one{
        {"cause", cause_name(finding.cause)}, {"confidence", finding.confidence},     {"source", finding.source},
        {"sources", finding.sources},         {"client_ports", finding.client_ports}, {"count", finding.count}};
    if (finding.port != 0) {
      one["port"] = finding.port;
    }
    if (finding.first) {
      one["first_s"] = *finding.first;
      one["last_s"] = *finding.last;
      if (finding.seconds() > 0) {
        one["per_second"] = static_cast<double>(finding.count) / finding.seconds();
      }
    }
    one["pattern"] = finding.pattern;
    one["meaning"] = finding.meaning;
    one["advice"] = finding.advice;
    json.push_back(std::move(one));
  }
  return json.dump(2) + "\n";
}

}  // namespace synward
