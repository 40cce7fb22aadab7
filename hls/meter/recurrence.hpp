// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <llvm/IR/Function.h>

#include <set>
#include <string>
#include <vector>

namespace synward::meter {

/// A table of a process: a static array of which its source says that writes need not be waited for.
struct MemoryUse {
  std::string name;
  unsigned arrays;  ///< partitions along the first dimension
  unsigned depth;   ///< words
  unsigned width;   ///< bits of a word
};

/// Something that an HLS tool would refuse or build badly, seen in what the compiler made of a process.
using Findings = std::vector<std::string>;

/// One process, measured.
struct Recurrence {
  double ns = 0;                    ///< least time from one iteration to the next that the loop-carried paths allow
  unsigned iterations = 0;          ///< along the cycle that bounds it
  std::vector<std::string> states;  ///< that this cycle goes through
  std::vector<std::string> path;    ///< its operators with their delays, ns
  unsigned register_bits = 0;       ///< of state
  std::vector<MemoryUse> memories;
  unsigned widest_port = 0;  ///< bits of the widest stream or argument
  Findings findings;
};

/// Measures a process. Its state is what it stores in static variables; `memories` names those that are tables, whose
/// stores the process itself forwards. Everything must be inlined and unrolled.
Recurrence measure(llvm::Function& process, const std::set<std::string>& memories);

/// The name of a global or function as its source has it, without namespaces and arguments.
std::string short_name(const std::string& mangled);

}  // namespace synward::meter
