// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "synward/address.hpp"
#include "synward/attack_settings.hpp"
#include "synward/config.hpp"
#include "synward/device_config.hpp"
#include "synward/expected.hpp"
#include "synward/handoff_settings.hpp"
#include "synward/secret_keeper.hpp"
#include "synward/sysctl.hpp"

namespace synward {

/// [log]: where log lines go.
struct LogSettings {
  enum class Target : std::uint8_t { standard_error, journal, syslog, file };
  Target target = Target::standard_error;
  std::string path{};  ///< of the file

  bool operator==(const LogSettings&) const = default;
};

/// [api]: where the daemon listens.
struct ApiSettings {
  struct Tcp {
    IpAddress address;
    std::uint16_t port = 0;

    bool operator==(const Tcp&) const = default;
  };
  /// Files for TLS at the port.
  struct Tls {
    std::string certificate, key;
    std::string client_authority{};  ///< whose certificates clients must have; empty: they need none

    bool operator==(const Tls&) const = default;
  };
  std::string admin = "/run/synward/admin.sock";
  std::string everyone = "/run/synward/public.sock";
  std::optional<Tcp> tcp{};
  bool tcp_reads = false;       ///< all that can be read, not only /metrics
  std::optional<Tls> tls{};     ///< nothing: the port speaks in the clear
  std::string password_file{};  ///< of the port; empty: no password is asked for

  bool operator==(const ApiSettings&) const = default;
};

/// [history]: which snapshots are kept.
struct HistorySettings {
  std::chrono::seconds interval{1};
  std::size_t keep = 3600;

  bool operator==(const HistorySettings&) const = default;
};

/// All that synwardd reads from its file (docs/host.md, synwardd.toml(5)).
struct DaemonConfig {
  DeviceConfig device;
  std::string device_text;  ///< [device] as it was written, to see whether it has changed
  SecretSettings secrets;
  HandoffSettings handoff;                     ///< no key file: no hand-off
  std::vector<Service> services;               ///< in the order of the file
  std::map<std::string, std::uint32_t> users;  ///< ids of the services' owners
  Sysctls sysctls;
  LogSettings log;
  ApiSettings api;
  HistorySettings history;
  AttackSettings attack;
  std::string state_folder;           ///< for what outlives the daemon; empty: nothing does
  std::vector<std::string> warnings;  ///< what was taken otherwise than it was written, one line each
};

/// The system's number of a user; nothing where there is none of that name.
std::optional<std::uint32_t> user_id(const std::string& name);

/// Reads a daemon's file. Errors are one line, "FILE:LINE: KEY: what".
Expected<DaemonConfig> load_daemon_config(const std::string& path);
/// Reads it from text; `file` names it in errors.
Expected<DaemonConfig> parse_daemon_config(std::string_view text, const std::string& file);

}  // namespace synward
