// SPDX-License-Identifier: BSD-2-Clause
// Compiles the kernel headers as C++14, without the rest of the project.
#include "synward/engine.hpp"

namespace synward {

using Tables = EngineTables<2, 2>;

EngineAnswer engine_cxx14(Tables& tables, const EngineConfig& config, const RequestRecord& request, const Room& room);

EngineAnswer engine_cxx14(Tables& tables, const EngineConfig& config, const RequestRecord& request, const Room& room) {
  return engine_step(tables, config, request, room);
}

}  // namespace synward
