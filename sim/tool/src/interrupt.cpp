// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/interrupt.hpp"

#include <csignal>

namespace synward::sim {

namespace {
volatile std::sig_atomic_t raised = 0;
}  // namespace

void catch_interrupts() {
  const auto raise_flag = [](int) { raised = 1; };
  std::signal(SIGINT, raise_flag);
  std::signal(SIGTERM, raise_flag);
}

bool interrupted() { return raised != 0; }

}  // namespace synward::sim
