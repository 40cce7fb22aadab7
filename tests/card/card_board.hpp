// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "board/board.hpp"

namespace synward::test {

/// The whole card, crossings and link watches with it, between two 100G CMACs and a PCIe bus, on four clocks of their
/// own: core 302.124 MHz, bus 250 MHz, and the MACs' 322.266 MHz, 100 ppm apart; each edge jitters. There is one in a
/// process. Times are simulated ps.
class CardBoard final : public Device {
 public:
  struct Settings {
    std::uint64_t seed = 1;       ///< of the MACs, the clocks' jitter, and the bus's delays
    unsigned jitter_ps = 50;      ///< each edge, either way
    std::uint64_t fec_rx_ns = 0;  ///< that the receiver's RS-FEC keeps each frame: a parameter, not a measurement
    std::uint64_t bus_ns = 0;     ///< that a register access takes on its way, as on PCIe
  };
  using In = Board::In;
  using Out = Board::Out;

  static CardBoard& get();
  ~CardBoard() override;

  /// From power-up, until both links are up.
  void power_up(const Settings& settings);
  void on_in(std::function<void(const In&)> observer);
  void on_out(std::function<void(const Out&)> observer);

  std::uint64_t now_ps() const;
  void run_until(std::uint64_t ps);
  bool drain(std::uint64_t limit_ps = 1'000'000'000);
  void offer(Port port, std::vector<std::uint8_t> frame, std::uint64_t ps);
  /// The cable: while it is out, frames on it are lost, the one under way in its middle. `resets`: the CMAC resets
  /// itself meanwhile (usr_rx_reset, usr_tx_reset).
  void plug(Port port, bool in, bool resets);
  bool up(Port port) const;
  /// What the card tells a CMAC.
  bool fec(Port port) const;
  bool mac_reset(Port port) const;

  std::uint32_t read32(std::uint32_t offset) override;
  void write32(std::uint32_t offset, std::uint32_t value) override;

  /// What the card broke of the rules of AXI4-Stream and CMAC; empty if nothing.
  std::string violations() const;
  std::uint64_t stalled_clocks(Port port) const;

 private:
  struct Parts;
  CardBoard();
  void finish_bus();

  std::unique_ptr<Parts> parts_;
};

}  // namespace synward::test
