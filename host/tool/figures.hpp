// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace synward::tool {

/// How a figure of a snapshot of /v1/history is made of its counters.
using Figure = std::function<double(const nlohmann::json&)>;

/// A figure that people look at.
struct NamedFigure {
  std::string name;   ///< one word, for options and JSON
  std::string title;  ///< two blanks before it: it is a part of the one above
  Figure of;
};
/// In the order of the way of a frame.
std::span<const NamedFigure> figures();

/// A number of an object; 0 where there is none.
double value(const nlohmann::json& object, const char* key);
Figure sum_of(std::vector<std::string> counters);
/// Increase a second between each two snapshots. A card that began again at 0 shows none.
std::vector<double> rates(const nlohmann::json& history, const Figure& figure);

}  // namespace synward::tool
