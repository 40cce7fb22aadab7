// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace synward::tool {

/// Runs `synward-NAME` with the arguments behind the name, in the place of this process: from the directory of this
/// program, else by $PATH. Returns only where that fails, with the message.
std::string run_external(const std::string& name, char** arguments);

}  // namespace synward::tool
