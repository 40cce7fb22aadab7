// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/expected.hpp"

namespace synward::sim {

/// What `synward sim cable` is told.
struct CableOptions {
  std::string socket;  ///< of synward sim serve
  std::string port;    ///< "line" or "host"
  std::string state;   ///< "in" or "out"
};

/// Plugs a cable of a simulated card in, or pulls it. Errors are one line; a card without ports refuses.
Expected<std::string> cable(const CableOptions& options);

}  // namespace synward::sim
