// SPDX-License-Identifier: BSD-2-Clause
#include "process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace synward {

ProcessMetrics process_metrics() {
  ProcessMetrics metrics;
  rusage used{};
  if (getrusage(RUSAGE_SELF, &used) == 0) {
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    metrics.cpu_s = seconds(used.ru_utime) + seconds(used.ru_stime);
  }
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  if (std::ifstream("/proc/self/statm") >> size >> resident) {
    metrics.resident_bytes = resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  }
  return metrics;
}

}  // namespace synward
