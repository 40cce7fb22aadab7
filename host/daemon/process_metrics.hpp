// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "synward/metrics.hpp"

namespace synward {

/// What this process has taken so far; all but when it began.
ProcessMetrics process_metrics();

}  // namespace synward
