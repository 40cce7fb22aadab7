// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>

namespace synward {

/// A page in Prometheus' text format.
struct ExpositionPage {
  std::map<std::string, double> samples;  ///< by name, with labels as they stand there
  std::map<std::string, std::string> types, helps;
};

/// Parses it. Samples must have their HELP and TYPE right before them, and stand there once.
inline ExpositionPage parse_exposition(const std::string& text) {
  ExpositionPage page;
  std::istringstream lines(text);
  std::string helped;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash;
    std::string what;
    std::string name;
    if (line.starts_with("# ")) {
      words >> hash >> what >> name;
      std::string rest;
      std::getline(words >> std::ws, rest);
      EXPECT_TRUE(what == "HELP" || (what == "TYPE" && name == helped)) << line;
      helped = name;
      EXPECT_TRUE((what == "HELP" ? page.helps : page.types).emplace(name, rest).second) << line;
      continue;
    }
    const auto blank = line.rfind(' ');
    name = line.substr(0, blank);
    EXPECT_EQ(name.substr(0, name.find('{')), helped);
    EXPECT_TRUE(page.types.contains(helped)) << line;
    EXPECT_TRUE(page.samples.emplace(name, std::stod(line.substr(blank + 1))).second) << line;
  }
  return page;
}

}  // namespace synward
