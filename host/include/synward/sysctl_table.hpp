// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "synward/card.hpp"
#include "synward/sysctl.hpp"

namespace synward {

/// What is known of a sysctl without asking a card.
struct SysctlDescription {
  std::string name;
  std::string type;     ///< "u32" or "word"
  std::string def{};    ///< the default's text; "the card's" for sizes, empty for what only shows a state
  std::string range{};  ///< what it takes: "0..12", "pass, drop"; empty where it can only be read
  std::string doc{};
  bool writable = false;
  bool tunable = false;  ///< set in the configuration alone, as FreeBSD's loader tunables
};

/// Why a sysctl was not read or set, in sysctl(8)'s words.
struct SysctlRefusal {
  enum class Kind : std::uint8_t { unknown_oid, read_only, invalid, no_card };
  Kind kind;
  std::string text;  ///< what sysctl prints behind "sysctl: "
  std::string tip;   ///< a second line of the same form, or empty
};

/// The value of a sysctl before and after it was set.
struct SysctlChange {
  std::string before, after;
};

/// All sysctls, as sysctl(8) shows and sets them: the card's, the host's own, what only shows a state, and Linux' names
/// for some. Not thread safe.
class SysctlTable {
 public:
  /// Every sysctl, or those at `prefix` and below it, in the order of their names.
  static std::vector<SysctlDescription> list(std::string_view prefix = {});
  static std::optional<SysctlDescription> describe(std::string_view name);

  /// `configured`: what the configuration sets.
  explicit SysctlTable(const Sysctls& configured) : configured_(configured) {}
  /// A new configuration: what it sets replaces what was set at run time; the rest of that stays.
  void configure(const Sysctls& configured);
  /// Begins with what was set at the run time of an earlier process.
  void resume(const Sysctls& running);
  /// What was set at run time.
  const Sysctls& running() const { return running_; }
  /// What holds now: the configuration, and what was set at run time.
  Sysctls values() const;

  /// The value's text. `card` may be null: then what was set, and a refusal where only a card knows.
  std::variant<std::string, SysctlRefusal> get(std::string_view name, Card* card) const;
  /// Sets a sysctl from text as sysctl(8) reads it: decimal, 0x and octal numbers, words where the sysctl has them.
  /// What the card has to know is written to it, and refused without one.
  std::variant<SysctlChange, SysctlRefusal> set(std::string_view name, const std::string& text, Card* card);

 private:
  std::variant<std::string, SysctlRefusal> write(std::string_view name, std::int64_t value, Card* card);

  Sysctls configured_, running_;
};

}  // namespace synward
