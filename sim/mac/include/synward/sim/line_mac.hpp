// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <systemc>

#include "synward/sim/mac_rx.hpp"
#include "synward/sim/mac_tx.hpp"

namespace synward::sim {

/// A 100G Ethernet MAC and its wire, beside the card, with the streams that a CMAC kernel presents.
class LineMac : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> clk{"clk"};                 ///< MacClock
  sc_core::sc_out<StreamBeat> to_card{"to_card"};  ///< no tready
  sc_core::sc_in<StreamBeat> from_card{"from_card"};
  sc_core::sc_out<bool> from_card_ready{"from_card_ready"};

  MacRx rx{"rx"};
  MacTx tx{"tx"};

  explicit LineMac(const sc_core::sc_module_name& name);
};

}  // namespace synward::sim
