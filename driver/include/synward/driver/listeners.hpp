// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "handoff.h"
#include "synward/expected.hpp"

namespace synward::driver {

/// The TCP listeners of the caller's network namespace, in the order of port and address, each once: of those that
/// share a port (SO_REUSEPORT) the first. Needs CAP_BPF and CAP_PERFMON.
Expected<std::vector<synward_listener>> list_listeners();

}  // namespace synward::driver
