// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace synward::sim {

/// One curve of a chart.
struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< by x
  bool filled = false;                            ///< the area below is filled, to stand behind other curves
};

/// Curves over time, whose `breaks` (by time, at least two, us) part the axis into pieces of equal length; y starts at
/// 0.
std::string time_chart(std::string_view y_label, const std::vector<Series>& series, const std::vector<double>& breaks);

/// Curves over a common x axis, which starts at `x_min`; y starts at 0. Inline SVG. The page's style sheet gives the
/// colours (classes s0, s1, ...).
std::string line_chart(std::string_view x_label, std::string_view y_label, const std::vector<Series>& series,
                       double x_min = 0);

/// One bar a line, with name and number, as inline SVG.
std::string bar_chart(const std::vector<std::pair<std::string, std::uint64_t>>& bars);

/// A number as charts write it: 150, 12.5 k, 148.8 M.
std::string short_number(double number);

/// Text with the characters escaped that mean something in HTML.
std::string escape_html(std::string_view text);

}  // namespace synward::sim
