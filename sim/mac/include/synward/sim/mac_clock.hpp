// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <systemc>

namespace synward::sim {

/// The clock of a 100G CMAC's streams, 322.265625 MHz = 33 clocks in 102.4 ns (PG203). sc_clock would round the period
/// and drift away from the wire; here each edge is rounded for itself, down to a whole ps.
class MacClock : public sc_core::sc_module {
 public:
  sc_core::sc_out<bool> clk{"clk"};

  explicit MacClock(const sc_core::sc_module_name& name);

  /// When rising edge `number` comes, ps. Edge 0 would be at time 0 and does not come.
  static constexpr std::uint64_t edge_ps(std::uint64_t number) { return half_ps(2 * number); }
  /// The number of the rising edge that comes at `ps`, or of the next one.
  static constexpr std::uint64_t edge_at(std::uint64_t ps) { return (ps * kClocks + kPsOfClocks - 1) / kPsOfClocks; }

 private:
  static constexpr std::uint64_t kClocks = 33, kPsOfClocks = 102'400;
  static constexpr std::uint64_t half_ps(std::uint64_t number) { return number * kPsOfClocks / (2 * kClocks); }
  void toggle();

  std::uint64_t half_ = 0;  ///< half periods gone by
};

}  // namespace synward::sim
