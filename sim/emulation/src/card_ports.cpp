// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/card_ports.hpp"

#include <algorithm>

namespace synward::sim {

namespace {

constexpr std::uint32_t kAllLanes = 0xfffff;
constexpr std::uint32_t kAllOnes = 0xffffffff;

}  // namespace

bool CardPorts::Port::lit() const {
  return wants(port_reg::kControlEnable) && (plugged || wants(port_reg::kControlLoopback));
}
/// In a loopback both ends have the same FEC.
bool CardPorts::Port::aligned() const {
  return lit() && (wants(port_reg::kControlLoopback) || wants(port_reg::kControlFec) == far_fec);
}
bool CardPorts::Port::up() const { return aligned() && (wants(port_reg::kControlLoopback) || far_receives); }

void CardPorts::Port::settle() {
  const bool now = up();
  counters[static_cast<std::size_t>(port_reg::Counter::flaps)] += was_up && !now ? 1 : 0;
  counters[static_cast<std::size_t>(port_reg::Counter::retries)] += was_up && !now ? 1 : 0;
  was_up = now;
}

std::uint32_t CardPorts::status(const Port& port) const {
  using enum port_reg::Status;
  const Port& peer = ports_[&port == &ports_[0] ? 1 : 0];
  std::uint32_t word = 0;
  const auto set = [&word](port_reg::Status bit, bool on) { word |= on ? 1U << static_cast<unsigned>(bit) : 0U; };
  const bool with_fec = port.wants(port_reg::kControlFec);
  set(up, port.up());
  set(open, port.up() && (peer.up() || !port.wants(port_reg::kControlWithPeer)));
  set(aligned, port.aligned());
  set(local_fault, !port.aligned());
  set(remote_fault, port.aligned() && !port.up());
  set(fec_aligned, port.aligned() && with_fec);
  set(fec, with_fec);
  set(mac_reset, !port.wants(port_reg::kControlEnable));
  return word;
}

std::uint32_t CardPorts::read(const Port& port, std::uint32_t offset) const {
  switch (offset) {
    case port_reg::kId:
      return port_reg::kIdValue;
    case port_reg::kVersion:
      return port_reg::kVersionValue;
    case port_reg::kControl:
      return port.control;
    case port_reg::kStatus:
      return status(port);
    case port_reg::kBlockLock:
      return port.lit() ? kAllLanes : 0;
    default: {
      const auto found = std::ranges::find(port_reg::kCounterInfo, offset, &port_reg::CounterInfo::offset);
      const auto place = static_cast<std::size_t>(found - port_reg::kCounterInfo.begin());
      return place < port.counters.size() ? port.counters[place] : 0;
    }
  }
}

std::uint32_t CardPorts::read32(std::uint32_t offset) {
  if (offset < kLinePort) {
    return core_.read32(offset);
  }
  const std::uint32_t base = offset / kRegisterSpace * kRegisterSpace;
  return base == kLinePort || base == kHostPort ? read(at(base), offset - base) : kAllOnes;
}

void CardPorts::write32(std::uint32_t offset, std::uint32_t value) {
  if (offset < kLinePort) {
    core_.write32(offset, value);
    return;
  }
  const std::uint32_t base = offset / kRegisterSpace * kRegisterSpace;
  if ((base != kLinePort && base != kHostPort) || offset - base != port_reg::kControl) {
    return;
  }
  Port& port = at(base);
  constexpr std::uint32_t kFields =
      port_reg::kControlEnable | port_reg::kControlFec | port_reg::kControlWithPeer | port_reg::kControlLoopback;
  // Another FEC, or another loopback, costs the link a moment, too short to be seen but in its counter.
  const bool resets = ((port.control ^ value) & (port_reg::kControlFec | port_reg::kControlLoopback)) != 0;
  port.control = value & kFields;
  if (resets && port.was_up && port.up()) {
    ++port.counters[static_cast<std::size_t>(port_reg::Counter::flaps)];
  }
  port.settle();
}

void CardPorts::plug(std::uint32_t base, bool in) {
  at(base).plugged = in;
  at(base).settle();
}

void CardPorts::far_end(std::uint32_t base, bool fec, bool receives) {
  at(base).far_fec = fec;
  at(base).far_receives = receives;
  at(base).settle();
}

void CardPorts::count(std::uint32_t base, port_reg::Counter counter, std::uint32_t more) {
  at(base).counters[static_cast<std::size_t>(counter)] += more;
}

bool CardPorts::looped(std::uint32_t base) const { return at(base).wants(port_reg::kControlLoopback); }

void CardPorts::reset() { ports_ = {}; }

void wire_loopbacks(Card& card, const CardPorts& ports) {
  card.set_sink([&card, &ports](const OutFrame& frame) {
    const bool host = frame.port == OutPort::host_tx;
    if (ports.looped(host ? kHostPort : kLinePort)) {
      card.offer(host ? InPort::host_rx : InPort::line_rx, frame.bytes, card.now());
    }
  });
}

}  // namespace synward::sim
