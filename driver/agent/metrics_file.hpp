// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/driver/announcer.hpp"
#include "synward/driver/program.hpp"
#include "synward/expected.hpp"

namespace synward::driver {

/// Prometheus' text format, for the textfile collector of node_exporter. `now`: as the counts have it.
std::string metrics_text(const std::string& interface, const FateCounts& fates, const Announcer::Counts& counts,
                         std::chrono::milliseconds now);
/// Puts it in the file's place as a whole.
Expected<void> write_metrics(const std::string& path, const std::string& text);

}  // namespace synward::driver
