// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "synward/attack.hpp"
#include "synward/attack_json.hpp"

namespace synward {

/// The last attacks, those that are on among them. Thread safe; whoever writes never waits for those who read.
class AttackBook {
 public:
  static constexpr std::size_t kAttacks = 256;
  static constexpr std::size_t kChanges = 64;  ///< that wait for who tells of them

  /// What earlier daemons left. What was on then went out of sight: that end is told, and given back.
  std::vector<AttackChange> restore(AttackState state);
  void add(AttackChange change);
  /// Figures of those that are on, and what was learned.
  void update(std::vector<AttackRecord> active, const AttackMemory& memory);

  /// The last ones, the oldest first.
  std::vector<AttackRecord> tail(std::size_t limit) const;
  std::optional<AttackRecord> find(std::uint64_t number) const;
  std::vector<AttackRecord> active() const;
  /// By class, how many have begun since the daemon did.
  std::array<std::uint64_t, kAttackClasses> begun() const;
  /// What is kept for later daemons.
  AttackState state() const;

  /// Changes that nobody took yet; waits up to `patience` for one, or until close().
  std::vector<AttackChange> take_changes(std::chrono::milliseconds patience);
  void close();
  bool closed() const;

 private:
  AttackRecord* at(std::uint64_t number);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<AttackRecord> attacks_;
  AttackMemory memory_;
  std::array<std::uint64_t, kAttackClasses> begun_{};
  std::deque<AttackChange> changes_;
  bool closed_ = false;
};

}  // namespace synward
