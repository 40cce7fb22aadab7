// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/run.hpp"

namespace synward::sim {

Expected<std::string> run(const RunOptions& options) {
  return Error{options.scenario + ": scenarios cannot be run yet"};
}

}  // namespace synward::sim
