// SPDX-License-Identifier: BSD-2-Clause
#include "synward/attack_detector.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace synward {

namespace {

constexpr double kLeastInterval = 0.2;  ///< s: in less, a clock's steps would look like rates
constexpr double kPeakInterval = 0.5;   ///< s: a rate is a peak over so long at least
constexpr double kWindow = 10;          ///< s, within which it must be above for kNeeded
constexpr int kNeeded = 3;              ///< s
/// However long nobody looked, so much of it counts: two readings can tell what one cannot.
constexpr int kMostAtOnce = 2;  ///< s

constexpr double kRising = 3'600, kFalling = 6 * 3'600;  ///< s, of the usual rate: time constants
constexpr double kTeachesAfter = 24 * 3'600;             ///< s: what lasts longer is learned as usual

bool went_back(const Counters& before, const Counters& now) {
  for (std::size_t i = 0; i < before.values.size(); ++i) {
    if (now.values[i] < before.values[i]) {
      return true;
    }
  }
  return false;
}

}  // namespace

AttackDetector::AttackDetector(AttackSettings settings, const AttackMemory& memory)
    : settings_(std::move(settings)), last_number_(memory.last_number) {
  for (const auto kind : kAllAttackClasses) {
    watch(kind).usual = std::max(0.0, memory.usual[static_cast<std::size_t>(kind)]);
  }
}

double AttackDetector::threshold(AttackClass kind) const {
  const auto& limits = settings_.limits[static_cast<std::size_t>(kind)];
  return std::clamp(settings_.factor * watch(kind).usual, limits.floor, limits.ceiling);
}

std::vector<AttackChange> AttackDetector::take(double steady, double unix_time, const Counters& counters) {
  Reading now{steady, unix_time, counters};
  if (last_ && steady - last_->steady < kLeastInterval && steady >= last_->steady) {
    return {};
  }
  const auto before = std::exchange(last_, now);
  if (!before || steady < before->steady || went_back(before->counters, counters)) {
    return expire(steady);
  }
  std::vector<AttackChange> changes;
  for (const auto kind : kAllAttackClasses) {
    step(kind, *before, now, changes);
  }
  return changes;
}

std::vector<AttackChange> AttackDetector::absent(double steady) {
  begin_anew();
  return expire(steady);
}

std::vector<AttackChange> AttackDetector::expire(double steady) {
  std::vector<AttackChange> changes;
  for (auto& one : watches_) {
    one.now.rate = 0;
    one.above.clear();
    one.tally = one.on ? std::move(one.tally) : AttackTally();
    if (one.on && steady - one.last_above >= static_cast<double>(settings_.quiet.count())) {
      end(one, false, changes);
    }
  }
  return changes;
}

void AttackDetector::step(AttackClass kind, const Reading& before, const Reading& now,
                          std::vector<AttackChange>& changes) {
  auto& one = watch(kind);
  const double seconds = now.steady - before.steady;
  const auto frames = attack_frames(kind, before.counters, now.counters);
  const double rate = static_cast<double>(frames) / seconds;
  const double limit = one.on ? std::max(one.now.threshold, threshold(kind)) / 2 : threshold(kind);
  const bool above = one.on ? rate >= limit : rate > limit;
  std::erase_if(one.above, [&](const Above& past) { return now.steady - past.steady > kWindow; });
  if (above && !one.suspects()) {
    suspect(kind, before);
  }
  if (one.suspects() || above) {
    using enum reg::Counter;
    auto& record = one.now;
    record.until = now.unix_time;
    record.rate = rate;
    record.peak = seconds >= kPeakInterval ? std::max(record.peak, rate) : record.peak;
    record.frames += frames;
    record.cookies_passed += now.counters[recvcookie] - before.counters[recvcookie];
    record.cookies_failed += now.counters[failcookie] - before.counters[failcookie];
  }
  if (above) {
    one.last_above = now.steady;
    one.seen = one.now;
    one.above.push_back({now.steady, std::clamp(static_cast<int>(std::lround(seconds)), 1, kMostAtOnce)});
  }
  if (!one.on && begins(one, now.steady)) {
    changes.push_back({true, one.now});
    changes.back().attack.sample = one.tally.sample();
  } else if (one.on && now.steady - one.last_above >= static_cast<double>(settings_.quiet.count())) {
    end(one, true, changes);
  } else if (one.on ? now.steady - one.began > kTeachesAfter : !above) {
    learn(kind, rate, seconds);
  }
  if (!one.suspects()) {
    one.tally = {};  // of a second in which there was nothing
  }
}

void AttackDetector::suspect(AttackClass kind, const Reading& before) {
  auto& one = watch(kind);
  one.began = before.steady;
  one.now = {.kind = kind, .began = before.unix_time, .threshold = threshold(kind), .usual = one.usual};
}

bool AttackDetector::begins(Watch& watch, double steady) {
  const auto seconds = std::accumulate(watch.above.begin(), watch.above.end(), 0,
                                       [](int sum, const Above& past) { return sum + past.seconds; });
  if (seconds < kNeeded) {
    return false;
  }
  watch.on = true;
  watch.last_above = steady;
  watch.now.number = watch.seen.number = ++last_number_;
  return true;
}

void AttackDetector::end(Watch& watch, bool end_seen, std::vector<AttackChange>& changes) {
  auto record = watch.seen;
  record.over = true;
  record.end_seen = end_seen;
  record.rate = 0;
  record.sample = watch.tally.sample();
  changes.push_back({false, std::move(record)});
  watch.on = false;
  watch.above.clear();
}

void AttackDetector::learn(AttackClass kind, double rate, double seconds) {
  auto& usual = watch(kind).usual;
  // More than this would only make it take longer to forget.
  const double most = settings_.limits[static_cast<std::size_t>(kind)].ceiling / settings_.factor;
  const double towards = std::min(rate, most);
  usual += (towards - usual) * (1 - std::exp(-seconds / (towards > usual ? kRising : kFalling)));
}

void AttackDetector::take(const LogEvent& event) {
  for (const auto kind : kAllAttackClasses) {
    if (is_evidence(kind, event)) {
      watch(kind).tally.add(event);
    }
  }
}

std::vector<AttackRecord> AttackDetector::active() const {
  std::vector<AttackRecord> records;
  for (const auto& one : watches_) {
    if (one.on) {
      records.push_back(one.now);
      records.back().sample = one.tally.sample();
    }
  }
  return records;
}

AttackMemory AttackDetector::memory() const {
  AttackMemory memory{.usual = {}, .last_number = last_number_};
  for (const auto kind : kAllAttackClasses) {
    memory.usual[static_cast<std::size_t>(kind)] = watch(kind).usual;
  }
  return memory;
}

}  // namespace synward
