// SPDX-License-Identifier: BSD-2-Clause
#include "synward/explain_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "synward/counter_text.hpp"
#include "synward/diagnosis.hpp"
#include "synward/event_json.hpp"
#include "synward/log_parser.hpp"
#include "synward/log_text.hpp"
#include "synward/printable.hpp"
#include "synward/text_file.hpp"

namespace synward {

namespace {

/// Memory for all of it must be there, several times.
constexpr std::size_t kMostLog = 256 * 1024 * 1024;

Expected<std::string> read_path(const std::string& path) {
  return path == "-" ? read_text_file(FileDescriptor(dup(STDIN_FILENO)), "standard input", kMostLog, true)
                     : read_text_file(path, kMostLog, true);
}

/// Lines that seem to speak of handshakes, in words that nobody taught this program.
struct Riddles {
  std::size_t lines = 0;
  std::string first;
};

Riddles riddles_of(std::string_view text) {
  constexpr std::array<std::string_view, 8> kWords{"syncache", "SYN flood",    "tcpflags",     "syncookie",
                                                   "SYN cook", "listen queue", "Listen queue", "half-open"};
  constexpr std::size_t kShown = 120;
  Riddles riddles;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (std::ranges::any_of(kWords, [line](auto word) { return line.find(word) != std::string_view::npos; })) {
      riddles.first = riddles.lines++ == 0 ? std::string(line.substr(0, kShown)) : riddles.first;
    }
  }
  return riddles;
}

Expected<std::vector<Finding>> findings_of(const std::string& text, const std::string& path) {
  if (text.starts_with('{')) {
    const auto events = parse_json_lines(text, path);
    return events ? diagnose(*events) : Expected<std::vector<Finding>>(events.error());
  }
  auto findings = diagnose(parse_log(text));
  std::ranges::move(explain_counters(text), std::back_inserter(findings));
  if (findings.empty()) {
    if (const auto riddles = riddles_of(text); riddles.lines != 0) {
      return Error{
          one_line(fmt::format("{}: {} of its lines may be about handshakes, in words that are not known; the "
                               "first: {}",
                               path, riddles.lines, riddles.first))};
    }
  }
  return findings;
}

}  // namespace

Expected<std::string> explain_file(const std::string& path, bool json) {
  auto bytes = read_path(path);
  if (!bytes) {
    return bytes.error();
  }
  const auto text = readable_text(std::move(*bytes), path == "-" ? "standard input" : path, kMostLog);
  if (!text) {
    return text.error();
  }
  const auto findings = findings_of(*text, path);
  if (!findings) {
    return findings.error();
  }
  return json ? findings_json(*findings) : findings_text(*findings);
}

}  // namespace synward
