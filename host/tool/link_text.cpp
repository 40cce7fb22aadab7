// SPDX-License-Identifier: BSD-2-Clause
#include "link_text.hpp"

#include <fmt/format.h>

#include "json_members.hpp"
#include "synward/number_text.hpp"
#include "synward/ports.hpp"
#include "synward/printable.hpp"

namespace synward::tool {

namespace {

using nlohmann::json;

std::string port_text(const json& port) {
  std::string words = flag(port, "up") ? "" : "DOWN";
  for (const auto& bit : port_reg::kStatusInfo) {
    if (flag(port, std::string(bit.name).c_str())) {
      words += fmt::format("{}{}", words.empty() ? "" : ", ", bit.text);
    }
  }
  if (!member(port, "since_s").is_null()) {
    words += fmt::format("; for {}", duration_text(number(port, "since_s")));
  }
  std::string out = fmt::format("{}: {}\n", text(port, "port"), words);
  out += fmt::format("  {} of {} lanes have a lock; RS-FEC {}{}\n", count(port, "lanes_locked"), kPortLanes,
                     flag(port, "fec_wanted") ? "on" : "off", flag(port, "loopback") ? "; NEAR-END LOOPBACK" : "");
  if (const auto advice = text(port, "advice"); !advice.empty()) {
    out += fmt::format("  {}\n", advice);
  }
  const auto& counters = member(port, "counters");
  for (const auto& counter : port_reg::kCounterInfo) {
    const auto name = std::string(counter.name);
    out += fmt::format("  {:<16} {:>14}\n", name, grouped(count(counters, name.c_str())));
  }
  return out;
}

}  // namespace

std::string link_text(const json& links) {
  std::string out;
  for (const auto& port : member(links, "ports")) {
    out += port_text(port);
  }
  if (const auto why = text(links, "why"); !why.empty()) {
    out += why + "\n";
  }
  const auto& sensors = member(links, "sensors");
  for (const auto& sensor : sensors) {
    out += fmt::format("  {:<24} {:>6.1f} C\n", text(sensor, "name"), number(sensor, "celsius"));
  }
  if (sensors.empty()) {
    out += "temperatures and optics: neither XRT nor the kernel's hwmon tells any of this card\n";
  }
  return out;
}

}  // namespace synward::tool
