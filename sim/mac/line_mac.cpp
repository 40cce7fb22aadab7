// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/line_mac.hpp"

namespace synward::sim {

LineMac::LineMac(const sc_core::sc_module_name& name) : sc_module(name) {
  rx.clk(clk);
  rx.stream(to_card);
  tx.clk(clk);
  tx.stream(from_card);
  tx.ready(from_card_ready);
}

}  // namespace synward::sim
