// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>
#include <vector>

#include "synward/diagnosis.hpp"

namespace synward {

/// What the counters of handshakes mean that somebody pasted: of netstat -s, FreeBSD's or Linux', or of nstat. Nothing
/// where there are none. They count from the start of the system on, so that no time is known.
std::vector<Finding> explain_counters(std::string_view text);

}  // namespace synward
