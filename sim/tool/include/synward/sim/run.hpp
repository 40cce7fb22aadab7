// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/expected.hpp"

namespace synward::sim {

/// What `synward sim run` is told. Empty paths mean none.
struct RunOptions {
  std::string scenario;
  std::string core = "rtl";
  std::string json, html;
  std::string events, log;
};

/// Runs a scenario: attackers, clients and a server around a simulated card. Returns a summary for the operator.
/// The same scenario, seed and core give the same report. No output file appears unless all went well. Errors are one
/// line.
Expected<std::string> run(const RunOptions& options);

}  // namespace synward::sim
