// SPDX-License-Identifier: BSD-2-Clause
// What is shipped for Prometheus and Grafana speaks of metrics and labels that there are.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "exposition.hpp"
#include "synward/metrics.hpp"

namespace synward {
namespace {

using nlohmann::json;

std::string read(const std::string& name) {
  std::ifstream in(PROJECT_ROOT "/host/monitoring/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Names of metrics, and of each the values that its labels may have.
struct Known {
  std::set<std::string> names;
  std::map<std::string, std::set<std::string>> values;

  Known() {
    Metrics metrics;
    metrics.card = any_card();
    for (const auto& [sample, value] : parse_exposition(prometheus_text(metrics)).samples) {
      const auto brace = sample.find('{');
      const auto name = sample.substr(0, brace);
      names.insert(name);
      for (auto at = brace; at != std::string::npos && sample[at] != '}'; at = sample.find_first_of(",}", at + 1)) {
        const auto equals = sample.find("=\"", at);
        const auto end = sample.find('"', equals + 2);
        if (equals == std::string::npos) {
          break;
        }
        values[name + "." + sample.substr(at + 1, equals - at - 1)].insert(sample.substr(equals + 2, end - equals - 2));
        at = end;
      }
    }
  }
};

bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Each metric of an expression, and what stands in its braces.
std::vector<std::pair<std::string, std::string>> metrics_of(const std::string& expression) {
  std::vector<std::pair<std::string, std::string>> found;
  for (std::size_t at = 0; at < expression.size(); ++at) {
    const bool begins = at == 0 || !in_name(expression[at - 1]);
    if (!begins || (expression.compare(at, 8, "synward_") != 0 && expression.compare(at, 8, "process_") != 0)) {
      continue;
    }
    auto end = at;
    while (end < expression.size() && in_name(expression[end])) {
      ++end;
    }
    const bool braces = end < expression.size() && expression[end] == '{';
    found.emplace_back(expression.substr(at, end - at),
                       braces ? expression.substr(end + 1, expression.find('}', end) - end - 1) : std::string());
  }
  return found;
}

/// label="value" and label=~"one|another", of labels that the metric has.
void check_labels(const Known& known, const std::string& metric, const std::string& braces) {
  for (std::size_t at = 0; at < braces.size();) {
    const auto end = braces.find('"', braces.find('"', at) + 1);
    const auto one = braces.substr(at, end - at + 1);
    at = end == std::string::npos ? braces.size() : end + 2;
    const auto label = one.substr(0, one.find_first_of("=!~"));
    if (label == "job" || label == "instance") {
      continue;
    }
    const auto values = known.values.find(metric + "." + label);
    ASSERT_NE(values, known.values.end()) << metric << " has no label " << label;
    std::istringstream texts(one.substr(one.find('"') + 1, one.size() - one.find('"') - 2));
    for (std::string text; std::getline(texts, text, '|');) {
      EXPECT_TRUE(values->second.contains(text)) << metric << ": " << label << " is never " << text;
    }
  }
}

void check_expression(const Known& known, const std::string& expression) {
  const auto metrics = metrics_of(expression);
  EXPECT_TRUE(!metrics.empty() || expression.find("up{job=\"synward\"}") != std::string::npos) << expression;
  for (const auto& [name, braces] : metrics) {
    EXPECT_TRUE(known.names.contains(name)) << name << " in " << expression;
    check_labels(known, name, braces);
  }
}

TEST(Monitoring, the_dashboard_asks_for_what_there_is) {
  const auto dashboard = json::parse(read("synward.json"));
  const Known known;
  std::size_t expressions = 0;
  std::set<int> ids;
  const std::function<void(const json&)> look = [&](const json& node) {
    if (node.is_object() && node.contains("expr")) {
      check_expression(known, node["expr"].get<std::string>());
      ++expressions;
    }
    for (const auto& below : node) {
      if (below.is_structured()) {
        look(below);
      }
    }
  };
  look(dashboard);
  EXPECT_GT(expressions, 30U);
  for (const auto& panel : dashboard["panels"]) {
    EXPECT_TRUE(ids.insert(panel["id"].get<int>()).second) << panel["title"];
    EXPECT_LE(panel["gridPos"]["x"].get<int>() + panel["gridPos"]["w"].get<int>(), 24) << panel["title"];
  }
  check_expression(known, dashboard["templating"]["list"][1]["definition"].get<std::string>());
}

TEST(Monitoring, the_rules_ask_for_what_there_is) {
  const Known known;
  std::istringstream lines(read("synward.rules.yml"));
  std::string expression;
  bool inside = false;
  std::size_t alerts = 0;
  for (std::string line; std::getline(lines, line);) {
    if (const auto at = line.find(" expr: "); at != std::string::npos) {
      inside = true;
      expression = line.substr(at + 7);
    } else if (inside && line.find(" for: ") != std::string::npos) {
      inside = false;
      check_expression(known, expression);
      ++alerts;
    } else if (inside) {
      expression += ' ' + line;
    }
  }
  EXPECT_GT(alerts, 10U);
}

TEST(Monitoring, what_there_is_not_is_found) {
  const Known known;
  EXPECT_TRUE(known.names.contains("synward_drops_total"));
  EXPECT_TRUE(known.values.at("synward_drops_total.reason").contains("line_tx_full"));
  EXPECT_TRUE(known.values.at("synward_events_total.result").contains("lost"));
  EXPECT_EQ(
      metrics_of("rate(synward_nothing{a=\"b\"}[5m]) / synward_card_up"),
      (std::vector<std::pair<std::string, std::string>>{{"synward_nothing", "a=\"b\""}, {"synward_card_up", ""}}));
}

}  // namespace
}  // namespace synward
