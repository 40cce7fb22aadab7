// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <random>
#include <systemc>
#include <vector>

#include "synward/sim/stream.hpp"

namespace synward::sim {

/// From the wire to the card: the receive side of a 100G MAC. Frames come at exactly 100 Gb/s; a beat is handed over at
/// the first clock after its last byte (for the last beat: after the FCS), so that a long frame has gaps inside, as
/// with a CMAC. There is no tready: the card has to take every beat.
class MacRx : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> clk{"clk"};
  sc_core::sc_out<StreamBeat> stream{"stream"};

  struct Settings {
    unsigned gap_percent = 0;      ///< clocks inside a frame in which nothing is handed over though a beat is there
    unsigned bad_fcs_percent = 0;  ///< frames that lose a bit on the wire: their last beat says so
    std::uint64_t seed = 1;
  };
  struct Received {
    const std::vector<std::uint8_t>& bytes;  ///< as the card gets them, without FCS
    std::uint64_t first_bit_ps;              ///< of the preamble
    std::uint64_t last_bit_ps;               ///< of the FCS
    std::uint64_t first_beat_ps;             ///< rising edge behind which the first beat stands on the stream
    bool damaged;                            ///< it has lost a bit on the wire
  };
  using Observer = std::function<void(const Received&)>;

  explicit MacRx(const sc_core::sc_module_name& name);

  /// Throws away what is queued, and takes new settings.
  void reset(const Settings& settings);
  /// Called at a frame's first beat.
  void set_observer(Observer observer) { observer_ = std::move(observer); }
  /// Queues a frame of at least 1 byte. Its preamble starts at `ps`, or now, or when the wire is free. A frame below 60
  /// bytes takes the time of 60 and is handed over as it is: it stands for a runt.
  void offer(std::vector<std::uint8_t> frame, std::uint64_t ps);
  bool idle() const { return queue_.empty(); }

 private:
  struct Waiting {
    std::vector<std::uint8_t> bytes;
    std::uint64_t start_ps;
    bool damaged;  ///< known from its first beat on
  };
  void on_clock();
  void begin(Waiting& frame);
  bool chance(unsigned percent) { return percent > 0 && random_() % 100 < percent; }

  Settings settings_;
  Observer observer_;
  std::mt19937_64 random_;
  std::deque<Waiting> queue_;
  std::size_t handed_ = 0;  ///< bytes of the first frame that went to the card
  std::uint64_t wire_free_ps_ = 0;
};

}  // namespace synward::sim
