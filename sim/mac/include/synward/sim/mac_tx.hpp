// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <systemc>
#include <vector>

#include "synward/sim/stream.hpp"
#include "synward/sim/stream_checker.hpp"

namespace synward::sim {

/// From the card to the wire: the transmit side of a 100G MAC behind a packet FIFO of 512 beats, as the CMAC kernel of
/// xup_vitis_network_example has it. A frame leaves when it is whole in the FIFO and the wire is free; beats leave the
/// FIFO as they are serialised; tready falls while the FIFO is full.
class MacTx : public sc_core::sc_module {
 public:
  static constexpr std::size_t kFifoBeats = 512;

  sc_core::sc_in<bool> clk{"clk"};
  sc_core::sc_in<StreamBeat> stream{"stream"};
  sc_core::sc_out<bool> ready{"ready"};

  struct Sent {
    const std::vector<std::uint8_t>& bytes;  ///< without FCS, padded with zeros to 60
    std::uint64_t first_bit_ps;              ///< of the preamble
    std::uint64_t last_bit_ps;               ///< of the FCS
    bool damaged;                            ///< its last beat said so: the FCS is wrong on purpose
  };
  using Observer = std::function<void(const Sent&)>;

  explicit MacTx(const sc_core::sc_module_name& name);

  /// Empties FIFO, figures and violations.
  void reset();
  /// The CMAC is reset: a frame of which it has a part is forgotten.
  void lose_frame();
  /// Called at the first clock after a frame's last bit.
  void set_observer(Observer observer) { observer_ = std::move(observer); }
  /// No frame starts before `ps`: the far end has sent a pause frame (IEEE 802.3 annex 31B).
  void pause_until(std::uint64_t ps) { paused_until_ps_ = ps; }
  bool idle() const { return fifo_beats_ == 0 && !sending_; }

  const std::vector<std::string>& violations() const { return checker_.violations(); }
  std::size_t most_beats() const { return most_beats_; }            ///< the fullest that the FIFO ever was
  std::uint64_t stalled_clocks() const { return stalled_clocks_; }  ///< in which a beat waited for tready

 private:
  struct Frame {
    std::vector<std::uint8_t> bytes;
    std::size_t beats = 0;       ///< that are in the FIFO
    std::uint64_t whole_ps = 0;  ///< when its last beat came
    bool damaged = false;        ///< its last beat bore an error
  };
  void on_clock();
  void take(const StreamBeat& beat);
  bool start_next();
  void send();

  Observer observer_;
  StreamChecker checker_;
  Frame coming_;              ///< not yet whole
  std::deque<Frame> frames_;  ///< whole; the first is on the wire if `sending_`
  bool sending_ = false;
  std::uint64_t start_ps_ = 0;  ///< of the frame on the wire
  std::size_t serialised_ = 0;  ///< its beats that have left the FIFO
  std::uint64_t wire_free_ps_ = 0, paused_until_ps_ = 0;
  std::size_t fifo_beats_ = 0, most_beats_ = 0;
  std::uint64_t stalled_clocks_ = 0;
};

}  // namespace synward::sim
