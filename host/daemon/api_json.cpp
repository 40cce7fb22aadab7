// SPDX-License-Identifier: BSD-2-Clause
#include "api_json.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "clock.hpp"
#include "synward/event_json.hpp"

namespace synward {

using Json = nlohmann::ordered_json;

Json sysctl_json(const SysctlDescription& info, const std::string& value) {
  return {{"name", info.name},   {"value", value},          {"type", info.type},         {"default", info.def},
          {"range", info.range}, {"description", info.doc}, {"writable", info.writable}, {"tunable", info.tunable}};
}

Json bypass_json(const std::optional<Bypass>& bypass) {
  return bypass ? Json{{"on", true}, {"since", bypass->since}, {"by", bypass->by}} : Json{{"on", false}};
}

Json services_json(const std::vector<Service>& services) {
  auto list = Json::array();
  for (const auto& one : services) {
    auto options = Json::array();
    for (const auto& [on, name] : {std::pair{one.window_scale, "window_scale"}, std::pair{one.sack, "sack"},
                                   std::pair{one.timestamps, "timestamps"}, std::pair{one.ecn, "ecn"}}) {
      if (on) {
        options.push_back(name);
      }
    }
    list.push_back({{"address", one.address ? to_string(*one.address) : "any"},
                    {"port", one.port},
                    {"mode", kServiceModes[static_cast<std::size_t>(one.mode)]},
                    {"owner", one.owner},
                    {"mss4", one.mss4},
                    {"mss6", one.mss6},
                    {"path_mss4", one.path_mss4},
                    {"path_mss6", one.path_mss6},
                    {"wscale", one.wscale},
                    {"window", one.window},
                    {"ttl", one.ttl},
                    {"tos", one.tos},
                    {"options", std::move(options)},
                    {"learned", one.learned}});
  }
  return list;
}

Json secrets_json(const SecretStatus& status, std::optional<std::chrono::milliseconds> next,
                  const SecretSettings& settings) {
  Json json{{"mode", status.mode == SecretMode::fleet ? "fleet" : "random"},
            {"age_s", seconds(status.age)},
            {"lifetime_s", seconds(settings.lifetime())},
            {"rotations", status.rotations},
            {"missed", status.missed},
            {"next_s", next ? Json(seconds(*next)) : Json()},
            {"locked", status.locked_memory}};
  if (status.mode == SecretMode::fleet) {
    json["epoch"] = status.epoch ? Json(*status.epoch) : Json();
    json["skew_s"] = seconds(settings.skew);
  }
  return json;
}

Json state_json(const CardState& state) {
  const auto flows = std::uint64_t{state.info.flow_buckets} * kFlowsPerBucket;
  return {{"tables",
           {{"entries", state.tables.entries},
            {"limit", state.cachelimit},
            {"flows", state.tables.flows},
            {"flow_limit", flows},
            {"ready", state.tables_ready}}},
          {"pause",
           {{"active", state.tables.paused},
            {"backoff", state.tables.backoff},
            {"left_s", state.tables.pause_left_ms / 1000.0}}}};
}

Json links_json(const LinkState& links, std::chrono::milliseconds now) {
  auto ports = Json::array();
  for (const auto& one : links.ports) {
    ports.push_back(port_json(one.now));
    ports.back()["since_s"] = seconds(now - one.since);
  }
  return {{"ports", std::move(ports)}, {"why", links.why}, {"sensors", sensors_json(links.sensors)}};
}

Json links_summary_json(const LinkState& links) {
  using enum port_reg::Status;
  auto list = Json::array();
  for (const auto& [port, since] : links.ports) {
    list.push_back({{"port", port.name}, {"up", port.is(up)}, {"open", port.is(open)}});
  }
  return list;
}

Json log_json(const std::vector<LogBook::Line>& lines, std::uint64_t last) {
  auto list = Json::array();
  for (const auto& [number, line] : lines) {
    list.push_back({{"n", number}, {"time", line.time}, {"level", level_name(line.level)}, {"text", line.text}});
  }
  return {{"next", last + 1}, {"lines", std::move(list)}};
}

std::string events_json(const std::vector<EventBook::Item>& events, std::uint64_t last) {
  std::string list;
  for (const auto& [number, event] : events) {
    // The number goes before what stands in the event's own object.
    list += fmt::format("{}{{\"n\":{},{}", list.empty() ? "" : ",", number, to_json_line(event).substr(1));
  }
  return fmt::format("{{\"next\":{},\"events\":[{}]}}", last + 1, list);
}

std::string history_json(const std::vector<NumberedRing<Snapshot>::Item>& snapshots) {
  std::string text;
  for (const auto& [number, one] : snapshots) {
    text += fmt::format("{}{{\"time\":{:.3f},\"counters\":{{", text.empty() ? "[" : ",", one.time);
    for (std::size_t i = 0; i < reg::kCounters; ++i) {
      text += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", reg::kCounterInfo[i].name, one.counters.values[i]);
    }
    text += fmt::format("}},\"entries\":{},\"flows\":{},\"paused\":{}}}", one.tables.entries, one.tables.flows,
                        one.tables.paused);
  }
  return text.empty() ? "[]" : text + "]";
}

}  // namespace synward
