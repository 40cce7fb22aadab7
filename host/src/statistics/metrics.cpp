// SPDX-License-Identifier: BSD-2-Clause
#include "synward/metrics.hpp"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace synward {

namespace {

using Type = prometheus::MetricType;
using Labels = std::vector<std::pair<std::string, std::string>>;

/// A family of samples, each with labels of its own.
class Family {
 public:
  Family(std::string name, std::string_view help, Type type) : family_{std::move(name), std::string(help), type, {}} {}

  Family& add(const Labels& labels, double value) {
    prometheus::ClientMetric metric;
    for (const auto& [name, of] : labels) {
      metric.label.push_back({name, of});
    }
    (family_.type == Type::Counter ? metric.counter.value : metric.gauge.value) = value;
    family_.metric.push_back(std::move(metric));
    return *this;
  }
  prometheus::MetricFamily take() && { return std::move(family_); }

 private:
  prometheus::MetricFamily family_;
};

class Exposition {
 public:
  void add(Family family) { families_.push_back(std::move(family).take()); }
  void counter(std::string name, std::string_view help, double value) {
    add(std::move(Family(std::move(name), help, Type::Counter).add({}, value)));
  }
  void gauge(std::string name, std::string_view help, double value) {
    add(std::move(Family(std::move(name), help, Type::Gauge).add({}, value)));
  }
  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

double seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }
double number(std::uint64_t value) { return static_cast<double>(value); }

/// A counter's name, of its path in reports.
std::string name_of(std::string_view path) {
  std::string name = fmt::format("synward_{}_total", path);
  std::ranges::replace_if(
      name, [](char c) { return c == '.' || c == '-'; }, '_');
  return name;
}

void add_counters(const Counters& counters, Exposition& page) {
  for (std::size_t i = 0; i < reg::kFirstDrop; ++i) {
    page.counter(name_of(reg::kCounterInfo[i].json), reg::kCounterInfo[i].doc, number(counters.values[i]));
  }
  Family drops("synward_drops_total", "frames dropped, by reason", Type::Counter);
  for (std::size_t i = 0; i < reg::kDrops; ++i) {
    drops.add({{"reason", std::string(reg::kDropNames[i])}}, number(counters.values[reg::kFirstDrop + i]));
  }
  page.add(std::move(drops));
}

void add_tables(const CardMetrics& card, Exposition& page) {
  const auto& tables = card.tables;
  page.gauge("synward_tables_syncache_entries", "half-open connections in the syncache", tables.entries);
  page.gauge("synward_tables_syncache_limit", "the most that the syncache takes", number(card.entry_limit));
  page.gauge("synward_tables_flows", "flows in the flow table", tables.flows);
  page.gauge("synward_tables_flows_limit", "the most that the flow table takes", number(card.flow_limit));
  page.gauge("synward_tables_paused", "1 while SYNs are answered with cookies alone", tables.paused ? 1 : 0);
  page.gauge("synward_tables_backoff", "exponent of the pause, 0 to 6", tables.backoff);
  page.gauge("synward_tables_pause_left_seconds", "until the pause ends", tables.pause_left_ms / 1000.0);
}

void add_events(const CardMetrics& card, Exposition& page) {
  Family events("synward_events_total",
                "events of the card: recorded, or lost: counted alone, by net.synward.event_limit or for want of room",
                Type::Counter);
  for (std::size_t code = 1; code <= reg::kEvents.size(); ++code) {
    const std::string name(reg::kEvents[code - 1].name);
    events.add({{"event", name}, {"result", "recorded"}}, number(card.events_recorded[code]));
    events.add({{"event", name}, {"result", "lost"}}, number(card.events_lost[code]));
  }
  page.add(std::move(events));
}

void add_links(const CardMetrics& card, Exposition& page) {
  for (std::size_t bit = 0; bit < port_reg::kStatusInfo.size() && !card.ports.empty(); ++bit) {
    const auto& info = port_reg::kStatusInfo[bit];
    Family family(fmt::format("synward_link_{}", info.name), fmt::format("1 while of a port: {}", info.text),
                  Type::Gauge);
    for (const auto& port : card.ports) {
      family.add({{"port", std::string(port.name)}}, port.is(static_cast<port_reg::Status>(bit)) ? 1 : 0);
    }
    page.add(std::move(family));
  }
  for (std::size_t i = 0; i < port_reg::kCounters && !card.ports.empty(); ++i) {
    const auto& info = port_reg::kCounterInfo[i];
    Family family(fmt::format("synward_link_{}_total", info.name), info.doc, Type::Counter);
    for (const auto& port : card.ports) {
      family.add({{"port", std::string(port.name)}}, number(port.counters[i]));
    }
    page.add(std::move(family));
  }
  if (!card.ports.empty()) {
    Family lanes("synward_link_lanes_locked", "lanes of a port that have block lock, of 20", Type::Gauge);
    for (const auto& port : card.ports) {
      lanes.add({{"port", std::string(port.name)}}, port.lanes_locked());
    }
    page.add(std::move(lanes));
  }
  if (!card.sensors.empty()) {
    Family sensors("synward_temperature_celsius", "what the card and its modules tell, where the system knows it",
                   Type::Gauge);
    for (const auto& one : card.sensors) {
      sensors.add({{"sensor", one.name}}, one.celsius);
    }
    page.add(std::move(sensors));
  }
}

void add_card(const CardMetrics& card, Exposition& page) {
  const auto version =
      fmt::format("{}.{}.{}", card.map_version >> 16, card.map_version >> 8 & 0xff, card.map_version & 0xff);
  page.add(std::move(Family("synward_card_info",
                            "1; which card, its engine (rtl or hls), and the version of its register map", Type::Gauge)
                         .add({{"backend", card.backend},
                               {"device", card.where},
                               {"engine", std::string(card.engine.kind())},
                               {"map_version", version}},
                              1)));
  page.gauge("synward_card_clock_hertz", "the clock of the card's core", card.clock_hz);
  page.gauge("synward_engine_down", "1 while an engine that does not answer rightly is not asked", card.engine.down);
  page.counter("synward_engine_resets_total", "times that the card reset its engine for a fault",
               number(card.engine_resets));
  add_counters(card.counters, page);
  add_tables(card, page);
  add_events(card, page);
  add_links(card, page);
}

void add_secrets(const Metrics& metrics, Exposition& page) {
  const auto& secrets = metrics.secrets;
  page.gauge("synward_secret_age_seconds", "since the key that makes new cookies came", seconds(secrets.age));
  page.gauge("synward_secret_lifetime_seconds", "how old that key is to become; 0: any age",
             seconds(metrics.secret_lifetime));
  page.counter("synward_secret_rotations_total", "rotations of the cookie secrets", number(secrets.rotations));
  page.counter("synward_secret_rotations_missed_total", "rotations that came more than a second late, or not at all",
               number(secrets.missed));
}

void add_handoff(const HandoffMetrics& handoff, Exposition& page) {
  page.gauge("synward_agents", "servers whose agents are known", number(handoff.agents));
  page.gauge("synward_agents_lost", "of them, those that have said nothing whole for 3 s", number(handoff.lost));
  page.counter("synward_agent_losses_total", "how often an agent was lost", number(handoff.losses));
  page.gauge("synward_services_learned", "services that hold by what servers say", number(handoff.learned));
  page.counter("synward_announced_out_of_bounds_total",
               "addresses and listeners that agents announced beyond the bounds of [handoff]",
               number(handoff.out_of_bounds));
  Family mail("synward_agent_mail_total", "control frames of the servers to the daemon, by what became of them",
              Type::Counter);
  for (std::size_t i = 0; i < control::kMailFates; ++i) {
    mail.add({{"fate", std::string(info(static_cast<control::MailFate>(i)).name)}}, number(handoff.mail[i]));
  }
  page.add(std::move(mail));
}

void add_attacks(const Metrics& metrics, Exposition& page) {
  Family active("synward_attack_active", "1 while an attack of this class is on", Type::Gauge);
  Family begun("synward_attacks_total", "attacks of this class that have begun", Type::Counter);
  for (const auto kind : kAllAttackClasses) {
    const auto& attacks = metrics.attacks[static_cast<std::size_t>(kind)];
    const Labels labels{{"class", std::string(attack_info(kind).name)}};
    active.add(labels, attacks.active ? 1 : 0);
    begun.add(labels, number(attacks.begun));
  }
  page.add(std::move(active));
  page.add(std::move(begun));
}

void add_doors(const Metrics& metrics, Exposition& page) {
  Family answers("synward_api_answers_total", "answers to requests, by socket", Type::Counter);
  Family refused("synward_api_refused_total", "of them, those with a status of 400 or more", Type::Counter);
  Family away("synward_api_turned_away_total", "connections that had to make way for others, by socket", Type::Counter);
  for (const auto& [name, door] :
       {std::pair{"admin", &metrics.admin}, std::pair{"public", &metrics.everyone}, std::pair{"tcp", &metrics.tcp}}) {
    const Labels labels{{"door", name}};
    answers.add(labels, number(door->answers));
    refused.add(labels, number(door->refused));
    away.add(labels, number(door->turned_away));
  }
  page.add(std::move(answers));
  page.add(std::move(refused));
  page.add(std::move(away));
}

void add_process(const Metrics& metrics, Exposition& page) {
  page.add(std::move(
      Family("synward_build_info", "1; the daemon's version, and that of the register map it knows", Type::Gauge)
          .add({{"version", metrics.version},
                {"map_version", fmt::format("{}.{}.{}", reg::kVersionMajor, reg::kVersionMinor, reg::kVersionPatch)}},
               1)));
  const auto& process = metrics.process;
  page.gauge("process_start_time_seconds", "when the daemon began, Unix time", seconds(process.started));
  page.counter("process_cpu_seconds_total", "processor time that the daemon took", process.cpu_s);
  page.gauge("process_resident_memory_bytes", "memory that the daemon holds", number(process.resident_bytes));
}

}  // namespace

std::string prometheus_text(const Metrics& metrics) {
  Exposition page;
  page.gauge("synward_card_up", "1 while the card is there", metrics.card ? 1 : 0);
  page.gauge("synward_bypass", "1 while every service passes, by an operator's wish", metrics.bypass ? 1 : 0);
  page.counter("synward_card_losses_total", "how often the card was lost", number(metrics.card_losses));
  if (metrics.card) {
    add_card(*metrics.card, page);
  }
  add_handoff(metrics.handoff, page);
  add_secrets(metrics, page);
  add_attacks(metrics, page);
  page.counter("synward_log_lines_total", "lines of the log", number(metrics.log_lines));
  page.counter("synward_log_lines_lost_total", "lines of the log that could not be written", number(metrics.log_lost));
  add_doors(metrics, page);
  add_process(metrics, page);
  return page.text();
}

}  // namespace synward
