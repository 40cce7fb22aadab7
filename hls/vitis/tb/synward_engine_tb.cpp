// SPDX-License-Identifier: BSD-2-Clause
#include "kernels/synward_engine.hpp"
#include "testbench.hpp"

int main(int argc, char** argv) {
  using namespace synward;
  const Bench<EngineQuestion, EngineSetting, EngineReply> bench = {synward_engine, 8 * kDistance,
                                                                   (1u << 16) + 8 * kDistance};
  return run_bench(bench, argc, argv);
}
