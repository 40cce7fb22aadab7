// SPDX-License-Identifier: BSD-2-Clause
#include "synward/driver/server.hpp"

#include <fmt/format.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "synward/driver/kernel.hpp"
#include "synward/file_descriptor.hpp"

namespace synward::driver {

namespace {

constexpr std::uint32_t kMostWindow = 65'535;
constexpr int kBufferLocked = 2;  // SOCK_RCVBUF_LOCK
constexpr std::uint32_t kIpv4Tcp = 40, kIpv6Tcp = 60, kTimestamps = 12;

/// The numbers of a sysctl; none where the kernel does not have it.
std::vector<std::uint64_t> numbers(const std::string& path) {
  std::ifstream file("/proc/sys/" + path);
  std::vector<std::uint64_t> values;
  for (std::uint64_t value = 0; file >> value;) values.push_back(value);
  return values;
}

std::optional<std::uint64_t> number(const std::string& path) {
  const auto values = numbers(path);
  return values.empty() ? std::nullopt : std::optional(values.front());
}

bool enabled(const char* name) { return number(std::string("net/ipv4/") + name).value_or(1) != 0; }

/// Where a buffer has no room for one segment, the kernel says what there is.
std::uint16_t whole_segments(std::uint32_t bytes, std::uint32_t mss) {
  const std::uint32_t window = std::min(bytes, kMostWindow);
  return static_cast<std::uint16_t>(window > mss ? window / mss * mss : window);
}

/// Asks the interface of the caller's network namespace; /sys may show another's.
bool ask(const std::string& interface, unsigned long request, ifreq& answer) {
  const FileDescriptor any(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!any || interface.size() >= sizeof answer.ifr_name) return false;
  std::ranges::copy(interface, answer.ifr_name);
  return ioctl(any.get(), request, &answer) == 0;
}

}  // namespace

Expected<ServerSettings> read_server_settings(const std::string& interface) {
  ServerSettings settings;
  settings.timestamps = enabled("tcp_timestamps");
  settings.sack = enabled("tcp_sack");
  settings.window_scaling = enabled("tcp_window_scaling");
  const auto ecn = number("net/ipv4/tcp_ecn").value_or(2);
  settings.ecn = ecn == 1 || ecn == 2;
  settings.rmem_max = static_cast<std::uint32_t>(number("net/core/rmem_max").value_or(212'992));
  const auto rmem = numbers("net/ipv4/tcp_rmem");
  settings.tcp_rmem_max = rmem.size() == 3 ? static_cast<std::uint32_t>(rmem[2]) : 6'291'456;
  if (interface.empty()) return settings;
  ifreq answer{};
  if (!ask(interface, SIOCGIFMTU, answer))
    return Error{fmt::format("{}: no such interface in this network namespace", interface)};
  settings.mtu = static_cast<std::uint32_t>(answer.ifr_mtu);
  return settings;
}

bool is_ethernet(const std::string& interface) {
  ifreq answer{};
  return ask(interface, SIOCGIFHWADDR, answer) && answer.ifr_hwaddr.sa_family == ARPHRD_ETHER;
}

void Promise::meet(const Promise& other) {
  mss4 = std::min(mss4, other.mss4);
  mss6 = std::min(mss6, other.mss6);
  window = std::min(window, other.window);
  wscale = std::min(wscale, other.wscale);
}

Promise promise_of(const synward_listener& listener, const ServerSettings& settings) {
  Promise promise{.timestamps = settings.timestamps,
                  .sack = settings.sack,
                  .window_scaling = settings.window_scaling,
                  .ecn = settings.ecn};
  const auto mss = [&](std::uint32_t headers) {
    const std::uint32_t most = std::clamp(settings.mtu, 576U, 65'535U) - headers;
    return static_cast<std::uint16_t>(listener.user_mss != 0 ? std::min<std::uint32_t>(most, listener.user_mss) : most);
  };
  promise.mss4 = mss(kIpv4Tcp);
  promise.mss6 = mss(kIpv6Tcp);

  // Kernels before 6.6 share a buffer by tcp_adv_win_scale, whose default gives half of it to the window.
  const std::uint32_t ratio = listener.scaling_ratio != 0 ? listener.scaling_ratio : 128;
  const auto full = static_cast<std::uint32_t>(std::uint64_t{static_cast<std::uint32_t>(listener.rcvbuf)} * ratio >> 8);
  std::uint32_t clamp = listener.window_clamp;
  if (clamp == 0 && (listener.userlocks & kBufferLocked) != 0) clamp = full;
  const std::uint32_t space = clamp != 0 ? std::min(full, clamp) : full;
  const std::uint32_t least = std::min(promise.mss4, promise.mss6);
  promise.window = std::min(whole_segments(space, promise.mss4),
                            std::min(whole_segments(space, least), whole_segments(space, least - kTimestamps)));
  std::uint32_t most = std::max({full, settings.tcp_rmem_max, settings.rmem_max});
  if (clamp != 0) most = std::min(most, clamp);
  const int shift = static_cast<int>(std::bit_width(most)) - 16;
  promise.wscale = static_cast<std::uint8_t>(std::clamp(shift, 0, 14));
  return promise;
}

control::Verdict verdict_of(const synward_listener& listener) {
  using enum control::Verdict;
  return listener.mptcp != 0 ? mptcp : listener.md5 != 0 ? md5 : listener.ao != 0 ? ao : protect;
}

std::optional<std::string> why_pass(const synward_listener& listener) {
  const auto verdict = verdict_of(listener);
  if (verdict == control::Verdict::protect) return std::nullopt;
  return fmt::format("{}; {}", control::info(verdict).why, control::info(verdict).cure);
}

bool kernel_takes_marks() { return number("net/ipv4/tcp_syncookies") != 0; }

std::vector<Finding> check_server() {
  std::vector<Finding> findings;
  for (const std::string& line : probe_kernel().missing())
    findings.push_back({true, line + "; services can only be mode = \"pass\"", {}, {}});
  if (number("net/ipv4/tcp_syncookies") == 0)
    findings.push_back(
        {true, "net.ipv4.tcp_syncookies is 0: the kernel takes no mark, nor stands a flood that the card passes",
         "net/ipv4/tcp_syncookies", "1"});
  if (number("net/ipv4/tcp_rfc1337") == 1)
    findings.push_back({false,
                        "net.ipv4.tcp_rfc1337 is 1: a client that comes back to a port in TIME_WAIT waits a minute",
                        "net/ipv4/tcp_rfc1337", "0"});
  // Only there while something tracks connections.
  if (number("net/netfilter/nf_conntrack_tcp_loose") == 0)
    findings.push_back({true,
                        "net.netfilter.nf_conntrack_tcp_loose is 0: connection tracking calls handed connections "
                        "invalid; or notrack them",
                        "net/netfilter/nf_conntrack_tcp_loose", "1"});
  for (const char* name : {"tcp_timestamps", "tcp_sack", "tcp_window_scaling"}) {
    if (!enabled(name))
      findings.push_back(
          {false,
           fmt::format("net.ipv4.{} is 0: the card's service must not offer it either, or marks are refused", name),
           std::string("net/ipv4/") + name, "1"});
  }
  return findings;
}

bool fix(const Finding& finding) {
  if (finding.sysctl.empty()) return false;
  std::ofstream file("/proc/sys/" + finding.sysctl);
  file << finding.value << std::flush;
  return static_cast<bool>(file);
}

}  // namespace synward::driver
