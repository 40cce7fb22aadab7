// SPDX-License-Identifier: BSD-2-Clause
#include "kernels/synward_syncache.hpp"
#include "testbench.hpp"

int main(int argc, char** argv) {
  using namespace synward;
  const Bench<EngineQuestion, EngineSetting, EngineReply> bench = {synward_syncache, 8 * kDistance,
                                                                   (1u << 14) + 8 * kDistance};
  return run_bench(bench, argc, argv);
}
