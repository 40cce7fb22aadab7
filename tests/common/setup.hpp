// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "common/frame.hpp"
#include "common/oracle.hpp"
#include "synward/device.hpp"
#include "synward/registers.hpp"

namespace synward::test {

enum class Mode : std::uint8_t { pass = 0, protect = 1, drop = 2 };

/// A service table entry, in the terms of docs/registers.md.
struct ServiceEntry {
  Address address;
  std::uint16_t port = 0;  ///< 0: any
  bool any = false;        ///< any address
  bool v4 = true, v6 = false;
  Mode mode = Mode::protect;
  bool en_ws = true, en_sack = true, en_ts = true, en_ecn = true;
  std::uint16_t mss4 = 1460, mss6 = 1440;
  std::uint16_t path_mss4 = 0, path_mss6 = 0;  ///< 0: no bound
  std::uint16_t window = 65535;
  std::uint8_t wscale = 6;
  std::uint8_t ttl = 64, tos = 0;
};

/// An entry for one address, of that address's family.
ServiceEntry service(const std::string& address, std::uint16_t port, Mode mode = Mode::protect);

/// Services of both families, all modes and option sets, on few addresses, so that frames to other addresses exist.
std::vector<ServiceEntry> default_services();
/// default_services() and, last, any address at port 8443.
std::vector<ServiceEntry> any_address_services();
Secrets default_secrets();

/// Writes an entry of the card's service table.
void program_service(Device& device, std::size_t entry, const ServiceEntry& service);
void remove_service(Device& device, std::size_t entry);
/// Writes one secret where `commit` says.
void load_secret(Device& device, const Key& key, reg::SecretCommit commit);
/// Loads all secrets, sets the parity and waits until the tables are ready.
void load_secrets(Device& device, const Secrets& secrets);
/// Clears the tables and takes their sizes; waits until they are ready.
void load_tables(Device& device);
/// Secrets and services.
void program(Device& device, const std::vector<ServiceEntry>& services, const Secrets& secrets);

/// All counters at one instant, by number.
struct Counters {
  std::array<std::uint64_t, reg::kCounters> value{};

  std::uint64_t operator[](reg::Counter counter) const { return value[static_cast<std::size_t>(counter)]; }
  std::uint64_t operator[](reg::Drop reason) const { return value[reg::kFirstDrop + static_cast<std::size_t>(reason)]; }
  std::uint64_t drops() const;
  Counters since(const Counters& before) const;
};

/// Takes a snapshot and reads it.
Counters read_counters(Device& device);

/// What the conservation laws of frames (theory of operation, section 5) find broken in an idle card; empty if nothing.
std::string conservation_faults(const Counters& counters);
/// The same, and the law of syncache entries, of which the card holds `entries`.
std::string conservation_faults(const Counters& counters, std::uint32_t entries);

}  // namespace synward::test
