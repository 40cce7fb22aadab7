// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "synward/device.hpp"
#include "synward/expected.hpp"
#include "synward/registers.hpp"

namespace synward {

/// A sysctl that the card does not know: the host's own.
struct HostSysctl {
  std::string_view name;
  std::uint32_t max, def;  ///< 0..max
  std::string_view doc;
};
/// A place in kHostSysctls.
enum class HostSetting : std::uint8_t { see_other, rst_on_sock_fail, log_debug, log_in_vain };
inline constexpr std::array<HostSysctl, 4> kHostSysctls{{
    {"net.inet.tcp.syncache.see_other", 1, 0, "Whether listings show half-open connections to every user."},
    {"net.inet.tcp.syncache.rst_on_sock_fail", 1, 1, "Whether a client whose socket cannot be made gets a RST."},
    {"net.inet.tcp.log_debug", 1, 0, "Whether lines of level debug are logged."},
    {"net.inet.tcp.log_in_vain", 2, 0, "1: the server logs SYNs to closed ports, 2: all segments to them."},
}};

inline constexpr std::string_view kHashsize = "net.inet.tcp.syncache.hashsize";
/// FreeBSD's text for a hashsize that is not a power of two; the default is then used.
inline constexpr std::string_view kHashsizeWarning = "WARNING: syncache hash size is not a power of 2.";

/// Values for sysctls, of the card and of the host; what was never set has its default.
class Sysctls {
 public:
  /// Sets a sysctl that exists. A value that it does not take is an error, and the old value stays.
  Expected<void> set(std::string_view name, std::int64_t value);
  /// The value that was set for reg::kSysctls[index], if any: sizes have no default but the card's.
  std::optional<std::uint32_t> set_value(std::size_t index) const { return card_[index]; }
  /// The value of the card's sysctl at register `offset`.
  std::uint32_t card(std::uint32_t offset) const;
  std::uint32_t host(HostSetting setting) const { return host_[static_cast<std::size_t>(setting)]; }

 private:
  std::array<std::optional<std::uint32_t>, reg::kSysctls.size()> card_{};
  std::array<std::uint32_t, kHostSysctls.size()> host_{0, 1, 0, 0};
};

/// An error where no sysctl has this name, or where it can only be read.
Expected<void> check_sysctl_name(std::string_view name);
/// What a sysctl takes, for messages: "0..12", "pass, drop".
std::string sysctl_allowed(std::string_view name);
/// The value that a word stands for.
Expected<std::uint32_t> sysctl_word(std::string_view name, std::string_view word);

/// Sets a sysctl of a running card. Refused, without touching the card: no such sysctl, a value that it does not take,
/// a size of the tables (FreeBSD takes those at boot alone).
Expected<void> set_sysctl(Device& device, std::string_view name, std::int64_t value);

}  // namespace synward
