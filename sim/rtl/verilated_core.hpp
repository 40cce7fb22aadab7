// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <verilated.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "synward/sim/kernel_trouble.hpp"

namespace synward::sim {

/// Clocks from the end of a reset after which the core certainly takes every frame.
inline constexpr unsigned kReleaseClocks = 128;

/// The pins of synward_flat_core, whichever Verilated model (with or without tracing) stands behind them.
struct CorePins {
  std::uint8_t &clk, &rst_n;
  std::uint8_t& time_given;  ///< time_ms counts, not the core's own clock
  std::uint32_t& time_ms;
  struct StreamIn {
    std::uint8_t& valid;
    VlWide<16>& data;
    std::uint64_t& keep;
    std::uint8_t& last;
    std::uint8_t& error;  ///< with the last: the port found the frame damaged
  } line_rx, host_rx;
  struct StreamOut {
    std::uint8_t& valid;
    VlWide<16>& data;
    std::uint64_t& keep;
    std::uint8_t& last;
    std::uint8_t& error;  ///< with the last: a reset has cut the frame
    std::uint8_t& ready;
  } line_tx, host_tx;
  std::uint16_t& awaddr;
  std::uint8_t &awvalid, &awready;
  std::uint32_t& wdata;
  std::uint8_t &wvalid, &wready, &bvalid, &bready;
  std::uint16_t& araddr;
  std::uint8_t &arvalid, &arready;
  std::uint32_t& rdata;
  std::uint8_t &rvalid, &rready;
  std::uint8_t &idle, &wake;  ///< nothing happens by itself before wake_ms (if wake)
  std::uint32_t& wake_ms;
};

/// The pins of any Verilated synward_flat_core, or of another of rtl/flat whose engine is elsewhere and says when it is
/// idle.
template <typename Model>
CorePins pins_of(Model& m, std::uint8_t& idle, std::uint8_t& wake, std::uint32_t& wake_ms) {
  return {m.clk_i,
          m.rst_ni,
          m.time_given_i,
          m.time_ms_i,
          {m.line_rx_tvalid_i, m.line_rx_tdata_i, m.line_rx_tkeep_i, m.line_rx_tlast_i, m.line_rx_terror_i},
          {m.host_rx_tvalid_i, m.host_rx_tdata_i, m.host_rx_tkeep_i, m.host_rx_tlast_i, m.host_rx_terror_i},
          {m.line_tx_tvalid_o, m.line_tx_tdata_o, m.line_tx_tkeep_o, m.line_tx_tlast_o, m.line_tx_terror_o,
           m.line_tx_tready_i},
          {m.host_tx_tvalid_o, m.host_tx_tdata_o, m.host_tx_tkeep_o, m.host_tx_tlast_o, m.host_tx_terror_o,
           m.host_tx_tready_i},
          m.s_axil_awaddr_i,
          m.s_axil_awvalid_i,
          m.s_axil_awready_o,
          m.s_axil_wdata_i,
          m.s_axil_wvalid_i,
          m.s_axil_wready_o,
          m.s_axil_bvalid_o,
          m.s_axil_bready_i,
          m.s_axil_araddr_i,
          m.s_axil_arvalid_i,
          m.s_axil_arready_o,
          m.s_axil_rdata_o,
          m.s_axil_rvalid_o,
          m.s_axil_rready_i,
          idle,
          wake,
          wake_ms};
}
template <typename Model>
CorePins pins_of(Model& m) {
  return pins_of(m, m.idle_o, m.wake_o, m.wake_ms_o);
}

/// The flow table's laps, for whoever leaps over idle time: the number of the sweeper's last VISIT, which goes to
/// bucket number mod buckets, and which buckets have nothing that a VISIT would change.
class FlowLaps {
 public:
  FlowLaps() = default;
  FlowLaps(const FlowLaps&) = delete;
  FlowLaps& operator=(const FlowLaps&) = delete;
  FlowLaps(FlowLaps&&) = delete;
  FlowLaps& operator=(FlowLaps&&) = delete;
  virtual ~FlowLaps() = default;
  virtual std::uint32_t visited() const = 0;
  virtual void set_visited(std::uint32_t number) = 0;
  /// No flow, and does not fail open. Only while nothing is under way in the core.
  virtual bool empty(std::size_t bucket) const = 0;
  virtual bool all_empty() const = 0;
  /// Clocks in which the sweeper, with nothing else to do, has one VISIT done: it asks for one in four.
  virtual std::uint64_t visit_clocks() const { return 8; }
  /// Clocks between two leaps over buckets without flows: more than a VISIT is on its way (14), so that visits of one
  /// bucket in two laps never meet, and what is read of the flow table has been written.
  virtual std::uint64_t stride() const { return 64; }
};

/// What a test breaks in a core, behind a rising edge (faults.vlt).
struct CoreFaults {
  static constexpr unsigned kShellResets = 8;
  std::uint8_t &sums, &decisions;  ///< bit n: something waits under frame number n
  std::uint8_t& shell_resets;      ///< kShellResets copies of the reset: replies, host to line, line to host, registers
  std::uint8_t& engine_reset;
};

/// A Verilated core: pins and evaluation.
class VerilatedCore {
 public:
  VerilatedCore() = default;
  VerilatedCore(const VerilatedCore&) = delete;
  VerilatedCore& operator=(const VerilatedCore&) = delete;
  VerilatedCore(VerilatedCore&&) = delete;
  VerilatedCore& operator=(VerilatedCore&&) = delete;
  virtual ~VerilatedCore() = default;
  virtual CorePins pins() = 0;
  /// Settles the model after its pins were changed.
  virtual void eval() = 0;
  /// Something is under way that no port shows, and no timer's.
  virtual bool busy() const { return false; }
  /// Null where the engine needs no clocks for the visits of a lap.
  virtual FlowLaps* flow_laps() { return nullptr; }
  /// Null where the core was not made to be broken.
  virtual CoreFaults* faults() { return nullptr; }
};

std::unique_ptr<VerilatedCore> make_plain_core(VerilatedContext& context);
/// The shell with the elastic socket and the HLS kernels; slow: with a clock of 300 MHz for these.
std::unique_ptr<VerilatedCore> make_kernel_core(VerilatedContext& context, const KernelTrouble* trouble = nullptr);
std::unique_ptr<VerilatedCore> make_slow_kernel_core(VerilatedContext& context);
std::unique_ptr<VerilatedCore> make_small_kernel_core(VerilatedContext& context,
                                                      const KernelTrouble* trouble = nullptr);
/// With the tables of TableSizes{6, 6}.
std::unique_ptr<VerilatedCore> make_small_core(VerilatedContext& context);
/// The RTL shell with the engine of hls/ behind its socket; tables of TableSizes{6, 6}.
std::unique_ptr<VerilatedCore> make_socket_core(VerilatedContext& context);
/// Writes an FST trace. Throws std::runtime_error if the file cannot be written.
std::unique_ptr<VerilatedCore> make_trace_core(VerilatedContext& context, const std::string& file);

}  // namespace synward::sim
