// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/expected.hpp"

namespace synward::sim {

/// What `synward sim live` is told. Empty paths mean none.
struct LiveOptions {
  std::string core = "ref";
  std::string line;    ///< interface to the clients
  std::string host;    ///< interface to the servers
  std::string config;  ///< what the card is told at the start; without it its owner tells it
  std::string socket;  ///< where its owner connects (backend "sim")
};

/// A simulated card between two interfaces of this machine, in real time, until SIGINT or SIGTERM. Says on standard
/// output when it is ready. Returns what went through; errors are one line.
Expected<std::string> live(const LiveOptions& options);

}  // namespace synward::sim
