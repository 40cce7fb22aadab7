// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "synward/expected.hpp"

namespace synward::tool {

struct ImageRequest {
  std::string file;     ///< .bit, .mcs or .xclbin
  std::string bdf;      ///< of the card, for .xclbin
  std::string scripts;  ///< folder with program.tcl and flash.tcl, for .bit and .mcs
  bool keep = false;    ///< for good (flash), or until power goes (program)
};

/// The command that loads an image, as a list of arguments. Errors: the image is not for a U55C, or not of the kind
/// that this way takes. docs/cards.md, section 4. Not run on hardware.
Expected<std::vector<std::string>> image_command(const ImageRequest& request);
/// Runs a command and waits for its end.
Expected<void> run_command(const std::vector<std::string>& command);

}  // namespace synward::tool
