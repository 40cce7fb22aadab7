// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/expected.hpp"
#include "synward/sim/pacing.hpp"

namespace synward::sim {

/// What `synward sim replay` is told. Empty paths mean none.
struct ReplayOptions {
  std::string core = "rtl";
  std::string config;
  std::string line_in, host_in;
  std::string line_out, host_out;
  std::string json;
  std::string events, log;
  double linger_s = 0;  ///< how long the card's timers run after the last frame
  Pace pace = Pace::line_rate;
  std::string trace;
};

/// Puts the frames of capture files through a card and writes what leaves it. No output file appears unless all went
/// well. Returns a summary for the operator. Errors are one line.
Expected<std::string> replay(const ReplayOptions& options);

/// The word of a pace on the command line and in reports.
std::string_view pace_name(Pace pace);

}  // namespace synward::sim
