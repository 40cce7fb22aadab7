// SPDX-License-Identifier: BSD-2-Clause
#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "attacks.hpp"
#include "json_members.hpp"

namespace synward::tool {

namespace {

using nlohmann::json;

std::string row(const char* name, const std::string& value) { return fmt::format("{:<10} {}\n", name, value); }

std::string share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? grouped(part)
                    : fmt::format("{} of {} ({:.1f} %)", grouped(part), grouped(whole),
                                  100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string card_text(const json& card) {
  const auto where = fmt::format("{} {}", text(card, "backend"), text(card, "where"));
  if (text(card, "state") != "up") {
    return fmt::format("LOST: {}; {}\n", text(card, "why"), where);
  }
  return fmt::format("up, {}; register map {}, clock {:.2f} MHz\n", where, text(card, "map_version"),
                     number(card, "clock_hz") / 1e6);
}

std::string secrets_line(const json& secrets) {
  auto line = fmt::format("{}, {:.1f} s old, {} rotations, {} late", text(secrets, "mode"), number(secrets, "age_s"),
                          grouped(count(secrets, "rotations")), grouped(count(secrets, "missed")));
  if (!member(secrets, "epoch").is_null()) {
    line += fmt::format(", epoch {}, clocks may be {} s apart", count(secrets, "epoch"), number(secrets, "skew_s"));
  }
  return line;
}

std::string pause_line(const json& pause) {
  return flag(pause, "active")
             ? fmt::format("cookies alone for another {:.1f} s (back-off {} s)", number(pause, "left_s"),
                           15u << std::min<std::uint64_t>(count(pause, "backoff"), 6))
             : "none: SYNs go to the syncache";
}

/// Nothing of the RTL's, which has no faults.
std::string engine_text(const json& engine) {
  if (text(engine, "kind") != "hls") {
    return {};
  }
  std::string line = flag(engine, "down") ? "HLS kernel, DOWN: what would ask it is dropped" : "HLS kernel, up";
  if (const auto resets = count(engine, "resets"); resets != 0) {
    line += fmt::format("; reset {} times, the last: {}", grouped(resets), text(engine, "fault"));
  }
  return row("engine", line);
}

/// What a card that is there says of itself.
std::string tables_text(const json& status) {
  const auto& tables = member(status, "tables");
  return engine_text(member(member(status, "card"), "engine")) +
         row("syncache", share(count(tables, "entries"), count(tables, "limit")) +
                             (flag(tables, "ready") ? "" : ", tables are being cleared")) +
         row("flows", share(count(tables, "flows"), count(tables, "flow_limit"))) +
         row("pause", pause_line(member(status, "pause")));
}

std::string links_text(const json& links) {
  std::string out;
  for (const auto& one : links) {
    const auto* state = !flag(one, "up") ? "DOWN (synward link)" : flag(one, "open") ? "up" : "up, waits for the other";
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", text(one, "port"), state);
  }
  return out.empty() ? out : row("links", out);
}

}  // namespace

bool card_lost(const json& status) { return text(member(status, "card"), "state") == "lost"; }

std::string status_text(const json& status) {
  const auto& daemon = member(status, "daemon");
  const auto& events = member(status, "events");
  std::string out = row("synwardd", fmt::format("{}, up {}, {}", text(daemon, "version"),
                                                duration_text(number(daemon, "uptime_s")), text(daemon, "config")));
  out += fmt::format("{:<10} {}", "card", card_text(member(status, "card")));
  out += links_text(member(status, "links"));
  out += row("secrets", secrets_line(member(status, "secrets")));
  const auto& bypass = member(status, "bypass");
  out += flag(bypass, "on") ? bypass_text(bypass) : std::string{};
  out += attacks_on_text(status, fmt::format("{:<10} ", "ATTACK"));
  out += card_lost(status) ? std::string{} : tables_text(status);
  out += row("events", fmt::format("{} recorded, {} counted alone (net.synward.event_limit)",
                                   grouped(count(events, "taken")), grouped(count(events, "lost"))));
  return out;
}

std::string bypass_text(const json& bypass) {
  return row("bypass", flag(bypass, "on") ? fmt::format("ON since {} ({}): everything passes, nothing is protected",
                                                        time_text(number(bypass, "since")), text(bypass, "by"))
                                          : "off: services are protected");
}

std::string secrets_text(const json& secrets) {
  return fmt::format("{}\nnext rotation in {:.1f} s; memory {}\n", secrets_line(secrets), number(secrets, "next_s"),
                     flag(secrets, "locked") ? "locked" : "not locked: it may be swapped (raise RLIMIT_MEMLOCK)");
}

std::string services_text(const json& services) {
  std::string out = fmt::format("{:<39} {:>5} {:<8} {:<10} {:>5} {:>5} {:>6} {:>6}  {}\n", "ADDRESS", "PORT", "MODE",
                                "OWNER", "MSS4", "MSS6", "WSCALE", "WINDOW", "BY");
  for (const auto& one : services) {
    const auto port = count(one, "port");
    const auto owner = text(one, "owner");
    out += fmt::format("{:<39} {:>5} {:<8} {:<10} {:>5} {:>5} {:>6} {:>6}  {}\n", text(one, "address"),
                       port == 0 ? "any" : std::to_string(port), text(one, "mode"), owner.empty() ? "-" : owner,
                       count(one, "mss4"), count(one, "mss6"), count(one, "wscale"), count(one, "window"),
                       flag(one, "learned") ? "server" : "operator");
  }
  return out;
}

std::string log_line_text(const json& line) {
  return fmt::format("{} {}: {}", time_text(number(line, "time")), text(line, "level"), text(line, "text"));
}

}  // namespace synward::tool
