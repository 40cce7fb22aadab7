// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace synward::sim {

/// From here on SIGINT and SIGTERM only raise a flag, so that a run can end in order and leave no partial file.
void catch_interrupts();
/// True once such a signal came.
bool interrupted();

}  // namespace synward::sim
