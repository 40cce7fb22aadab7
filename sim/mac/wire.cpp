// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/wire.hpp"

namespace synward::sim {

std::uint64_t now_ps() {
  return static_cast<std::uint64_t>(sc_core::sc_time_stamp() / sc_core::sc_time(1, sc_core::SC_PS));
}

sc_core::sc_time from_ps(std::uint64_t ps) { return {static_cast<double>(ps), sc_core::SC_PS}; }

}  // namespace synward::sim
