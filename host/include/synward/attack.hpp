// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "synward/address.hpp"
#include "synward/counters.hpp"
#include "synward/event.hpp"

namespace synward {

/// What attacks are made of.
enum class AttackClass : std::uint8_t { syn_flood, ack_flood, rst_flood, malformed, retransmission };
inline constexpr std::size_t kAttackClasses = 5;
inline constexpr std::array<AttackClass, kAttackClasses> kAllAttackClasses{
    AttackClass::syn_flood, AttackClass::ack_flood, AttackClass::rst_flood, AttackClass::malformed,
    AttackClass::retransmission};

/// Between these, in frames a second, lies the rate from which on a class is an attack.
struct AttackLimits {
  double floor = 0, ceiling = 0;

  bool operator==(const AttackLimits&) const = default;
};

struct AttackInfo {
  std::string_view name;     ///< in configurations, JSON and labels: "syn-flood"
  std::string_view title;    ///< in text: "SYN flood"
  std::string_view counted;  ///< what is counted of it: "SYNs that led to no handshake"
  AttackLimits limits;       ///< the defaults
};
const AttackInfo& attack_info(AttackClass kind);
std::optional<AttackClass> attack_class(std::string_view name);

/// Frames of a class between two readings of one card's counters.
std::uint64_t attack_frames(AttackClass kind, const Counters& before, const Counters& after);
/// Whether the event is of a frame that the class counts, as far as events tell.
bool is_evidence(AttackClass kind, const LogEvent& event);

/// What recorded events say of where an attack comes from and goes to. They are a sample of it.
struct AttackSample {
  struct Target {
    IpAddress address;
    std::uint16_t port = 0;
    std::uint64_t events = 0;

    bool operator==(const Target&) const = default;
  };
  struct Source {
    IpPrefix prefix;
    IpAddress to;  ///< the service that they went to
    std::uint16_t port = 0;
    std::uint64_t events = 0;

    bool operator==(const Source&) const = default;
  };
  std::uint64_t events = 0;
  std::uint64_t prefixes = 0;   ///< that were told apart, of their sources
  std::vector<Target> targets;  ///< the most frequent first
  std::vector<Source> sources;  ///< the most frequent first

  bool operator==(const AttackSample&) const = default;
};

/// An attack, from its beginning to what is its end so far.
struct AttackRecord {
  std::uint64_t number = 0;  ///< from 1, also across restarts of the daemon where it has a state folder
  AttackClass kind = AttackClass::syn_flood;
  bool over = false;
  bool end_seen = true;      ///< false: the card or the daemon went away before
  double began = 0;          ///< Unix time, s
  double until = 0;          ///< Unix time, s: when it was last seen
  double rate = 0;           ///< frames a second when it was last looked
  double peak = 0;           ///< the highest rate within a second or so
  double threshold = 0;      ///< the rate at which it was told
  double usual = 0;          ///< the rate of peace, as learned
  std::uint64_t frames = 0;  ///< since it began
  std::uint64_t cookies_passed = 0, cookies_failed = 0;
  AttackSample sample{};

  double seconds() const { return until - began; }
  /// Frames a second, from its beginning to when it was last seen.
  double mean() const { return seconds() > 0 ? static_cast<double>(frames) / seconds() : rate; }

  bool operator==(const AttackRecord&) const = default;
};

/// An attack has begun, or is over.
struct AttackChange {
  bool begins = false;
  AttackRecord attack;
};

}  // namespace synward
