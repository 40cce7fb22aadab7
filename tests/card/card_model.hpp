// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>

#include "board/axi_lite.hpp"
#include "synward/sim/beat.hpp"

namespace synward::test {

/// What a CMAC tells the card, levels.
struct MacState {
  bool aligned = false, remote_fault = false, rx_reset = true, tx_reset = true;
  bool operator==(const MacState& o) const {
    return aligned == o.aligned && remote_fault == o.remote_fault && rx_reset == o.rx_reset && tx_reset == o.tx_reset;
  }
};

/// The Verilated card (rtl/board/synward_line_card) for a source file that includes SystemC. Four clocks that know
/// nothing of each other: each rises and falls for itself, and pins of a clock are set when it falls.
class CardModel {
 public:
  enum Clock { core, bus, line, host };
  struct MacPins {
    sim::StreamBeat rx;
    bool tx_ready = false;
    MacState state;
  };
  struct MacOut {
    sim::StreamBeat tx;
    bool reset = true, fec = false, rx_enable = false, tx_enable = false, send_rfi = false;
    bool looped = false;  ///< near-end loopback
  };

  CardModel();
  CardModel(const CardModel&) = delete;
  CardModel& operator=(const CardModel&) = delete;
  ~CardModel();

  void power(bool on);
  void rise(Clock clock);
  void fall(Clock clock);
  void set(Clock port, const MacPins& pins);  ///< line or host
  void set(const AxiLiteRequest& request);
  MacOut out(Clock port) const;
  AxiLiteResponse response() const;
  bool up(Clock port) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace synward::test
