// SPDX-License-Identifier: BSD-2-Clause
#include "attacks.hpp"

#include <fmt/format.h>

#include "json_members.hpp"
#include "synward/attack.hpp"
#include "synward/number_text.hpp"

namespace synward::tool {

namespace {

using nlohmann::json;

/// What a class is called; one that this tool does not know is called by its name.
std::string title(const json& attack) {
  const auto name = text(attack, "class");
  const auto kind = attack_class(name);
  return kind ? std::string(attack_info(*kind).title) : name;
}

const char* state_text(const json& attack) {
  return text(attack, "state") == "on" ? "on" : flag(attack, "end_seen") ? "over" : "out of sight";
}

std::string row(const char* name, const std::string& value) { return fmt::format("{:<10} {}\n", name, value); }

std::string cookies_text(const json& cookies) {
  return count(cookies, "checked") == 0
             ? std::string("none was checked")
             : fmt::format("{} of {} checked passed ({:.3g} %)", grouped(count(cookies, "passed")),
                           grouped(count(cookies, "checked")), 100 * number(cookies, "share"));
}

std::string place_text(const json& place) {
  return fmt::format("[{}]:{}", text(place, "address"), count(place, "port"));
}

}  // namespace

std::string attack_list_text(const json& attacks) {
  auto out = fmt::format("{:>5} {:<15} {:<15} {:>10} {:>9} {:>9} {:>19} {}\n", "N", "CLASS", "BEGAN", "LASTED",
                         "RATE/s", "PEAK/s", "FRAMES", "STATE");
  for (const auto& one : attacks) {
    const bool on = text(one, "state") == "on";
    out += fmt::format("{:>5} {:<15} {:<15} {:>10} {:>9} {:>9} {:>19} {}\n", count(one, "n"), text(one, "class"),
                       time_text(number(one, "began")), duration_text(number(one, "duration_s")),
                       rate_text(number(one, on ? "rate" : "mean")), rate_text(number(one, "peak")),
                       grouped(count(one, "frames")), state_text(one));
  }
  return out;
}

std::string attack_text(const json& attack) {
  const auto& recorded = member(attack, "recorded");
  auto out = row("attack", fmt::format("{}: {} ({}), {}", count(attack, "n"), title(attack), text(attack, "counted"),
                                       state_text(attack)));
  out += row("began", time_text(number(attack, "began")));
  out += row("last seen", fmt::format("{}, {} later", time_text(number(attack, "until")),
                                      duration_text(number(attack, "duration_s"))));
  out += row("a second", fmt::format("{} now, {} in the mean, {} at its peak", rate_text(number(attack, "rate")),
                                     rate_text(number(attack, "mean")), rate_text(number(attack, "peak"))));
  out += row("told from", fmt::format("{} a second on; usual {}", rate_text(number(attack, "threshold")),
                                      rate_text(number(attack, "usual"))));
  out += row("frames", grouped(count(attack, "frames")));
  out += row("cookies", cookies_text(member(attack, "cookies")));
  out += row(
      "events",
      fmt::format("{} recorded, from {}: a sample; sources may be forged", grouped(count(recorded, "events")),
                  count(recorded, "prefixes") == 1 ? "1 prefix" : grouped(count(recorded, "prefixes")) + " prefixes"));
  for (const auto& one : member(recorded, "services")) {
    out += row("to", fmt::format("{:<46} {:>7}", place_text(one), grouped(count(one, "events"))));
  }
  for (const auto& one : member(recorded, "sources")) {
    out += row("from", fmt::format("{:<22} to {:<20} {:>7}", text(one, "prefix"), place_text(one),
                                   grouped(count(one, "events"))));
  }
  return out;
}

std::string attacks_on_text(const json& status, const std::string& lead) {
  std::string out;
  for (const auto& one : member(status, "attacks")) {
    out += fmt::format("{}{}: {} a second, {} at its peak, for {} (synward attack show {})\n", lead, title(one),
                       rate_text(number(one, "rate")), rate_text(number(one, "peak")),
                       duration_text(number(one, "duration_s")), count(one, "n"));
  }
  return out;
}

}  // namespace synward::tool
