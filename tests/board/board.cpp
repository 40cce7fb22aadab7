// SPDX-License-Identifier: BSD-2-Clause
#include "board/board.hpp"

#include <stdexcept>
#include <systemc>
#include <utility>

#include "board/axi_lite_master.hpp"
#include "board/core_module.hpp"
#include "synward/sim/line_mac.hpp"
#include "synward/sim/mac_clock.hpp"
#include "synward/sim/wire.hpp"

namespace synward::test {

using sim::LineMac;
using sim::MacClock;
using sim::StreamBeat;

namespace {

constexpr std::uint64_t kClockPs = MacClock::edge_ps(1);

struct MacSignals {
  sc_core::sc_signal<StreamBeat> to_card, from_card;
  sc_core::sc_signal<bool> ready;

  void connect(LineMac& mac, sc_core::sc_signal<bool>& clk) {
    mac.clk(clk);
    mac.to_card(to_card);
    mac.from_card(from_card);
    mac.from_card_ready(ready);
  }
};

}  // namespace

struct Board::Parts : sc_core::sc_module {
  sc_core::sc_signal<bool> clk, rst_n, time_given;
  sc_core::sc_signal<std::uint32_t> time_ms;
  sc_core::sc_signal<AxiLiteRequest> request;
  sc_core::sc_signal<AxiLiteResponse> response;
  MacSignals line_signals, host_signals;

  MacClock clock{"clock"};
  CoreModule core{"core"};
  LineMac line{"line"}, host{"host"};
  AxiLiteMaster bus{"bus"};

  std::uint64_t reset_edge = 0;  ///< number of the clock at which cycles are counted from
  std::uint32_t origin_ms = 0;
  std::function<void(const In&)> on_in;
  std::function<void(const Out&)> on_out;

  Parts() : sc_module(sc_core::sc_module_name("board")) {
    clock.clk(clk);
    core.clk(clk);
    core.rst_n(rst_n);
    core.time_given(time_given);
    core.time_ms(time_ms);
    core.line_rx(line_signals.to_card);
    core.line_tx(line_signals.from_card);
    core.line_tx_ready(line_signals.ready);
    core.host_rx(host_signals.to_card);
    core.host_tx(host_signals.from_card);
    core.host_tx_ready(host_signals.ready);
    core.request(request);
    core.response(response);
    line_signals.connect(line, clk);
    host_signals.connect(host, clk);
    bus.clk(clk);
    bus.request(request);
    bus.response(response);
    watch(Port::line, line);
    watch(Port::host, host);
    SC_HAS_PROCESS(Parts);
    SC_METHOD(tell_time);
    sensitive << clk.posedge_event();
  }

  LineMac& mac(Port port) { return port == Port::line ? line : host; }

  std::uint64_t cycle_at(std::uint64_t ps) const { return MacClock::edge_at(ps) - reset_edge; }

  /// As every simulated card tells it, from the clock.
  void tell_time() {
    const std::uint64_t cycle = cycle_at(sim::now_ps());
    time_ms.write(origin_ms + static_cast<std::uint32_t>(cycle * 1000 / 322'265'625));
  }

  void watch(Port port, LineMac& mac) {
    mac.rx.set_observer([this, port](const sim::MacRx::Received& frame) {
      if (on_in) on_in({port, frame.bytes, frame.last_bit_ps, cycle_at(frame.first_beat_ps), frame.damaged});
    });
    mac.tx.set_observer([this, port](const sim::MacTx::Sent& frame) {
      if (on_out) on_out({port, frame.bytes, frame.first_bit_ps, frame.last_bit_ps, frame.damaged});
    });
  }

  bool idle() const {
    return line.rx.idle() && line.tx.idle() && host.rx.idle() && host.tx.idle() &&
           !line_signals.from_card.read().valid && !host_signals.from_card.read().valid;
  }
};

Board::Board() : parts_(std::make_unique<Parts>()) {}
Board::~Board() = default;

Board& Board::get() {
  static Board board;
  return board;
}

void Board::reset(const Settings& settings) {
  constexpr std::uint64_t kResetClocks = 16, kReleaseClocks = 128;
  parts_->on_in = nullptr;
  parts_->on_out = nullptr;
  parts_->rst_n.write(false);
  run_until(now_ps() + kResetClocks * kClockPs);
  parts_->line.rx.reset({settings.gap_percent, settings.bad_fcs_percent, settings.seed});
  parts_->host.rx.reset({settings.gap_percent, settings.bad_fcs_percent, settings.seed + 1});
  run_until(now_ps() + kResetClocks * kClockPs);
  parts_->line.tx.reset();
  parts_->host.tx.reset();
  parts_->bus.seed(settings.seed + 2);
  parts_->origin_ms = settings.origin_ms;
  parts_->time_given.write(!settings.own_time);
  parts_->rst_n.write(true);
  // Clocks count from when frames are taken.
  run_until(now_ps() + kReleaseClocks * kClockPs);
  parts_->reset_edge = MacClock::edge_at(now_ps());
  run_until(now_ps() + kClockPs);
}

void Board::reset_core(std::uint64_t clocks) {
  parts_->rst_n.write(false);
  run_until(now_ps() + clocks * kClockPs);
  parts_->rst_n.write(true);
}

void Board::on_in(std::function<void(const In&)> observer) { parts_->on_in = std::move(observer); }
void Board::on_out(std::function<void(const Out&)> observer) { parts_->on_out = std::move(observer); }

std::uint64_t Board::now_ps() const { return sim::now_ps(); }

void Board::run_until(std::uint64_t ps) {
  if (ps > now_ps()) sc_core::sc_start(sim::from_ps(ps - now_ps()));
}

bool Board::drain(std::uint64_t limit_ps) {
  constexpr std::uint64_t kQuietPs = 1'000'000;  // longer than anything stays in the core
  const std::uint64_t limit = now_ps() + limit_ps;
  for (std::uint64_t quiet_since = now_ps(); now_ps() < quiet_since + kQuietPs;) {
    if (now_ps() > limit) return false;
    run_until(now_ps() + kClockPs);
    if (!parts_->idle()) quiet_since = now_ps();
  }
  return true;
}

void Board::offer(Port port, std::vector<std::uint8_t> frame, std::uint64_t ps) {
  parts_->mac(port).rx.offer(std::move(frame), ps);
}

void Board::pause_until(Port port, std::uint64_t ps) { parts_->mac(port).tx.pause_until(ps); }

void Board::finish_bus() {
  constexpr int kTimeoutClocks = 10'000;
  for (int i = 0; i < kTimeoutClocks; ++i) {
    if (parts_->bus.write_done() && parts_->bus.read_done()) return;
    run_until(now_ps() + kClockPs);
  }
  throw std::runtime_error("the card does not answer on its register port");
}

std::uint32_t Board::read32(std::uint32_t offset) {
  parts_->bus.read(offset);
  finish_bus();
  return parts_->bus.read_value();
}

void Board::write32(std::uint32_t offset, std::uint32_t value) {
  parts_->bus.write(offset, value);
  finish_bus();
}

std::uint32_t Board::read_while_writing(std::uint32_t read_offset, std::uint32_t write_offset, std::uint32_t value) {
  parts_->bus.write(write_offset, value);
  return read32(read_offset);
}

Board::TxFigures Board::tx_figures(Port port) const {
  const sim::MacTx& tx = parts_->mac(port).tx;
  return {tx.most_beats(), tx.stalled_clocks()};
}

std::string Board::violations() const {
  std::string all;
  for (const Port port : {Port::line, Port::host})
    for (const std::string& one : parts_->mac(port).tx.violations())
      all += std::string(port == Port::line ? "line: " : "host: ") + one + "\n";
  return all;
}

}  // namespace synward::test
