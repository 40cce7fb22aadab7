// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <toml++/toml.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "synward/address.hpp"
#include "synward/expected.hpp"
#include "synward/registers.hpp"
#include "synward/secrets.hpp"
#include "synward/sysctl.hpp"

namespace synward {

/// What the card does with segments to a service; the values are those of SERVICE_OPTIONS.
enum class ServiceMode : std::uint8_t { pass = 0, protect = 1, drop = 2 };
/// Their names, by value.
inline constexpr std::array<std::string_view, 3> kServiceModes{"pass", "protect", "drop"};

/// One entry of the service table.
struct Service {
  std::optional<IpAddress> address;  ///< nothing: any address of either family
  std::uint16_t port = 0;            ///< 0: any
  ServiceMode mode = ServiceMode::protect;
  std::uint16_t mss4 = 1460;     ///< MSS option for IPv4, bytes
  std::uint16_t mss6 = 1440;     ///< MSS option for IPv6, bytes
  std::uint8_t wscale = 6;       ///< RCV.WSCALE
  std::uint16_t window = 64240;  ///< window field of the SYN-ACK; what a default Linux listener has
  std::uint16_t path_mss4 = 0;   ///< most that the server is told of the client's MSS, IPv4, bytes; 0: no bound
  std::uint16_t path_mss6 = 0;   ///< likewise, IPv6
  std::uint8_t ttl = 64;         ///< TTL or hop limit
  std::uint8_t tos = 0;          ///< TOS or traffic class
  bool window_scale = true;      ///< window scale may be accepted
  bool sack = true;              ///< SACK permitted may be accepted
  bool timestamps = true;        ///< timestamps may be accepted
  bool ecn = true;               ///< ECN may be accepted
  std::string owner{};           ///< user who may see its half-open connections; empty: nobody in particular
  bool learned = false;          ///< of a server's own account, not of the operator

  bool operator==(const Service&) const = default;

  /// True where the service takes segments to this destination.
  bool matches(const IpAddress& destination, std::uint16_t destination_port) const {
    return (!address || *address == destination) && (port == 0 || port == destination_port);
  }
};

/// The most entries a configuration may have.
inline constexpr std::size_t kMaxServices = 32;

/// All that a card is told at start, and what its host keeps to itself.
struct Config {
  std::vector<Service> services;     ///< in the order of the file
  Sysctls sysctls;                   ///< those that the file names
  std::optional<SecretSet> secrets;  ///< nothing: random, drawn when applied
  std::string handoff_key_file;      ///< of what the servers share; empty: no server is told of any secret
  /// How often the host puts a new cookie secret in the place of the older one, s, as FreeBSD; 0: never.
  std::uint32_t rotate_s = 15;
  std::vector<std::string> warnings;  ///< what was taken otherwise than it was written, one line each
};

/// Reads a configuration file. Errors are one line, "FILE:LINE: KEY: what".
Expected<Config> load_config(const std::string& path);
/// Reads a configuration from text; `file` names it in errors.
Expected<Config> parse_config(std::string_view text, const std::string& file);
/// Reads a configuration from a table of a larger file.
Expected<Config> config_from_table(const toml::table& table, const std::string& file);

/// Reads an array of tables [[service]]. Errors as for a whole configuration.
Expected<std::vector<Service>> services_from_tables(const toml::array& tables, const std::string& file);
/// Reads a table [handoff]: the path of its key file.
Expected<std::string> handoff_key_file_from_table(const toml::table& table, const std::string& file);
/// Reads a table [sysctl]; what is taken otherwise than it was written is added to `warnings`.
Expected<Sysctls> sysctls_from_table(const toml::table& table, const std::string& file,
                                     std::vector<std::string>& warnings);

/// The services in table order: exact address before any, exact port before any, else as in the file.
std::vector<Service> table_order(std::vector<Service> services);

}  // namespace synward
