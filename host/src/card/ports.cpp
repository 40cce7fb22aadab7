// SPDX-License-Identifier: BSD-2-Clause
#include "synward/ports.hpp"

#include <fmt/format.h>

#include <bit>

namespace synward {

namespace {

constexpr std::uint32_t kAllOnes = 0xffffffff;
constexpr unsigned kMajorShift = 16;

}  // namespace

unsigned PortState::lanes_locked() const { return static_cast<unsigned>(std::popcount(block_lock)); }

Expected<PortState> read_port(Device& device, const PortPlace& place) {
  if (device.space() < kCardSpace) {
    return Error{fmt::format("the card shows no {} port beside its core: it is the shell's", place.name)};
  }
  const auto read = [&](std::uint32_t offset) { return device.read32(place.base + offset); };
  const std::uint32_t id = read(port_reg::kId);
  const std::uint32_t version = read(port_reg::kVersion);
  if (const auto fault = device.fault()) {
    return *fault;
  }
  if (id != port_reg::kIdValue) {
    return Error{
        fmt::format("the card shows no {} port beside its core (ID {:#010x}): it is the shell's", place.name, id)};
  }
  if (version >> kMajorShift != port_reg::kVersionValue >> kMajorShift) {
    return Error{fmt::format("the {} port has register map {}, this program knows {}", place.name,
                             version >> kMajorShift, port_reg::kVersionValue >> kMajorShift)};
  }
  PortState port;
  port.name = place.name;
  port.control = read(port_reg::kControl);
  port.status = read(port_reg::kStatus);
  port.block_lock = read(port_reg::kBlockLock);
  for (std::size_t i = 0; i < port_reg::kCounters; ++i) {
    port.counters[i] = read(port_reg::kCounterInfo[i].offset);
  }
  if (const auto fault = device.fault()) {
    return *fault;
  }
  if (port.status == kAllOnes) {
    return Error{fmt::format("the {} port does not answer", place.name)};
  }
  return port;
}

Expected<std::vector<PortState>> read_ports(Device& device) {
  std::vector<PortState> ports;
  for (const auto& place : kPorts) {
    auto port = read_port(device, place);
    if (!port) {
      return port.error();
    }
    ports.push_back(*port);
  }
  return ports;
}

void set_fec(Device& device, const PortPlace& place, bool on) {
  const std::uint32_t control = device.read32(place.base + port_reg::kControl);
  device.write32(place.base + port_reg::kControl,
                 on ? control | port_reg::kControlFec : control & ~port_reg::kControlFec);
}

std::string port_advice(const PortState& port) {
  using enum port_reg::Status;
  if (!port.wants(port_reg::kControlEnable)) {
    return "it is switched off (CONTROL)";
  }
  if (port.is(up)) {
    return port.is(open) ? "" : "the other port is down, and this one waits for it";
  }
  if (port.is(mac_reset)) {
    return "its CMAC is in reset";
  }
  if (port.is(remote_fault)) {
    return "the far end does not receive us: look at its side, and at our light";
  }
  if (port.is(aligned)) {
    return "aligned, not yet steady; where it stays so, the two ends differ in FEC";
  }
  if (port.lanes_locked() == kPortLanes) {
    return "every lane has a lock and none is aligned: the two ends differ in FEC";
  }
  return port.lanes_locked() != 0 ? "some lanes have no lock: module, cable, or one fibre of several"
                                  : "no light or no signal: module, cable, the far end";
}

nlohmann::ordered_json port_json(const PortState& port) {
  nlohmann::ordered_json json{{"port", port.name}};
  for (std::size_t bit = 0; bit < port_reg::kStatusInfo.size(); ++bit) {
    json[std::string(port_reg::kStatusInfo[bit].name)] = port.is(static_cast<port_reg::Status>(bit));
  }
  json["enabled"] = port.wants(port_reg::kControlEnable);
  json["fec_wanted"] = port.wants(port_reg::kControlFec);
  json["with_peer"] = port.wants(port_reg::kControlWithPeer);
  json["loopback"] = port.wants(port_reg::kControlLoopback);
  json["lanes_locked"] = port.lanes_locked();
  json["advice"] = port_advice(port);
  for (std::size_t i = 0; i < port_reg::kCounters; ++i) {
    json["counters"][std::string(port_reg::kCounterInfo[i].name)] = port.counters[i];
  }
  return json;
}

nlohmann::ordered_json sensors_json(const std::vector<Sensor>& sensors) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& one : sensors) {
    list.push_back({{"name", one.name}, {"celsius", one.celsius}});
  }
  return list;
}

}  // namespace synward
