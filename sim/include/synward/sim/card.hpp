// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "synward/device.hpp"
#include "synward/sim/kernel_trouble.hpp"

namespace synward::sim {

/// The core's clock: that of a 100G CMAC, 322.265625 MHz.
inline constexpr double kClockHz = 322265625.0;

enum class InPort : std::uint8_t { line_rx, host_rx };
enum class OutPort : std::uint8_t { line_tx, host_tx };

/// A frame that left the card. `bytes` is valid during the call only.
struct OutFrame {
  OutPort port;
  std::uint64_t first_cycle;  ///< clock of its first beat
  std::uint64_t last_cycle;   ///< clock of its last beat
  std::span<const std::uint8_t> bytes;
};

/// Sizes of the card's tables, as powers of two: buckets of the syncache (at most 14) and of the flow table (at most
/// 16). The Verilated core exists in full size and with {6, 6}.
struct TableSizes {
  unsigned log_buckets = 14, log_flows = 16;
};

/// One simulated card: registers, two inputs, two outputs and a clock. Two kinds exist, and give the same frames byte
/// for byte: the Verilated RTL, and the reference model. Not thread safe; independent cards may live in different
/// threads.
class Card : public Device {
 public:
  using Sink = std::function<void(const OutFrame&)>;

  /// "rtl", "ref", "hls" or "rtl-hls".
  virtual std::string_view core() const = 0;
  /// True where cycle counts mean something (rtl). The reference answers in the clock of a frame's last beat.
  virtual bool timed() const = 0;

  /// Who takes the frames that leave; called from within run_until(). It may call offer().
  virtual void set_sink(Sink sink) = 0;

  /// Queues a frame on an input. Its first beat enters at clock `cycle`, or as soon as the port is free after it;
  /// frames of a port are offered in order of time. A frame takes ceil(size / 64) clocks on the bus. Size 1..65535.
  virtual void offer(InPort port, std::span<const std::uint8_t> frame, std::uint64_t cycle) = 0;
  /// As offer(), of a frame that the port finds damaged: its FCS is wrong.
  virtual void offer_damaged(InPort port, std::span<const std::uint8_t> frame, std::uint64_t cycle) = 0;

  /// The present clock: every clock before it has been simulated.
  virtual std::uint64_t now() const = 0;
  /// Simulates until now() == cycle. Clocks in which nothing is in flight cost nothing. Returns sooner if told to stop.
  virtual void run_until(std::uint64_t cycle) = 0;
  /// Simulates until all that was offered has left or been dropped; it does not wait for timers. Returns false after
  /// `limit` clocks, and if told to stop.
  virtual bool drain(std::uint64_t limit = 1'000'000) = 0;
  /// A clock before which no frame leaves and no event is recorded unless something is offered or written: kNever if
  /// that is for good. Flows may age meanwhile.
  virtual std::uint64_t quiet_until() const = 0;
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};
  /// `stop` is asked now and then whether run_until() and drain() shall return, at least each few milliseconds of work.
  virtual void set_stop(std::function<bool()> stop) = 0;

  /// The card's reset pin falls for a moment: all that was offered is lost, and registers and tables are as after
  /// power-up. Clocks go on, and so does the millisecond clock, which is the simulator's.
  virtual void reset() = 0;
  /// The millisecond clock shows ms + floor(1000 x cycle / kClockHz), modulo 2^32, at clock `cycle`. Default 0. Called
  /// later it is a step of the clock.
  virtual void set_time_origin(std::uint32_t ms) = 0;
  /// Clocks really evaluated (idle ones skipped are not counted); 0 where not timed.
  virtual std::uint64_t clocks_evaluated() const = 0;
};

/// The Verilated core. `trace_file`: FST trace, empty for none. Throws std::invalid_argument for sizes that it does not
/// exist in.
std::unique_ptr<Card> make_rtl_card(const std::string& trace_file = {}, TableSizes sizes = {});
/// The Verilated shell with the engine of hls/ at its socket, in the place of the RTL's; tables of {6, 6}.
std::unique_ptr<Card> make_socket_card();
/// The Verilated shell with the elastic socket, and behind its streams the HLS kernels (hls/kernels), clock by clock at
/// their interval and an assumed latency. Full size or tables of {6, 6}; throws std::invalid_argument for others.
/// `trouble`, which may change at any time, is to outlive the card; null: none.
std::unique_ptr<Card> make_kernel_card(TableSizes sizes = {}, const KernelTrouble* trouble = nullptr);
/// The HLS kernels (hls/kernels) in the reference model's shell, behind streams of an assumed latency.
/// Full size or tables of {6, 6}; throws std::invalid_argument for others.
std::unique_ptr<Card> make_hls_card(TableSizes sizes = {});
/// The reference model.
std::unique_ptr<Card> make_reference_card(TableSizes sizes = {});

}  // namespace synward::sim
