// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/live.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <utility>

#include "synward/apply.hpp"
#include "synward/config.hpp"
#include "synward/sim/card_server.hpp"
#include "synward/sim/cores.hpp"
#include "synward/sim/interrupt.hpp"
#include "synward/sim/ms_clock.hpp"
#include "synward/sim/packet_port.hpp"
#include "synward/sim/socket_server.hpp"

namespace synward::sim {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// Frames that are read of one interface before it is the other's turn.
constexpr std::size_t kBatch = 64;
/// An idle card is looked after so often.
constexpr milliseconds kRest{50};
/// Whether the interfaces are still there is looked at so often.
constexpr milliseconds kLook{200};
/// Clocks of the Verilated card between two looks at its interfaces.
constexpr std::uint64_t kSlice = 512;

/// The card between its two interfaces. The reference's clock is the wall's, or late. The Verilated card evaluates
/// clocks only for what it has to do, since each costs some microseconds; its millisecond clock is shown the wall's
/// time in steps of kRest, so that what falls due within one is done at once, and at most so late.
class Wires final : public Endpoint {
 public:
  Wires(Card& card, PacketPort line, PacketPort host)
      : card_(card), line_(std::move(line)), host_(std::move(host)), start_(Clock::now()) {
    card_.set_sink(
        [this](const OutFrame& frame) { (frame.port == OutPort::line_tx ? line_ : host_).send(frame.bytes); });
  }

  void watch(std::vector<pollfd>& fds) const override {
    fds.push_back({line_.fd(), POLLIN, 0});
    fds.push_back({host_.fd(), POLLIN, 0});
  }

  bool serve() override {
    // Time first: what is due comes before what arrives now.
    follow();
    const bool of_line = take(line_, InPort::line_rx), of_host = take(host_, InPort::host_rx);
    if (of_line || of_host) card_.drain();
    return of_line || of_host;
  }

  /// Brings the card to the present instant, or nearer to it.
  void follow() {
    const auto now = Clock::now();
    if (now - looked_ >= kLook) {
      looked_ = now;
      for (PacketPort* port : {&line_, &host_}) say(*port, port->look_after());
    }
    if (!card_.timed()) {
      card_.run_until(cycle_now());
      return;
    }
    if (now - shown_ >= kRest) {
      const auto ms = std::chrono::floor<milliseconds>(now - start_).count();
      card_.set_time_origin(static_cast<std::uint32_t>(ms) - static_cast<std::uint32_t>(ms_of_cycle(card_.now())));
      shown_ = now;
    }
    // A slice at a time: frames wait meanwhile.
    if (card_.quiet_until() <= card_.now()) card_.run_until(card_.now() + kSlice);
  }

  /// Until something is due, kRest at most.
  milliseconds rest() {
    if (card_.timed()) return card_.quiet_until() <= card_.now() ? milliseconds(0) : kRest;
    const std::uint64_t due = card_.quiet_until(), now = cycle_now();
    if (due <= now) return milliseconds(0);
    const Seconds ahead(static_cast<double>(std::min(due - now, static_cast<std::uint64_t>(kClockHz))) / kClockHz);
    return std::min(kRest, std::chrono::ceil<milliseconds>(ahead));
  }

  std::string report() {
    std::string text;
    for (PacketPort* port : {&line_, &host_}) {
      const PacketPort::Counts counts = port->counts();
      text += fmt::format("{}: {} frames in, {} out", port->interface(), counts.received, counts.sent);
      for (const auto& [what, count] : {std::pair{"that the kernel lost", counts.lost_in},
                                        {"not understood", counts.not_understood},
                                        {"not taken", counts.lost_out}}) {
        if (count != 0) text += fmt::format(", {} {}", count, what);
      }
      text += '\n';
    }
    return text;
  }

 private:
  static void say(const PacketPort& port, PacketPort::Change change) {
    if (change == PacketPort::Change::none) return;
    fmt::print("{}: {}\n", port.interface(),
               change == PacketPort::Change::gone ? "the interface is gone; its frames are lost until it is there again"
                                                  : "the interface is there again");
    std::fflush(stdout);
  }

  bool take(PacketPort& port, InPort in) {
    return port.receive(kBatch, [&](std::span<const std::uint8_t> frame) {
      if (frame.size() <= kLongestFrame) card_.offer(in, frame, card_.now());
    });
  }

  std::uint64_t cycle_now() const {
    const Seconds passed = Clock::now() - start_;
    return std::max(card_.now(), static_cast<std::uint64_t>(passed.count() * kClockHz));
  }

  static constexpr std::size_t kLongestFrame = 65'535;

  Card& card_;
  PacketPort line_, host_;
  Clock::time_point start_;
  Clock::time_point shown_;   ///< when the Verilated card was last shown the time
  Clock::time_point looked_;  ///< when the interfaces were last looked after
};

}  // namespace

Expected<std::string> live(const LiveOptions& options) {
  if (options.line == options.host) {
    return Error{fmt::format("{}: a card has two sides, the line and the host", options.line)};
  }
  auto line = PacketPort::open(options.line);
  if (!line) return line.error();
  auto host = PacketPort::open(options.host);
  if (!host) return host.error();
  auto card = make_card(options.core);
  if (!card) return card.error();
  if (!options.config.empty()) {
    const auto config = load_config(options.config);
    if (!config) return config.error();
    if (const auto applied = apply(**card, *config); !applied) return applied.error();
  }
  CardServer server;
  if (!options.socket.empty()) {
    const auto socket = SocketServer::listen(**card, options.socket);
    if (!socket) return socket.error();
    server.add(*socket);
  }
  const auto wires = std::make_shared<Wires>(**card, std::move(*line), std::move(*host));
  server.add(wires);
  (*card)->set_stop([] { return interrupted(); });
  fmt::print("The {} core is between {} (line) and {} (host)\n", (*card)->core(), options.line, options.host);
  std::fflush(stdout);
  while (!interrupted()) {
    server.poll(wires->rest());
    wires->follow();
  }
  return fmt::format("{}Ended: {}\n", wires->report(), interruption().text);
}

}  // namespace synward::sim
