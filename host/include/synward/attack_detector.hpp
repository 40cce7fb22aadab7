// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "synward/attack.hpp"
#include "synward/attack_settings.hpp"
#include "synward/attack_tally.hpp"

namespace synward {

/// What a detector knows of the time before it.
struct AttackMemory {
  std::array<double, kAttackClasses> usual{};  ///< frames a second
  std::uint64_t last_number = 0;               ///< of attacks
};

/// Tells from a card's counters when attacks begin and end. It has no clock: whoever reads the counters, once a second
/// or so, says when.
///
/// A class is an attack from `factor` times its usual rate on, but not below its floor, and always above its ceiling.
/// That rate must be there in three of ten seconds; an attack is over once it was below half of it for `quiet`. The
/// usual rate is learned in peace, within hours; an attack teaches nothing, unless it lasts longer than a day.
class AttackDetector {
 public:
  explicit AttackDetector(AttackSettings settings = {}, const AttackMemory& memory = {});

  /// Counters as they were at a time: `steady` is of any clock that only goes on, `unix_time` what is shown; both s.
  /// Readings of less than 0.2 s after the one before tell nothing.
  std::vector<AttackChange> take(double steady, double unix_time, const Counters& counters);
  /// No counters could be had now, as the card is lost: an attack that was on is over after a while, unseen.
  std::vector<AttackChange> absent(double steady);
  /// The next counters have nothing to do with the last ones.
  void begin_anew() { last_.reset(); }
  /// An event of the card.
  void take(const LogEvent& event);
  /// What is under way goes on under the new settings.
  void configure(const AttackSettings& settings) { settings_ = settings; }

  /// Those that are on.
  std::vector<AttackRecord> active() const;
  /// From how many frames a second on a class is an attack.
  double threshold(AttackClass kind) const;
  AttackMemory memory() const;

 private:
  struct Reading {
    double steady, unix_time;
    Counters counters;
  };
  /// Time above the threshold: when, and how much of it counts, in seconds.
  struct Above {
    double steady;
    int seconds;
  };
  struct Watch {
    double usual = 0;
    std::deque<Above> above;           ///< within the last ten seconds; where there is any, an attack may be beginning
    bool on = false;                   ///< an attack
    double began = 0, last_above = 0;  ///< steady
    AttackRecord now;                  ///< figures of what is on, or may be beginning
    AttackRecord seen;                 ///< the same at `last_above`: where its end is
    AttackTally tally;

    bool suspects() const { return on || !above.empty(); }
  };

  void step(AttackClass kind, const Reading& before, const Reading& now, std::vector<AttackChange>& changes);
  std::vector<AttackChange> expire(double steady);
  void suspect(AttackClass kind, const Reading& before);
  bool begins(Watch& watch, double steady);
  static void end(Watch& watch, bool end_seen, std::vector<AttackChange>& changes);
  void learn(AttackClass kind, double rate, double seconds);
  Watch& watch(AttackClass kind) { return watches_[static_cast<std::size_t>(kind)]; }
  const Watch& watch(AttackClass kind) const { return watches_[static_cast<std::size_t>(kind)]; }

  AttackSettings settings_;
  std::uint64_t last_number_;
  std::optional<Reading> last_;
  std::array<Watch, kAttackClasses> watches_;
};

}  // namespace synward
