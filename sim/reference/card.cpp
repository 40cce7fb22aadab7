// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/card.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <utility>

#include "reference/builder.hpp"
#include "reference/classify.hpp"
#include "reference/parse.hpp"
#include "reference/registers.hpp"
#include "synward/engine.hpp"

namespace synward::sim {

namespace {

using reference::Action;
using reference::Bytes;
using reference::ByteView;
using reference::Classified;
using reference::ParsedFrame;
using reference::Service;
using reg::Counter;
using reg::Drop;

constexpr std::size_t kBeat = 64;  ///< bytes per clock

/// A frame on a port, in or out, with the clocks of its first and last beat.
struct Transit {
  Bytes bytes;
  std::uint64_t first, last;
};

/// One direction of one port: frames in order, never two at once.
struct Port {
  std::deque<Transit> queue;
  std::uint64_t free = 0;  ///< first clock that is not taken

  void push(Bytes bytes, std::uint64_t cycle) {
    const std::uint64_t first = std::max(cycle, free);
    const std::uint64_t last = first + (bytes.size() + kBeat - 1) / kBeat - 1;
    free = last + 1;
    queue.push_back({std::move(bytes), first, last});
  }
};

/// The reference: answers in the clock of a frame's last beat, and its buffers never fill.
class ReferenceCard final : public Card {
 public:
  std::string_view core() const override { return "ref"; }
  bool timed() const override { return false; }
  void set_sink(Sink sink) override { sink_ = std::move(sink); }
  std::uint64_t now() const override { return now_; }
  void set_time_origin(std::uint32_t ms) override { time_origin_ = ms; }
  std::uint64_t clocks_evaluated() const override { return 0; }

  std::uint32_t read32(std::uint32_t offset) override { return registers_.read(offset, time_ms(now_)); }
  void write32(std::uint32_t offset, std::uint32_t value) override { registers_.write(offset, value); }

  void offer(InPort port, std::span<const std::uint8_t> frame, std::uint64_t cycle) override {
    in_[static_cast<std::size_t>(port)].push(Bytes(frame.begin(), frame.end()), std::max(cycle, now_));
  }

  void run_until(std::uint64_t cycle) override {
    while (step(cycle)) {
    }
    now_ = std::max(now_, cycle);
  }

  bool drain(std::uint64_t limit) override {
    const std::uint64_t start = now_;
    bool stepped = false;
    while (step(start + limit)) stepped = true;
    const bool empty = !next_event();
    if (!empty) {
      now_ = start + limit;
    } else if (stepped) {
      ++now_;
    }
    return empty;
  }

 private:
  /// The end of a frame on an input or an output.
  struct Event {
    bool out;
    std::size_t port;
    std::uint64_t cycle;
  };

  std::uint32_t time_ms(std::uint64_t cycle) const {
    constexpr auto kHz = static_cast<std::uint64_t>(kClockHz);
    return time_origin_ + static_cast<std::uint32_t>(cycle * 1000 / kHz);
  }

  /// The earliest one; inputs first, because what they bring may leave in the same clock.
  std::optional<Event> next_event() const {
    std::optional<Event> next;
    for (const bool out : {false, true}) {
      for (std::size_t port = 0; port < 2; ++port) {
        const auto& queue = (out ? out_ : in_)[port].queue;
        if (!queue.empty() && (!next || queue.front().last < next->cycle)) next = {out, port, queue.front().last};
      }
    }
    return next;
  }

  /// Carries out the next event before clock `end`; false if there is none. now() is then the clock of the event.
  bool step(std::uint64_t end) {
    const std::optional<Event> event = next_event();
    if (!event || event->cycle >= end) return false;
    now_ = std::max(now_, event->cycle);
    auto& queue = (event->out ? out_ : in_)[event->port].queue;
    Transit frame = std::move(queue.front());
    queue.pop_front();
    if (event->out) {
      leave(static_cast<OutPort>(event->port), frame);
    } else if (static_cast<InPort>(event->port) == InPort::line_rx) {
      from_line(std::move(frame));
    } else {
      from_host(std::move(frame));
    }
    return true;
  }

  void leave(OutPort port, const Transit& frame) {
    const bool line = port == OutPort::line_tx;
    registers_.count(line ? Counter::line_tx_frames : Counter::host_tx_frames);
    registers_.count(line ? Counter::line_tx_bytes : Counter::host_tx_bytes, frame.bytes.size());
    if (sink_) sink_({port, frame.first, frame.last, frame.bytes});
  }

  void send(OutPort port, Bytes bytes) { out_[static_cast<std::size_t>(port)].push(std::move(bytes), now_); }

  void from_host(Transit frame) {
    registers_.count(Counter::host_rx_frames);
    registers_.count(Counter::host_rx_bytes, frame.bytes.size());
    registers_.count(Counter::to_line);
    send(OutPort::line_tx, std::move(frame.bytes));
  }

  void from_line(Transit frame) {
    registers_.count(Counter::line_rx_frames);
    registers_.count(Counter::line_rx_bytes, frame.bytes.size());
    const ParsedFrame parsed = reference::parse(frame.bytes);
    const Classified fate = reference::classify(frame.bytes, parsed, registers_.settings());
    switch (fate.action) {
      case Action::pass:
        pass(std::move(frame.bytes));
        break;
      case Action::drop:
        registers_.count(fate.reason);
        if (fate.badsyn) registers_.count(Counter::badsyn);
        break;
      case Action::syn:
        answer(frame, parsed, *fate.service);
        break;
      case Action::ack:
        check(std::move(frame), parsed, *fate.service);
        break;
    }
  }

  void pass(Bytes bytes) {
    registers_.count(Counter::passed);
    send(OutPort::host_tx, std::move(bytes));
  }

  /// Section 2 of the theory of operation.
  void answer(const Transit& frame, const ParsedFrame& parsed, const Service& service) {
    const reference::Settings& settings = registers_.settings();
    ContextRecord context = make_context(frame, parsed, service);
    context.ws_ok = parsed.options.has_ws && service.answer.en_ws && (settings.rfc1323 == 1 || settings.rfc1323 == 2);
    context.ts_ok = parsed.options.has_ts && service.answer.en_ts && (settings.rfc1323 == 1 || settings.rfc1323 == 3);
    context.sack_ok = parsed.options.has_sack && service.answer.en_sack && settings.sack_enable;
    const VerdictRecord verdict = ask(kOpSyn, context, parsed);
    registers_.count(Counter::sendcookie);
    registers_.count(Counter::answered);
    send(OutPort::line_tx, reference::build_syn_ack(context, verdict));
  }

  /// Section 3 of the theory of operation.
  void check(Transit frame, const ParsedFrame& parsed, const Service& service) {
    ContextRecord context = make_context(frame, parsed, service);
    context.ts_ok = parsed.options.has_ts;
    const VerdictRecord verdict = ask(kOpAck, context, parsed);
    if (!verdict.cookie_ok) {
      registers_.count(Counter::failcookie);
      if (registers_.settings().unknown_ack_drop) {
        registers_.count(Drop::unknown_ack);
      } else {
        pass(std::move(frame.bytes));
      }
      return;
    }
    registers_.count(Counter::recvcookie);
    registers_.count(Counter::marks);
    send(OutPort::host_tx, reference::build_marked_ack(context, verdict));
    pass(std::move(frame.bytes));
  }

  ContextRecord make_context(const Transit& frame, const ParsedFrame& parsed, const Service& service) const {
    ContextRecord context{};
    context.mac_dst = parsed.mac_dst;
    context.mac_src = parsed.mac_src;
    context.tags = parsed.tags;
    context.tag1 = parsed.tag[0];
    context.tag2 = parsed.tag[1];
    context.v6 = parsed.v6;
    context.faddr = parsed.src;
    context.laddr = parsed.dst;
    context.fport = parsed.sport;
    context.lport = parsed.dport;
    context.seq = parsed.seq;
    context.ack = parsed.ack;
    context.window = parsed.window;
    context.ttl = parsed.ttl;
    context.tos = parsed.tos;
    context.flowlabel = parsed.flowlabel;
    context.len = static_cast<std::uint16_t>(frame.bytes.size());
    context.has_mss = parsed.options.has_mss;
    context.tsval = parsed.options.tsval;
    context.tsecr = parsed.options.tsecr;
    context.time_ms = time_ms(frame.first);
    context.svc_mss = parsed.v6 ? service.answer.mss6 : service.answer.mss4;
    context.svc_window = service.answer.window;
    context.svc_wscale = service.answer.wscale;
    context.svc_ttl = service.answer.ttl;
    context.svc_tos = service.answer.tos;
    return context;
  }

  VerdictRecord ask(std::uint8_t op, const ContextRecord& context, const ParsedFrame& parsed) const {
    constexpr std::uint8_t kMaxShift = 14;  // RFC 7323 section 2.3
    const RequestRecord request = {.op = op,
                                   .v6 = context.v6,
                                   .faddr = context.faddr,
                                   .laddr = context.laddr,
                                   .fport = context.fport,
                                   .lport = context.lport,
                                   .seq = context.seq,
                                   .ack = context.ack,
                                   .mss = parsed.options.mss,
                                   .ws_ok = context.ws_ok,
                                   .ws = std::min(parsed.options.ws, kMaxShift),
                                   .sack_ok = context.sack_ok,
                                   .ts_ok = context.ts_ok,
                                   .wscale = context.svc_wscale};
    return engine_step(request, registers_.keys(), registers_.settings().ts_offset_per_conn);
  }

  reference::RegisterBlock registers_;
  Sink sink_;
  std::array<Port, 2> in_, out_;
  std::uint64_t now_ = 0;
  std::uint32_t time_origin_ = 0;
};

}  // namespace

std::unique_ptr<Card> make_reference_card() { return std::make_unique<ReferenceCard>(); }

}  // namespace synward::sim
