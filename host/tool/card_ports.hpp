// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "synward/device.hpp"
#include "synward/expected.hpp"

namespace synward::tool {

/// A network port of a card as its registers tell it (synward/port_registers.hpp).
struct PortState {
  std::string name;  ///< "line" or "host"
  std::uint32_t control = 0, status = 0, block_lock = 0;
  struct Counter {
    std::string name;
    std::uint32_t value;
  };
  std::vector<Counter> counters;
};

/// `device` shows the port's registers at 0. Errors: there is no port, or one of another map.
Expected<PortState> read_port(Device& device, const std::string& name);
/// What STATUS and CONTROL say, and if frames do not pass, what to look at.
std::string port_text(const PortState& port);
nlohmann::ordered_json port_json(const PortState& port);
/// Sets RS-FEC; the port's CMAC is reset where that is a change.
void set_fec(Device& device, bool on);

}  // namespace synward::tool
