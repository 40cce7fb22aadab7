// SPDX-License-Identifier: BSD-2-Clause
#include "handoff_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace synward {

using Json = nlohmann::ordered_json;

namespace {

/// What the agents said of marks, and what helps where that is not "taken".
struct StatusInfo {
  reg::Counter counter;
  std::string_view name, what, cure;
};
constexpr std::array<StatusInfo, 5> kStatuses{{
    {reg::Counter::status_taken, "taken", "the connection was made", ""},
    {reg::Counter::status_full, "full", "the accept queue was full; the hand-over is tried again",
     "the program accepts too slowly: a longer backlog in listen(2), net.core.somaxconn, or more processes"},
    {reg::Counter::status_no_listener, "no listener", "nobody listens at that port",
     "is the program running? [handoff] learn makes such a port pass by itself"},
    {reg::Counter::status_refused, "refused", "this listener or its kernel can never take a mark",
     "synward-agent check and synward-agent listeners at the server say why"},
    {reg::Counter::status_busy, "busy", "the kernel could not just then; the hand-over is tried again",
     "if it stays: an older connection of the same ports is in the way"},
}};

Json record_json(const control::Record& record) {
  const auto& verdict = control::info(record.verdict);
  const bool protects = record.verdict == control::Verdict::protect;
  return {{"address", to_string(record.address)},
          {"port", record.port},
          {"hand_over", protects ? "protect" : "pass"},
          {"reason", protects ? "" : verdict.name},
          {"why", verdict.why},
          {"cure", verdict.cure},
          {"mss4", record.mss4},
          {"mss6", record.mss6},
          {"window", record.window},
          {"wscale", record.wscale},
          {"window_scale", record.window_scaling},
          {"timestamps", record.timestamps},
          {"sack", record.sack},
          {"ecn", record.ecn}};
}

Json agent_json(const Agent& agent, std::chrono::milliseconds now) {
  auto addresses = Json::array();
  auto listeners = Json::array();
  for (const auto& record : agent.records) {
    if (record.port == 0) {
      addresses.push_back(to_string(record.address));
    } else {
      listeners.push_back(record_json(record));
    }
  }
  return {{"agent", fmt::format("{:016x}", agent.id)},
          {"server", agent.server},
          {"boot", fmt::format("{:016x}", agent.boot)},
          {"mac", to_string(agent.mac)},
          {"vlan", agent.vlan},
          {"state", agent.lost    ? "lost"
                    : agent.whole ? "up"
                                  : "new"},
          {"heard_s", seconds(now - agent.heard)},
          {"table_age_s", agent.whole ? Json(seconds(now - agent.table_at)) : Json()},
          {"incomplete", agent.incomplete},
          {"out_of_bounds", agent.out_of_bounds},
          {"addresses", std::move(addresses)},
          {"listeners", std::move(listeners)}};
}

}  // namespace

Json handoff_summary_json(const HandoffState& state) {
  return {{"configured", state.configured},
          {"learn", state.learn},
          {"agents", state.agents.size()},
          {"lost", std::ranges::count_if(state.agents, &Agent::lost)},
          {"agent_lost", state.hold ? "hold" : "pass"},
          {"learned", state.learned},
          {"warnings", state.warnings.size()}};
}

Json handoff_json(const HandoffState& state, const std::optional<Counters>& counters) {
  Json json{{"configured", state.configured},
            {"learn", state.learn},
            {"agent_lost", state.hold ? "hold" : "pass"},
            {"card", fmt::format("{:016x}", state.card)},
            {"learned", state.learned}};
  auto agents = Json::array();
  for (const auto& agent : state.agents) {
    agents.push_back(agent_json(agent, state.now));
  }
  json["servers"] = std::move(agents);
  auto statuses = Json::array();
  for (const auto& one : kStatuses) {
    statuses.push_back({{"status", one.name},
                        {"count", counters ? Json(counters->values[static_cast<std::size_t>(one.counter)]) : Json()},
                        {"what", one.what},
                        {"cure", one.cure}});
  }
  json["statuses"] = std::move(statuses);
  auto mail = Json::array();
  for (std::size_t i = 0; i < kMailFates; ++i) {
    const auto& fate = info(static_cast<MailFate>(i));
    mail.push_back({{"fate", fate.name}, {"count", state.mail[i]}, {"what", fate.text}});
  }
  json["mail"] = std::move(mail);
  json["out_of_bounds"] = state.out_of_bounds;
  json["warnings"] = state.warnings;
  auto events = Json::array();
  for (const auto& event : state.events) {
    events.push_back({{"time", event.time}, {"text", event.text}});
  }
  json["events"] = std::move(events);
  return json;
}

}  // namespace synward
