// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "synward/expected.hpp"
#include "synward/registers.hpp"

namespace synward {

/// A sysctl that the card does not know: the host's own.
struct HostSysctl {
  std::string_view name;
  std::uint32_t max, def;  ///< 0..max
  std::string_view doc;
  std::array<std::string_view, 2> words{};  ///< of its values, where it has words
};
/// A place in kHostSysctls.
enum class HostSetting : std::uint8_t { see_other, log_debug, log_in_vain, icmplim_output, agent_lost };
inline constexpr std::array<HostSysctl, 5> kHostSysctls{{
    {"net.inet.tcp.syncache.see_other", 1, 0, "Whether listings show half-open connections to every user."},
    {"net.inet.tcp.log_debug", 1, 0, "Whether lines of level debug are logged."},
    {"net.inet.tcp.log_in_vain", 2, 0,
     "No effect here: segments to closed ports pass the card, and the server logs them by its own setting."},
    {"net.inet.icmp.icmplim_output", 1, 1, "Whether it is logged that RSTs were held back."},
    {"net.synward.agent_lost",
     1,
     0,
     "What becomes of a server's services when its agent has said nothing for 3 s: pass, its kernel answers SYNs "
     "itself; "
     "or hold, the card goes on by what the agent said last.",
     {"pass", "hold"}},
}};

/// A name of Linux, and what it stands for.
struct LinuxSysctl {
  std::string_view name;
  std::uint32_t max, def;  ///< 0..max; for a tunable, at least 1 and by default the card's
  bool tunable;
  std::string_view doc;
};
/// A place in kLinuxSysctls.
enum class LinuxName : std::uint8_t { tcp_syncookies, tcp_synack_retries, tcp_max_syn_backlog };
inline constexpr std::array<LinuxSysctl, 3> kLinuxSysctls{{
    {"net.ipv4.tcp_syncookies", 2, 1, false,
     "0: net.inet.tcp.syncookies and net.inet.tcp.syncookies_only are 0; 1: only the first is 1; 2: both are."},
    {"net.ipv4.tcp_synack_retries", 12, 3, false, "net.inet.tcp.syncache.rexmtlimit."},
    {"net.ipv4.tcp_max_syn_backlog", 131072, 0, true, "net.inet.tcp.syncache.cachelimit."},
}};

inline constexpr std::string_view kHashsize = "net.inet.tcp.syncache.hashsize";
/// FreeBSD's text for a hashsize that is not a power of two; the default is then used.
inline constexpr std::string_view kHashsizeWarning = "WARNING: syncache hash size is not a power of 2.";

/// Values for sysctls, of the card and of the host; what was never set has its default.
class Sysctls {
 public:
  /// Sets a sysctl that exists; a name of Linux sets those that it stands for. A value that it does not take is an
  /// error, and the old value stays.
  Expected<void> set(std::string_view name, std::int64_t value);
  /// The value that was set for reg::kSysctls[index], if any: sizes have no default but the card's.
  std::optional<std::uint32_t> set_value(std::size_t index) const { return card_[index]; }
  /// The value of the card's sysctl at register `offset`.
  std::uint32_t card(std::uint32_t offset) const;
  std::uint32_t host(HostSetting setting) const;

  /// What is set, by name, with words where a sysctl has them.
  std::vector<std::pair<std::string, std::string>> texts() const;
  /// Takes every value that `other` sets.
  void overlay(const Sysctls& other);
  /// Forgets every value that `other` sets.
  void forget(const Sysctls& other);

 private:
  std::array<std::optional<std::uint32_t>, reg::kSysctls.size()> card_{};
  std::array<std::optional<std::uint32_t>, kHostSysctls.size()> host_{};
};

/// An error where no sysctl has this name, or where it can only be read.
Expected<void> check_sysctl_name(std::string_view name);
/// What a sysctl takes, for messages: "0..12", "pass, drop".
std::string sysctl_allowed(std::string_view name);
/// A value's word, or its digits.
std::string sysctl_text(const reg::SysctlInfo& info, std::uint32_t value);
std::string sysctl_text(const HostSysctl& info, std::uint32_t value);
/// The value that a word stands for.
Expected<std::uint32_t> sysctl_word(std::string_view name, std::string_view word);

}  // namespace synward
