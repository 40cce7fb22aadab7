// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "synward/device.hpp"
#include "synward/expected.hpp"
#include "synward/port_registers.hpp"

namespace synward {

/// A network port of a card, and where a Device shows its registers.
struct PortPlace {
  std::string_view name;
  std::uint32_t base;
};
inline constexpr std::array<PortPlace, 2> kPorts{{{"line", kLinePort}, {"host", kHostPort}}};

/// A port as its registers tell it (docs/registers.md).
struct PortState {
  std::string_view name;
  std::uint32_t control = 0, status = 0, block_lock = 0;
  std::array<std::uint64_t, port_reg::kCounters> counters{};  ///< by port_reg::Counter

  bool is(port_reg::Status bit) const { return (status >> static_cast<unsigned>(bit) & 1) != 0; }
  bool wants(std::uint32_t field) const { return (control & field) != 0; }
  unsigned lanes_locked() const;
  std::uint64_t counter(port_reg::Counter which) const { return counters[static_cast<std::size_t>(which)]; }
};
inline constexpr unsigned kPortLanes = 20;

/// Error: there is no such port here, it is of another map, or the device's fault.
Expected<PortState> read_port(Device& device, const PortPlace& place);
/// Both. Error: why they are not here; a card whose core is in a shell of somebody else's has none.
Expected<std::vector<PortState>> read_ports(Device& device);
/// Sets RS-FEC; the port's CMAC is reset where that is a change, and the link is down for a moment.
void set_fec(Device& device, const PortPlace& place, bool on);

/// What to look at where no frames pass (docs/cards.md, section 5); empty where they do.
std::string port_advice(const PortState& port);
/// As GET /v1/link and `synward link --json` have a port.
nlohmann::ordered_json port_json(const PortState& port);
nlohmann::ordered_json sensors_json(const std::vector<Sensor>& sensors);

}  // namespace synward
