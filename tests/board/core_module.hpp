// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <systemc>

#include "board/axi_lite_master.hpp"
#include "board/core_model.hpp"
#include "synward/sim/stream.hpp"

namespace synward::test {

/// The Verilated core as a SystemC module.
class CoreModule : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> clk{"clk"}, rst_n{"rst_n"};
  sc_core::sc_in<bool> time_given{"time_given"};
  sc_core::sc_in<std::uint32_t> time_ms{"time_ms"};
  sc_core::sc_in<sim::StreamBeat> line_rx{"line_rx"}, host_rx{"host_rx"};
  sc_core::sc_out<sim::StreamBeat> line_tx{"line_tx"}, host_tx{"host_tx"};
  sc_core::sc_in<bool> line_tx_ready{"line_tx_ready"}, host_tx_ready{"host_tx_ready"};
  sc_core::sc_in<AxiLiteRequest> request{"request"};
  sc_core::sc_out<AxiLiteResponse> response{"response"};

  explicit CoreModule(const sc_core::sc_module_name& name);

 private:
  void on_clock();

  CoreModel model_;
};

}  // namespace synward::test
