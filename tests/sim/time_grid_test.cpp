// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/time_grid.hpp"

#include <gtest/gtest.h>

#include "synward/sim/chart.hpp"

namespace synward::sim {
namespace {

TimeGrid two_parts() {
  TimeGrid grid;
  grid.add_part(100, 10);
  grid.add_part(1100, 5);
  return grid;
}

TEST(TimeGrid, parts_have_bins_of_their_own) {
  const auto grid = two_parts();
  EXPECT_EQ(grid.bins(), 15U);
  for (std::size_t bin = 0; bin < 20; ++bin) {
    const double start = bin < 10 ? 10.0 * static_cast<double>(bin) : 100 + 200.0 * static_cast<double>(bin - 10);
    EXPECT_EQ(grid.start(bin), start) << bin;
    EXPECT_EQ(grid.width(bin), bin < 10 ? 10 : 200) << bin;
    EXPECT_EQ(grid.index(start), bin);
    EXPECT_EQ(grid.index(start + grid.width(bin) - 1), bin);
  }
}

/// The x coordinates of a chart's only curve.
std::vector<double> xs_of(const std::string& svg) {
  const auto start = svg.rfind(" d=\"") + 4;
  std::vector<double> xs;
  std::size_t at = start;
  while (svg[at] == 'M' || svg[at] == 'L') {
    xs.push_back(std::stod(svg.substr(at + 1)));
    at = svg.find_first_of("ML\"", at + 1);
  }
  return xs;
}

TEST(TimeChart, pieces_are_equally_long_whatever_their_time) {
  const auto svg = time_chart("%", {{"x", {{0, 1}, {50, 1}, {100, 1}, {600, 1}, {1100, 1}}, false}}, {0, 100, 1100});
  const auto xs = xs_of(svg);
  ASSERT_EQ(xs.size(), 5U);
  for (std::size_t i = 1; i < xs.size(); ++i) {
    EXPECT_NEAR(xs[i] - xs[i - 1], (xs.back() - xs.front()) / 4, 0.2) << i;
  }
}

TEST(TimeChart, times_bear_the_unit_of_their_piece) {
  const auto svg = time_chart("%", {{"x", {{0, 1}, {2e7, 1}}, false}}, {0, 50, 5000, 2e7});
  for (const char* tick : {">20 µs<", ">2 ms<", ">10 s<"}) {
    EXPECT_NE(svg.find(tick), std::string::npos) << tick << svg;
  }
}

}  // namespace
}  // namespace synward::sim
