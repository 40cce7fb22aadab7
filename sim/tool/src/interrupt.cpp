// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/interrupt.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

namespace synward::sim {

namespace {
volatile std::sig_atomic_t raised = 0;
}  // namespace

void catch_interrupts() {
  // Without SA_RESTART: who waits for a pipe must hear of it too; and again each second, since the signal may have come
  // just before the wait began.
  struct sigaction action {};
  action.sa_handler = [](int signal) {
    if (raised == 0) {
      raised = signal;
    }
    alarm(1);
  };
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGALRM}) {
    sigaction(signal, &action, nullptr);
  }
}

bool interrupted() { return raised != 0; }

int interrupting_signal() { return raised; }

Error interruption() { return Error{fmt::format("interrupted by {}", raised == SIGINT ? "SIGINT" : "SIGTERM")}; }

}  // namespace synward::sim
