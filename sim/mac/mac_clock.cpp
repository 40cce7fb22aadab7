// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/mac_clock.hpp"

#include "synward/sim/wire.hpp"

namespace synward::sim {

MacClock::MacClock(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_HAS_PROCESS(MacClock);
  SC_METHOD(toggle);
}

void MacClock::toggle() {
  if (half_ > 0) clk.write(half_ % 2 == 0);
  ++half_;
  next_trigger(from_ps(half_ps(half_) - now_ps()));
}

}  // namespace synward::sim
