// SPDX-License-Identifier: BSD-2-Clause
#include "synward/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "synward/number_text.hpp"

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
  queue_full,
  held_back,
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
    case static_cast<unsigned>(ForeignEvent::queue_full):
      return Kind::queue_full;
    case static_cast<unsigned>(ForeignEvent::limited_unreach):
    case static_cast<unsigned>(ForeignEvent::limited_ping):
    case static_cast<unsigned>(ForeignEvent::limited_closed):
    case static_cast<unsigned>(ForeignEvent::limited_other):
      return Kind::held_back;
    default:
      return Kind::other;
  }
}

using Events = std::vector<const LogEvent*>;

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
    prefixes.insert(to_string(source_prefix(source)));
  }
  return prefixes.size() == 1 ? *prefixes.begin() : fmt::format("{} sources", sources.size());
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

/// When it was: by the clock that most of the events tell the time of, for others share no origin with it.
void take_times(Finding& finding, const Events& events) {
  struct Era {
    double first, last;
    std::uint64_t times;
  };
  std::map<std::uint16_t, Era> eras;
  for (const auto* event : events) {
    if (event->time) {
      auto& era = eras.try_emplace(event->era, Era{*event->time, *event->time, 0}).first->second;
      era.first = std::min(era.first, *event->time);
      era.last = std::max(era.last, *event->time);
      era.times += event->times;
    }
  }
  const auto most = std::ranges::max_element(eras, {}, [](const auto& era) { return era.second.times; });
  if (most != eras.end()) {
    finding.first = most->second.first;
    finding.last = most->second.last;
    finding.timed = most->second.times;
  }
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
  }
  take_times(finding, events);
  finding.client_ports = client_ports.size();
  finding.port = ports.size() == 1 ? *ports.begin() : std::uint16_t{0};
  return finding;
}

/// How often there was an event of the code.
std::uint64_t times_of(const Events& events, reg::Event code) {
  std::uint64_t times = 0;
  for (const auto* event : events) {
    times += event->is(code) ? event->times : 0;
  }
  return times;
}

std::size_t count_if(const Events& events, bool (*test)(const LogEvent&)) {
  return static_cast<std::size_t>(std::ranges::count_if(events, [test](const auto* event) { return test(*event); }));
}

bool carries_on(const LogEvent& event) { return (event.flags.value_or(0) & (kFin | kPush)) != 0; }

/// How often the time from an event to the next of the same client port is 1 s or less: what a client that hears
/// nothing sends again.
std::size_t sent_again(const Events& events) {
  std::map<std::pair<std::uint16_t, std::uint16_t>, double> last;
  std::size_t again = 0;
  for (const auto* event : events) {
    if (!event->time) {
      continue;
    }
    const auto [entry, first] = last.try_emplace({event->era, event->fport}, *event->time);
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

/// What the card could not record of each code, for one event of it that was.
class Unseen {
 public:
  Unseen(const std::vector<LogEvent>& events, const std::array<NotRecorded, kEventCodes>& not_recorded)
      : not_recorded_(not_recorded) {
    for (const auto& event : events) {
      if (event.code < kEventCodes) {
        recorded_[event.code] += event.times;
      }
    }
    // A code of which nothing at all was recorded must not go unsaid.
    for (unsigned code = 1; code < kEventCodes; ++code) {
      if (not_recorded_[code].count != 0 && recorded_[code] == 0 && !event_name(code).empty()) {
        LogEvent event;
        event.code = code;
        event.times = 0;
        nameless_.push_back(event);
      }
    }
  }

  /// Events of codes of which none was recorded: none each.
  const std::vector<LogEvent>& nameless() const { return nameless_; }
  /// Those that belong to the group, which may share its codes with others.
  std::uint64_t of(const Events& events) const {
    double sum = 0;
    for (const auto* event : events) {
      if (event->code < kEventCodes && not_recorded_[event->code].count != 0) {
        const auto recorded = recorded_[event->code];
        const double share = recorded == 0 ? 1 : static_cast<double>(event->times) / static_cast<double>(recorded);
        sum += share * static_cast<double>(not_recorded_[event->code].count);
      }
    }
    return static_cast<std::uint64_t>(std::llround(sum));
  }
  /// How many there were in all, more or less.
  std::uint64_t size(const Events& events) const { return events.size() + of(events); }
  /// Counts in what was not recorded, and the time in which that was.
  void add(Finding& finding, const Events& events) const {
    finding.not_recorded = of(events);
    if (finding.not_recorded == 0) {
      return;
    }
    finding.count += finding.not_recorded;
    finding.timed += finding.not_recorded;
    for (const auto* event : events) {
      const auto& more = not_recorded_[event->code % kEventCodes];
      if (event->code < kEventCodes && more.count != 0) {
        finding.first = std::min(finding.first.value_or(more.first), more.first);
        finding.last = std::max(finding.last.value_or(more.last), more.last);
      }
    }
  }

 private:
  const std::array<NotRecorded, kEventCodes>& not_recorded_;
  std::array<std::uint64_t, kEventCodes> recorded_{};
  std::vector<LogEvent> nameless_;
};

/// "20,062", "0.34".
std::string per_second_text(double per_second) {
  return per_second < 100 ? fmt::format("{:.2g}", per_second) : grouped(static_cast<std::uint64_t>(per_second));
}

std::string forgery_advice(bool acks_pass, double per_second) {
  constexpr double kMany = 1e6;
  if (!acks_pass) {
    return "Nothing needs to be done: with net.synward.unknown_ack as it is, none of them reaches the server.";
  }
  return per_second < kMany
             ? "At less than some million a second nothing needs to be done. Where the server suffers from what is "
               "passed to it, set net.synward.unknown_ack to drop; connections whose servers have said nothing since "
               "the card's last start are then lost."
             : fmt::format(
                   "{} a second are passed to the server, which has to look at each: set net.synward.unknown_ack to "
                   "drop; connections whose servers have said nothing since the card's last start are then lost.",
                   per_second_text(per_second));
}

Finding find_forgery(const Events& events, bool acks_pass, const Unseen& unseen) {
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
  auto all = finding;
  unseen.add(all, events);
  finding.advice = forgery_advice(acks_pass, all.per_second());
  return finding;
}

/// Whether lines of old kernels, which say it once a minute, for as long as it lasts.
bool each_minute(const Events& events) {
  constexpr double kLeast = 50, kMost = 80;
  std::size_t minutes = 0;
  std::size_t gaps = 0;
  const LogEvent* before = nullptr;
  for (const auto* event : events) {
    if (before != nullptr && before->time && event->time && before->era == event->era) {
      const auto gap = *event->time - *before->time;
      minutes += gap >= kLeast && gap <= kMost ? 1 : 0;
      ++gaps;
    }
    before = event;
  }
  return gaps >= 2 && 2 * minutes >= gaps;
}

std::string times_text(std::uint64_t times) { return times == 1 ? "once" : fmt::format("{} times", grouped(times)); }

/// Linux's own warnings.
Finding find_linux_flood(const Events& events) {
  auto finding = count(events);
  finding.cause = Cause::syn_flood;
  const auto is_dropping = [](const LogEvent& event) { return event.is(ForeignEvent::flood_dropping); };
  const bool dropping = count_if(events, is_dropping) != 0;
  const bool minutes = each_minute(events);
  finding.confidence = minutes ? 0.6 : 0.5;
  finding.pattern = fmt::format("Linux warned {} of a SYN flood on {}, and {}", times_text(finding.count),
                                service_text(finding.port), dropping ? "dropped SYNs" : "answered with cookies");
  finding.meaning =
      "A listening socket had as many half-open connections as its backlog allows. A flood does that; so do many "
      "clients at once with a short backlog, which is the usual cause. ";
  if (minutes) {
    finding.pattern += fmt::format(": once a minute, for {:.0f} minutes", finding.seconds() / 60);
    finding.meaning +=
        "An old kernel says so once a minute at most: it went on for all that time, and how much it was is not told.";
  } else {
    finding.meaning += "Linux says so once for each socket, so one line tells neither how long nor how much.";
  }
  finding.advice =
      "Sizes to look at: ss -tln (Send-Q of the listener is its backlog, Recv-Q how many wait for accept); "
      "net.core.somaxconn, which cuts every backlog; the program's own backlog (Apache ListenBacklog and nginx "
      "backlog=, both 511); net.ipv4.tcp_max_syn_backlog, which matters only with tcp_syncookies=0. Counters: nstat "
      "-az TcpExtListenOverflows TcpExtListenDrops TcpExtSyncookiesSent TcpExtSyncookiesRecv. If most cookies sent "
      "come back, the clients are real: raise somaxconn and the program's backlog, restart the program, and make it "
      "accept faster. If hardly any do, it is a flood, and cookies are what stops it: keep net.ipv4.tcp_syncookies=1.";
  if (dropping) {
    finding.advice = "Turn net.ipv4.tcp_syncookies=1 on first: without it clients are refused. " + finding.advice;
  }
  return finding;
}

Finding find_flood(const Events& events) {
  const auto overflows = times_of(events, reg::Event::overflow);
  std::uint32_t pause = 0;
  std::uint32_t resets = 0;
  bool of_a_card = false;
  for (const auto* event : events) {
    of_a_card = of_a_card || event->is(reg::Event::overflow);
    pause = event->is(reg::Event::overflow) ? std::max(pause, event->args[0]) : pause;
    resets = event->is(reg::Event::limiting) ? std::max(resets, event->args[0]) : resets;
  }
  if (!of_a_card) {
    return find_linux_flood(events);
  }
  auto finding = count(events);
  finding.cause = Cause::syn_flood;
  finding.confidence = 0.8;
  finding.pattern =
      fmt::format("the syncache overflowed {}; cookies answered alone for up to {} s", times_text(overflows), pause);
  finding.meaning =
      "More connections were begun than the syncache holds: a SYN flood, or a burst of clients. With cookies every "
      "client was still answered; those that are served by a cookie have coarser MSS and window scale and no ECN.";
  finding.advice =
      "Compare the syncache's counters: if completed and cookies received stay near the number of SYNs, it was a "
      "burst of real clients, and net.inet.tcp.syncache.hashsize should be larger; if not, it was a flood, and it is "
      "being stopped. A pause that keeps doubling means that it lasts. Ask your provider to filter only if the line "
      "itself is full.";
  if (resets != 0) {
    finding.pattern += fmt::format("; up to {} RSTs were wanted in a second", resets);
  }
  return finding;
}

struct HeldBack {
  std::string_view what, meaning, advice;
};

HeldBack held_back_words(const LogEvent& event) {
  if (event.is(ForeignEvent::limited_unreach)) {
    return {"UDP packets came to closed ports",
            "Something sends UDP to ports where nothing listens: a scan, or peers of a program that is not running. It "
            "has nothing to do with handshakes, and is no SYN flood.",
            "Nothing is lost: the ICMP answers alone are held back (net.inet.icmp.icmplim). Who it is: tcpdump -n "
            "'icmp[icmptype] = icmp-unreach'. net.inet.udp.blackhole=1 answers none at all."};
  }
  if (event.is(ForeignEvent::limited_ping)) {
    return {"pings came",
            "Somebody pings this host fast: monitoring, a measurement, or a small flood of pings. It has nothing to do "
            "with handshakes, and is no SYN flood.",
            "Nothing is lost but answers to pings (net.inet.icmp.icmplim). Who it is: tcpdump -n icmp."};
  }
  if (event.is(ForeignEvent::limited_closed)) {
    return {"segments came to closed ports",
            "A scan, or clients of a service that is not running: what comes to a closed port is answered with RSTs, "
            "and those are what was held back. It is no SYN flood, which has a listening port for its target.",
            "See whether a service is missing (sockstat -l). If not, it is a scan, and nothing is lost by it: "
            "net.inet.tcp.blackhole=2 answers none at all; net.inet.tcp.log_in_vain=1 says who it is for a while."};
  }
  if (event.is(reg::Event::limiting)) {
    return {"segments called for RSTs",
            "Something sends segments that call for RSTs, to closed ports or with wrong numbers, faster than "
            "net.inet.icmp.icmplim lets them be answered: a scan, clients of a service that is not running, or what "
            "is left of connections.",
            "Nothing is lost by it. Look for a scan among the other findings."};
  }
  return {"packets called for answers", "Something sends what calls for ICMP or RSTs faster than they are allowed.",
          "Nothing is lost by it: answers alone are held back (net.inet.icmp.icmplim)."};
}

/// Answers that a limit kept back, of one sort.
Finding find_held_back(const Events& events) {
  constexpr std::uint32_t kUsual = 200;
  auto finding = count(events);
  finding.cause = Cause::held_back;
  finding.confidence = 0.8;
  std::uint32_t wanted = 0;
  std::uint32_t allowed = 0;
  for (const auto* event : events) {
    allowed = event->args[0] >= wanted ? event->args[1] : allowed;
    wanted = std::max(wanted, event->args[0]);
  }
  const auto words = held_back_words(*events.front());
  finding.pattern = fmt::format("{}, up to {} a second; {} were answered", words.what, wanted, allowed);
  finding.meaning = words.meaning;
  if (wanted != 0 && allowed < kUsual) {
    finding.meaning +=
        fmt::format(" The limit is low, {} a second: {} are what one client can cause.", allowed, wanted);
  }
  finding.advice = words.advice;
  return finding;
}

Finding find_full_queue(const Events& events) {
  auto finding = count(events);
  finding.cause = Cause::server_overloaded;
  finding.confidence = 0.9;
  std::uint32_t waiting = 0;
  for (const auto* event : events) {
    waiting = std::max(waiting, event->args[0]);
  }
  finding.pattern = fmt::format("the listen queue of {} was full for {}: {} waited for accept",
                                finding.port == 0 ? "a listener" : service_text(finding.port),
                                plural(finding.count, "connection"), waiting);
  finding.meaning =
      "Handshakes were complete, and the program did not accept them in time: it hangs, is too slow, or has a short "
      "queue. These clients were turned away. It is no SYN flood: their addresses were real.";
  finding.advice =
      "Look at the program first: does it hang? netstat -Lan shows the queues (a queue of N overflows at 3 N / 2 + 1). "
      "Then raise its backlog and kern.ipc.soacceptqueue, which cuts every backlog.";
  return finding;
}

Finding find_repeated(const Events& events) {
  auto finding = count(events);
  finding.cause = Cause::repeating_clients;
  const auto syns = times_of(events, reg::Event::dup_syn);
  const auto given_up = times_of(events, reg::Event::rexmt_exhausted);
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
      "forged it. RSTs are taken at the exact sequence number alone (RFC 5961), so these ended nothing here.";
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

/// Without the second line that FreeBSD logs of one handshake.
Events said_once(const Events& events) {
  Events once;
  for (const auto* event : events) {
    const auto* before = once.empty() ? nullptr : once.back();
    const bool again = before != nullptr && event->foreign == before->foreign && event->fport == before->fport &&
                       event->lport == before->lport && event->fport != 0 && event->code != before->code &&
                       std::abs(event->time.value_or(0) - before->time.value_or(0)) < 1;
    if (!again) {
      once.push_back(event);
    }
  }
  return once;
}

Finding find_failed_sockets(const Events& events) {
  auto finding = count(said_once(events));
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

/// What of it a card did not record.
void add_unseen(Finding& finding, const Events& events, const Unseen& unseen) {
  unseen.add(finding, events);
  if (finding.not_recorded != 0) {
    finding.pattern += fmt::format("; {} more were not recorded", grouped(finding.not_recorded));
  }
}

/// Events of which one client alone makes a scan, taken out of `refused`: many connections, and not to go on with them.
std::vector<Finding> take_scans(Events& refused, const Unseen& unseen) {
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
      add_unseen(findings.back(), events, unseen);
    }
  }
  std::erase_if(refused,
                [&scanners](const auto* event) { return event->foreign && scanners.contains(*event->foreign); });
  return findings;
}

/// The cause of ACKs that belong to no handshake and are no scan.
Finding find_refused(const Events& events, bool acks_pass, const Unseen& unseen) {
  if (2 * count_if(events, carries_on) >= events.size()) {
    return find_lost(events);
  }
  return unseen.size(events) < kFew ? find_noise(events) : find_forgery(events, acks_pass, unseen);
}

Finding find_cause(Kind kind, const Events& events, bool acks_pass, const Unseen& unseen) {
  const bool few = unseen.size(events) < kFew;
  switch (kind) {
    case Kind::refused_ack:
      return find_refused(events, acks_pass, unseen);
    case Kind::late_ack:
      return find_late(events);
    case Kind::rst:
      return few ? find_noise(events) : find_rst(events);
    case Kind::repeated:
      return few ? find_noise(events) : find_repeated(events);
    case Kind::malformed:
      return few ? find_noise(events) : find_malformed(events);
    case Kind::flood:
      return find_flood(events);
    case Kind::socket_failed:
      return find_failed_sockets(events);
    case Kind::wrong_numbers:
      return few ? find_noise(events) : find_forgery(events, acks_pass, unseen);
    case Kind::queue_full:
      return find_full_queue(events);
    case Kind::held_back:
      return find_held_back(events);
    case Kind::closed_port:
    case Kind::other:
      break;
  }
  return find_noise(events);
}

}  // namespace

std::string_view cause_name(Cause cause) {
  static constexpr std::array<std::string_view, 12> kNames{"scan",
                                                           "late clients",
                                                           "forged ACKs",
                                                           "forgotten connections",
                                                           "SYN flood",
                                                           "repeating clients",
                                                           "RST probing",
                                                           "server overload",
                                                           "answers held back",
                                                           "handshakes in order",
                                                           "malformed segments",
                                                           "noise"};
  return kNames[static_cast<std::size_t>(cause)];
}

std::vector<Finding> diagnose(const std::vector<LogEvent>& events, const Circumstances& circumstances) {
  // By kind, then by port; sources are looked at within.
  std::map<std::pair<Kind, std::uint16_t>, Events> groups;
  Events suspects;
  const Unseen unseen(events, circumstances.not_recorded);
  // A card that overflowed says so in Linux's words too.
  const bool overflowed =
      std::ranges::any_of(events, [](const LogEvent& event) { return event.is(reg::Event::overflow); });
  const auto sort = [&](const LogEvent& event) {
    const auto kind = kind_of(event);
    if (kind == Kind::refused_ack || kind == Kind::closed_port || kind == Kind::malformed) {
      suspects.push_back(&event);
    } else {
      // RSTs that were held back are a flood's where there is one.
      const bool alone = event.is(reg::Event::limiting) && !overflowed;
      const bool limited = alone || kind == Kind::held_back;
      const bool all_ports = kind == Kind::flood && overflowed;
      // Each sort of answers that were held back is by itself; they have no port.
      const auto port = limited ? static_cast<std::uint16_t>(event.code) : all_ports ? std::uint16_t{0} : event.lport;
      groups[{limited ? Kind::held_back : kind, port}].push_back(&event);
    }
  };
  std::ranges::for_each(events, sort);
  std::ranges::for_each(unseen.nameless(), sort);
  auto findings = take_scans(suspects, unseen);
  for (const auto* event : suspects) {
    groups[{kind_of(*event), event->lport}].push_back(event);
  }
  for (const auto& [key, group] : groups) {
    findings.push_back(find_cause(key.first, group, circumstances.acks_pass, unseen));
    add_unseen(findings.back(), group, unseen);
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
      const auto part =
          finding.timed == finding.count ? std::string{} : fmt::format(", {} of them", grouped(finding.timed));
      text += fmt::format(
          "  Seen       {}{}{} over {:.0f} s{}\n", finding.not_recorded == 0 ? "" : "at least ",
          plural(finding.count, "time"), part, finding.seconds(),
          finding.seconds() > 0 ? fmt::format(", {} a second", per_second_text(finding.per_second())) : std::string{});
    }
    text += fmt::format("  Meaning    {}\n  What to do {}\n", finding.meaning, finding.advice);
  }
  return text;
}

std::string findings_json(const std::vector<Finding>& findings) {
  auto json = nlohmann::ordered_json::array();
  for (const auto& finding : findings) {
    nlohmann::ordered_json one{
        {"cause", cause_name(finding.cause)},  {"confidence", finding.confidence},     {"source", finding.source},
        {"sources", finding.sources},          {"client_ports", finding.client_ports}, {"count", finding.count},
        {"not_recorded", finding.not_recorded}};
    if (finding.port != 0) {
      one["port"] = finding.port;
    }
    if (finding.first) {
      one["first_s"] = *finding.first;
      one["last_s"] = *finding.last;
      if (finding.seconds() > 0) {
        one["per_second"] = finding.per_second();
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
