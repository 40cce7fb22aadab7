// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "synward/metrics.hpp"

namespace synward {

namespace {

constexpr std::string_view kHead = R"(<!-- Made by ./dev gen from host/src/statistics/metrics_page.cpp. Do not edit. -->
# Metrics

What `/metrics` and `synward stats --prom` give to Prometheus. Counters of the card are 64 bits wide and latched in
one clock; they begin again at 0 with the card (a reset, a load), as Prometheus expects of counters. What the card keeps
in 32 bits, events that were lost, the daemon adds up each second, so that it never goes back while the daemon runs.
When a counter of the card moves, [statistics](statistics.md) says. Without a card only what the daemon knows by itself
is there; `synward_link_*` only of a card whose network ports are ours, `synward_temperature_celsius` only where XRT or
the kernel's hwmon tell any. A label's values stand behind it where they are few.

| metric | type | labels | meaning |
| --- | --- | --- | --- |
)";

struct Row {
  std::string name, help, type;
  std::map<std::string, std::set<std::string>> labels;
};

/// name="value",... of a sample's braces.
void take_labels(std::string_view text, Row& row) {
  while (!text.empty()) {
    const auto equals = text.find("=\"");
    const auto end = text.find('"', equals + 2);
    row.labels[std::string(text.substr(0, equals))].insert(std::string(text.substr(equals + 2, end - equals - 2)));
    text.remove_prefix(std::min(end + 2, text.size()));
  }
}

/// What the exposition says of itself: it is the one place where metrics stand.
std::vector<Row> rows_of(const std::string& exposition) {
  std::vector<Row> rows;
  std::istringstream lines(exposition);
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kHelp = "# HELP ";
    constexpr std::string_view kType = "# TYPE ";
    if (line.starts_with(kHelp)) {
      const auto rest = line.substr(kHelp.size());
      rows.push_back({rest.substr(0, rest.find(' ')), rest.substr(rest.find(' ') + 1), {}, {}});
    } else if (line.starts_with(kType)) {
      rows.back().type = line.substr(line.rfind(' ') + 1);
    } else if (const auto brace = line.find('{'); brace != std::string::npos) {
      take_labels(std::string_view(line).substr(brace + 1, line.find('}') - brace - 1), rows.back());
    }
  }
  return rows;
}

std::string labels_text(const Row& row) {
  constexpr std::size_t kMostValues = 6;
  std::string text;
  for (const auto& [label, values] : row.labels) {
    std::string list;
    for (const auto& value : values) {
      list += (list.empty() ? "" : ", ") + value;
    }
    const bool told = values.size() > 1 && values.size() <= kMostValues;
    text += fmt::format("{}`{}`{}", text.empty() ? "" : ", ", label, told ? ": " + list : "");
  }
  return text;
}

/// As it stands in a table of Markdown.
std::string in_table(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  }
  return escaped;
}

}  // namespace

CardMetrics any_card() {
  CardMetrics card;
  for (const auto& place : kPorts) {
    card.ports.push_back({.name = place.name});
  }
  card.sensors.push_back({.name = "FPGA", .celsius = 0});
  return card;
}

std::string metrics_page() {
  Metrics metrics;
  metrics.card = any_card();
  std::string page(kHead);
  for (const auto& row : rows_of(prometheus_text(metrics))) {
    page += fmt::format("| {} | {} | {} | {} |\n", row.name, row.type, labels_text(row), in_table(row.help));
  }
  return page;
}

}  // namespace synward
