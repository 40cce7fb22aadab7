// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "synward/apply.hpp"
#include "synward/sim/clock.hpp"
#include "synward/sim/cores.hpp"
#include "synward/sim/grouped.hpp"
#include "synward/sim/html_report.hpp"
#include "synward/sim/output_file.hpp"
#include "synward/sim/report.hpp"
#include "synward/sim/scenario.hpp"
#include "synward/sim/world.hpp"

namespace synward::sim {

namespace {

std::string_view kind_name(AttackKind kind) { return kAttackNames[static_cast<std::size_t>(kind)]; }

double us(const Histogram& cycles, double fraction) {
  return cycles_to_us(static_cast<double>(cycles.percentile(fraction)));
}

Json us_json(const Histogram& cycles) {
  if (cycles.empty()) {
    return nullptr;
  }
  Json json;
  for (const auto& [name, fraction] : {std::pair{"min", 0.0}, std::pair{"p50", 0.5}, std::pair{"p90", 0.9},
                                       std::pair{"p99", 0.99}, std::pair{"max", 1.0}}) {
    json[name] = us(cycles, fraction);
  }
  return json;
}

/// Million frames per second from the first attack frame to the last.
double attack_mpps(const RunResult& result, std::uint64_t frames) {
  const double span = result.last_us - result.first_us;
  return span > 0 ? static_cast<double>(frames - 1) / span : 0;
}

std::uint64_t attack_frames(const RunResult& result) {
  return std::accumulate(
      result.attackers.begin(), result.attackers.end(), std::uint64_t{0},
      [](std::uint64_t sum, const AttackerTally& tally) { return sum + tally.frames - tally.lost_upstream; });
}

/// Gb/s of the attack on the wire, from its first frame to its last.
double attack_gbps(const RunResult& result) {
  const double span = result.last_us - result.first_us;
  const auto bytes =
      std::accumulate(result.attackers.begin(), result.attackers.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const AttackerTally& tally) { return sum + tally.wire_bytes; });
  return span > 0 ? static_cast<double>(bytes) * 8 / (span * 1000) : 0;
}

Json bins_json(const Scenario& scenario, const RunResult& result) {
  Json json;
  auto& starts = json["start_us"] = Json::array();
  for (std::size_t i = 0; i < result.bins.size(); ++i) {
    starts.push_back(scenario.grid.start(i));
  }
  const std::pair<const char*, std::uint64_t Bin::*> columns[] = {
      {"offered_syns", &Bin::offered_syns},  {"answered", &Bin::answered}, {"started", &Bin::started},
      {"succeeded", &Bin::succeeded},        {"cached", &Bin::cached},     {"stateless", &Bin::stateless},
      {"retransmitted", &Bin::retransmitted}};
  for (const auto& [name, count] : columns) {
    auto& column = json[name] = Json::array();
    for (const auto& bin : result.bins) {
      column.push_back(bin.*count);
    }
  }
  auto& entries = json["syncache_count"] = Json::array();
  auto& paused = json["paused"] = Json::array();
  for (const auto& bin : result.bins) {
    entries.push_back(bin.sampled ? Json(bin.tables.entries) : Json());
    paused.push_back(bin.sampled ? Json(bin.tables.paused) : Json());
  }
  return json;
}

Json make_report(const Scenario& scenario, const Card& card, const RunResult& result) {
  Json report;
  report["scenario"] = scenario.name;
  report["core"] = card.core();
  report["seed"] = scenario.seed;
  report["duration_us"] = scenario.duration_us;
  report["clock_hz"] = kClockHz;
  report["cycles"] = result.cycles;
  auto& attackers = report["attackers"] = Json::array();
  for (const auto& tally : result.attackers) {
    attackers.push_back(
        {{"kind", kind_name(tally.kind)}, {"frames", tally.frames}, {"lost_upstream", tally.lost_upstream}});
  }
  report["attack_mpps"] = attack_mpps(result, attack_frames(result));
  report["attack_gbps"] = attack_gbps(result);
  const auto& clients = result.clients;
  report["clients"] = {
      {"started", clients.started},
      {"connected", clients.connected},
      {"succeeded", clients.succeeded},
      {"reset", clients.reset},
      {"lost", clients.lost},
      {"unfinished", clients.started - clients.succeeded - clients.reset - clients.lost},
      {"success_rate", clients.started == clients.lost ? Json()
                                                       : Json(static_cast<double>(clients.succeeded) /
                                                              static_cast<double>(clients.started - clients.lost))},
      {"bad_syn_acks", clients.bad_syn_acks},
      {"retransmissions", clients.retransmissions},
      {"lost_upstream", clients.lost_upstream}};
  report["connect_latency_us"] = us_json(result.connect_cycles);
  report["request_latency_us"] = us_json(result.request_cycles);
  const auto& server = result.server;
  report["server"] = {{"connections", server.connections},           {"repeated_marks", server.repeated_marks},
                      {"wrong_marks", server.wrong_marks},           {"requests", server.requests},
                      {"unknown_segments", server.unknown_segments}, {"resets_sent", server.resets_sent},
                      {"bad_checksums", server.bad_checksums},       {"not_tcp", server.not_tcp},
                      {"retransmissions", server.retransmissions}};
  add_syn_latency(report, result.syn_latency, card.timed());
  report["frames_lost"] = result.counters.lost();
  report.update(counters_json(result.counters));
  report["tables"] = tables_json(result.tables);
  report["events"] = events_json(result.events);
  report["bins"] = bins_json(scenario, result);
  report["note"] = simulated_note(card);
  return report;
}

std::string attack_words(const RunResult& result) {
  const auto frames = attack_frames(result);
  if (frames == 0) {
    return {};
  }
  const double mpps = attack_mpps(result, frames);
  const auto rate = mpps < 0.1 ? fmt::format("{:.0f}/s", mpps * 1e6) : fmt::format("{:.1f} M/s", mpps);
  std::string text =
      fmt::format("Attack: {} frames, {}, {:.1f} Gb/s on the wire", grouped(frames), rate, attack_gbps(result));
  const auto acceptable = acceptable_syns(result.counters);
  const auto answered = result.counters[reg::Counter::answered];
  if (acceptable != 0) {
    text += acceptable == answered
                ? fmt::format("; {} SYNs were acceptable, all answered", grouped(acceptable))
                : fmt::format("; of {} acceptable SYNs {} were answered", grouped(acceptable), grouped(answered));
  }
  const bool acks =
      std::ranges::any_of(result.attackers, [](const auto& tally) { return tally.kind == AttackKind::ack_flood; });
  if (acks) {
    text += fmt::format("; {} ACKs belonged to no handshake",
                        grouped(result.counters[reg::Counter::failcookie] + result.counters[reg::Counter::spurcookie]));
  }
  return text + ".\n";
}

std::string client_words(const RunResult& result) {
  const auto& clients = result.clients;
  if (clients.started == 0) {
    return {};
  }
  std::string text = fmt::format("Clients: {} of {} legitimate connections succeeded", grouped(clients.succeeded),
                                 grouped(clients.started - clients.lost));
  if (clients.reset != 0) {
    text += fmt::format(", {} were reset", grouped(clients.reset));
  }
  if (const auto unfinished = clients.started - clients.succeeded - clients.reset - clients.lost; unfinished != 0) {
    text += fmt::format(", {} did not finish", grouped(unfinished));
  }
  if (clients.lost != 0) {
    text += fmt::format("; {} clients vanished behind their SYN, as the scenario has it", grouped(clients.lost));
  }
  if (!result.connect_cycles.empty()) {
    text += fmt::format("; connect latency {:.1f} us median, {:.1f} us p99", us(result.connect_cycles, 0.5),
                        us(result.connect_cycles, 0.99));
  }
  if (clients.bad_syn_acks != 0) {
    text += fmt::format("; {} SYN-ACKs broke a rule", grouped(clients.bad_syn_acks));
  }
  return text + ".\n";
}

std::string syncache_words(const RunResult& result) {
  using enum reg::Counter;
  const auto& counters = result.counters;
  const auto cached = counters[answered] - counters[stateless];
  const auto pauses = counters[bucketoverflow];
  return fmt::format(
      "Syncache: {} SYNs answered from it, {} by cookie alone; {} handshakes completed from it, {} by cookie; {} "
      "SYN-ACKs sent again; {}; {} entries at the end.\n",
      grouped(cached), grouped(counters[stateless]), grouped(counters[completed]), grouped(counters[recvcookie]),
      grouped(counters[retransmitted]),
      pauses == 0   ? std::string("never overflowed")
      : pauses == 1 ? std::string("overflowed once")
                    : fmt::format("overflowed {} times", grouped(pauses)),
      grouped(result.tables.entries));
}

std::string drop_words(const RunResult& result) {
  std::vector<std::string> reasons;
  for (std::size_t i = 0; i < reg::kDrops; ++i) {
    if (const auto count = result.counters.values[reg::kFirstDrop + i]; count != 0) {
      reasons.push_back(fmt::format("{} {}", reg::kDropNames[i], grouped(count)));
    }
  }
  return reasons.empty() ? "Dropped: nothing.\n" : fmt::format("Dropped: {}.\n", fmt::join(reasons, ", "));
}

std::string card_words(const Card& card, const RunResult& result) {
  const auto& latency = result.syn_latency.all();
  if (!card.timed() || latency.empty()) {
    return {};
  }
  return fmt::format("Card: SYN-ACK {} clocks ({:.0f} ns) after the SYN, median; {} at most.\n",
                     latency.percentile(0.5), 1000 * us(latency, 0.5), latency.percentile(1));
}

}  // namespace

Expected<std::string> run(const RunOptions& options) {
  const auto scenario = load_scenario(options.scenario);
  if (!scenario) {
    return scenario.error();
  }
  // Places to write to are tried before the work, not after it.
  std::vector<OutputFile> files;
  for (const auto* path : {&options.json, &options.html, &options.events, &options.log}) {
    if (!path->empty()) {
      auto file = OutputFile::create(*path);
      if (!file) {
        return file.error();
      }
      files.push_back(std::move(*file));
    }
  }
  for (const auto& warning : scenario->card.warnings) {
    fmt::print(stderr, "synward: {}: {}\n", options.scenario, warning);
  }
  auto card = make_card(options.core);
  if (!card) {
    return card.error();
  }
  if (const auto applied = apply(**card, scenario->card); !applied) {
    return applied.error();
  }
  run_to_start(**card);
  const auto result = run_world(*scenario, **card);
  if (!result) {
    return result.error();
  }

  const std::string summary = attack_words(*result) + client_words(*result) + syncache_words(*result) +
                              drop_words(*result) + card_words(**card, *result);
  auto file = files.begin();
  const auto write = [&file](const std::string& path, const auto& text) -> Expected<void> {
    return path.empty() ? Expected<void>() : (file++)->write(text());
  };
  for (const auto& written :
       {write(options.json, [&] { return make_report(*scenario, **card, *result).dump(2) + "\n"; }),
        write(options.html, [&] { return html_report(*scenario, **card, *result, summary); }),
        write(options.events, [&] { return result->events.json_lines; }),
        write(options.log, [&] { return result->events.log; })}) {
    if (!written) {
      return written.error();
    }
  }
  for (auto& complete : files) {
    if (auto done = complete.commit(); !done) {
      return done.error();
    }
  }
  return fmt::format("Scenario {}: {:.3f} ms through the {} core.\n", scenario->name, scenario->duration_us / 1000,
                     (*card)->core()) +
         summary + std::string(simulated_note(**card)) + "\n";
}

}  // namespace synward::sim
