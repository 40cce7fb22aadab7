// SPDX-License-Identifier: BSD-2-Clause
// synward handoff: the servers behind the card, what they say of themselves, and what became of marks.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "json_members.hpp"
#include "synward/number_text.hpp"
#include "synward/printable.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace synward::tool {

namespace {

using nlohmann::json;

std::string age(const json& object, const char* key) {
  return member(object, key).is_number() ? fmt::format("{:.1f} s", number(object, key)) : std::string("-");
}

std::string listener_text(const json& one) {
  const auto address = text(one, "address");
  const bool v6 = address.find(':') != std::string::npos;
  const auto place = fmt::format(fmt::runtime(v6 ? "[{}]:{}" : "{}:{}"), address, count(one, "port"));
  if (text(one, "hand_over") != "protect") {
    return fmt::format("  {:<30} pass     {}; {}\n", place, text(one, "why"), text(one, "cure"));
  }
  std::string options;
  for (const auto* option : {"timestamps", "sack", "window_scale", "ecn"}) {
    options += flag(one, option) ? fmt::format("{}{}", options.empty() ? "" : " ", option) : std::string();
  }
  return fmt::format("  {:<30} protect  mss {}, window {}, wscale {}, {}\n", place, count(one, v6 ? "mss6" : "mss4"),
                     count(one, "window"), count(one, "wscale"), options.empty() ? "no options" : options);
}

std::string server_text(const json& one) {
  const auto name = text(one, "server");
  std::string out =
      fmt::format("{}{} {} at {}{}, boot {}: heard {} ago, table {} old\n", name.empty() ? "" : name + " ",
                  text(one, "agent"), text(one, "state") == "lost" ? "LOST" : text(one, "state"), text(one, "mac"),
                  count(one, "vlan") == 0 ? "" : fmt::format(" VLAN {}", count(one, "vlan")), text(one, "boot"),
                  age(one, "heard_s"), age(one, "table_age_s"));
  std::string addresses;
  for (const auto& address : member(one, "addresses")) {
    addresses += address.is_string() ? " " + one_line(address.get<std::string>()) : std::string();
  }
  out += fmt::format("  addresses{}\n", addresses.empty() ? " none" : addresses);
  for (const auto& listener : member(one, "listeners")) {
    out += listener_text(listener);
  }
  if (count(one, "out_of_bounds") != 0) {
    out += fmt::format("  {} of what it announces are outside the bounds of [handoff]\n", count(one, "out_of_bounds"));
  }
  return out + (flag(one, "incomplete") ? "  it has more listeners than it can announce\n" : "");
}

std::string counts_text(const json& list, const char* name, const char* title, bool all) {
  std::string out;
  for (const auto& one : list) {
    if (!all && count(one, "count") == 0) {
      continue;
    }
    const auto cure = text(one, "cure");
    out += fmt::format("{:>14}  {:<12} {}{}\n", grouped(count(one, "count")), text(one, name), text(one, "what"),
                       cure.empty() || count(one, "count") == 0 ? "" : "; " + cure);
  }
  return out.empty() ? out : fmt::format("{}\n{}", title, out);
}

}  // namespace

std::string handoff_text(const json& handoff) {
  if (!flag(handoff, "configured")) {
    return "no hand-off is configured ([handoff] key_file)\n";
  }
  std::string out = fmt::format("{}, {} learned; of a lost agent: {} (net.synward.agent_lost)\n",
                                flag(handoff, "learn") ? "listeners become services" : "nothing is learned",
                                count(handoff, "learned"), text(handoff, "agent_lost"));
  const auto& servers = member(handoff, "servers");
  if (servers.empty()) {
    out += "no server has been heard: does synward-agent run there, with the same key?\n";
  }
  for (const auto& one : servers) {
    out += server_text(one);
  }
  out += counts_text(member(handoff, "statuses"), "status", "what servers said of marks", true);
  out += counts_text(member(handoff, "mail"), "fate", "control frames of the servers", false);
  for (const auto& one : member(handoff, "warnings")) {
    out += one.is_string() ? fmt::format("warning: {}\n", one_line(one.get<std::string>())) : std::string();
  }
  for (const auto& one : member(handoff, "events")) {
    out += fmt::format("{} {}\n", time_text(number(one, "time")), text(one, "text"));
  }
  return out;
}

void add_handoff(const Verbs& verbs) {
  const auto as_json = std::make_shared<bool>(false);
  auto& verb = add_verb(verbs.app, "handoff", "Servers behind the card, their listeners, what became of marks",
                        "synward handoff\n  synward handoff --json | jq '.servers[].listeners'");
  verb.add_flag("--json", *as_json, "As JSON");
  verbs.does(verb, [as_json](ApiClient& client) -> Outcome {
    const auto answer = client.get_json("/v1/handoff");
    if (!answer) {
      return answer.error();
    }
    return *as_json ? json_text(*answer) : handoff_text(*answer);
  });
}

}  // namespace synward::tool
