// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>

#include "board/axi_lite.hpp"
#include "synward/sim/beat.hpp"

namespace synward::test {

/// The Verilated core for a source file that includes SystemC: Verilator's headers do not bear company.
class CoreModel {
 public:
  struct Inputs {
    bool rst_n = false;
    bool time_given = true;  ///< time_ms counts, not the core's own clock
    std::uint32_t time_ms = 0;
    sim::StreamBeat line_rx, host_rx;
    bool line_tx_ready = false, host_tx_ready = false;
    AxiLiteRequest request;
  };
  struct Outputs {
    sim::StreamBeat line_tx, host_tx;  ///< all zero while not valid
    AxiLiteResponse response;
  };

  CoreModel();
  CoreModel(const CoreModel&) = delete;
  CoreModel& operator=(const CoreModel&) = delete;
  ~CoreModel();

  /// A rising edge with the pins as they are.
  void rise();
  /// A falling edge, and then what the pins are given; outputs that have no register follow.
  void fall(const Inputs& inputs);
  Outputs outputs() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace synward::test
