// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/expected.hpp"

namespace synward::sim {

/// What `synward sim serve` is told. Empty paths mean none.
struct ServeOptions {
  std::string core = "rtl";
  std::string socket;   ///< where programs connect (backend "sim")
  bool xrt = false;     ///< serve XRT's hw_emu with dont_run, at /tmp/$USER/$EMULATION_SOCKETID
  std::string config;   ///< what the card is told at the start; without it its owner tells it
  std::string traffic;  ///< scenario that runs around the card again and again; its card's table only names targets
  bool ports = true;    ///< network ports beside the core, as a card of ours has them
};

/// Lets other programs reach the registers of a simulated card, whose time goes with the wall's, until SIGINT or
/// SIGTERM. Says on standard output when it is ready. Returns which of them it was; errors are one line.
Expected<std::string> serve(const ServeOptions& options);

}  // namespace synward::sim
