// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "synward/device.hpp"

namespace synward::test {

enum class Port : std::uint8_t { line, host };
/// For GoogleTest, which would print a number.
inline void PrintTo(Port port, std::ostream* out) { *out << (port == Port::line ? "line" : "host"); }

/// The Verilated core between two 100G MACs, with a register bus and a clock; no SystemC shows, so that tests need
/// none. SystemC elaborates once in a process: there is one board, and each test resets it. Times are simulated ps, and
/// go on over a reset.
class Board final : public Device {
 public:
  struct Settings {
    std::uint64_t seed = 1;        ///< of the MACs and of the bus's delays
    unsigned gap_percent = 0;      ///< gaps inside received frames, see MacRx
    unsigned bad_fcs_percent = 0;  ///< frames that lose a bit, see MacRx
    std::uint32_t origin_ms = 0;   ///< millisecond clock at the reset
    bool own_time = false;         ///< the core counts its milliseconds itself, as on a real board, from 0
  };
  /// A frame that a MAC handed to the card.
  struct In {
    Port port;
    const std::vector<std::uint8_t>& bytes;
    std::uint64_t last_bit_ps;
    std::uint64_t cycle;  ///< clock since the reset in which the first beat stood on the stream
    bool damaged;         ///< the MAC says that the FCS is wrong
  };
  /// A frame that left on a wire.
  struct Out {
    Port port;
    const std::vector<std::uint8_t>& bytes;  ///< padded to 60
    std::uint64_t first_bit_ps, last_bit_ps;
    bool damaged;  ///< with a bad FCS: a reset has cut it
  };
  struct TxFigures {
    std::size_t most_beats;        ///< in the MAC's FIFO of 512
    std::uint64_t stalled_clocks;  ///< in which the card's beat waited
  };

  static Board& get();
  ~Board() override;

  void reset(const Settings& settings);
  /// The core alone is reset, for so many clocks, under whatever goes on: the MACs know nothing of it.
  void reset_core(std::uint64_t clocks);
  void on_in(std::function<void(const In&)> observer);
  void on_out(std::function<void(const Out&)> observer);

  std::uint64_t now_ps() const;
  void run_until(std::uint64_t ps);
  /// Runs until nothing moves any more; false after `limit_ps`.
  bool drain(std::uint64_t limit_ps = 1'000'000'000);
  /// Queues a frame on a port's wire, not before `ps`; frames of a port in order of time.
  void offer(Port port, std::vector<std::uint8_t> frame, std::uint64_t ps);
  /// The far end of a port takes nothing until `ps`.
  void pause_until(Port port, std::uint64_t ps);

  // Over AXI4-Lite, while the traffic goes on. They throw std::runtime_error where the card does not answer.
  std::uint32_t read32(std::uint32_t offset) override;
  void write32(std::uint32_t offset, std::uint32_t value) override;
  /// Both at once; returns what was read.
  std::uint32_t read_while_writing(std::uint32_t read_offset, std::uint32_t write_offset, std::uint32_t value);

  TxFigures tx_figures(Port port) const;
  /// What the card broke of the rules of AXI4-Stream and CMAC; empty if nothing.
  std::string violations() const;

 private:
  struct Parts;
  Board();
  void finish_bus();

  std::unique_ptr<Parts> parts_;
};

}  // namespace synward::test
