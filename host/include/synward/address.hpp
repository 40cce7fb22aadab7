// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace synward {

/// An IPv4 or IPv6 address. IPv4 stands in the last four of the sixteen bytes, the others zero, as in the service
/// table.
struct IpAddress {
  bool v6 = false;
  std::array<std::uint8_t, 16> bytes{};

  /// The bytes as they stand in a packet: 4 or 16.
  std::span<const std::uint8_t> wire() const {
    return v6 ? std::span<const std::uint8_t>(bytes) : std::span<const std::uint8_t>(bytes).subspan(12);
  }
  std::span<std::uint8_t> wire() {
    return v6 ? std::span<std::uint8_t>(bytes) : std::span<std::uint8_t>(bytes).subspan(12);
  }

  auto operator<=>(const IpAddress&) const = default;  // NOLINT(modernize-use-nullptr): there is no pointer here
};

/// Reads dotted IPv4 or textual IPv6; nothing for any other text.
std::optional<IpAddress> parse_address(std::string_view text);
/// The usual text of an address.
std::string to_string(const IpAddress& address);

/// A range of addresses, such as 10.0.0.0/8.
struct IpPrefix {
  IpAddress base;
  unsigned length = 0;  ///< bits, of 32 or 128

  auto operator<=>(const IpPrefix&) const = default;  // NOLINT(modernize-use-nullptr): there is no pointer here
};

/// As "10.0.0.0/8".
std::string to_string(const IpPrefix& prefix);
/// Where sources are told apart: the /24 of an IPv4 address, the /64 of an IPv6 one.
IpPrefix source_prefix(const IpAddress& address);

/// Reads `address/bits`, or an address alone (all bits). Nothing for any other text; bits behind the prefix are
/// cleared.
std::optional<IpPrefix> parse_prefix(std::string_view text);

}  // namespace synward
