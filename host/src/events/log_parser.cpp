// SPDX-License-Identifier: BSD-2-Clause
#include "synward/log_parser.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <span>
#include <string>
#include <utility>

namespace synward {

namespace {

/// A text behind "function: ", with %u for a number and %s for words, and the code it stands for.
struct Phrase {
  std::string_view text;
  unsigned code;
};

constexpr auto code_of(reg::Event event) { return static_cast<unsigned>(event); }
constexpr auto code_of(ForeignEvent event) { return static_cast<unsigned>(event); }

/// What FreeBSD has said otherwise, or what no card says. Of two texts that fit the longer counts.
constexpr std::array<Phrase, 13> kOtherPhrases{{
    {"Segment failed SYNCOOKIE authentication", code_of(reg::Event::cookie_failed)},
    {"SEQ %u != IRS+1 %u, segment rejected", code_of(reg::Event::seq_challenge)},
    {"Listen socket: SYN|ACK invalid, segment rejected", code_of(reg::Event::syn_ack_invalid)},
    {"Connection attempt to closed port", code_of(ForeignEvent::closed_port)},
    {"Socket create failed due to limits or memory shortage", code_of(ForeignEvent::socket_failed)},
    {"Listen socket: Socket allocation failed due to limits or memory shortage", code_of(ForeignEvent::socket_failed)},
    {"in_pcbconnect failed with error %u", code_of(ForeignEvent::socket_failed)},
    {"in6_pcbconnect failed with error %u", code_of(ForeignEvent::socket_failed)},
    {"Spurious RST with matching syncache entry but non-matching UDP encaps port", code_of(ForeignEvent::other)},
    {"Segment rejected, MD5 signature doesn't match.", code_of(ForeignEvent::other)},
    {"Segment rejected, MD5 signature wasn't provided.", code_of(ForeignEvent::other)},
    {"Listen socket: Connection attempt to deprecated IPv6 address rejected", code_of(ForeignEvent::other)},
    {"Listen socket: Socket allocation failed", code_of(ForeignEvent::socket_failed)},
}};

/// Reads a text from left to right; a failed take leaves it where it was.
class Scanner {
 public:
  Scanner(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  std::size_t at() const { return at_; }
  bool take(std::string_view wanted) {
    if (text_.substr(at_, wanted.size()) != wanted) {
      return false;
    }
    at_ += wanted.size();
    return true;
  }
  template <typename T>
  bool take_number(T& number, int base = 10) {
    const char* first = text_.data() + at_;
    const auto [end, status] = std::from_chars(first, text_.data() + text_.size(), number, base);
    if (status != std::errc{}) {
      return false;
    }
    at_ += static_cast<std::size_t>(end - first);
    return true;
  }
  /// All up to `end`, which is taken too, and lies within `most` characters.
  std::optional<std::string_view> take_until(std::string_view end, std::size_t most = 80) {
    const auto found = text_.substr(at_, most + end.size()).find(end);
    if (found == std::string_view::npos) {
      return std::nullopt;
    }
    const auto part = text_.substr(at_, found);
    at_ += found + end.size();
    return part;
  }
  /// Takes a phrase; its numbers go to `args`. Blanks of the phrase are single, as the text's are.
  bool take_phrase(std::string_view phrase, std::array<std::uint32_t, 3>& args) {
    const auto start = at_;
    std::array<std::uint32_t, 3> numbers{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
      if (phrase.substr(i, 2) == "%u") {
        if (count == numbers.size() || !take_number(numbers[count++])) {
          at_ = start;
          return false;
        }
        ++i;
      } else if (!(phrase[i] == ' ' && i > 0 && phrase[i - 1] == ' ') && !take(phrase.substr(i, 1))) {
        at_ = start;
        return false;
      }
    }
    args = numbers;
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_;
};

/// "[address]:port", the address perhaps taken out.
bool take_end(Scanner& scanner, std::optional<IpAddress>& address, std::uint16_t& port) {
  if (!scanner.take("[")) {
    return false;
  }
  const auto text = scanner.take_until("]");
  if (!text) {
    return false;
  }
  address = parse_address(*text);
  return scanner.take(":") && (scanner.take("*") || scanner.take_number(port));
}

/// "[foreign]:port to [local]:port", behind "TCP: ".
bool take_ends(Scanner& scanner, LogEvent& event) {
  return take_end(scanner, event.foreign, event.fport) && scanner.take(" to ") &&
         take_end(scanner, event.local, event.lport);
}

/// What stands behind the function's name.
void take_text(Scanner& scanner, LogEvent& event) {
  const Scanner start = scanner;
  const auto consider = [&](std::string_view text, unsigned code, unsigned note) {
    Scanner trial = start;
    std::array<std::uint32_t, 3> args{};
    if (trial.take_phrase(text, args) && trial.at() > scanner.at()) {
      scanner = trial;
      event.code = code;
      event.note = note;
      event.args = args;
    }
  };
  event.code = code_of(ForeignEvent::other);
  for (const auto& phrase : kOtherPhrases) {
    consider(phrase.text, phrase.code, 0);
  }
  for (std::size_t i = 0; i < reg::kEvents.size(); ++i) {
    consider(reg::kEvents[i].text, static_cast<unsigned>(i) + 1, 0);
    consider(reg::kEvents[i].text6, static_cast<unsigned>(i) + 1, 0);
  }
  for (std::size_t i = 0; i < reg::kNotes.size(); ++i) {
    consider(reg::kNotes[i].text, 0, static_cast<unsigned>(i) + 1);
  }
}

/// "TCP: [..]:p to [..]:p tcpflags 0x10<ACK>; function: text"
bool take_segment(Scanner& scanner, LogEvent& event) {
  if (!scanner.take("TCP: ") || !take_ends(scanner, event)) {
    return false;
  }
  if (scanner.take(" tcpflags 0x")) {
    std::uint16_t flags = 0;
    if (!scanner.take_number(flags, 16)) {
      return false;
    }
    event.flags = flags;
    if (scanner.take("<") && !scanner.take_until(">")) {
      return false;
    }
  }
  if (!scanner.take("; ") || !scanner.take_until(": ", 40)) {
    return false;
  }
  take_text(scanner, event);
  // The sum of lines that say the same (synward/log.hpp).
  Scanner sum = scanner;
  if (std::uint64_t more = 0; sum.take(" (") && sum.take_number(more) && sum.take(" more in ")) {
    scanner = sum;
    event.times = more;
  }
  return true;
}

/// "last message repeated 3 times", as syslogd sums up; the event has no code.
bool take_repeated(Scanner& scanner, LogEvent& event) {
  return scanner.take("last message repeated ") && scanner.take_number(event.times) && scanner.take(" time");
}

/// "TCP syncache overflow detected; ..."
bool take_overflow(Scanner& scanner, LogEvent& event) {
  const auto& info = reg::kEvents[code_of(reg::Event::overflow) - 1];
  if (!scanner.take_phrase(info.text, event.args)) {
    return false;
  }
  event.code = code_of(reg::Event::overflow);
  if (scanner.take(" (last SYN: TCP: ")) {
    take_ends(scanner, event);
  }
  return true;
}

unsigned code_of_limit(std::string_view what) {
  struct Sort {
    std::string_view word;
    unsigned code;
  };
  constexpr std::array<Sort, 7> kSorts{{{"unreach", code_of(ForeignEvent::limited_unreach)},
                                        {"ping", code_of(ForeignEvent::limited_ping)},
                                        {"closed port RST", code_of(ForeignEvent::limited_closed)},
                                        {"open port RST", code_of(reg::Event::limiting)},
                                        {"tcp reset", code_of(reg::Event::limiting)},
                                        {"TCP RST", code_of(reg::Event::limiting)},
                                        {"RST", code_of(reg::Event::limiting)}}};
  const auto* sort =
      std::ranges::find_if(kSorts, [what](const Sort& one) { return what.find(one.word) != std::string_view::npos; });
  return sort == kSorts.end() ? code_of(ForeignEvent::limited_other) : sort->code;
}

/// "Limiting ... response from 353 to 200 packets/sec", or "packets per second"
bool take_limiting(Scanner& scanner, LogEvent& event) {
  if (!scanner.take("Limiting ")) {
    return false;
  }
  const auto what = scanner.take_until("response from ", 40);
  if (!what || !scanner.take_phrase("%u to %u packets", event.args) ||
      !(scanner.take("/sec") || scanner.take(" per second"))) {
    return false;
  }
  event.code = code_of_limit(*what);
  return true;
}

/// "icmp-response bandwidth limit 283/200 pps", of FreeBSD 3 and 4
bool take_bandwidth(Scanner& scanner, LogEvent& event) {
  if (!scanner.take("icmp-response bandwidth limit ") || !scanner.take_phrase("%u/%u pps", event.args)) {
    return false;
  }
  event.code = code_of(ForeignEvent::limited_other);
  return true;
}

/// "192.0.2.1:20" or "[2001:db8::1]:20"
bool take_plain_end(Scanner& scanner, std::optional<IpAddress>& address, std::uint16_t& port) {
  Scanner bracketed = scanner;
  if (take_end(bracketed, address, port)) {
    scanner = bracketed;
    return true;
  }
  const auto dotted = scanner.take_until(":", 15);
  address = dotted ? parse_address(*dotted) : std::nullopt;
  return dotted && scanner.take_number(port);
}

/// "Connection attempt to TCP 192.0.2.1:20 from 198.51.100.2:4040 flags:0x02", log_in_vain of FreeBSD 3 to 6
bool take_attempt(Scanner& scanner, LogEvent& event) {
  if (!scanner.take("Connection attempt to TCP ") || !take_plain_end(scanner, event.local, event.lport) ||
      !scanner.take(" from ") || !take_plain_end(scanner, event.foreign, event.fport)) {
    return false;
  }
  event.code = code_of(ForeignEvent::closed_port);
  if (std::uint16_t flags = 0; scanner.take(" flags:0x") && scanner.take_number(flags, 16)) {
    event.flags = flags;
  }
  return true;
}

/// "sonewconn: pcb 0xfffff801ca667a80 ([::]:8443 (proto 6)): Listen queue overflow: 193 already in queue awaiting
/// acceptance (17 occurrences)"; older ones tell no address, or not how often
bool take_queue(Scanner& scanner, LogEvent& event) {
  if (!scanner.take("sonewconn: pcb ")) {
    return false;
  }
  const auto whose = scanner.take_until(": Listen queue overflow: ", 120);
  if (!whose || !scanner.take_phrase("%u already in queue awaiting acceptance", event.args)) {
    return false;
  }
  event.code = code_of(ForeignEvent::queue_full);
  if (const auto place = whose->find('('); place != std::string_view::npos) {
    const auto text = whose->substr(place + 1);
    const auto port = text.substr(0, text.find_first_of(" )")).rfind(':');
    Scanner behind(text, port == std::string_view::npos ? text.size() : port + 1);
    behind.take_number(event.lport);
  }
  if (Scanner sum = scanner; sum.take(" (") && sum.take_number(event.times) && sum.take(" occurrence")) {
    scanner = sum;
  }
  return true;
}

/// "message repeated 3 times: [", as rsyslog sums up what stands in the brackets; the event has no code.
bool take_enclosing(Scanner& scanner, LogEvent& event) {
  return scanner.take("message repeated ") && scanner.take_number(event.times) && scanner.take(" times: [");
}

/// "SYN flooding on port 443. Sending cookies.", in the words of any Linux.
bool take_flooding(Scanner& scanner, LogEvent& event) {
  if (!scanner.take("SYN flooding on port ")) {
    return false;
  }
  Scanner with_address = scanner;
  if (take_end(with_address, event.local, event.lport)) {
    scanner = with_address;
  } else if (const auto dotted = with_address.take_until(":", 15); dotted && parse_address(*dotted)) {
    event.local = parse_address(*dotted);
    if (!with_address.take_number(event.lport)) {
      return false;
    }
    scanner = with_address;
  } else if (!scanner.take_number(event.lport)) {
    return false;
  }
  event.code = code_of(scanner.take(". Dropping request") ? ForeignEvent::flood_dropping : ForeignEvent::flood_cookies);
  return true;
}

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// "hh:mm:ss" or "hh:mm:ss.fraction", s.
std::optional<double> take_clock(Scanner& scanner) {
  unsigned hours = 0;
  unsigned minutes = 0;
  double seconds = 0;
  if (scanner.take_number(hours) && scanner.take(":") && scanner.take_number(minutes) && scanner.take(":")) {
    // from_chars would read "+" and exponents; digits and a point are all that stands here.
    unsigned whole = 0;
    if (!scanner.take_number(whole)) {
      return std::nullopt;
    }
    seconds = whole;
    if (scanner.take(".")) {
      const auto start = scanner.at();
      std::uint64_t fraction = 0;
      if (!scanner.take_number(fraction)) {
        return std::nullopt;
      }
      double scale = 1;
      for (auto digits = scanner.at() - start; digits > 0; --digits) {
        scale *= 10;
      }
      seconds += static_cast<double>(fraction) / scale;
    }
    return hours * 3600.0 + minutes * 60.0 + seconds;
  }
  return std::nullopt;
}

/// "Nov 13 07:50:04", since the start of a leap year: logs do not tell the year.
std::optional<double> syslog_time(std::string_view text) {
  const auto* month = std::ranges::find(kMonths, text.substr(0, 3));
  Scanner scanner(text, std::min<std::size_t>(4, text.size()));
  std::uint8_t day = 0;
  if (month == kMonths.end() || !scanner.take_number(day) || !scanner.take(" ")) {
    return std::nullopt;
  }
  std::tm date{};
  date.tm_year = 100;
  date.tm_mon = static_cast<int>(month - kMonths.begin());
  date.tm_mday = day;
  constexpr double kLeapYear = 946'684'800;  // 2000-01-01
  const auto clock = take_clock(scanner);
  return clock ? std::optional(static_cast<double>(timegm(&date)) - kLeapYear + *clock) : std::nullopt;
}

/// "2026-11-22T04:40:26.5Z" and the like; the offset from UTC is not looked at.
std::optional<double> iso_time(std::string_view text) {
  Scanner scanner(text, 0);
  std::uint16_t year = 0;
  std::uint8_t month = 0;
  std::uint8_t day = 0;
  const bool read = scanner.take_number(year) && scanner.take("-") && scanner.take_number(month) && scanner.take("-") &&
                    scanner.take_number(day) && (scanner.take("T") || scanner.take(" "));
  const auto clock = read ? take_clock(scanner) : std::nullopt;
  std::tm date{};
  date.tm_year = year - 1900;
  date.tm_mon = month - 1;
  date.tm_mday = day;
  return clock ? std::optional(static_cast<double>(timegm(&date)) + *clock) : std::nullopt;
}

/// "[   12.345678]", s since boot.
std::optional<double> dmesg_time(std::string_view text) {
  Scanner scanner(text, 0);
  if (!scanner.take("[")) {
    return std::nullopt;
  }
  scanner.take(" ");
  std::uint64_t seconds = 0;
  std::uint64_t micros = 0;
  if (!scanner.take_number(seconds) || !scanner.take(".")) {
    return std::nullopt;
  }
  const auto start = scanner.at();
  if (!scanner.take_number(micros) || scanner.at() - start != 6 || !scanner.take("]")) {
    return std::nullopt;
  }
  return static_cast<double>(seconds) + static_cast<double>(micros) / 1e6;
}

/// Whose time it is.
enum class Clock : std::uint8_t { year, unix, boot };
struct Stamp {
  double time;
  Clock clock;
};

/// The time of a line whose message begins at `at`: what prefix stands closest before it, behind the event before.
std::optional<Stamp> time_before(std::string_view text, std::size_t from, std::size_t at) {
  constexpr std::size_t kLongestPrefix = 120;
  const auto first = std::max(from, at > kLongestPrefix ? at - kLongestPrefix : 0);
  for (auto place = at; place > first;) {
    --place;
    if (place > 0 && text[place - 1] != ' ') {
      continue;
    }
    const auto rest = text.substr(place, at - place);
    if (const auto time = syslog_time(rest)) {
      return Stamp{*time, Clock::year};
    }
    if (const auto time = iso_time(rest)) {
      return Stamp{*time, Clock::unix};
    }
    if (const auto time = dmesg_time(rest)) {
      return Stamp{*time, Clock::boot};
    }
  }
  return std::nullopt;
}

/// Gives events their times, as the text goes on: a year ends, and a system is started again.
class Eras {
 public:
  void stamp(LogEvent& event, const Stamp& stamp) {
    constexpr double kDay = 86'400;
    double time = stamp.time;
    if (stamp.clock == Clock::year) {
      // A log's last line of a year and its first of the next are far apart without it.
      years_ += time + years_ * 366 * kDay < last_year_ - 300 * kDay ? 1 : 0;
      time += years_ * 366 * kDay;
      last_year_ = time;
    } else if (stamp.clock == Clock::boot) {
      boots_ += time + 1 < last_boot_ ? 1 : 0;
      last_boot_ = time;
    }
    event.time = time;
    event.era = static_cast<std::uint16_t>(1 + static_cast<unsigned>(stamp.clock) +
                                           (stamp.clock == Clock::boot ? boots_ % 10'000 : 0));
  }

 private:
  double last_year_ = 0, last_boot_ = 0;
  int years_ = 0;
  unsigned boots_ = 0;
};

/// The text with every run of blanks and line breaks made one blank, marks of quotation taken out.
std::string in_one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size() + 1);
  bool start = true;
  for (const char c : text) {
    if (c == '\n') {
      start = true;
    }
    if (c == '\n' || c == ' ' || c == '\t' || c == '\r' || (start && c == '>')) {
      if (!line.empty() && line.back() != ' ') {
        line += ' ';
      }
    } else {
      start = false;
      line += c;
    }
  }
  return line;
}

}  // namespace

std::vector<LogEvent> parse_log(std::string_view text) {
  const auto line = in_one_line(text);
  const std::string_view all = line;
  struct Start {
    std::string_view word;
    bool (*take)(Scanner&, LogEvent&);
    std::size_t next = 0;
  };
  std::array<Start, 9> starts{{{"TCP: [", take_segment},
                               {"last message repeated ", take_repeated},
                               {"TCP syncache overflow", take_overflow},
                               {"Limiting ", take_limiting},
                               {"SYN flooding on port ", take_flooding},
                               {"sonewconn: pcb ", take_queue},
                               {"Connection attempt to TCP ", take_attempt},
                               {"icmp-response bandwidth limit ", take_bandwidth},
                               {"message repeated ", take_enclosing}}};
  Eras eras;
  LogEvent enclosing;  // of rsyslog
  std::size_t enclosing_until = 0;
  std::vector<LogEvent> events;
  std::size_t done = 0;
  for (auto& start : starts) {
    start.next = all.find(start.word);
  }
  while (true) {
    auto& start = *std::ranges::min_element(starts, {}, &Start::next);
    if (start.next == std::string_view::npos) {
      return events;
    }
    const auto at = start.next;
    start.next = all.find(start.word, at + 1);
    if (at < done) {
      continue;
    }
    Scanner scanner(all, at);
    LogEvent event;
    if (start.take(scanner, event)) {
      if (const auto stamp = time_before(all, done, at)) {
        eras.stamp(event, *stamp);
      }
      // Nothing but another line's prefix stands between a message and its repetitions.
      constexpr std::size_t kPrefix = 80;
      const bool close = !events.empty() && at - done < kPrefix;
      done = scanner.at();
      if (start.take == take_enclosing) {
        enclosing = event;
        enclosing_until = scanner.at() + kPrefix;
      } else if (start.take != take_repeated) {
        if (at < enclosing_until) {
          event.times *= std::exchange(enclosing.times, 1);
          event.time = event.time ? event.time : enclosing.time;
          event.era = event.era != 0 ? event.era : enclosing.era;
        }
        events.push_back(event);
      } else if (close) {
        events.back().times += event.times;
      }
    }
  }
}

}  // namespace synward
