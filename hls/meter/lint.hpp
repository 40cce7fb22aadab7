// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <set>
#include <string>
#include <vector>

namespace llvm {
class Module;
}

namespace synward::meter {

/// A rule that a source breaks.
struct Breach {
  std::string file;
  unsigned line;  ///< 1 for the first; 0: the whole file
  std::string text;
};

/// What the text of a kernel's source shows: unknown and misplaced pragmas, words that no kernel may use, arrays in
/// pipelines that are neither partitioned nor bound to a memory.
std::vector<Breach> lint_source(const std::string& file, const std::string& text);

/// Tables of a source: what a DEPENDENCE pragma frees from waiting for its own writes.
std::set<std::string> freed_memories(const std::string& text);

/// Tables of a source that a BIND_STORAGE pragma puts into block RAM.
std::set<std::string> block_memories(const std::string& text);

/// What a kernel's unoptimised code shows: heap, recursion, virtual functions, objects made at run time. `name` stands
/// for the file.
std::vector<Breach> lint_module(const std::string& name, const llvm::Module& module);

}  // namespace synward::meter
