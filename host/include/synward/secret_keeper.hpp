// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "synward/card.hpp"
#include "synward/cookie_secrets.hpp"
#include "synward/event.hpp"
#include "synward/expected.hpp"
#include "synward/fleet_keys.hpp"
#include "synward/handoff_secrets.hpp"

namespace synward {

enum class SecretMode : std::uint8_t { random, fleet };

/// [secrets] of the daemon's configuration.
struct SecretSettings {
  SecretMode mode = SecretMode::random;
  std::chrono::milliseconds rotate{15'000};  ///< random: how often; 0: never
  std::string master_key_file{};             ///< fleet, as the next two
  std::chrono::milliseconds epoch{20'000};
  std::chrono::milliseconds skew{2'500};  ///< how far two clocks of the fleet may be apart
  std::string handoff_key_file{};         ///< [handoff]; empty: no server is told of any secret

  /// How old a key is to become that makes cookies; 0: any age.
  std::chrono::milliseconds lifetime() const { return mode == SecretMode::fleet ? epoch : rotate; }

  bool operator==(const SecretSettings&) const = default;
};

/// The same moment on the three clocks that count.
struct Moment {
  std::chrono::milliseconds steady{};     ///< never set, only goes on
  std::chrono::milliseconds unix_time{};  ///< since 1970; may be set
  double card_s = 0;                      ///< the clock of the card's events, s
};

/// What a visit to the schedule of the secrets brought.
struct Rotation {
  bool rotated = false;
  std::uint64_t missed = 0;          ///< rotations that came more than a second late, or not at all
  std::chrono::milliseconds late{};  ///< by how much the first of them
  std::chrono::milliseconds
      clock_set_by{};  ///< fleet: the Unix time was set by more than a second since the last visit
};

/// For people; holds no secret.
struct SecretStatus {
  SecretMode mode = SecretMode::random;
  bool loaded = false;
  std::chrono::milliseconds age{};        ///< since the key that makes new cookies came
  std::uint64_t rotations = 0;            ///< since the daemon started
  std::uint64_t missed = 0;               ///< of them, or in their place
  std::optional<FleetKeys::Epoch> epoch;  ///< fleet
  bool locked_memory = false;             ///< keys cannot be swapped
};

/// The secrets of a card and their schedule, random or the fleet's (docs/host.md, section 2). Not thread safe.
class SecretKeeper {
 public:
  using Milliseconds = std::chrono::milliseconds;

  /// Reads the master key of a fleet, and the key file of the hand-off; errors are MasterKey's.
  static Expected<SecretKeeper> make(const SecretSettings& settings);

  /// Writes every secret but the key of the tables to a card that has none.
  Expected<void> load(Card& card, const Moment& now);
  /// Takes over a card that another process left in service. Random: the keys it has stay, and the next one comes at
  /// once. Fleet: those of the time.
  Expected<void> adopt(Card& card, const Moment& now);

  /// The steady time at which run() is to be called, if nobody sets the clock; nothing where keys stay.
  std::optional<Milliseconds> next_due(const Moment& now) const;
  /// Does what is due, in steps each of which leaves the card with whole keys that others take. After load() or
  /// adopt().
  Expected<Rotation> run(Card& card, const Moment& now);
  /// Random mode: rotates now. Error in fleet mode, where the time decides.
  Expected<void> rotate_now(Card& card, const Moment& now);

  SecretStatus status(const Moment& now) const;
  /// Says of an event whose cookie it brought (CookieSecrets::explain).
  void explain(LogEvent& event) const;
  /// Whether `other` would make the same keys at the same times.
  bool same_as(const SecretKeeper& other) const;

 private:
  explicit SecretKeeper(SecretSettings settings) : settings_(std::move(settings)) {}

  Expected<SecretSet> draw(const Moment& now) const;
  Expected<void> rotate_random(Card& card, const Moment& now);
  Expected<Rotation> run_random(Card& card, const Moment& now);
  Expected<Rotation> run_fleet(Card& card, const Moment& now);
  Expected<void> settle(Card& card, const FleetKeys::Schedule& wanted, const Moment& now);
  Expected<void> put_epoch(Card& card, FleetKeys::Epoch epoch, const Moment& now);
  void select(Card& card, unsigned parity);
  void count_missed(Rotation& rotation, Milliseconds late, Milliseconds every);

  SecretSettings settings_;
  std::optional<FleetKeys> fleet_;
  std::optional<HandoffSecrets> handoff_;
  std::unique_ptr<CookieSecrets> secrets_;                ///< null until there are any
  std::array<std::optional<FleetKeys::Epoch>, 2> slots_;  ///< fleet: what they hold, if it is known
  unsigned parity_ = 0;                                   ///< fleet: the slot that makes new cookies
  std::optional<FleetKeys::Epoch> epoch_;                 ///< fleet: whose key that is
  Moment last_visit_;
  Milliseconds next_{}, fresh_since_{};  ///< steady
  std::uint64_t rotations_ = 0, missed_ = 0;
};

}  // namespace synward
