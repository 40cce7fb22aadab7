// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sysctl_page.hpp"

#include <fmt/format.h>

#include <string_view>

#include "synward/sysctl_table.hpp"

namespace synward {

namespace {

constexpr std::string_view kHead = R"(<!-- Made by ./dev gen from host/src/sysctl/sysctl_page.cpp. Do not edit. -->
# Sysctls

`synward sysctl` reads and sets them as sysctl(8) does; `[sysctl]` of the configuration sets them at start. Each line is
the name, the type, the default and what is taken, and the meaning. Numbers may be decimal, hexadecimal (0x) or octal
(0). What is not in the range is refused, also where FreeBSD takes any number for 1. A *tunable* can be set in the
configuration alone, as FreeBSD's can in loader.conf; a *state* can only be read, unless it says more.
)";

constexpr std::string_view kTail = R"(
## Names of FreeBSD that are not here

| name | why |
| --- | --- |
| net.inet.tcp.mssdflt, net.inet.tcp.v6mssdflt | Without an MSS option it is 536 and 1220, as it has to be. |
| net.inet.tcp.minmss | The least MSS that the card sends is a service's `mss4` and `mss6`, at least 216. |
| net.inet.icmp.icmplim_jitter | The card sends no RST for closed ports, which are what the jitter hides. |
)";

std::string line(const SysctlDescription& one) {
  std::string what = one.def;
  if (!one.range.empty()) {
    what += (what.empty() ? "" : "; ") + one.range;
  }
  const std::string_view kind = one.tunable ? " tunable" : one.def.empty() ? " state" : "";
  return fmt::format("- `{} {}{}{}` {}\n", one.name, one.type, kind, what.empty() ? "" : " <" + what + ">", one.doc);
}

std::string section(std::string_view title, std::string_view prefix) {
  std::string text = fmt::format("\n## {}\n\n", title);
  for (const auto& one : SysctlTable::list(prefix)) {
    text += line(one);
  }
  return text;
}

}  // namespace

std::string sysctl_page() {
  return std::string(kHead) + section("FreeBSD's", "net.inet") + section("Synward's own", "net.synward") +
         section("Linux' names for some of them", "net.ipv4") + std::string(kTail);
}

}  // namespace synward
