// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <llvm/IR/Instruction.h>

#include <vector>

namespace synward::meter {

/// What bit widths of values are known, so that an operator counts as wide as it will be built.
class Widths {
 public:
  virtual ~Widths() = default;
  /// Bits of a value that are neither known nor ignored, counted from bit 0 to the highest of them.
  virtual unsigned needed(const llvm::Value& value) const = 0;
  /// Whether no bit can be set in both.
  virtual bool disjoint(const llvm::Value& a, const llvm::Value& b) const = 0;
};

/// One two-way multiplexer, ns.
constexpr double kMux = 0.3;

/// Delay of an operator, ns (docs/hls.md says how the figures were chosen). Wires are 0.
double operator_delay(const llvm::Instruction& instruction, const Widths& widths);

/// A line of the published table: an operator, the widest that the delay is for, bits (0: any), and the delay, ns.
struct PublishedDelay {
  const char* name;
  unsigned bits;
  double delay;
};
std::vector<PublishedDelay> published_delays();

/// Delay of a choice between `ways` values, ns.
double choice_delay(std::size_t ways);

/// Delay from the index to the word of a memory whose output is registered, ns: three clocks of 300 MHz.
constexpr double kMemory = 10.0;

}  // namespace synward::meter
