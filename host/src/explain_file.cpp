// SPDX-License-Identifier: BSD-2-Clause
#include "synward/explain_file.hpp"

#include "synward/diagnosis.hpp"
#include "synward/event_json.hpp"
#include "synward/log_parser.hpp"
#include "synward/text_file.hpp"

namespace synward {

namespace {

/// Memory for all of it must be there, several times.
constexpr std::size_t kMostLog = 256 * 1024 * 1024;

Expected<std::string> read_path(const std::string& path) {
  return path == "-" ? read_text_file(FileDescriptor(dup(STDIN_FILENO)), "standard input", kMostLog, true)
                     : read_text_file(path, kMostLog, true);
}

}  // namespace

Expected<std::string> explain_file(const std::string& path, bool json) {
  const auto text = read_path(path);
  if (!text) {
    return text.error();
  }
  const auto events = text->starts_with('{') ? parse_json_lines(*text, path) : parse_log(*text);
  if (!events) {
    return events.error();
  }
  const auto findings = diagnose(*events);
  return json ? findings_json(findings) : findings_text(findings);
}

}  // namespace synward
