// SPDX-License-Identifier: BSD-2-Clause
#include "synward/attack_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "synward/number_text.hpp"

namespace synward {

namespace {

constexpr std::size_t kNamed = 3;  ///< services and sources in a line
/// Of the events, one in so many must come from a source that is named: what is forged at random has none.
constexpr std::uint64_t kTelling = 20;

std::string cookies_text(const AttackRecord& attack) {
  const auto checked = attack.cookies_passed + attack.cookies_failed;
  return checked == 0 ? std::string("no cookie was checked")
                      : fmt::format("{} of {} checked passed ({:.3g} %)", grouped(attack.cookies_passed),
                                    plural(checked, "cookie"),
                                    100.0 * static_cast<double>(attack.cookies_passed) / static_cast<double>(checked));
}

std::string targets_text(const AttackSample& sample) {
  std::string text;
  for (std::size_t i = 0; i < std::min(kNamed, sample.targets.size()); ++i) {
    const auto& one = sample.targets[i];
    text += fmt::format("{}[{}]:{} ({})", i == 0 ? "to " : ", ", to_string(one.address), one.port, one.events);
  }
  return text;
}

std::string sources_text(const AttackSample& sample) {
  std::string text;
  for (std::size_t i = 0; i < std::min(kNamed, sample.sources.size()); ++i) {
    const auto& one = sample.sources[i];
    if (one.events * kTelling < sample.events) {
      break;
    }
    text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", to_string(one.prefix), one.events);
  }
  const auto all = sample.prefixes == 1 ? "1 prefix" : grouped(sample.prefixes) + " prefixes";
  return text.empty() ? all + ", none of them often" : fmt::format("{}, of {}", text, all);
}

std::string sample_text(const AttackSample& sample) {
  if (sample.events == 0) {
    return "no event was recorded";
  }
  if (sample.targets.empty()) {
    return plural(sample.events, "recorded event") + ", without addresses";
  }
  return fmt::format("{}, a sample: {}, from {}; sources may be forged", plural(sample.events, "recorded event"),
                     targets_text(sample), sources_text(sample));
}

std::string figures_text(const AttackChange& change) {
  const auto& attack = change.attack;
  const auto& info = attack_info(attack.kind);
  if (change.begins) {
    return fmt::format("attack {} begins: {}, {} a second ({}; told from {} on, usual {})", attack.number, info.title,
                       rate_text(attack.rate), info.counted, rate_text(attack.threshold), rate_text(attack.usual));
  }
  return fmt::format("attack {} {}: {}, {} long, {} a second, {} at its peak, {} in all", attack.number,
                     attack.end_seen ? "is over" : "went out of sight", info.title, duration_text(attack.seconds()),
                     rate_text(attack.mean()), rate_text(attack.peak), grouped(attack.frames));
}

}  // namespace

LogLine attack_line(const AttackChange& change, double time) {
  const auto figures = figures_text(change) + "; " + cookies_text(change.attack);
  LogLine line{time, change.begins ? LogLevel::warning : LogLevel::notice,
               figures + "; " + sample_text(change.attack.sample)};
  line.for_others = figures;
  return line;
}

}  // namespace synward
