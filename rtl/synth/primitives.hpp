// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "netlist.hpp"

namespace synward::synth {

/// What a Xilinx primitive is to a path. `lut_memory`: RAM32M and its like, and shift registers, read as a LUT.
enum class Kind { lut, wire, carry, lut_memory, clocked };

/// Throws std::runtime_error on a type that is not known.
Kind kind_of(const Cell& cell);

bool is_clock(const std::string& port);

/// True if a change of `in` can be seen at `out` without a clock.
bool has_arc(Kind kind, const Pin& in, const Pin& out);

}  // namespace synward::synth
