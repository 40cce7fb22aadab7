// SPDX-License-Identifier: BSD-2-Clause
// Compiles the kernel headers as C++14, without the rest of the project.
#include "synward/engine.hpp"

namespace synward {

VerdictRecord engine_cxx14(const RequestRecord& request, const EngineKeys& keys, bool ts_offset_per_conn);

VerdictRecord engine_cxx14(const RequestRecord& request, const EngineKeys& keys, bool ts_offset_per_conn) {
  return engine_step(request, keys, ts_offset_per_conn);
}

}  // namespace synward
