// SPDX-License-Identifier: BSD-2-Clause
#include "check.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <string_view>
#include <vector>

#include "json_members.hpp"
#include "synward/attack.hpp"
#include "synward/number_text.hpp"
#include "synward/printable.hpp"

namespace synward::tool {

namespace {

using nlohmann::json;

/// A secret so many times as old as it should become.
constexpr double kLate = 2, kOld = 3;
constexpr double kMostMissed = 0.05;  ///< of the rotations
constexpr double kMostLost = 0.01;    ///< of the log's lines
constexpr double kStale = 10;         ///< s, and three intervals: since the card was last read

const char* name_of(Health health) {
  static constexpr std::array<const char*, 4> kNames{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  return kNames[static_cast<std::size_t>(health)];
}

double share(double part, double whole) { return whole > 0 ? part / whole : 0; }

/// What was found, and figures for those who draw them.
class Findings {
 public:
  void find(Health health, std::string what) {
    health_ = std::max(health_, health);
    found_.emplace_back(health, std::move(what));
  }
  /// `threshold`s: of the value, beyond which it is found; 0: none.
  void figure(std::string_view name, double value, std::string_view unit, double warning = 0, double critical = 0,
              double most = 0) {
    const auto optional = [](double number) { return number > 0 ? fmt::format("{:.10g}", number) : std::string(); };
    figures_ += fmt::format(" {}={:.10g}{};{};{};0;{}", name, value, unit, optional(warning), optional(critical),
                            optional(most));
  }
  CheckResult result(const std::string& fine) {
    std::ranges::stable_sort(found_, std::greater(), &std::pair<Health, std::string>::first);
    std::string what;
    for (const auto& one : found_) {
      what += (what.empty() ? "" : ", ") + one.second;
    }
    // A bar would end the text.
    std::ranges::replace(what, '|', '/');
    return {health_, fmt::format("SYNWARD {} - {} |{}", name_of(health_), what.empty() ? fine : what, figures_)};
  }

 private:
  Health health_ = Health::ok;
  std::vector<std::pair<Health, std::string>> found_;
  std::string figures_;
};

void check_secrets(const json& secrets, Findings& findings) {
  const double age = number(secrets, "age_s");
  const double lifetime = number(secrets, "lifetime_s");
  const auto rotations = number(secrets, "rotations");
  const auto missed = number(secrets, "missed");
  if (lifetime > 0 && age > kLate * lifetime) {
    findings.find(age > kOld * lifetime ? Health::critical : Health::warning,
                  fmt::format("the cookie secret is {:.0f} s old, of {:.0f} s", age, lifetime));
  }
  if (share(missed, rotations + missed) > kMostMissed) {
    findings.find(Health::warning, fmt::format("{} of {} rotations were late", grouped(count(secrets, "missed")),
                                               grouped(static_cast<std::uint64_t>(rotations + missed))));
  }
  findings.figure("secret_age", age, "s", kLate * lifetime, kOld * lifetime);
  findings.figure("rotations_missed", missed, "c");
}

void check_table(const char* name, double used, double limit, const CheckOptions& options, Findings& findings) {
  const double full = share(used, limit);
  if (full >= options.warning) {
    findings.find(full >= options.critical ? Health::critical : Health::warning,
                  fmt::format("{} {:.1f} % full", name, 100 * full));
  }
  findings.figure(name, used, "", std::floor(options.warning * limit), std::floor(options.critical * limit), limit);
}

void check_attacks(const json& attacks, Findings& findings) {
  for (const auto& attack : attacks) {
    const auto kind = attack_class(text(attack, "class"));
    findings.find(Health::warning, fmt::format("attack: {}, {} a second",
                                               kind ? std::string(attack_info(*kind).title) : text(attack, "class"),
                                               rate_text(number(attack, "rate"))));
  }
  findings.figure("attacks", attacks.is_array() ? static_cast<double>(attacks.size()) : 0, "");
}

void check_bypass(const json& bypass, Findings& findings) {
  if (flag(bypass, "on")) {
    findings.find(Health::warning,
                  fmt::format("bypass is on since {}: nothing is protected", time_text(number(bypass, "since"))));
  }
  findings.figure("bypass", flag(bypass, "on") ? 1 : 0, "", 0.5);
}

void check_engine(const json& engine, Findings& findings) {
  if (flag(engine, "down")) {
    findings.find(Health::critical, fmt::format("the engine is down ({}): frames of protected services are dropped",
                                                text(engine, "fault")));
  }
  if (text(engine, "kind") == "hls") {
    findings.figure("engine_resets", number(engine, "resets"), "c");
  }
}

void check_links(const json& links, Findings& findings) {
  int down = 0;
  for (const auto& one : links) {
    if (!flag(one, "up")) {
      ++down;
      findings.find(Health::critical, fmt::format("the {} link is down", text(one, "port")));
    }
  }
  findings.figure("links_down", down, "", 0, 1);
}

/// Whether an attack is on has nothing to do with it.
void check_agents(const json& handoff, Findings& findings) {
  const auto lost = count(handoff, "lost");
  if (lost > 0) {
    findings.find(Health::warning,
                  fmt::format("{} of {} servers' agents are lost, their services {}", lost, count(handoff, "agents"),
                              text(handoff, "agent_lost") == "hold" ? "stay protected" : "pass"));
  }
  findings.figure("agents_lost", static_cast<double>(lost), "", 1, 0, number(handoff, "agents"));
}

void check_log(const json& log, Findings& findings) {
  const auto lost = number(log, "lost");
  if (share(lost, number(log, "lines")) > kMostLost) {
    findings.find(Health::warning, fmt::format("{} of {} log lines were lost", grouped(count(log, "lost")),
                                               grouped(count(log, "lines"))));
  }
  findings.figure("log_lost", lost, "c");
}

}  // namespace

CheckResult unhealthy(Health health, const std::string& why) {
  return {health, fmt::format("SYNWARD {} - {}", name_of(health), one_line(why))};
}

CheckResult check_status(const json& status, const CheckOptions& options) {
  const auto& card = member(status, "card");
  const auto state = text(card, "state");
  if (state != "up" && state != "lost") {
    return unhealthy(Health::unknown, "the daemon's answer is not understood");
  }
  Findings findings;
  const auto& tables = member(status, "tables");
  if (state == "lost") {
    findings.find(Health::critical, "the card is lost: " + text(card, "why"));
  } else {
    check_engine(member(card, "engine"), findings);
    check_table("syncache", number(tables, "entries"), number(tables, "limit"), options, findings);
    check_table("flows", number(tables, "flows"), number(tables, "flow_limit"), options, findings);
    const auto& history = member(status, "history");
    if (const double age = number(history, "age_s"); age > std::max(kStale, 3 * number(history, "interval_s"))) {
      findings.find(Health::warning, fmt::format("the card was last read {:.0f} s ago", age));
    }
  }
  if (!member(status, "links").empty()) {
    check_links(member(status, "links"), findings);
  }
  check_bypass(member(status, "bypass"), findings);
  check_secrets(member(status, "secrets"), findings);
  check_attacks(member(status, "attacks"), findings);
  if (flag(member(status, "handoff"), "configured")) {
    check_agents(member(status, "handoff"), findings);
  }
  check_log(member(status, "log"), findings);
  findings.figure("uptime", number(member(status, "daemon"), "uptime_s"), "s");
  return findings.result(fmt::format("card up, cookie secret {:.0f} s old, syncache {:.1f} % and flows {:.1f} % full",
                                     number(member(status, "secrets"), "age_s"),
                                     100 * share(number(tables, "entries"), number(tables, "limit")),
                                     100 * share(number(tables, "flows"), number(tables, "flow_limit"))));
}

CheckResult check(ApiClient& client, const CheckOptions& options) {
  constexpr int kOk = 200;
  constexpr int kUnavailable = 503;
  const auto reply = client.get("/v1/status");
  if (!reply) {
    const bool forbidden = access(client.socket().c_str(), W_OK) != 0 && errno == EACCES;
    return unhealthy(forbidden ? Health::unknown : Health::critical, reply.error().text);
  }
  if (reply->status != kOk) {
    return unhealthy(reply->status == kUnavailable ? Health::critical : Health::unknown, error_of(*reply).text);
  }
  return check_status(json::parse(reply->body, nullptr, false), options);
}

}  // namespace synward::tool
