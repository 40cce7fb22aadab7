// SPDX-License-Identifier: BSD-2-Clause
#include "synward/statistics.hpp"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "synward/netstat.hpp"

namespace synward {

namespace {

using Json = nlohmann::ordered_json;

/// A counter of Linux and what it is here.
struct LinuxCounter {
  std::string_view name;
  std::uint64_t value;
};

std::vector<LinuxCounter> linux_counters(const Counters& counters) {
  using enum reg::Counter;
  const auto handed_over = counters[completed] + counters[recvcookie];
  const auto dropped = counters.drop(reg::Drop::syncache_full);
  return {{"TcpPassiveOpens", handed_over},
          {"TcpRetransSegs", counters[retransmitted]},
          {"TcpOutRsts", counters[resets_sent]},
          {"TcpInCsumErrors", counters.drop(reg::Drop::bad_tcp_checksum)},
          {"TcpExtSyncookiesSent", counters[stateless]},
          {"TcpExtSyncookiesRecv", counters[recvcookie]},
          {"TcpExtSyncookiesFailed", counters[failcookie]},
          {"TcpExtEmbryonicRsts", counters[reset]},
          {"TcpExtListenOverflows", 0},
          {"TcpExtListenDrops", dropped},
          {"TcpExtTCPReqQFullDoCookies", counters[stateless]},
          {"TcpExtTCPReqQFullDrop", dropped},
          {"TcpExtPAWSEstab", counters.drop(reg::Drop::paws)},
          {"TcpExtTCPChallengeACK", counters[challenge_acks]},
          {"TcpExtTCPSynRetrans", counters[retransmitted]}};
}

class Exposition {
 public:
  void counter(std::string_view path, std::string_view help, double value) {
    add(metric_name(path) + "_total", help, prometheus::MetricType::Counter).counter.value = value;
  }
  void gauge(std::string_view path, std::string_view help, double value) {
    add(metric_name(path), help, prometheus::MetricType::Gauge).gauge.value = value;
  }
  /// One family, with a sample for each value of a label.
  void labelled(std::string name, std::string_view help, prometheus::MetricType type, const std::string& label,
                const std::vector<std::pair<std::string_view, double>>& values) {
    prometheus::MetricFamily family{std::move(name), std::string(help), type, {}};
    for (const auto& [value, number] : values) {
      prometheus::ClientMetric metric;
      metric.label.push_back({label, std::string(value)});
      (type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = number;
      family.metric.push_back(std::move(metric));
    }
    families_.push_back(std::move(family));
  }
  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  static std::string metric_name(std::string_view path) {
    std::string name = "synward_" + std::string(path);
    std::ranges::replace_if(
        name, [](char c) { return c == '.' || c == '-'; }, '_');
    return name;
  }
  prometheus::ClientMetric& add(std::string name, std::string_view help, prometheus::MetricType type) {
    families_.push_back({std::move(name), std::string(help), type, {{}}});
    return families_.back().metric.front();
  }

  std::vector<prometheus::MetricFamily> families_;
};

double seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }

void add_card(const CardMetrics& card, Exposition& page) {
  for (std::size_t i = 0; i < reg::kCounters; ++i) {
    page.counter(reg::kCounterInfo[i].json, reg::kCounterInfo[i].doc, static_cast<double>(card.counters.values[i]));
  }
  const auto& tables = card.tables;
  page.gauge("tables.syncache_count", "entries in the syncache", tables.entries);
  page.gauge("tables.flows", "flows in the flow table", tables.flows);
  page.gauge("tables.paused", "1 while SYNs are answered with cookies alone", tables.paused ? 1 : 0);
  page.gauge("tables.backoff", "exponent of the pause", tables.backoff);
  page.gauge("tables.pause_left_ms", "until the pause ends", tables.pause_left_ms);
  for (std::size_t code = 1; code <= reg::kEvents.size(); ++code) {
    const auto name = fmt::format("events.{}", reg::kEvents[code - 1].name);
    page.counter(name + ".recorded", "events of this code taken out of the card's ring",
                 static_cast<double>(card.events_recorded[code]));
    page.counter(name + ".lost", "events of this code that the card's ring refused",
                 static_cast<double>(card.events_lost[code]));
  }
}

}  // namespace

Json counters_json(const Counters& counters) {
  Json report;
  for (std::size_t i = 0; i < reg::kCounters; ++i) {
    Json* at = &report;
    std::string_view path = reg::kCounterInfo[i].json;
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
      at = &(*at)[std::string(path.substr(0, dot))];
      path.remove_prefix(dot + 1);
    }
    (*at)[std::string(path)] = counters.values[i];
  }
  // All of netstat's lines, in its order, before what else the card counts.
  Json named;
  const auto tcp = tcp_totals(counters);
  named["tcp"] = {{"sent-packets", tcp.packets_sent},
                  {"sent-ack-only-packets", tcp.ack_only},
                  {"sent-control-packets", tcp.control},
                  {"connection-accepts", tcp.accepts},
                  {"listen-queue-overflows", tcp.listen_overflows}};
  for (const auto& line : kNetstatLines) {
    named[std::string(line.container)][std::string(line.key)] = line.value(counters);
  }
  for (const auto& [container, values] : report["counters"].items()) {
    named[container].update(values);
  }
  report["counters"] = std::move(named);
  return report;
}

Json tables_json(const TableState& tables) {
  return {{"syncache_count", tables.entries},
          {"flows", tables.flows},
          {"paused", tables.paused},
          {"backoff", tables.backoff},
          {"pause_left_ms", tables.pause_left_ms}};
}

std::string nstat_text(const Counters& counters) {
  std::string text = "#kernel\n";
  for (const auto& [name, value] : linux_counters(counters)) {
    text += fmt::format("{:<32}{:<16}{:>6}\n", name, value, "0.0");
  }
  return text;
}

std::string prometheus_text(const Metrics& metrics) {
  Exposition page;
  page.gauge("card_up", "1 while the card is there", metrics.card ? 1 : 0);
  if (metrics.card) {
    add_card(*metrics.card, page);
  }
  const auto& secrets = metrics.secrets;
  page.gauge("secret_age_seconds", "since the key that makes new cookies came", seconds(secrets.age));
  page.counter("secret_rotations", "rotations of the cookie secrets", static_cast<double>(secrets.rotations));
  page.counter("secret_rotations_missed", "rotations that came more than a second late, or not at all",
               static_cast<double>(secrets.missed));
  page.counter("log.lines_lost", "lines of the log that could not be written", static_cast<double>(metrics.log_lost));
  std::vector<std::pair<std::string_view, double>> active;
  std::vector<std::pair<std::string_view, double>> begun;
  for (const auto kind : kAllAttackClasses) {
    const auto& attacks = metrics.attacks[static_cast<std::size_t>(kind)];
    active.emplace_back(attack_info(kind).name, attacks.active ? 1 : 0);
    begun.emplace_back(attack_info(kind).name, static_cast<double>(attacks.begun));
  }
  page.labelled("synward_attack_active", "1 while an attack of this class is on", prometheus::MetricType::Gauge,
                "class", active);
  page.labelled("synward_attacks_total", "attacks of this class that have begun", prometheus::MetricType::Counter,
                "class", begun);
  const auto& away = metrics.turned_away;
  for (const auto& [door, count] :
       {std::pair{"admin", away.admin}, std::pair{"public", away.everyone}, std::pair{"tcp", away.tcp}}) {
    page.counter(fmt::format("api.{}.turned_away", door), "connections that had to make way for others",
                 static_cast<double>(count));
  }
  return page.text();
}

}  // namespace synward
