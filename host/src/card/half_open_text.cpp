// SPDX-License-Identifier: BSD-2-Clause
#include "synward/half_open_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace synward {

namespace {

constexpr unsigned kMostDoublings = 9;  ///< FreeBSD's back-off stops at 512

/// How long the timer that was set with the last SYN-ACK runs, ms (theory of operation, section 4).
std::uint32_t interval_ms(unsigned rxmits, const Sysctls& sysctls) {
  const std::uint64_t initial = sysctls.card(reg::kSysctlRexmitInitial);
  if (rxmits <= 1) {
    return static_cast<std::uint32_t>(initial);
  }
  const std::uint64_t backed_off =
      (initial << std::min(rxmits - 1, kMostDoublings)) + sysctls.card(reg::kSysctlRexmitSlop);
  const std::uint64_t least = std::max<std::uint64_t>(backed_off, sysctls.card(reg::kSysctlRexmitMin));
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(least, sysctls.card(reg::kSysctlRexmitMax)));
}

/// A span of time as ss writes it: 840ms, 3.200ms (3 s and 200 ms), 12sec, 1min4sec.
std::string ss_time(std::uint32_t ms) {
  const auto minutes = ms / 60'000;
  const auto seconds = minutes > 9 ? 0 : ms / 1'000 % 60;
  const auto rest = minutes > 0 || seconds > 9 ? 0 : ms % 1'000;
  std::string text = minutes > 0 ? fmt::format("{}min", minutes) : std::string();
  if (seconds > 0) {
    text += fmt::format("{}{}", seconds, rest > 0 ? "." : "sec");
  }
  return rest > 0 ? text + fmt::format("{:03}ms", rest) : text;
}

std::string netstat_end(const IpAddress& address, std::uint16_t port) {
  return fmt::format("{}.{}", to_string(address), port);
}

std::string ss_address(const IpAddress& address) {
  return address.v6 ? fmt::format("[{}]", to_string(address)) : to_string(address);
}

struct SsRow {
  std::string local, local_port, peer, peer_port, process;
};

SsRow ss_row(const HalfOpen& entry, const Sysctls& sysctls) {
  const auto interval = interval_ms(entry.rxmits, sysctls);
  const auto left = interval > entry.since_last_ms ? interval - entry.since_last_ms : 0;
  return {ss_address(entry.local), std::to_string(entry.lport), ss_address(entry.foreign), std::to_string(entry.fport),
          fmt::format("timer:(on,{},{})", ss_time(left), entry.rxmits - 1)};
}

std::size_t widest(const std::vector<SsRow>& rows, std::string SsRow::*column) {
  std::size_t width = 0;
  for (const auto& row : rows) {
    width = std::max(width, (row.*column).size());
  }
  return width;
}

}  // namespace

std::string netstat_listing(std::span<const HalfOpen> entries) {
  std::string text = "Active Internet connections (including servers)\n";
  text += fmt::format("{:<5} {:<6} {:<6} {:<22} {:<22} {}\n", "Proto", "Recv-Q", "Send-Q", "Local Address",
                      "Foreign Address", "(state)");
  for (const auto& entry : entries) {
    text += fmt::format("{:<5} {:>6} {:>6} {:<22} {:<22} SYN_RCVD\n", entry.local.v6 ? "tcp6" : "tcp4", 0, 0,
                        netstat_end(entry.local, entry.lport), netstat_end(entry.foreign, entry.fport));
  }
  return text;
}

std::string ss_listing(std::span<const HalfOpen> entries, const Sysctls& sysctls) {
  std::vector<SsRow> rows{{"Local Address", "Port", "Peer Address", "Port", "Process"}};
  for (const auto& entry : entries) {
    rows.push_back(ss_row(entry, sysctls));
  }
  const auto local = widest(rows, &SsRow::local);
  const auto local_port = widest(rows, &SsRow::local_port);
  const auto peer = widest(rows, &SsRow::peer);
  const auto peer_port = widest(rows, &SsRow::peer_port);
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    text += fmt::format("{:<8} {:<6} {:<6} {:>{}}:{:<{}} {:>{}}:{:<{}} {}\n", i == 0 ? "State" : "SYN-RECV",
                        i == 0 ? "Recv-Q" : "0", i == 0 ? "Send-Q" : "0", row.local, local, row.local_port, local_port,
                        row.peer, peer, row.peer_port, peer_port, row.process);
  }
  return text;
}

nlohmann::ordered_json json_listing(std::span<const HalfOpen> entries) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& entry : entries) {
    auto options = nlohmann::ordered_json::array();
    for (const auto& [on, name] : {std::pair{entry.window_scale, "window_scale"}, std::pair{entry.sack, "sack"},
                                   std::pair{entry.timestamps, "timestamps"}, std::pair{entry.ecn, "ecn"}}) {
      if (on) {
        options.push_back(name);
      }
    }
    list.push_back({{"family", entry.local.v6 ? "tcp6" : "tcp4"},
                    {"foreign", to_string(entry.foreign)},
                    {"fport", entry.fport},
                    {"local", to_string(entry.local)},
                    {"lport", entry.lport},
                    {"service", entry.service},
                    {"rxmits", entry.rxmits},
                    {"since_last_ms", entry.since_last_ms},
                    {"mss", entry.mss},
                    {"options", std::move(options)}});
  }
  return list;
}

}  // namespace synward
