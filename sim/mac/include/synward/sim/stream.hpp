// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <string>
#include <systemc>

#include "synward/sim/beat.hpp"

namespace synward::sim {

/// What sc_signal<StreamBeat> asks for.
std::ostream& operator<<(std::ostream& out, const StreamBeat& beat);
void sc_trace(sc_core::sc_trace_file* file, const StreamBeat& beat, const std::string& name);

}  // namespace synward::sim
