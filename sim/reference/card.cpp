// SPDX-License-Identifier: BSD-2-Clause
#include "reference/card.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "reference/builder.hpp"
#include "reference/control.hpp"
#include "reference/quote.hpp"
#include "synward/sim/ms_clock.hpp"

namespace synward::reference {

namespace {

using reg::Counter;
using sim::InPort;
using sim::OutPort;

constexpr std::size_t kBeat = 64;           ///< bytes per clock
constexpr std::uint8_t kMaxShift = 14;      ///< RFC 7323 section 2.3
constexpr std::size_t kMaxStoredLen = 127;  ///< of a SYN, bytes
constexpr std::uint64_t kStopGrain = 256;   ///< frames and timers between two questions whether to stop

std::uint8_t op_of(Action action) {
  if (action == Action::syn) return kOpSyn;
  if (action == Action::stray) return kOpStray;
  return action == Action::ack ? kOpAck : kOpRst;
}

}  // namespace

void ReferenceCard::Port::push(Bytes bytes, std::uint64_t cycle, bool damaged) {
  const std::uint64_t first = std::max(cycle, free);
  const std::uint64_t last = first + (bytes.size() + kBeat - 1) / kBeat - 1;
  free = last + 1;
  queue.push_back({std::move(bytes), first, last, damaged});
}

void ReferenceCard::offer(InPort port, std::span<const std::uint8_t> frame, std::uint64_t cycle) {
  in_[static_cast<std::size_t>(port)].push(Bytes(frame.begin(), frame.end()), std::max(cycle, now_));
}

void ReferenceCard::offer_damaged(InPort port, std::span<const std::uint8_t> frame, std::uint64_t cycle) {
  in_[static_cast<std::size_t>(port)].push(Bytes(frame.begin(), frame.end()), std::max(cycle, now_), true);
}

void ReferenceCard::run_until(std::uint64_t cycle) {
  while (wake_before(cycle) || step(cycle)) {
    if (stopped()) return;
  }
  if (cycle > now_) {
    now_ = cycle;
    sweep(cycle - 1);
  }
}

bool ReferenceCard::drain(std::uint64_t limit) {
  const std::uint64_t end = now_ + limit;
  bool stepped = false;
  while (const std::optional<Event> event = next_event()) {
    if (stopped()) return false;
    if (wake_before(std::min(end, event->cycle + 1))) continue;
    if (!step(end)) {
      now_ = end;
      return false;
    }
    stepped = true;
  }
  if (stepped) ++now_;
  return true;
}

std::uint64_t ReferenceCard::quiet_until() const {
  const std::optional<Event> event = next_event();
  return std::min(event ? event->cycle : kNever, next_wake().value_or(kNever));
}

bool ReferenceCard::stopped() { return ++steps_ % kStopGrain == 0 && stop_ && stop_(); }

void ReferenceCard::reset() {
  engine_ = Engine(sizes_, socket_ ? socket_->engine() : nullptr);
  if (socket_) socket_->reset();
  effects_.clear();
  answered_ = 0;
  registers_.emplace(engine_);
  in_ = out_ = {};
  engine_.set_time(time_ms(now_));
}

void ReferenceCard::set_time_origin(std::uint32_t ms) {
  time_origin_ = ms;
  engine_.set_time(time_ms(now_) - 1);
  sweep(now_);
}

std::uint32_t ReferenceCard::time_ms(std::uint64_t cycle) const {
  return time_origin_ + static_cast<std::uint32_t>(sim::ms_of_cycle(cycle));
}

/// The earliest one; effects first, then inputs, because what they bring may leave in the same clock, and of inputs the
/// host's.
std::optional<ReferenceCard::Event> ReferenceCard::next_event() const {
  std::optional<Event> next;
  if (!effects_.empty()) next = {Event::Kind::effect, 0, effects_.front().cycle};
  for (const Event::Kind kind : {Event::Kind::in, Event::Kind::out}) {
    for (const std::size_t port : {1u, 0u}) {
      const auto& queue = (kind == Event::Kind::out ? out_ : in_)[port].queue;
      if (!queue.empty() && (!next || queue.front().last < next->cycle)) next = {kind, port, queue.front().last};
    }
  }
  return next;
}

/// The clock in which a timer may fire next.
std::optional<std::uint64_t> ReferenceCard::next_wake() const {
  const std::uint32_t quiet = engine_.quiet_ms();
  if (quiet == Engine::kNever) return std::nullopt;
  return sim::first_cycle_of_ms(swept_ + quiet);
}

/// Lets timers fire, if they do before clock `end` and before any frame; false if not. now() is then the clock of that.
bool ReferenceCard::wake_before(std::uint64_t end) {
  const std::optional<std::uint64_t> wake = next_wake();
  if (!wake || *wake >= end) return false;
  const std::optional<Event> event = next_event();
  if (event && event->cycle < *wake) return false;
  now_ = std::max(now_, *wake);
  sweep(*wake);
  return true;
}

/// Sweeps every millisecond up to that of clock `cycle`.
void ReferenceCard::sweep(std::uint64_t cycle) {
  swept_ = std::max(swept_, sim::ms_of_cycle(cycle));
  engine_.sweep_until(registers_->engine_config(), time_origin_ + static_cast<std::uint32_t>(swept_),
                      [this](const EngineAnswer& answer) { sent_by_timer(answer); });
}

/// Carries out the next event before clock `end`; false if there is none. now() is then the clock of the event.
bool ReferenceCard::step(std::uint64_t end) {
  const std::optional<Event> event = next_event();
  if (!event || event->cycle >= end) return false;
  now_ = std::max(now_, event->cycle);
  sweep(now_);
  if (event->kind == Event::Kind::effect) {
    // A sweep may have brought others, but none before.
    const Effect effect = std::move(effects_.front());
    effects_.pop_front();
    effect.act();
    return true;
  }
  const bool out = event->kind == Event::Kind::out;
  auto& queue = (out ? out_ : in_)[event->port].queue;
  Transit frame = std::move(queue.front());
  queue.pop_front();
  if (out) {
    leave(static_cast<OutPort>(event->port), frame);
  } else if (static_cast<InPort>(event->port) == InPort::line_rx) {
    from_line(std::move(frame));
  } else {
    from_host(std::move(frame));
  }
  return true;
}

void ReferenceCard::leave(OutPort port, const Transit& frame) {
  const bool line = port == OutPort::line_tx;
  registers_->count(line ? Counter::line_tx_frames : Counter::host_tx_frames);
  registers_->count(line ? Counter::line_tx_bytes : Counter::host_tx_bytes, frame.bytes.size());
  if (frame.mail) registers_->mailbox().left();
  if (sink_) sink_({port, frame.first, frame.last, frame.bytes});
}

void ReferenceCard::send(OutPort port, Bytes bytes) {
  out_[static_cast<std::size_t>(port)].push(std::move(bytes), now_);
}

void ReferenceCard::write32(std::uint32_t offset, std::uint32_t value) {
  std::optional<Bytes> mail = registers_->write(offset, value);
  if (!mail) return;
  registers_->count(Counter::mail_sent);
  send(OutPort::host_tx, std::move(*mail));
  out_[static_cast<std::size_t>(OutPort::host_tx)].queue.back().mail = true;
}

void ReferenceCard::from_host(Transit frame) {
  registers_->count(Counter::host_rx_frames);
  registers_->count(Counter::host_rx_bytes, frame.bytes.size());
  if (frame.damaged) {
    registers_->count(Counter::host_bad_fcs);
    return;
  }
  const ParsedFrame parsed = parse(frame.bytes, false);
  if (is_control(frame.bytes)) {
    if (Mailbox::takes(frame.bytes)) {
      mail(frame);
    } else {
      control(frame, parsed);
    }
    return;
  }
  registers_->count(Counter::to_line);
  if (parsed.reading == Reading::tcp) {
    RequestRecord request = request_about(parsed, kOpServer, time_ms(frame.first));
    std::swap(request.faddr, request.laddr);
    std::swap(request.fport, request.lport);
    const Service* service = find_service(parsed.v6, parsed.src, parsed.sport, registers_->settings());
    request.protect = service != nullptr && service->answer.mode == kModeProtect;
    if (engine_full()) {
      registers_->count(Counter::watch_lost);
    } else {
      keep(ask(request));
    }
  }
  send(OutPort::line_tx, std::move(frame.bytes));
}

/// A control frame for the card's own host.
void ReferenceCard::mail(const Transit& frame) {
  if (registers_->mailbox().store(frame.bytes, time_ms(frame.first))) {
    registers_->count(Counter::mail_received);
  } else {
    registers_->count(reg::Drop::host_control_frame);
  }
}

/// A control frame of the host: taken in, and never sent on.
void ReferenceCard::control(const Transit& frame, const ParsedFrame& parsed) {
  const std::optional<StatusFrame> status = read_status(frame.bytes, parsed, registers_->control_keys());
  if (!status) {
    registers_->count(reg::Drop::host_control_frame);
    return;
  }
  registers_->count(Counter::control_frames);
  constexpr std::array kCounters{Counter::status_taken, Counter::status_full, Counter::status_no_listener,
                                 Counter::status_refused, Counter::status_busy};
  registers_->count(kCounters[status->status - std::size_t{kStatusTaken}]);
  const ParsedFrame& mark = status->mark;
  RequestRecord request = request_about(mark, kOpStatus, time_ms(frame.first));
  const Service* service = find_service(mark.v6, mark.dst, mark.dport, registers_->settings());
  if (service != nullptr) {
    request.service = static_cast<std::uint8_t>(service - registers_->settings().services.data());
    registers_->learn_agent(request.service);
  }
  // A mark's flags, which the tag does not hold.
  request.flags = kAck;
  request.seq = mark.seq;
  request.ack = mark.ack;
  request.note = status->status;
  // As of a SYN: from the gateway to the server.
  request.mac_dst = mark.mac_src;
  request.mac_src = mark.mac_dst;
  request.tags = mark.tags;
  request.tag1 = mark.tag[0];
  request.tag2 = mark.tag[1];
  sent_by_timer(ask(request));
}

void ReferenceCard::from_line(Transit frame) {
  registers_->count(Counter::line_rx_frames);
  registers_->count(Counter::line_rx_bytes, frame.bytes.size());
  if (frame.damaged) {
    registers_->count(reg::Drop::bad_fcs);
    return;
  }
  const ParsedFrame parsed = parse(frame.bytes);
  const Classified fate = classify(frame.bytes, parsed, registers_->settings());
  const bool asks = fate.action == Action::pass   ? read_quote(frame.bytes, parsed).has_value()
                    : fate.action == Action::drop ? fate.event.has_value()
                                                  : true;
  if (asks && engine_full()) {
    registers_->count(reg::Drop::engine_full);
  } else if (fate.action == Action::pass) {
    if (fate.is_signed) registers_->count(Counter::signed_passed);
    quote(frame, parsed);
    at_answer([this, bytes = std::move(frame.bytes)] { pass(bytes); });
  } else if (fate.action == Action::drop) {
    registers_->count(fate.reason);
    if (fate.badsyn) registers_->count(Counter::badsyn);
    if (fate.event) note(frame, parsed, *fate.event);
  } else {
    const ContextRecord context = make_context(frame, parsed, fate);
    const EngineAnswer answer = ask(make_request(context, parsed, fate));
    keep(answer);
    if (fate.action == Action::stray && answer.verdict.fate == kFateDrop) registers_->count(Counter::badsyn);
    at_answer([this, answer, context, bytes = std::move(frame.bytes)] { settle(answer, context, bytes); });
  }
}

/// Asks the engine; what its answer brings about comes with at_answer().
EngineAnswer ReferenceCard::ask(const RequestRecord& request) {
  if (socket_) answered_ = std::max(answered_, socket_->take(now_, request));
  return engine_.ask(registers_->engine_config(), request);
}

/// Does what the answers until now bring about, or lets a frame pass behind them.
void ReferenceCard::at_answer(std::function<void()> act) {
  if (answered_ <= now_ && effects_.empty()) {
    act();
  } else {
    effects_.push_back({answered_, std::move(act)});
  }
}

void ReferenceCard::pass(Bytes bytes) {
  registers_->count(Counter::passed);
  send(OutPort::host_tx, std::move(bytes));
}

/// Does with a frame what the engine said.
void ReferenceCard::settle(const EngineAnswer& answer, const ContextRecord& context, Bytes frame) {
  const VerdictRecord& verdict = answer.verdict;
  if (verdict.send == kSendMark) {
    registers_->count(Counter::marks);
    send(OutPort::host_tx, build_marked_ack(context, verdict, answer.mark_mac));
  } else if (verdict.send != kSendNothing) {
    send(OutPort::line_tx, build_reply(context, verdict));
  }
  if (verdict.fate == kFateForward) {
    pass(std::move(frame));
  } else if (verdict.fate == kFateDrop) {
    registers_->count(static_cast<reg::Drop>(verdict.reason));
  } else {
    registers_->count(Counter::answered);
  }
}

/// Counts and records.
void ReferenceCard::keep(const EngineAnswer& answer) {
  registers_->count(answer.counts);
  if (answer.event) registers_->record(answer.record);
}

/// What is sent though no frame of the line is answered.
void ReferenceCard::sent_by_timer(const EngineAnswer& answer) {
  keep(answer);
  const VerdictRecord& verdict = answer.verdict;
  if (!verdict.own) return;
  const ServiceRecord& service = registers_->settings().services[verdict.service].answer;
  at_answer([this, frame = build_reply(own_context(verdict, service), verdict)] { send(OutPort::line_tx, frame); });
}

/// An ICMP error about a segment of ours.
void ReferenceCard::quote(const Transit& frame, const ParsedFrame& parsed) {
  const std::optional<Quote> quote = read_quote(frame.bytes, parsed);
  if (!quote) return;
  RequestRecord request{};
  request.op = kOpUnreach;
  request.time_ms = time_ms(frame.first);
  request.v6 = parsed.v6;
  request.faddr = quote->faddr;
  request.laddr = quote->laddr;
  request.fport = quote->fport;
  request.lport = quote->lport;
  request.seq = quote->seq;
  keep(ask(request));
}

/// The event of a frame that rows 23 to 26 drop.
void ReferenceCard::note(const Transit& frame, const ParsedFrame& parsed, reg::Event event) {
  RequestRecord request = request_about(parsed, kOpNote, time_ms(frame.first));
  request.note = static_cast<std::uint8_t>(event);
  keep(ask(request));
}

ContextRecord ReferenceCard::make_context(const Transit& frame, const ParsedFrame& parsed,
                                          const Classified& fate) const {
  const Settings& settings = registers_->settings();
  const ServiceRecord& service = fate.service->answer;
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
  context.ts_ok = parsed.options.has_ts;
  if (fate.action == Action::syn) {
    // Section 2: what is offered, and what of it the service and the sysctls allow.
    const bool scale = settings.rfc1323 == 1 || settings.rfc1323 == 2;
    const bool timestamps = settings.rfc1323 == 1 || settings.rfc1323 == 3;
    context.ws_ok = parsed.options.has_ws && service.en_ws && scale;
    context.ts_ok = parsed.options.has_ts && service.en_ts && timestamps;
    context.sack_ok = parsed.options.has_sack && service.en_sack && settings.sack_enable;
  }
  put_service(service, context);
  return context;
}

RequestRecord ReferenceCard::make_request(const ContextRecord& context, const ParsedFrame& parsed,
                                          const Classified& fate) const {
  const Settings& settings = registers_->settings();
  RequestRecord request = request_about(parsed, op_of(fate.action), context.time_ms);
  request.seq = context.seq;
  request.ack = context.ack;
  request.has_mss = context.has_mss;
  request.mss = parsed.options.mss;
  request.ws_ok = context.ws_ok;
  request.ws = std::min(parsed.options.ws, kMaxShift);
  request.sack_ok = context.sack_ok;
  request.ts_ok = context.ts_ok;
  const ServiceRecord& service = fate.service->answer;
  request.ecn_ok = settings.ecn_enable && service.en_ecn && (parsed.flags & (kEce | kCwr)) == (kEce | kCwr);
  request.tsval = context.tsval;
  request.len = static_cast<std::uint8_t>(std::min<std::size_t>(context.len, kMaxStoredLen));
  request.service = static_cast<std::uint8_t>(fate.service - settings.services.data());
  request.window = context.svc_window;
  request.wscale = context.svc_wscale;
  request.path_mss = parsed.v6 ? service.path_mss6 : service.path_mss4;
  request.agent = registers_->has_agent(request.service);
  if (fate.action == Action::stray) request.note = static_cast<std::uint8_t>(*fate.event);
  request.mac_dst = context.mac_dst;
  request.mac_src = context.mac_src;
  request.tags = context.tags;
  request.tag1 = context.tag1;
  request.tag2 = context.tag2;
  return request;
}

/// A request about the connection of a segment from the line.
RequestRecord ReferenceCard::request_about(const ParsedFrame& parsed, std::uint8_t op, std::uint32_t time_ms) const {
  RequestRecord request{};
  request.op = op;
  request.time_ms = time_ms;
  request.v6 = parsed.v6;
  request.faddr = parsed.src;
  request.laddr = parsed.dst;
  request.fport = parsed.sport;
  request.lport = parsed.dport;
  request.flags = parsed.flags;
  return request;
}

}  // namespace synward::reference

std::unique_ptr<synward::sim::Card> synward::sim::make_reference_card(TableSizes sizes) {
  return std::make_unique<reference::ReferenceCard>(sizes);
}
