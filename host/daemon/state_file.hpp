// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "synward/expected.hpp"

namespace synward {

/// Writes a file of the state folder, whole or not at all, mode 0600; a folder that is missing is made, mode 0700.
/// `for_good`: it outlives the machine's own end too. Error: why it cannot be written, "PATH: why".
Expected<void> write_state_file(const std::string& folder, const std::string& name, std::string_view text,
                                bool for_good);

}  // namespace synward
