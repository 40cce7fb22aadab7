// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/html_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <sstream>

#include "synward/netstat.hpp"
#include "synward/sim/chart.hpp"
#include "synward/sim/clock.hpp"
#include "synward/sim/cores.hpp"
#include "synward/sim/grouped.hpp"

namespace synward::sim {

namespace {

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--bg:#fff;--fg:#1d2430;--dim:#667;--line:#d8dce4;--card:#f5f6f9;
--c0:#d9622b;--c1:#2463b8;--c2:#8a5fbf;--bar:#8a5fbf}
@media(prefers-color-scheme:dark){:root{--bg:#14171d;--fg:#e4e7ee;--dim:#98a0b0;--line:#343a47;--card:#1d212a;
--c0:#f0935f;--c1:#74aaf5;--c2:#b794e6;--bar:#b794e6}}
body{background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif;
max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
.note{color:var(--dim)}.tiles{display:flex;flex-wrap:wrap;gap:.8rem;margin:1.2rem 0}
.tile{background:var(--card);border-radius:.5rem;padding:.6rem 1rem;flex:1 1 10rem}
.tile b{display:block;font-size:1.4rem}
svg{width:100%;height:auto;display:block}svg text{font:12px system-ui,sans-serif;fill:var(--dim)}
.end{text-anchor:end}.mid{text-anchor:middle}
.grid{stroke:var(--line)}.curve{fill:none;stroke-width:2}.s0{stroke:var(--c0)}.s1{stroke:var(--c1)}.s2{stroke:var(--c2)}
.area{stroke:none;opacity:.18}.area.s0{fill:var(--c0)}.area.s1{fill:var(--c1)}.bar{fill:var(--bar)}
table{border-collapse:collapse}td,th{padding:.15rem .8rem .15rem 0;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}
pre{background:var(--card);border-radius:.5rem;padding:.8rem;overflow-x:auto;tab-size:8})";

std::string tile(const std::string& number, std::string_view what) {
  return fmt::format("<div class=\"tile\"><b>{}</b>{}</div>", escape_html(number), escape_html(what));
}

std::string tiles(const Card& card, const RunResult& result) {
  const auto acceptable = acceptable_syns(result.counters);
  const auto answered = result.counters[reg::Counter::answered];
  std::string html = "<div class=\"tiles\">";
  if (acceptable != 0) {
    html += tile(fmt::format("{:.2f} %", 100 * static_cast<double>(answered) / static_cast<double>(acceptable)),
                 "of the acceptable SYNs were answered");
  }
  if (result.clients.started != 0) {
    html += tile(fmt::format("{} of {}", grouped(result.clients.succeeded),
                             grouped(result.clients.started - result.clients.lost)),
                 "legitimate connections succeeded");
  }
  if (!result.connect_cycles.empty()) {
    html += tile(fmt::format("{:.1f} µs", cycles_to_us(static_cast<double>(result.connect_cycles.percentile(0.5)))),
                 "median time to connect");
  }
  if (card.timed() && !result.syn_latency.all().empty()) {
    const auto median = result.syn_latency.all().percentile(0.5);
    html += tile(fmt::format("{:.0f} ns", 1000 * cycles_to_us(static_cast<double>(median))),
                 fmt::format("from SYN to SYN-ACK in the card ({} clocks, median)", median));
  }
  html += tile(grouped(result.counters.lost()), "frames lost to full buffers");
  return html + "</div>";
}

Series rate_over_time(const Scenario& scenario, const RunResult& result, std::string name, std::uint64_t Bin::*count) {
  Series series{std::move(name), {}, false};
  for (std::size_t i = 0; i < result.bins.size(); ++i) {
    const double width = scenario.grid.width(i);
    series.points.emplace_back(scenario.grid.start(i) + width / 2,
                               static_cast<double>(result.bins[i].*count) / (width * 1e-6));
  }
  return series;
}

Series total_over_time(const Scenario& scenario, const RunResult& result, std::string name, std::uint64_t Bin::*count) {
  Series series{std::move(name), {{0, 0}}, false};
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < result.bins.size(); ++i) {
    total += result.bins[i].*count;
    series.points.emplace_back(scenario.grid.start(i + 1), static_cast<double>(total));
  }
  return series;
}

/// A value of each bin that has one, at its end.
Series state_over_time(const Scenario& scenario, const RunResult& result, std::string name,
                       const std::function<std::optional<double>(const Bin&)>& value) {
  Series series{std::move(name), {}, false};
  for (std::size_t i = 0; i < result.bins.size(); ++i) {
    if (const auto y = result.bins[i].sampled ? value(result.bins[i]) : std::nullopt) {
      series.points.emplace_back(scenario.grid.start(i + 1), *y);
    }
  }
  return series;
}

/// The ends of the parts of the time; the last one takes in what came after the scenario's end.
std::vector<double> time_breaks(const Scenario& scenario, const RunResult& result) {
  std::vector<double> breaks;
  for (const auto& part : scenario.grid.parts()) {
    breaks.push_back(part.start_us);
  }
  breaks.push_back(scenario.grid.start(std::max(result.bins.size(), scenario.grid.bins())));
  return breaks;
}

std::string syncache_over_time(const Scenario& scenario, const RunResult& result, const std::vector<double>& breaks) {
  const auto most = [&] {
    std::uint32_t entries = 1;
    for (const auto& bin : result.bins) {
      entries = std::max(entries, bin.tables.entries);
    }
    return entries;
  }();
  auto paused =
      state_over_time(scenario, result, "paused", [](const Bin& bin) { return bin.tables.paused ? 100. : 0; });
  paused.filled = true;
  const auto full = state_over_time(scenario, result, fmt::format("entries, % of {}", most),
                                    [most](const Bin& bin) { return 100.0 * bin.tables.entries / most; });
  const auto cached =
      state_over_time(scenario, result, "answers from the syncache, %", [](const Bin& bin) -> std::optional<double> {
        const auto all = bin.cached + bin.stateless;
        return all == 0 ? std::nullopt
                        : std::optional(100.0 * static_cast<double>(bin.cached) / static_cast<double>(all));
      });
  return time_chart("%", {paused, full, cached}, breaks);
}

std::string answers(const Counters& counters) {
  using enum reg::Counter;
  return bar_chart({{"from the syncache", counters[answered] - counters[stateless]},
                    {"by cookie alone", counters[stateless]},
                    {"retransmitted", counters[retransmitted]},
                    {"challenge ACKs", counters[challenge_acks]},
                    {"RSTs", counters[resets_sent]}});
}

Series distribution(std::string name, const Histogram& cycles) {
  Series series{std::move(name), {}, false};
  std::uint64_t seen = 0;
  for (const auto& [value, count] : cycles.counts()) {
    const double us = cycles_to_us(static_cast<double>(value));
    const auto percent = [&cycles](std::uint64_t part) {
      return 100 * static_cast<double>(part) / static_cast<double>(cycles.size());
    };
    series.points.emplace_back(us, percent(seen));
    seen += count;
    series.points.emplace_back(us, percent(seen));
  }
  return series;
}

/// Where the chart of waiting times starts, in us: a little before the first client had anything, for the spread to be
/// seen.
double shortest_wait(const RunResult& result) {
  double shortest = 0;
  for (const auto* cycles : {&result.connect_cycles, &result.request_cycles}) {
    if (!cycles->empty()) {
      const double least = cycles_to_us(static_cast<double>(cycles->percentile(0)));
      shortest = shortest == 0 ? least : std::min(shortest, least);
    }
  }
  return 0.98 * shortest;
}

std::string drops(const Counters& counters) {
  std::vector<std::pair<std::string, std::uint64_t>> bars;
  for (std::size_t i = 0; i < reg::kDrops; ++i) {
    if (const auto count = counters.values[reg::kFirstDrop + i]; count != 0) {
      bars.emplace_back(reg::kDropNames[i], count);
    }
  }
  return bars.empty() ? "<p>Nothing was dropped.</p>" : bar_chart(bars);
}

std::string all_counters(const Counters& counters) {
  std::string html = "<details><summary>All counters of the card</summary><table>";
  for (std::size_t i = 0; i < reg::kCounters; ++i) {
    html += fmt::format("<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td></tr>", reg::kCounterInfo[i].name,
                        grouped(counters.values[i]), escape_html(reg::kCounterInfo[i].doc));
  }
  return html + "</table></details>";
}

}  // namespace

std::string html_report(const Scenario& scenario, const Card& card, const RunResult& result,
                        const std::string& summary) {
  const auto name = escape_html(scenario.name);
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\">"
      "<title>Synward: {}</title><style>{}</style></head><body>\n<h1>{}</h1><p class=\"note\">Synward, {} core, seed "
      "{}. {}</p>\n",
      name, kStyle, name, card.core(), scenario.seed, simulated_note(card));
  html += tiles(card, result) + '\n';
  std::istringstream lines(summary);
  for (std::string line; std::getline(lines, line);) {
    html += fmt::format("<p>{}</p>\n", escape_html(line));
  }

  const auto breaks = time_breaks(scenario, result);
  html += "<h2>The syncache over time</h2>" + syncache_over_time(scenario, result, breaks) + '\n';
  auto offered = rate_over_time(scenario, result, "offered", &Bin::offered_syns);
  offered.filled = true;
  html += "<h2>SYNs offered and answered</h2>" +
          time_chart("SYN/s", {offered, rate_over_time(scenario, result, "answered", &Bin::answered)}, breaks) + '\n';
  if (result.clients.started != 0) {
    auto started = total_over_time(scenario, result, "started", &Bin::started);
    started.filled = true;
    html += "<h2>Legitimate connections</h2>" +
            time_chart("connections so far", {started, total_over_time(scenario, result, "succeeded", &Bin::succeeded)},
                       breaks) +
            '\n';
    html += "<h2>How long clients waited</h2>" +
            line_chart("latency, µs", "% of connections",
                       {distribution("connect", result.connect_cycles),
                        distribution("request to whole response", result.request_cycles)},
                       shortest_wait(result)) +
            '\n';
  }
  html += "<h2>What the card sent to the line by itself</h2>" + answers(result.counters) + '\n';
  html += "<h2>Dropped, by reason</h2>" + drops(result.counters) + '\n';
  html += "<h2>Counters as netstat -s prints them</h2><pre>tcp:\n" +
          netstat_text(result.counters, result.tables.entries) + "</pre>\n";
  if (!result.events.log.empty()) {
    html += "<h2>The log</h2><pre>" + escape_html(result.events.log) + "</pre>\n";
  }
  html += all_counters(result.counters);
  return html + "\n</body></html>\n";
}

}  // namespace synward::sim
