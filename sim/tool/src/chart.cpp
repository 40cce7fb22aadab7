// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "synward/sim/grouped.hpp"

namespace synward::sim {

namespace {

// Pixels of the drawing; the page scales it.
constexpr double kWidth = 720, kHeight = 260;
constexpr double kLeft = 64, kRight = 20, kTop = 28, kBottom = 44;
constexpr std::string_view kOpen = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {:.0f} {:.0f}" role="img">)";

/// A step of 1, 2 or 5 times a power of ten that cuts `range` into about five parts.
double tick_step(double range) {
  const double rough = range / 5;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (rough <= factor * power) {
      return factor * power;
    }
  }
  return 10 * power;
}

/// One axis: data to pixels.
struct Axis {
  double min, max, step, from, to;

  double at(double value) const { return from + (to - from) * (value - min) / (max - min); }
  std::vector<double> ticks() const {
    std::vector<double> values;
    const auto first = std::llround(std::ceil(min / step));
    const auto last = std::llround(std::floor(max / step + 1e-6));
    for (auto i = first; i <= last; ++i) {
      values.push_back(static_cast<double>(i) * step);
    }
    return values;
  }
};

/// Pieces of an axis, side by side.
class BrokenAxis {
 public:
  explicit BrokenAxis(std::vector<Axis> pieces) : pieces_(std::move(pieces)) {}

  double at(double value) const {
    const Axis* piece = &pieces_.front();
    for (const auto& one : pieces_) {
      piece = value >= one.min ? &one : piece;
    }
    return piece->at(std::min(value, piece->max));
  }
  const std::vector<Axis>& pieces() const { return pieces_; }
  double from() const { return pieces_.front().from; }
  double to() const { return pieces_.back().to; }

 private:
  std::vector<Axis> pieces_;
};

/// An axis that shows just the data.
Axis tight_axis(double min, double max, double from, double to) {
  max = max > min ? max : min + 1;
  return {min, max, tick_step(max - min), from, to};
}

/// An axis from 0 that ends on a tick.
Axis round_axis(double max, double from, double to) {
  const double step = tick_step(max > 0 ? max : 1);
  return {0, std::max(step, std::ceil(max / step * 0.9999) * step), step, from, to};
}

/// A time with the unit that suits `step`.
std::string time_text(double us, double step) {
  static constexpr std::array<std::pair<double, std::string_view>, 2> kUnits{{{1e6, "s"}, {1e3, "ms"}}};
  for (const auto& [unit, name] : kUnits) {
    if (step >= unit / 10) {
      return fmt::format("{:.6g} {}", us / unit, name);
    }
  }
  return fmt::format("{:.6g} µs", us);
}

std::string vertical(const Axis& y, double at) {
  return fmt::format(R"(<line class="grid" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)", at, y.from, at, y.to);
}

std::string grid(const BrokenAxis& x, const Axis& y, std::string_view x_label, std::string_view y_label) {
  std::string svg;
  for (const double value : y.ticks()) {
    svg += fmt::format(R"(<line class="grid" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)", x.from(), y.at(value),
                       x.to(), y.at(value));
    svg += fmt::format(R"(<text class="end" x="{:.1f}" y="{:.1f}">{}</text>)", x.from() - 6, y.at(value) + 4,
                       short_number(value));
  }
  for (const auto& piece : x.pieces()) {
    const bool first = piece.from == x.from();
    svg += first ? "" : vertical(y, piece.from);
    for (const double value : piece.ticks()) {
      // Where pieces meet the text would stand twice.
      if (first || piece.at(value) > piece.from + 20) {
        svg += fmt::format(R"(<text class="mid" x="{:.1f}" y="{:.1f}">{}</text>)", piece.at(value), y.from + 16,
                           x_label.empty() ? time_text(value, piece.step) : fmt::format("{:.6g}", value));
      }
    }
  }
  svg += fmt::format(R"(<text class="mid" x="{:.1f}" y="{:.1f}">{}</text>)", (x.from() + x.to()) / 2, y.from + 34,
                     x_label.empty() ? "time" : escape_html(x_label));
  svg += fmt::format(R"(<text x="4" y="14">{}</text>)", escape_html(y_label));
  return svg;
}

std::string curve(const Series& series, std::size_t number, const BrokenAxis& x, const Axis& y) {
  if (series.points.empty()) {
    return {};
  }
  std::string path;
  for (const auto& [px, py] : series.points) {
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x.at(px), y.at(py));
  }
  std::string svg;
  if (series.filled) {
    svg += fmt::format(R"(<path class="area s{}" d="{}L{:.1f} {:.1f}L{:.1f} {:.1f}Z"/>)", number, path,
                       x.at(series.points.back().first), y.from, x.at(series.points.front().first), y.from);
  }
  return svg + fmt::format(R"(<path class="curve s{}" d="{}"/>)", number, path);
}

std::string chart(std::string_view x_label, std::string_view y_label, const std::vector<Series>& series,
                  const BrokenAxis& x) {
  double y_max = 0;
  for (const auto& one : series) {
    for (const auto& [px, py] : one.points) {
      y_max = std::max(y_max, py);
    }
  }
  const Axis y = round_axis(y_max, kHeight - kBottom, kTop);
  std::string svg = fmt::format(fmt::runtime(kOpen), kWidth, kHeight) + grid(x, y, x_label, y_label);
  double legend = kWidth - kRight;
  for (std::size_t i = series.size(); i-- > 0;) {
    constexpr double kCharacter = 7;
    legend -= kCharacter * static_cast<double>(series[i].name.size()) + 30;
    svg += fmt::format(
        R"(<line class="curve s{}" x1="{:.1f}" y1="10" x2="{:.1f}" y2="10"/><text x="{:.1f}" y="14">{}</text>)", i,
        legend, legend + 18, legend + 22, escape_html(series[i].name));
  }
  for (std::size_t i = 0; i < series.size(); ++i) {
    svg += curve(series[i], i, x, y);
  }
  return svg + "</svg>";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string short_number(double number) {
  static constexpr std::array<std::pair<double, std::string_view>, 3> kUnits{{{1e9, " G"}, {1e6, " M"}, {1e3, " k"}}};
  for (const auto& [unit, name] : kUnits) {
    if (std::abs(number) >= unit) {
      return fmt::format("{:.4g}{}", number / unit, name);
    }
  }
  return fmt::format("{:.4g}", number);
}

std::string line_chart(std::string_view x_label, std::string_view y_label, const std::vector<Series>& series,
                       double x_min) {
  double x_max = x_min;
  for (const auto& one : series) {
    for (const auto& [x, y] : one.points) {
      x_max = std::max(x_max, x);
    }
  }
  return chart(x_label, y_label, series, BrokenAxis({tight_axis(x_min, x_max, kLeft, kWidth - kRight)}));
}

std::string time_chart(std::string_view y_label, const std::vector<Series>& series, const std::vector<double>& breaks) {
  const auto pieces = static_cast<double>(breaks.size() - 1);
  const auto edge = [pieces](std::size_t i) {
    return kLeft + (kWidth - kRight - kLeft) * static_cast<double>(i) / pieces;
  };
  std::vector<Axis> axes;
  for (std::size_t i = 0; i + 1 < breaks.size(); ++i) {
    axes.push_back(tight_axis(breaks[i], breaks[i + 1], edge(i), edge(i + 1)));
  }
  return chart({}, y_label, series, BrokenAxis(std::move(axes)));
}

std::string bar_chart(const std::vector<std::pair<std::string, std::uint64_t>>& bars) {
  constexpr double kLine = 22, kNames = 150, kNumbers = 90;
  std::uint64_t largest = 1;
  for (const auto& [name, value] : bars) {
    largest = std::max(largest, value);
  }
  std::string svg = fmt::format(fmt::runtime(kOpen), kWidth, kLine * static_cast<double>(bars.size()) + 4);
  double y = 2;
  for (const auto& [name, value] : bars) {
    const double width = (kWidth - kNames - kNumbers) * static_cast<double>(value) / static_cast<double>(largest);
    svg += fmt::format(R"(<text class="end" x="{:.1f}" y="{:.1f}">{}</text>)"
                       R"(<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="14"/>)"
                       R"(<text x="{:.1f}" y="{:.1f}">{}</text>)",
                       kNames - 8, y + 15, escape_html(name), kNames, y + 4, std::max(width, 1.0), kNames + width + 8,
                       y + 15, grouped(value));
    y += kLine;
  }
  return svg + "</svg>";
}

}  // namespace synward::sim
