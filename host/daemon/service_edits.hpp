// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "synward/config.hpp"
#include "synward/expected.hpp"

namespace synward {

/// What tells one service from another.
struct ServicePlace {
  std::optional<IpAddress> address;  ///< nothing: any
  std::uint16_t port = 0;            ///< 0: any

  bool is(const Service& service) const { return service.address == address && service.port == port; }
};

/// A wish: which service, and what is to become of it.
struct ServiceEdit {
  enum class What : std::uint8_t { add, del, pass, protect };
  What what;
  Service service;  ///< add: all of it; otherwise its place alone
};

/// What was changed of the configuration's services at run time.
class ServiceEdits {
 public:
  /// The services that hold: those of the configuration, in its order, with the changes, and behind them what was
  /// added.
  std::vector<Service> applied(const std::vector<Service>& configured) const;
  /// Makes one more change to what holds. Error: there is one there already, or none; too many, or the last.
  Expected<void> make(const ServiceEdit& edit, const std::vector<Service>& configured);
  /// A new configuration: services that it names are as it says, others stay as they were left.
  void forget(const std::vector<Service>& configured);
  /// Changes that were made later go before these.
  void overlay(const ServiceEdits& later);

  bool empty() const { return changed_.empty() && removed_.empty(); }
  /// As tables [[service]] and [[removed]].
  std::string toml() const;
  /// Reads toml() back. Errors as for a configuration.
  static Expected<ServiceEdits> read(const toml::table& table, const std::string& file);

 private:
  void change(const Service& service);
  void remove(const ServicePlace& place);

  std::vector<Service> changed_;  ///< or added
  std::vector<ServicePlace> removed_;
};

/// Reads one service from the keys of a [[service]], without its header. Errors: "KEY: what".
Expected<Service> parse_service(std::string_view toml);
/// "ADDRESS port PORT", for people.
std::string to_string(const ServicePlace& place);
inline ServicePlace place_of(const Service& service) { return {service.address, service.port}; }

}  // namespace synward
