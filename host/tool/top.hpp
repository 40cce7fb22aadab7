// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "api_client.hpp"

namespace synward::tool {

/// One bar for each value, as high as its share of the greatest.
std::string sparkline(std::span<const double> values);

/// The screen of `synward top`: `history` as /v1/history gives it, at least two snapshots; no line is longer than
/// `width` columns, nor are there more than `height` lines.
std::string top_screen(const nlohmann::json& status, const nlohmann::json& history, std::size_t width,
                       std::size_t height);

struct TopOptions {
  double interval_s = 1;  ///< between two screens, 0.1 or more
  int count = 0;          ///< screens; 0: until q or Ctrl-C
  bool batch = false;     ///< one screen below the other, no control of the terminal
};

/// Shows the screen again and again. Returns the message of what ended it, empty if that was wanted.
std::string top(ApiClient& client, const TopOptions& options);

}  // namespace synward::tool
