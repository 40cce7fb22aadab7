// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "synward/expected.hpp"

namespace synward::sim {

/// From here on SIGINT and SIGTERM only raise a flag, so that a run can end in order and leave no partial file. A call
/// that waits is interrupted by them.
void catch_interrupts();
/// True once such a signal came.
bool interrupted();
/// The first that came; 0 if none did.
int interrupting_signal();
/// "interrupted by SIGINT", for who stops because of it.
Error interruption();

}  // namespace synward::sim
