// SPDX-License-Identifier: BSD-2-Clause
#include "synward/log.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace synward {

namespace {

/// FreeBSD's TCP_FLAGS, from bit 0.
constexpr std::array<std::string_view, 9> kFlagNames{"FIN", "SYN", "RST", "PUSH", "ACK", "URG", "ECE", "CWR", "AE"};
/// Both notes are syncache_expand's.
constexpr std::string_view kNoteFunction = "syncache_expand";

std::string address_text(const std::optional<IpAddress>& address) {
  return address ? to_string(*address) : std::string{};
}

std::string ends_text(const LogEvent& event) {
  return fmt::format("TCP: [{}]:{} to [{}]:{}", address_text(event.foreign), event.fport, address_text(event.local),
                     event.lport);
}

/// `text` with the arguments in the places of its %u.
std::string fill(std::string_view text, const std::array<std::uint32_t, 3>& args) {
  std::string filled;
  std::size_t next = 0;
  for (auto at = text.find("%u"); at != std::string_view::npos; at = text.find("%u")) {
    filled += text.substr(0, at);
    filled += std::to_string(args[next++]);
    text.remove_prefix(at + 2);
  }
  return filled + std::string(text);
}

LogLevel level_of(std::string_view name) {
  if (name == "warning") {
    return LogLevel::warning;
  }
  return name == "notice" ? LogLevel::notice : LogLevel::debug;
}

}  // namespace

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::error:
      return "err";
    case LogLevel::warning:
      return "warning";
    case LogLevel::notice:
      return "notice";
    case LogLevel::info:
      return "info";
    case LogLevel::debug:
      break;
  }
  return "debug";
}

std::string flags_text(unsigned flags) {
  std::vector<std::string_view> names;
  for (std::size_t bit = 0; bit < kFlagNames.size(); ++bit) {
    if ((flags >> bit & 1) != 0) {
      names.push_back(kFlagNames[bit]);
    }
  }
  return names.empty() ? fmt::format("{:#x}", flags) : fmt::format("{:#x}<{}>", flags, fmt::join(names, ","));
}

std::string connection_text(const LogEvent& event) {
  return event.flags ? fmt::format("{} tcpflags {}", ends_text(event), flags_text(*event.flags)) : ends_text(event);
}

std::string text_without_arguments(const LogLine& line) {
  const auto begin = line.to ? line.text.rfind("; ") : std::string::npos;
  if (begin == std::string::npos) {
    return line.text;
  }
  // How many lines were summed up is no argument.
  const auto sum = line.text.rfind(" (");
  const bool summed = sum != std::string::npos && line.text.find(" more in ", sum) != std::string::npos;
  const auto end = summed ? sum : line.text.size();
  const auto digit = [&line](std::size_t at) { return line.text[at] >= '0' && line.text[at] <= '9'; };
  std::string text = line.text.substr(0, begin);
  for (auto at = begin; at < end; ++at) {
    if (!digit(at) || (text.back() != ' ' && text.back() != '(')) {
      text += line.text[at];  // also the 1 of ISS+1
      continue;
    }
    for (text += '*'; at + 1 < end && digit(at + 1); ++at) {
    }
  }
  return text + line.text.substr(end);
}

std::vector<LogLine> event_lines(const LogEvent& event, bool debug) {
  std::vector<LogLine> lines;
  const double time = event.time.value_or(0);
  const std::pair to(event.local.value_or(IpAddress{}), event.lport);
  if (event.note >= 1 && event.note <= reg::kNotes.size()) {
    lines.push_back({time, LogLevel::debug,
                     fmt::format("{}; {}: {}", connection_text(event), kNoteFunction, reg::kNotes[event.note - 1].text),
                     to});
  }
  if (event.code < 1 || event.code > reg::kEvents.size()) {
    return lines;
  }
  const auto& info = reg::kEvents[event.code - 1];
  const bool v6 = event.foreign && event.foreign->v6;
  const auto text = fill(v6 ? info.text6 : info.text, event.args);
  LogLine line{time, level_of(info.level), text};
  if (!info.function.empty()) {
    line.text = fmt::format("{}; {}: {}", connection_text(event), info.function, text);
    line.to = to;
  } else if (debug && event.is(reg::Event::overflow)) {
    line.text += fmt::format(" (last SYN: {})", ends_text(event));
    line.to = to;
  }
  lines.push_back(std::move(line));
  return lines;
}

LogLine flood_line(double time, const IpAddress& address, std::uint16_t port, bool dropping) {
  return {time, LogLevel::info,
          fmt::format(fmt::runtime(address.v6 ? "TCP: request_sock_TCPv6: Possible SYN flooding on port [{}]:{}. {}."
                                              : "TCP: request_sock_TCP: Possible SYN flooding on port {}:{}. {}."),
                      to_string(address), port, dropping ? "Dropping request" : "Sending cookies")};
}

void Logger::expire(double time, std::vector<LogLine>& out) {
  for (auto entry = windows_.begin(); entry != windows_.end();) {
    if (time - entry->second.start >= kWindow) {
      sum_up(*entry, out);
      entry = windows_.erase(entry);
    } else {
      ++entry;
    }
  }
}

void Logger::take(const LogEvent& event, std::vector<LogLine>& out) {
  const double time = event.time.value_or(0);
  expire(time, out);
  if (event.is(reg::Event::limiting) && !limiting_) {
    return;
  }
  for (auto& line : event_lines(event, debug_)) {
    if (line.level == LogLevel::debug) {
      if (debug_) {
        add_debug(event, std::move(line), out);
      }
    } else {
      out.push_back(std::move(line));
    }
  }
  if (event.is(reg::Event::overflow) && event.local) {
    flood(time, {*event.local, event.lport}, false, out);
  }
}

void Logger::add_debug(const LogEvent& event, LogLine line, std::vector<LogLine>& out) {
  // Arguments and the client's port may differ between lines that say the same.
  auto common = fmt::format("TCP: [{}]:* to [{}]:{}; event {} note {}", address_text(event.foreign),
                            address_text(event.local), event.lport, event.code, event.note);
  if (!windows_.contains(common)) {
    make_room(out);
  }
  auto& window = windows_.try_emplace(std::move(common), Window{line.time, 0, {}}).first->second;
  if (++window.lines <= kVerbatim) {
    out.push_back(std::move(line));
  } else {
    window.last = std::move(line);
  }
}

void Logger::make_room(std::vector<LogLine>& out) {
  if (windows_.size() < kMost) {
    return;
  }
  const auto oldest = std::ranges::min_element(windows_, {}, [](const auto& entry) { return entry.second.start; });
  sum_up(*oldest, out);
  windows_.erase(oldest);
}

void Logger::sum_up(const std::pair<const std::string, Window>& entry, std::vector<LogLine>& out) const {
  const auto& [common, window] = entry;
  if (window.lines > kVerbatim) {
    const auto behind = window.last.text.find("; ");
    out.push_back({window.last.time, LogLevel::debug,
                   fmt::format("{}{} ({} more in {:.0f} s)", common.substr(0, common.find("; ")),
                               window.last.text.substr(behind), window.lines - kVerbatim, kWindow),
                   window.last.to});
  }
}

void Logger::flood(double time, const Listener& listener, bool dropping, std::vector<LogLine>& out) {
  if (flooded_.size() < kMost && flooded_.insert(listener).second) {
    out.push_back(flood_line(time, listener.first, listener.second, dropping));
  }
}

void Logger::dropping(double time, const std::vector<Service>& services, std::vector<LogLine>& out) {
  for (const auto& service : services) {
    if (service.mode == ServiceMode::protect) {
      flood(time, {service.address.value_or(IpAddress{}), service.port}, true, out);
    }
  }
}

void Logger::finish(std::vector<LogLine>& out) {
  for (const auto& entry : windows_) {
    sum_up(entry, out);
  }
  windows_.clear();
}

}  // namespace synward
