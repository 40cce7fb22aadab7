// SPDX-License-Identifier: BSD-2-Clause
#include "synward/explain_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "synward/diagnosis.hpp"
#include "synward/event_json.hpp"
#include "synward/log_parser.hpp"

namespace synward {

namespace {

struct Close {
  // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): this is what owns it
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Expected<std::string> read_all(std::FILE* stream, const std::string& path) {
  std::string text;
  std::array<char, 65536> part{};
  while (const auto size = std::fread(part.data(), 1, part.size(), stream)) {
    text.append(part.data(), size);
  }
  if (std::ferror(stream) != 0) {
    return Error{fmt::format("{}: {}", path, std::strerror(errno))};
  }
  return text;
}

Expected<std::string> read_path(const std::string& path) {
  if (path == "-") {
    return read_all(stdin, "standard input");
  }
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) {
    return Error{fmt::format("{}: {}", path, std::strerror(errno))};
  }
  return read_all(file.get(), path);
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
