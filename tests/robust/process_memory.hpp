// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <fstream>
#include <limits>
#include <string>

namespace synward::test {

/// False where what is freed is kept on purpose.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kMemoryTells = false;
#else
inline constexpr bool kMemoryTells = true;
#endif

/// Resident memory of a process, KiB; -1 where it is not there. `process`: a process id, or "self".
inline std::int64_t resident_kib(const std::string& process = "self") {
  std::ifstream status("/proc/" + process + "/status");
  for (std::string word; status >> word; status.ignore(std::numeric_limits<std::streamsize>::max(), '\n')) {
    if (std::int64_t kib = 0; word == "VmRSS:" && status >> kib) {
      return kib;
    }
  }
  return -1;
}

}  // namespace synward::test
