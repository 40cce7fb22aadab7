// SPDX-License-Identifier: BSD-2-Clause
#include "card_ports.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>

#include "synward/port_registers.hpp"

namespace synward::tool {

namespace {

constexpr std::uint32_t kAllOnes = 0xffffffff;
constexpr unsigned kLanes = 20;

struct Bit {
  const char* key;
  const char* words;
};
constexpr std::array<Bit, 8> kStatus{{{"up", "up"},
                                      {"open", "frames are let in"},
                                      {"aligned", "lanes aligned"},
                                      {"local_fault", "local fault"},
                                      {"remote_fault", "remote fault"},
                                      {"fec_aligned", "FEC lanes aligned"},
                                      {"fec", "RS-FEC in force"},
                                      {"mac_reset", "CMAC in reset"}}};
enum StatusBit : unsigned { kUp, kOpen, kAligned, kLocalFault, kRemoteFault, kFecAligned, kFec, kMacReset };

constexpr std::uint32_t kEnable = 1, kFecWanted = 2, kWithPeer = 4;

struct CounterAt {
  const char* name;
  std::uint32_t offset;
};
constexpr std::array<CounterAt, 10> kCounters{{{"flaps", port_reg::kFlaps},
                                               {"retries", port_reg::kRetries},
                                               {"rx_lost", port_reg::kRxLost},
                                               {"tx_withheld", port_reg::kTxWithheld},
                                               {"rx_cut", port_reg::kRxCut},
                                               {"tx_dropped", port_reg::kTxDropped},
                                               {"rx_bad_fcs", port_reg::kRxBadFcs},
                                               {"fec_corrected", port_reg::kFecCorrected},
                                               {"fec_uncorrected", port_reg::kFecUncorrected},
                                               {"tx_underflow", port_reg::kTxUnderflow}}};

bool has(const PortState& port, StatusBit bit) { return (port.status >> bit & 1) != 0; }

/// What to look at where no frames pass; docs/cards.md, section 5.
std::string advice(const PortState& port) {
  const auto locked = static_cast<unsigned>(std::popcount(port.block_lock));
  if ((port.control & kEnable) == 0) return "it is switched off (CONTROL)";
  if (has(port, kUp) && has(port, kOpen)) return {};
  if (has(port, kUp)) return "the other port is down, and this one waits for it";
  if (has(port, kRemoteFault)) return "the far end does not receive us: look at its side, and at our light";
  if (has(port, kAligned)) return "aligned, not yet steady; where it stays so, the two ends differ in FEC";
  if (locked == kLanes) return "every lane has a lock and none is aligned: the two ends differ in FEC";
  if (locked != 0) return "some lanes have no lock: module, cable, or one fibre of several";
  return "no light or no signal: module, cable, the far end";
}

}  // namespace

Expected<PortState> read_port(Device& device, const std::string& name) {
  const std::uint32_t id = device.read32(port_reg::kId);
  if (const auto fault = device.fault()) return *fault;
  if (id != port_reg::kIdValue) {
    return Error{
        fmt::format("the card shows no {} port here (ID {:#010x}): with XRT a port is a kernel of its own, in "
                    "OpenNIC it is the shell's",
                    name, id)};
  }
  const std::uint32_t version = device.read32(port_reg::kVersion);
  if (version >> 16 != port_reg::kVersionValue >> 16) {
    return Error{fmt::format("{} port: register map {}, this program knows {}", name, version >> 16,
                             port_reg::kVersionValue >> 16)};
  }
  PortState port;
  port.name = name;
  port.control = device.read32(port_reg::kControl);
  port.status = device.read32(port_reg::kStatus);
  port.block_lock = device.read32(port_reg::kBlockLock);
  for (const CounterAt& counter : kCounters) port.counters.push_back({counter.name, device.read32(counter.offset)});
  if (const auto fault = device.fault()) return *fault;
  if (port.status == kAllOnes) return Error{fmt::format("{} port: the card does not answer", name)};
  return port;
}

std::string port_text(const PortState& port) {
  std::string words;
  for (unsigned bit = 0; bit < kStatus.size(); ++bit) {
    if ((port.status >> bit & 1) == 0) continue;
    words += words.empty() ? "" : ", ";
    words += kStatus.at(bit).words;
  }
  std::string text = fmt::format("{}: {}\n", port.name, words.empty() ? "down" : words);
  text += fmt::format("  {} of {} lanes have a lock; FEC {}\n", std::popcount(port.block_lock), kLanes,
                      (port.control & kFecWanted) != 0 ? "on" : "off");
  if (const std::string what = advice(port); !what.empty()) text += "  " + what + '\n';
  for (const auto& counter : port.counters) text += fmt::format("  {:<16} {:>10}\n", counter.name, counter.value);
  return text;
}

nlohmann::ordered_json port_json(const PortState& port) {
  nlohmann::ordered_json json{{"port", port.name}};
  for (unsigned bit = 0; bit < kStatus.size(); ++bit) json[kStatus.at(bit).key] = (port.status >> bit & 1) != 0;
  json["enabled"] = (port.control & kEnable) != 0;
  json["fec_wanted"] = (port.control & kFecWanted) != 0;
  json["with_peer"] = (port.control & kWithPeer) != 0;
  json["lanes_locked"] = std::popcount(port.block_lock);
  if (const std::string what = advice(port); !what.empty()) json["advice"] = what;
  for (const auto& counter : port.counters) json["counters"][counter.name] = counter.value;
  return json;
}

void set_fec(Device& device, bool on) {
  const std::uint32_t control = device.read32(port_reg::kControl);
  device.write32(port_reg::kControl, on ? control | kFecWanted : control & ~kFecWanted);
}

}  // namespace synward::tool
