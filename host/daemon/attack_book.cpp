// SPDX-License-Identifier: BSD-2-Clause
#include "attack_book.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace synward {

namespace {

bool is_on(const AttackRecord& attack) { return !attack.over; }

}  // namespace

std::vector<AttackChange> AttackBook::restore(AttackState state) {
  std::vector<AttackChange> ends;
  const std::lock_guard lock(mutex_);
  memory_ = state.memory;
  attacks_.clear();
  for (auto& attack : state.attacks) {
    if (!attack.over) {
      attack.over = true;
      attack.end_seen = false;
      attack.rate = 0;
      ends.push_back({false, attack});
    }
    memory_.last_number = std::max(memory_.last_number, attack.number);
    attacks_.push_back(std::move(attack));
  }
  while (attacks_.size() > kAttacks) {
    attacks_.pop_front();
  }
  changes_.insert(changes_.end(), ends.begin(), ends.end());
  return ends;
}

void AttackBook::add(AttackChange change) {
  {
    const std::lock_guard lock(mutex_);
    if (auto* known = at(change.attack.number)) {
      *known = change.attack;
    } else {
      attacks_.push_back(change.attack);
    }
    if (attacks_.size() > kAttacks) {
      attacks_.pop_front();
    }
    begun_[static_cast<std::size_t>(change.attack.kind)] += change.begins ? 1 : 0;
    changes_.push_back(std::move(change));
    if (changes_.size() > kChanges) {
      changes_.pop_front();
    }
  }
  changed_.notify_all();
}

void AttackBook::update(std::vector<AttackRecord> active, const AttackMemory& memory) {
  const std::lock_guard lock(mutex_);
  memory_ = memory;
  for (auto& attack : active) {
    if (auto* known = at(attack.number)) {
      *known = std::move(attack);
    }
  }
}

AttackRecord* AttackBook::at(std::uint64_t number) {
  const auto found = std::ranges::find(attacks_, number, &AttackRecord::number);
  return found == attacks_.end() ? nullptr : &*found;
}

std::vector<AttackRecord> AttackBook::tail(std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  return {attacks_.end() - static_cast<std::ptrdiff_t>(std::min(limit, attacks_.size())), attacks_.end()};
}

std::optional<AttackRecord> AttackBook::find(std::uint64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(attacks_, number, &AttackRecord::number);
  return found == attacks_.end() ? std::nullopt : std::optional(*found);
}

std::vector<AttackRecord> AttackBook::active() const {
  const std::lock_guard lock(mutex_);
  std::vector<AttackRecord> list;
  std::ranges::copy_if(attacks_, std::back_inserter(list), is_on);
  return list;
}

std::array<std::uint64_t, kAttackClasses> AttackBook::begun() const {
  const std::lock_guard lock(mutex_);
  return begun_;
}

AttackState AttackBook::state() const {
  const std::lock_guard lock(mutex_);
  return {memory_, {attacks_.begin(), attacks_.end()}};
}

std::vector<AttackChange> AttackBook::take_changes(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [this] { return closed_ || !changes_.empty(); });
  std::vector<AttackChange> taken(std::make_move_iterator(changes_.begin()), std::make_move_iterator(changes_.end()));
  changes_.clear();
  return taken;
}

void AttackBook::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

bool AttackBook::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace synward
