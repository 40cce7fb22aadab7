// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "handoff.h"
#include "synward/control_frame.hpp"
#include "synward/expected.hpp"

namespace synward::driver {

/// What decides, beside a listener itself, what its handshakes say: sysctls of its network namespace.
struct ServerSettings {
  bool timestamps = true, sack = true, window_scaling = true, ecn = true;
  std::uint32_t rmem_max = 0;      ///< net.core.rmem_max, bytes
  std::uint32_t tcp_rmem_max = 0;  ///< third of net.ipv4.tcp_rmem, bytes
  std::uint32_t mtu = 1500;        ///< of the interface, bytes
};

/// Reads them from /proc. `interface`: whose MTU counts; empty: 1500. Error: there is no such interface.
Expected<ServerSettings> read_server_settings(const std::string& interface);
/// Whether its frames have Ethernet headers.
bool is_ethernet(const std::string& interface);

/// What the card must say in the place of a listener.
struct Promise {
  std::uint16_t mss4 = 0, mss6 = 0;  ///< bytes
  std::uint16_t window = 0;          ///< of the SYN-ACK, bytes
  std::uint8_t wscale = 0;           ///< RCV.WSCALE
  bool timestamps = true, sack = true, window_scaling = true, ecn = true;

  /// The most that both can keep.
  void meet(const Promise& other);
};

/// What the kernel itself would say for this listener (net/ipv4/tcp_output.c, tcp_select_initial_window); the window is
/// the least that it would allow with any options, and that it keeps once a mark is taken.
Promise promise_of(const synward_listener& listener, const ServerSettings& settings);

/// Whether a listener's connections can be handed over, as far as it says itself.
control::Verdict verdict_of(const synward_listener& listener);
/// Why they cannot, and what helps; nothing where they can.
std::optional<std::string> why_pass(const synward_listener& listener);
/// Whether the kernel of the caller's network namespace takes marks, as it is set now.
bool kernel_takes_marks();

/// Something about the server that the hand-off does not work with, or works worse.
struct Finding {
  bool fatal = false;  ///< no hand-off as it is
  std::string text;    ///< what, and what follows
  std::string sysctl;  ///< the sysctl that would cure it, as its path below /proc/sys; or empty
  std::string value;   ///< its right value
};

/// Looks at the network namespace that the caller is in.
std::vector<Finding> check_server();
/// Writes a finding's sysctl. False where it has none, or the kernel refuses.
bool fix(const Finding& finding);

}  // namespace synward::driver
