// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/stream.hpp"

#include <ostream>

namespace synward::sim {

std::ostream& operator<<(std::ostream& out, const StreamBeat& beat) {
  return out << (beat.valid ? "valid" : "idle") << (beat.last ? " last" : "") << (beat.error ? " error" : "")
             << " keep " << beat.keep;
}

void sc_trace(sc_core::sc_trace_file* file, const StreamBeat& beat, const std::string& name) {
  sc_core::sc_trace(file, beat.valid, name + ".tvalid");
  sc_core::sc_trace(file, beat.last, name + ".tlast");
  sc_core::sc_trace(file, beat.error, name + ".terror");
  sc_core::sc_trace(file, beat.keep, name + ".tkeep");
}

}  // namespace synward::sim
