// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace synward::synth {

/// How far a block is from the physical limits.
struct Excess {
  int nets = 0;    ///< names of nets with too many loads
  int memory = 0;  ///< endpoints too deep behind a memory
  int ports = 0;   ///< endpoints too deep behind a port

  bool none() const { return nets == 0 && memory == 0 && ports == 0; }
};

/// A block that may be over the physical limits, as far as measured and no further.
struct OpenBlock {
  Excess most;
  std::string reason;
};

using OpenList = std::map<std::string, OpenBlock>;

/// Lines "BLOCK NETS MEMORY PORTS REASON..."; "-" is a number that is not measured yet, # begins a comment. Throws
/// std::runtime_error with file and line.
OpenList read_open_list(const std::filesystem::path& file);

/// Why `block` fails, or nothing. A block that is not listed is within every limit; one that is listed is over one, and
/// not further over any than it says: what was gained is not lost again.
std::optional<std::string> find_fault(const OpenList& list, const std::string& block, const Excess& measured);

}  // namespace synward::synth
