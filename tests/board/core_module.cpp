// SPDX-License-Identifier: BSD-2-Clause
#include "board/core_module.hpp"

namespace synward::test {

CoreModule::CoreModule(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_HAS_PROCESS(CoreModule);
  SC_METHOD(on_clock);
  sensitive << clk;
  dont_initialize();
}

/// Inputs change behind a rising edge; they are brought to the pins at the falling one, so that what the core answers
/// without a register (the AXI4-Lite readies) is right when the next rising edge samples it.
void CoreModule::on_clock() {
  if (clk.read()) {
    model_.rise();
  } else {
    model_.fall({rst_n.read(), time_given.read(), time_ms.read(), line_rx.read(), host_rx.read(), line_tx_ready.read(),
                 host_tx_ready.read(), request.read()});
  }
  const CoreModel::Outputs out = model_.outputs();
  line_tx.write(out.line_tx);
  host_tx.write(out.host_tx);
  response.write(out.response);
}

}  // namespace synward::test
