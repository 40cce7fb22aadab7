// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <unordered_map>

#include "synward/sim/attack.hpp"
#include "synward/sim/client.hpp"
#include "synward/sim/clock.hpp"
#include "synward/sim/interrupt.hpp"
#include "synward/sim/ms_clock.hpp"
#include "synward/sim/progress.hpp"
#include "synward/sim/random.hpp"
#include "synward/sim/wire.hpp"

namespace synward::sim {

namespace {

/// Clocks that a visit of the host program to the card takes at most, the taking of events apart.
constexpr std::uint64_t kVisitClocks = 512;
/// Where somebody else owns the card, no step is longer: they want to be served.
constexpr double kLongestStepUs = 100'000;

enum class EventKind : std::uint8_t {
  client_start,
  client_frame,
  client_timer,
  line_frame,
  server_frame,
  server_timer
};

/// Something that will happen at a clock.
struct Event {
  std::uint64_t time;
  std::uint64_t order;  ///< events of one clock happen in the order they were made
  EventKind kind;
  std::size_t client = 0;
  Flow flow{};
  std::uint64_t timer = 0;  ///< a timer's number; only the newest of its owner counts
  std::vector<std::uint8_t> frame{};

  bool operator>(const Event& other) const { return std::pair(time, order) > std::pair(other.time, other.order); }
};

/// Events by time. (std::priority_queue does not let its top be moved out.)
class Agenda {
 public:
  void add(Event event) {
    event.order = ++orders_;
    events_.push_back(std::move(event));
    std::push_heap(events_.begin(), events_.end(), std::greater<>());
  }
  std::uint64_t next_time() const {
    return events_.empty() ? std::numeric_limits<std::uint64_t>::max() : events_.front().time;
  }
  Event take() {
    std::pop_heap(events_.begin(), events_.end(), std::greater<>());
    Event event = std::move(events_.back());
    events_.pop_back();
    return event;
  }

 private:
  std::vector<Event> events_;
  std::uint64_t orders_ = 0;
};

/// A client and what the world around it knows of it.
struct ClientEntry {
  Client client;
  std::uint64_t half_rtt;
  std::uint64_t timer = 0;
  bool connected = false, counted = false;
};

/// The internet on one side of the card, the server on the other. Clock 0 is the start of the scenario. Without
/// `between` the world has a host program of its own beside the card; with it no register is touched.
class World {
 public:
  World(const Scenario& scenario, Card& card, BetweenSteps between = {})
      : scenario_(scenario),
        card_(card),
        origin_(card.now()),
        line_(static_cast<std::uint64_t>(scenario.queue_us * kClockHz / 1e6) * kWireUnitsPerCycle),
        // A server's own queue pushes back instead of losing.
        host_(std::numeric_limits<std::uint64_t>::max()),
        server_(scenario.server, between ? nullptr : &scenario.card.secrets->mark_key),
        between_(std::move(between)) {
    if (!between_) {
      host_program_.emplace(card, scenario.card, static_cast<double>(ms_of_cycle(origin_)) / 1000);
    }
  }

  Expected<RunResult> run();
  Expected<void> simulate();

 private:
  Expected<void> make_clients();
  std::optional<Flow> free_flow(const ClientsSpec& spec, Random& random) const;
  void make_attackers();
  std::uint64_t slice() const;
  std::uint64_t longest_half_rtt() const;

  std::uint64_t next_stop(std::uint64_t now, std::uint64_t end) const;
  Expected<void> advance(std::uint64_t now, std::uint64_t end);
  Expected<void> visit(std::uint64_t now, std::uint64_t end);
  void sample(std::size_t bin);
  void attack(Attacker& attacker, AttackerTally& tally, std::uint64_t due);
  void handle(Event event);
  void send_on_line(const Event& event);
  void client_acts(std::size_t index, std::uint64_t now, Outbox out);
  void server_acts(const std::optional<Flow>& flow, std::uint64_t now, Outbox out);
  bool offer_line(Bytes frame, std::uint64_t ready, bool well_formed_syn);
  void leave(const OutFrame& frame);
  Bin& bin(std::uint64_t time);
  bool all_resolved() const { return resolved_ == clients_.size(); }

  const Scenario& scenario_;
  Card& card_;
  std::uint64_t origin_;
  Wire line_, host_;
  Server server_;
  BetweenSteps between_;
  std::optional<CardHost> host_program_;
  Agenda agenda_;
  std::vector<Attacker> attackers_;
  std::deque<ClientEntry> clients_;
  std::unordered_map<Flow, std::size_t, FlowHash> client_by_flow_;
  std::unordered_map<Flow, std::uint64_t, FlowHash> server_timers_;
  std::uint64_t timers_ = 0;
  std::size_t resolved_ = 0;
  std::size_t sampled_ = 0;  ///< bins whose end has been
  struct Totals {
    std::uint32_t cached, stateless, retransmitted;
  } totals_{};  ///< at the end of the last of them, modulo 2^32
  std::uint64_t first_beat_ = std::numeric_limits<std::uint64_t>::max(), last_beat_ = 0;
  RunResult result_;
};

Bin& World::bin(std::uint64_t time) {
  const auto index = scenario_.grid.index(cycles_to_us(static_cast<double>(time)));
  if (index >= result_.bins.size()) {
    result_.bins.resize(index + 1);
  }
  return result_.bins[index];
}

std::optional<Flow> World::free_flow(const ClientsSpec& spec, Random& random) const {
  constexpr int kTries = 1000;
  for (int i = 0; i < kTries; ++i) {
    const auto& target = spec.targets[random.below(spec.targets.size())];
    const auto& source = spec.sources[random.below(spec.sources.size())];
    constexpr std::uint32_t kFirstPort = 1024;
    const Flow flow{random_address(source, random), target.address,
                    static_cast<std::uint16_t>(kFirstPort + random.below(65536 - kFirstPort)), target.port};
    if (source.base.v6 == target.address.v6 && !client_by_flow_.contains(flow)) {
      return flow;
    }
  }
  return std::nullopt;
}

Expected<void> World::make_clients() {
  Random random(scenario_.seed * 2 + 1);
  for (const auto& spec : scenario_.clients) {
    std::vector<double> starts;
    const double span = spec.stop_us - spec.start_us;
    if (spec.count != 0) {
      for (std::uint64_t i = 0; i < spec.count; ++i) {
        starts.push_back(spec.start_us +
                         span * (static_cast<double>(i) + random.uniform()) / static_cast<double>(spec.count));
      }
    } else {
      const double gap_us = 1e6 / spec.rate_per_s;
      double at = spec.start_us + gap_us * random.exponential();
      while (at < spec.stop_us) {
        starts.push_back(at);
        at += gap_us * random.exponential();
      }
    }
    for (const double start : starts) {
      const auto flow = free_flow(spec, random);
      if (!flow) {
        return Error{"the clients' source prefixes hold too few addresses"};
      }
      const auto index = clients_.size();
      client_by_flow_[*flow] = index;
      clients_.emplace_back(ClientEntry{Client(spec, *flow, random), us_to_cycles(spec.rtt_us / 2)});
      agenda_.add({us_to_cycles(start), 0, EventKind::client_start, index});
    }
  }
  return {};
}

void World::make_attackers() {
  std::uint64_t number = 0;
  for (const auto& spec : scenario_.attackers) {
    attackers_.emplace_back(spec, scenario_.seed * 1000 + ++number);
    result_.attackers.push_back({spec.kind});
  }
}

std::uint64_t World::slice() const {
  // No effect of what leaves the card comes back to it sooner than this, so the card may run so far without looking
  // round.
  constexpr std::uint64_t kLongest = 16384;
  std::uint64_t shortest = std::min(kLongest, us_to_cycles(scenario_.server.delay_us));
  for (const auto& entry : clients_) {
    shortest = std::min(shortest, entry.half_rtt);
  }
  return shortest;
}

std::uint64_t World::longest_half_rtt() const {
  std::uint64_t longest = 0;
  for (const auto& entry : clients_) {
    longest = std::max(longest, entry.half_rtt);
  }
  return longest;
}

bool World::offer_line(Bytes frame, std::uint64_t ready, bool well_formed_syn) {
  const auto cycle = line_.send(frame.size(), ready);
  if (!cycle) {
    return false;
  }
  first_beat_ = std::min(first_beat_, *cycle);
  last_beat_ = std::max(last_beat_, *cycle + bus_cycles(frame.size()) - 1);
  if (well_formed_syn) {
    ++bin(*cycle).offered_syns;
    if (const auto view = card_.timed() ? parse_tcp(frame) : std::nullopt) {
      result_.syn_latency.syn(*view, *cycle);
    }
  }
  card_.offer(InPort::line_rx, frame, origin_ + *cycle);
  return true;
}

void World::attack(Attacker& attacker, AttackerTally& tally, std::uint64_t due) {
  const auto& frame = attacker.next();
  const auto kind = attacker.spec().kind;
  bool syn = kind == AttackKind::syn_flood || kind == AttackKind::dup_syn;
  if (attacker.spec().kind == AttackKind::malformed) {
    const auto view = parse_tcp(frame);
    syn = view && view->is_syn() && checksums_right(*view);
  }
  ++tally.frames;
  const double due_us = cycles_to_us(static_cast<double>(due) / kWireUnitsPerCycle);
  result_.first_us = result_.last_us == 0 ? due_us : std::min(result_.first_us, due_us);
  result_.last_us = std::max(result_.last_us, due_us);
  if (offer_line(frame, due, syn)) {
    tally.wire_bytes += wire_units(frame.size()) / kWireUnitsPerByte;
  } else {
    ++tally.lost_upstream;
  }
}

void World::client_acts(std::size_t index, std::uint64_t now, Outbox out) {
  auto& entry = clients_[index];
  for (auto& frame : out.frames) {
    agenda_.add({now + entry.half_rtt, 0, EventKind::line_frame, index, {}, 0, std::move(frame)});
  }
  if (out.timer) {
    entry.timer = ++timers_;
    agenda_.add({*out.timer, 0, EventKind::client_timer, index, {}, entry.timer});
  }
  const auto& client = entry.client;
  if (!entry.connected && client.connect_cycles()) {
    entry.connected = true;
    ++result_.clients.connected;
    result_.connect_cycles.add(*client.connect_cycles());
  }
  if (!entry.counted && client.resolved()) {
    entry.counted = true;
    ++resolved_;
    if (client.state() == Client::State::succeeded) {
      ++result_.clients.succeeded;
      ++bin(now).succeeded;
      result_.request_cycles.add(*client.request_cycles());
    } else if (client.state() == Client::State::lost) {
      ++result_.clients.lost;
    } else {
      ++result_.clients.reset;
    }
  }
}

void World::server_acts(const std::optional<Flow>& flow, std::uint64_t now, Outbox out) {
  for (const auto& frame : out.frames) {
    if (const auto cycle = host_.send(frame.size(), now * kWireUnitsPerCycle)) {
      card_.offer(InPort::host_rx, frame, origin_ + *cycle);
    }
  }
  if (flow && out.timer) {
    server_timers_[*flow] = ++timers_;
    agenda_.add({*out.timer, 0, EventKind::server_timer, 0, *flow, timers_});
  }
}

void World::send_on_line(const Event& event) {
  const auto view = parse_tcp(event.frame);
  if (!offer_line(event.frame, event.time * kWireUnitsPerCycle, view && view->is_syn())) {
    ++result_.clients.lost_upstream;
  }
}

void World::handle(Event event) {
  Outbox out;
  switch (event.kind) {
    case EventKind::client_start:
      ++result_.clients.started;
      bin(event.time).started += clients_[event.client].client.vanishes() ? 0 : 1;
      clients_[event.client].client.start(event.time, out);
      client_acts(event.client, event.time, std::move(out));
      break;
    case EventKind::client_frame:
      if (const auto view = parse_tcp(event.frame)) {
        clients_[event.client].client.receive(*view, event.time, out);
        client_acts(event.client, event.time, std::move(out));
      }
      break;
    case EventKind::client_timer:
      if (clients_[event.client].timer == event.timer) {
        clients_[event.client].client.timeout(event.time, out);
        client_acts(event.client, event.time, std::move(out));
      }
      break;
    case EventKind::line_frame:
      send_on_line(event);
      break;
    case EventKind::server_frame: {
      const auto flow = server_.receive(event.frame, event.time, out);
      server_acts(flow, event.time, std::move(out));
      break;
    }
    case EventKind::server_timer:
      if (server_timers_[event.flow] == event.timer) {
        server_.timeout(event.flow, event.time, out);
        server_acts(event.flow, event.time, std::move(out));
      }
      break;
  }
}

void World::leave(const OutFrame& frame) {
  const auto first = frame.first_cycle - origin_;
  const auto last = frame.last_cycle - origin_;
  last_beat_ = std::max(last_beat_, last);
  if (frame.port == OutPort::host_tx) {
    agenda_.add({last + us_to_cycles(scenario_.server.delay_us),
                 0,
                 EventKind::server_frame,
                 0,
                 {},
                 0,
                 {frame.bytes.begin(), frame.bytes.end()}});
    return;
  }
  const auto view = parse_tcp(frame.bytes);
  if (!view) {
    return;
  }
  if (view->is_syn_ack()) {
    ++bin(first).answered;
    result_.syn_latency.syn_ack(*view, first);
  }
  if (const auto client = client_by_flow_.find(view->flow.reversed()); client != client_by_flow_.end()) {
    agenda_.add({last + clients_[client->second].half_rtt,
                 0,
                 EventKind::client_frame,
                 client->second,
                 {},
                 0,
                 {frame.bytes.begin(), frame.bytes.end()}});
  }
}

/// Up to which clock the world may be moved at once: as far as the next thing that anybody has planned, or, while a
/// client may answer a frame that the card sends by itself, a millisecond, the grain of the card's timers.
std::uint64_t World::next_stop(std::uint64_t now, std::uint64_t end) const {
  std::uint64_t next = agenda_.next_time();
  for (const auto& attacker : attackers_) {
    if (const auto due = attacker.due(line_.free())) {
      next = std::min(next, *due / kWireUnitsPerCycle);
    }
  }
  if (std::ranges::any_of(clients_, [](const ClientEntry& entry) { return entry.client.listens(); })) {
    next = std::min(next, now + us_to_cycles(1000));
  }
  next = std::max(next, now + slice());
  if (!host_program_) {
    return std::min({next, now + us_to_cycles(kLongestStepUs), end});
  }
  for (const double us : {scenario_.grid.start(sampled_ + 1), 1e6 * host_program_->next_visit()}) {
    const auto visit = us_to_cycles(us);
    next = std::min(next, visit < now + kVisitClocks ? now + slice() : visit);
  }
  return std::min(next, end);
}

/// What the card says at the end of a bin.
void World::sample(std::size_t number) {
  card_.write32(reg::kSnapshot, 1);
  const auto total = [this](reg::Counter counter) {
    return card_.read32(reg::kCounter + 8 * static_cast<std::uint32_t>(counter));
  };
  // All of them are the engine's, so that none is ahead of another in the card.
  using enum reg::Counter;
  const Totals now{total(added) + total(dupsyn), total(stateless), total(retransmitted)};
  const auto state = read_table_state(card_);
  if (number >= result_.bins.size()) {
    result_.bins.resize(number + 1);
  }
  Bin& bin = result_.bins[number];
  bin.sampled = true;
  bin.tables = state;
  bin.stateless = now.stateless - totals_.stateless;
  bin.cached = now.cached - totals_.cached;
  bin.retransmitted = now.retransmitted - totals_.retransmitted;
  totals_ = now;
}

Expected<void> World::advance(std::uint64_t now, std::uint64_t end) {
  const auto end_units = end * kWireUnitsPerCycle;
  while (true) {
    std::size_t chosen = attackers_.size();
    std::uint64_t due = end_units;
    for (std::size_t i = 0; i < attackers_.size(); ++i) {
      const auto time = attackers_[i].due(line_.free());
      // Of attackers that fill the line together, the one that has sent less goes next.
      const bool sooner =
          time && (*time < due || (*time == due && chosen < i && attackers_[i].frames() < attackers_[chosen].frames()));
      if (sooner) {
        chosen = i;
        due = *time;
      }
    }
    if (const auto next = agenda_.next_time(); next < end && next * kWireUnitsPerCycle <= due) {
      handle(agenda_.take());
    } else if (chosen < attackers_.size()) {
      attack(attackers_[chosen], result_.attackers[chosen], due);
    } else {
      break;
    }
  }
  if (host_program_) {
    if (auto visited = visit(now, end); !visited) {
      return visited;
    }
  }
  card_.run_until(origin_ + end);
  return {};
}

/// Lets the host program look at the card where it is time for that. Its reads take clocks of their own: they lie
/// before `end`, up to which all frames have been offered.
Expected<void> World::visit(std::uint64_t now, std::uint64_t end) {
  const double end_us = cycles_to_us(static_cast<double>(end));
  const auto bin_ended = [&] { return us_to_cycles(scenario_.grid.start(sampled_ + 1)) <= end; };
  if (!bin_ended() && end_us < 1e6 * host_program_->next_visit()) {
    return {};
  }
  constexpr std::uint64_t kRing = 512;
  const auto spare = end - now > kVisitClocks ? end - now - kVisitClocks : 0;
  const auto events = std::min(kRing, spare / CardHost::kClocksPerEvent);
  card_.run_until(origin_ + end - std::min(end - now, kVisitClocks + events * CardHost::kClocksPerEvent));
  if (auto visited = host_program_->visit(end_us / 1e6, events); !visited) {
    return visited;
  }
  while (bin_ended()) {
    sample(sampled_++);
  }
  return {};
}

Expected<void> World::simulate() {
  if (auto made = make_clients(); !made) {
    return made;
  }
  make_attackers();
  result_.bins.resize(scenario_.grid.bins());
  card_.set_sink([this](const OutFrame& frame) { leave(frame); });

  const auto duration = us_to_cycles(scenario_.duration_us);
  std::uint64_t end = duration + us_to_cycles(scenario_.linger_us);
  // Time for the last FINs after everything else is done.
  const auto farewell = 4 * longest_half_rtt() + us_to_cycles(4 * scenario_.server.delay_us);
  bool closing = false;
  std::optional<Progress> progress;
  if (host_program_) {
    progress.emplace(duration);
  }
  for (std::uint64_t now = 0; now < end;) {
    if (interrupted()) {
      return interruption();
    }
    const auto next = next_stop(now, end);
    if (auto advanced = advance(now, next); !advanced) {
      return advanced;
    }
    now = next;
    if (progress) {
      progress->update(now);
    }
    if (between_) {
      if (!between_()) {
        return {};
      }
      // Registers that were read took clocks of their own.
      now = std::max(now, card_.now() - origin_);
    }
    if (!closing && now >= duration && all_resolved()) {
      closing = true;
      end = std::min(end, now + farewell);
    }
  }
  if (!card_.drain()) {
    return Error{"the card did not come to rest within 1,000,000 clocks after the last frame"};
  }
  return {};
}

Expected<RunResult> World::run() {
  if (const auto simulated = simulate(); !simulated) {
    return simulated.error();
  }
  result_.events = host_program_->finish();
  result_.tables = read_table_state(card_);
  result_.counters = read_counters(card_);
  if (const auto broken = broken_conservation(result_.counters); !broken.empty()) {
    return Error{"conservation broken, this is a defect of the card: " + broken};
  }
  for (const auto& entry : clients_) {
    result_.clients.bad_syn_acks += entry.client.bad_syn_acks();
    result_.clients.retransmissions += entry.client.retransmissions();
  }
  result_.server = server_.tally();
  result_.cycles = last_beat_ < first_beat_ ? 0 : last_beat_ - first_beat_ + 1;
  return std::move(result_);
}

}  // namespace

Expected<RunResult> run_world(const Scenario& scenario, Card& card) {
  World world(scenario, card);
  auto result = world.run();
  card.set_sink({});
  return result;
}

Expected<void> run_traffic(const Scenario& scenario, Card& card, const BetweenSteps& between) {
  World world(scenario, card, between);
  auto done = world.simulate();
  card.set_sink({});
  return done;
}

}  // namespace synward::sim
