// SPDX-License-Identifier: BSD-2-Clause
// synward history: rates of the last minutes, as plots.
#include "history_command.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string_view>
#include <utility>

#include "completion_command.hpp"
#include "figures.hpp"
#include "terminal.hpp"
#include "text.hpp"
#include "top.hpp"
#include "verbs.hpp"

namespace synward::tool {

namespace {

using nlohmann::json;

constexpr std::size_t kLabel = 8;  ///< columns for the scale
constexpr std::size_t kLeastPlot = 10;
constexpr std::size_t kPlainWidth = 80;  ///< of a pipe or a file

/// Eighths of a cell.
constexpr std::array<std::string_view, 9> kCells{" ",      "\u2581", "\u2582", "\u2583", "\u2584",
                                                 "\u2585", "\u2586", "\u2587", "\u2588"};

/// What a figure was at each snapshot but the first: a rate, or how full a table was.
struct Course {
  std::string title;
  std::vector<double> values;
};

std::vector<double> levels(const json& history, const char* key) {
  std::vector<double> result;
  for (std::size_t i = 1; i < history.size(); ++i) {
    result.push_back(value(history[i], key));
  }
  return result;
}

struct Table {
  const char *name, *title;
};
constexpr std::array kTables{Table{"entries", "half-open connections"}, Table{"flows", "known flows"}};

std::string clock_text(double unix_time) {
  return fmt::format("{:%H:%M:%S}", fmt::localtime(static_cast<std::time_t>(std::clamp(unix_time, 0.0, 1e11))));
}

/// The values brought to so many columns: each the mean of those that fall into it.
std::vector<double> squeezed(const std::vector<double>& values, std::size_t columns) {
  if (values.size() <= columns) {
    return values;
  }
  std::vector<double> means(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    const auto from = i * values.size() / columns;
    const auto to = std::max(from + 1, (i + 1) * values.size() / columns);
    double sum = 0;
    for (auto at = from; at < to; ++at) {
      sum += values[at];
    }
    means[i] = sum / static_cast<double>(to - from);
  }
  return means;
}

std::string plot(const Course& course, std::size_t columns, std::size_t height) {
  const auto means = squeezed(course.values, columns);
  const double most = std::ranges::max(means);
  std::string text;
  for (std::size_t row = height; row-- > 0;) {
    text += fmt::format("{:>{}} |", row + 1 == height ? rate_text(most) : row == 0 ? "0" : "", kLabel - 2);
    std::string line;
    std::size_t blanks = 0;
    for (const double one : means) {
      const double share = most > 0 ? one / most : 0;
      const auto eighths = std::lround(share * 8 * static_cast<double>(height)) - 8 * static_cast<long>(row);
      const auto cell = static_cast<std::size_t>(std::clamp(eighths, 0L, 8L));
      // What is not nothing is seen.
      const auto seen = cell == 0 && row == 0 && one > 0 ? 1 : cell;
      if (seen == 0) {
        ++blanks;
        continue;
      }
      line += std::string(std::exchange(blanks, 0), ' ');
      line += kCells[seen];
    }
    text += line + '\n';
  }
  return text;
}

const NamedFigure* find_figure(const std::string& name) {
  const auto found = std::ranges::find(figures(), name, &NamedFigure::name);
  return found == figures().end() ? nullptr : &*found;
}

Expected<std::vector<Course>> courses(const json& history, const std::vector<std::string>& names) {
  std::vector<Course> result;
  for (const auto& name : names) {
    const auto table = std::ranges::find_if(kTables, [&](const Table& one) { return name == one.name; });
    if (const auto* figure = find_figure(name)) {
      const auto begin = figure->title.find_first_not_of(' ');
      result.push_back({figure->title.substr(begin) + ", a second", rates(history, figure->of)});
    } else if (table != kTables.end()) {
      result.push_back({table->title, levels(history, table->name)});
    } else {
      return Error{fmt::format("history: {}: there is no such figure, but {}", name, figure_names())};
    }
  }
  return result;
}

}  // namespace

std::string figure_names() {
  std::string names;
  for (const auto& one : figures()) {
    names += one.name + ", ";
  }
  for (const auto& one : kTables) {
    names += std::string(one.name) + (one.name == kTables.back().name ? "" : ", ");
  }
  return names;
}

Expected<std::string> history_text(const json& history, const std::vector<std::string>& names, std::size_t width,
                                   std::size_t height) {
  if (!history.is_array() || history.size() < 2) {
    return std::string("not two snapshots yet\n");
  }
  const auto shown = courses(history, names);
  if (!shown) {
    return shown.error();
  }
  const auto columns = std::min(std::max(width, kLabel + kLeastPlot) - kLabel, history.size() - 1);
  const auto from = clock_text(value(history[1], "time"));
  const auto to = clock_text(value(history.back(), "time"));
  std::string text;
  for (const auto& course : *shown) {
    double sum = 0;
    for (const double one : course.values) {
      sum += one;
    }
    const auto head = fmt::format("{}: now {}, mean {}, most {}", course.title, rate_text(course.values.back()),
                                  rate_text(sum / static_cast<double>(course.values.size())),
                                  rate_text(std::ranges::max(course.values)));
    // What does not fit is left out as a whole.
    const auto end = head.size() > width ? head.rfind(", ", width) : std::string::npos;
    text += head.substr(0, std::min(end, width)) + '\n' + plot(course, columns, height);
    const auto blanks = columns > from.size() + to.size() + 1 ? columns - from.size() - to.size() : 1;
    text += fmt::format("{:{}}{}{:{}}{}\n", "", kLabel, from, "", blanks, to).substr(0, std::max(width, kLabel + 8));
    text += text.ends_with('\n') ? "\n" : "\n\n";
  }
  text.pop_back();
  return text;
}

json history_rates(const json& history) {
  auto list = json::array();
  std::vector<std::vector<double>> series;
  for (const auto& one : figures()) {
    series.push_back(rates(history, one.of));
  }
  for (std::size_t i = 1; i < history.size(); ++i) {
    json one{{"time", value(history[i], "time")}, {"paused", history[i].value("paused", false)}};
    for (std::size_t f = 0; f < series.size(); ++f) {
      one[figures()[f].name] = std::round(series[f][i - 1] * 1000) / 1000;
    }
    for (const auto& table : kTables) {
      one[table.name] = history[i].value(table.name, 0);
    }
    list.push_back(std::move(one));
  }
  return list;
}

void add_history(const Verbs& verbs) {
  struct Options {
    std::vector<std::string> names{"offered", "answered", "handed", "dropped"};
    std::uint64_t last = 300;
    std::size_t width = 0, height = 4;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  auto& history = add_verb(verbs.app, "history", "Rates of the last minutes, as plots",
                           "synward history\n  synward history --last 3600 offered entries");
  history.add_option("figure", options->names, "Which: " + figure_names())
      ->type_name(kFigureWord)
      ->capture_default_str();
  history.add_option("--last", options->last, "Snapshots, by default one a second")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  history.add_option("--width", options->width, "Columns; default: the window's, or 80")->check(CLI::Range(20, 1000));
  history.add_option("--height", options->height, "Lines of a plot")->check(CLI::Range(1, 50))->capture_default_str();
  history.add_flag("--json", options->json, "All rates, at each snapshot, as JSON");
  verbs.does(history, [options](ApiClient& client) -> Outcome {
    const auto answer = client.get_json(fmt::format("/v1/history?last={}", options->last + 1));
    if (!answer) {
      return answer.error();
    }
    if (options->json) {
      return json_text(history_rates(*answer));
    }
    const auto window = window_columns();
    const auto width = options->width != 0 ? options->width : window != 0 ? window : kPlainWidth;
    auto text = history_text(*answer, options->names, width, options->height);
    return text && !shows_utf8() ? Outcome(ascii_bars(*text)) : text;
  });
}

}  // namespace synward::tool
