// SPDX-License-Identifier: BSD-2-Clause
#include "card/card_board.hpp"

#include <deque>
#include <random>
#include <stdexcept>
#include <systemc>
#include <utility>

#include "board/axi_lite_master.hpp"
#include "card/card_model.hpp"
#include "synward/sim/line_mac.hpp"
#include "synward/sim/stream.hpp"
#include "synward/sim/wire.hpp"

namespace synward::test {

using sim::LineMac;
using sim::StreamBeat;

namespace {

/// A clock of any period whose edges jitter around where they belong, so that it does not drift.
class JitterClock : public sc_core::sc_module {
 public:
  sc_core::sc_out<bool> clk{"clk"};

  JitterClock(const sc_core::sc_module_name& name, double half_ps) : sc_module(name), half_ps_(half_ps) {
    SC_HAS_PROCESS(JitterClock);
    SC_METHOD(toggle);
  }
  void set(std::uint64_t seed, unsigned jitter_ps) {
    random_.seed(seed);
    jitter_ps_ = jitter_ps;
  }

 private:
  void toggle() {
    if (half_ > 0) clk.write(half_ % 2 == 0);
    ++half_;
    const auto jitter = jitter_ps_ == 0 ? 0.0 : static_cast<double>(random_() % (2 * jitter_ps_ + 1)) - jitter_ps_;
    const double at = static_cast<double>(half_) * half_ps_ + jitter;
    const double now = static_cast<double>(sim::now_ps());
    next_trigger(sim::from_ps(at > now + 1 ? static_cast<std::uint64_t>(at - now) : 1));
  }

  double half_ps_;
  std::uint64_t half_ = 0;
  std::mt19937_64 random_;
  unsigned jitter_ps_ = 0;
};

}  // namespace

struct CardBoard::Parts : sc_core::sc_module {
  /// A CMAC's side of a port: wire, link state, FEC.
  struct Mac {
    sc_core::sc_signal<bool> clk;
    sc_core::sc_signal<StreamBeat> to_card, from_card;
    sc_core::sc_signal<bool> ready;
    std::deque<StreamBeat> on_the_way;  ///< in the FEC
    std::size_t fec_clocks = 0;
    bool plugged = true, looped = false, resets = false, held = true;
    bool behind = false;    ///< what comes next from the wire belongs to a frame whose beginning was lost
    bool in_frame = false;  ///< on the wire
    std::uint64_t align_ps = 0;
    MacState state;
  };

  static constexpr double kMacHalfPs = 102'400.0 / 33 / 2;
  static constexpr std::uint64_t kAlignPs = 300'000;  ///< from light to aligned lanes; short, so that flaps are many

  CardModel card;
  JitterClock core_clock{"core_clock", 1e12 / 302'124'023 / 2}, bus_clock{"bus_clock", 2000};
  JitterClock line_clock{"line_clock", kMacHalfPs * 1.00005}, host_clock{"host_clock", kMacHalfPs * 0.99995};
  sc_core::sc_signal<bool> core_clk, bus_clk;
  Mac line_mac, host_mac;
  LineMac line{"line"}, host{"host"};
  AxiLiteMaster bus{"bus"};
  sc_core::sc_signal<AxiLiteRequest> request;
  sc_core::sc_signal<AxiLiteResponse> response;
  std::function<void(const In&)> on_in;
  std::function<void(const Out&)> on_out;
  std::uint64_t bus_ps = 0;

  Parts() : sc_module(sc_core::sc_module_name("card_board")) {
    core_clock.clk(core_clk);
    bus_clock.clk(bus_clk);
    line_clock.clk(line_mac.clk);
    host_clock.clk(host_mac.clk);
    connect(line, line_mac, Port::line);
    connect(host, host_mac, Port::host);
    bus.clk(bus_clk);
    bus.request(request);
    bus.response(response);
    SC_HAS_PROCESS(Parts);
    SC_METHOD(on_core);
    sensitive << core_clk;
    dont_initialize();
    SC_METHOD(on_bus);
    sensitive << bus_clk;
    dont_initialize();
    SC_METHOD(on_line);
    sensitive << line_mac.clk;
    dont_initialize();
    SC_METHOD(on_host);
    sensitive << host_mac.clk;
    dont_initialize();
  }

  void connect(LineMac& mac, Mac& pins, Port port) {
    mac.clk(pins.clk);
    mac.to_card(pins.to_card);
    mac.from_card(pins.from_card);
    mac.from_card_ready(pins.ready);
    mac.rx.set_observer([this, port](const sim::MacRx::Received& frame) {
      if (on_in) on_in({port, frame.bytes, frame.last_bit_ps, 0, frame.damaged});
    });
    mac.tx.set_observer([this, port](const sim::MacTx::Sent& frame) {
      if (this->pins(port).looped) {
        this->mac(port).rx.offer(frame.bytes, frame.last_bit_ps);
      } else if (on_out) {
        on_out({port, frame.bytes, frame.first_bit_ps, frame.last_bit_ps, frame.damaged});
      }
    });
  }
  LineMac& mac(Port port) { return port == Port::line ? line : host; }
  Mac& pins(Port port) { return port == Port::line ? line_mac : host_mac; }
  const Mac& pins(Port port) const { return port == Port::line ? line_mac : host_mac; }

  void on_core() { core_clk.read() ? card.rise(CardModel::core) : card.fall(CardModel::core); }
  void on_bus() {
    if (bus_clk.read()) {
      card.rise(CardModel::bus);
      response.write(card.response());
    } else {
      card.fall(CardModel::bus);
      card.set(request.read());
    }
  }
  void on_line() { on_mac(line, line_mac, CardModel::line); }
  void on_host() { on_mac(host, host_mac, CardModel::host); }

  void on_mac(LineMac& wire, Mac& mac, CardModel::Clock clock) {
    if (mac.clk.read()) {
      card.rise(clock);
      mac.from_card.write(card.out(clock).tx);
      return;
    }
    card.fall(clock);
    const StreamBeat received = receive(mac);
    card.set(clock, {received, mac.ready.read(), state_of(mac, card.out(clock))});
    if (mac.held) wire.tx.lose_frame();
  }
  /// The CMAC's state machine, as far as the card sees it.
  static const MacState& state_of(Mac& mac, const CardModel::MacOut& out) {
    mac.looped = out.looped;
    const bool lit = mac.plugged || mac.looped;
    const bool held = out.reset || (!lit && mac.resets);
    if (held || !lit || !out.rx_enable) mac.align_ps = sim::now_ps() + kAlignPs;
    mac.held = held;
    mac.state.rx_reset = mac.state.tx_reset = held;
    mac.state.aligned = sim::now_ps() >= mac.align_ps;
    return mac.state;
  }
  /// What the wire brought, behind the FEC. What comes while the lanes are not aligned is lost; a frame that was begun
  /// before has no end, and of one that had begun meanwhile nothing comes.
  static StreamBeat receive(Mac& mac) {
    StreamBeat beat = mac.to_card.read();
    const bool first = beat.valid && !mac.in_frame;
    if (beat.valid) mac.in_frame = !beat.last;
    if (!mac.state.aligned) {
      if (beat.valid) mac.behind = !beat.last;
      beat = {};
      mac.on_the_way.clear();
    } else if (mac.behind && beat.valid && !first) {
      mac.behind = !beat.last;
      beat = {};
    }
    if (mac.fec_clocks == 0) return beat;
    mac.on_the_way.push_back(beat);
    if (mac.on_the_way.size() <= mac.fec_clocks) return {};
    beat = mac.on_the_way.front();
    mac.on_the_way.pop_front();
    return beat;
  }

  bool idle() {
    return line.rx.idle() && line.tx.idle() && host.rx.idle() && host.tx.idle() && !line_mac.from_card.read().valid &&
           !host_mac.from_card.read().valid;
  }
};

CardBoard::CardBoard() : parts_(std::make_unique<Parts>()) {}
CardBoard::~CardBoard() = default;

CardBoard& CardBoard::get() {
  static CardBoard board;
  return board;
}

void CardBoard::power_up(const Settings& settings) {
  Parts& parts = *parts_;
  parts.on_in = nullptr;
  parts.on_out = nullptr;
  parts.card.power(false);
  parts.core_clock.set(settings.seed, settings.jitter_ps);
  parts.bus_clock.set(settings.seed + 1, settings.jitter_ps);
  parts.line_clock.set(settings.seed + 2, settings.jitter_ps);
  parts.host_clock.set(settings.seed + 3, settings.jitter_ps);
  run_until(now_ps() + 200'000);
  for (const Port port : {Port::line, Port::host}) {
    parts.mac(port).rx.reset({0, 0, settings.seed + 4});
    Parts::Mac& pins = parts.pins(port);
    pins.plugged = true;
    pins.behind = pins.in_frame = false;
    pins.on_the_way.clear();
    pins.fec_clocks =
        static_cast<std::size_t>(static_cast<double>(settings.fec_rx_ns) * 1000 / (2 * Parts::kMacHalfPs));
  }
  run_until(now_ps() + 200'000);
  parts.line.tx.reset();
  parts.host.tx.reset();
  parts.bus.seed(settings.seed + 5);
  parts.bus_ps = settings.bus_ns * 1000;
  parts.card.power(true);
  const std::uint64_t limit = now_ps() + 100'000'000;
  while (!up(Port::line) || !up(Port::host)) {
    if (now_ps() > limit) throw std::runtime_error("the links do not come up");
    run_until(now_ps() + 100'000);
  }
  run_until(now_ps() + 1'000'000);
}

void CardBoard::on_in(std::function<void(const In&)> observer) { parts_->on_in = std::move(observer); }
void CardBoard::on_out(std::function<void(const Out&)> observer) { parts_->on_out = std::move(observer); }
std::uint64_t CardBoard::now_ps() const { return sim::now_ps(); }
void CardBoard::run_until(std::uint64_t ps) {
  if (ps > now_ps()) sc_core::sc_start(sim::from_ps(ps - now_ps()));
}
bool CardBoard::drain(std::uint64_t limit_ps) {
  constexpr std::uint64_t kQuietPs = 3'000'000;  // longer than anything stays in the card
  const std::uint64_t limit = now_ps() + limit_ps;
  for (std::uint64_t quiet_since = now_ps(); now_ps() < quiet_since + kQuietPs;) {
    if (now_ps() > limit) return false;
    run_until(now_ps() + 50'000);
    if (!parts_->idle()) quiet_since = now_ps();
  }
  return true;
}
void CardBoard::offer(Port port, std::vector<std::uint8_t> frame, std::uint64_t ps) {
  parts_->mac(port).rx.offer(std::move(frame), ps);
}
void CardBoard::plug(Port port, bool in, bool resets) {
  parts_->pins(port).plugged = in;
  parts_->pins(port).resets = resets;
}
bool CardBoard::up(Port port) const { return parts_->card.up(port == Port::line ? CardModel::line : CardModel::host); }
bool CardBoard::fec(Port port) const {
  return parts_->card.out(port == Port::line ? CardModel::line : CardModel::host).fec;
}
bool CardBoard::mac_reset(Port port) const { return parts_->pins(port).held; }

void CardBoard::finish_bus() {
  if (parts_->bus_ps > 0) run_until(now_ps() + parts_->bus_ps);
  for (int i = 0; i < 100'000; ++i) {
    if (parts_->bus.write_done() && parts_->bus.read_done()) return;
    run_until(now_ps() + 4'000);
  }
  throw std::runtime_error("the card does not answer on its register port");
}
std::uint32_t CardBoard::read32(std::uint32_t offset) {
  parts_->bus.read(offset);
  finish_bus();
  return parts_->bus.read_value();
}
void CardBoard::write32(std::uint32_t offset, std::uint32_t value) {
  parts_->bus.write(offset, value);
  finish_bus();
}

std::string CardBoard::violations() const {
  std::string all;
  for (const Port port : {Port::line, Port::host})
    for (const std::string& one : parts_->mac(port).tx.violations())
      all += std::string(port == Port::line ? "line: " : "host: ") + one + "\n";
  return all;
}
std::uint64_t CardBoard::stalled_clocks(Port port) const { return parts_->mac(port).tx.stalled_clocks(); }

}  // namespace synward::test
