// SPDX-License-Identifier: BSD-2-Clause
#include "synward/attack_tally.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace synward {

namespace {

/// Counts one more, unless it is new and there are `most` already.
template <typename Key>
void count(std::map<Key, std::uint64_t>& counts, const Key& key, std::uint64_t times, std::size_t most) {
  const auto found = counts.find(key);
  if (found != counts.end()) {
    found->second += times;
  } else if (counts.size() < most) {
    counts.emplace(key, times);
  }
}

template <typename One>
void keep_most_frequent(std::vector<One>& list, std::size_t most) {
  std::ranges::stable_sort(list, std::greater(), &One::events);
  list.resize(std::min(list.size(), most));
}

}  // namespace

void AttackTally::add(const LogEvent& event) {
  events_ += event.times;
  if (!event.local) {
    return;
  }
  const Target target{*event.local, event.lport};
  count(targets_, target, event.times, kMostTargets);
  if (event.foreign) {
    count(sources_, {source_prefix(*event.foreign), target}, event.times, kMost);
  }
}

AttackSample AttackTally::sample() const {
  AttackSample sample;
  sample.events = events_;
  for (const auto& [target, events] : targets_) {
    sample.targets.push_back({target.first, target.second, events});
  }
  std::set<IpPrefix> prefixes;
  for (const auto& [source, events] : sources_) {
    const auto& [prefix, target] = source;
    prefixes.insert(prefix);
    sample.sources.push_back({prefix, target.first, target.second, events});
  }
  sample.prefixes = prefixes.size();
  keep_most_frequent(sample.targets, kShown);
  keep_most_frequent(sample.sources, kShown);
  return sample;
}

}  // namespace synward
