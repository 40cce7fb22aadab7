// SPDX-License-Identifier: BSD-2-Clause
#include "synward/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace synward {

std::optional<IpAddress> parse_address(std::string_view text) {
  const std::string zero_ended(text);
  IpAddress address;
  if (inet_pton(AF_INET, zero_ended.c_str(), address.bytes.data() + 12) == 1) {
    return address;
  }
  address = {};
  address.v6 = true;
  if (inet_pton(AF_INET6, zero_ended.c_str(), address.bytes.data()) == 1) {
    return address;
  }
  return std::nullopt;
}

std::string to_string(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.wire().data(), text.data(), text.size());
  return text.data();
}

std::optional<IpPrefix> parse_prefix(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) {
    return std::nullopt;
  }
  IpPrefix prefix{*address, address->v6 ? 128U : 32U};
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    unsigned length = 0;
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (status != std::errc{} || end != digits.data() + digits.size() || length > prefix.length) {
      return std::nullopt;
    }
    prefix.length = length;
  }
  const auto wire = prefix.base.wire();
  for (unsigned bit = prefix.length; bit < 8 * wire.size(); ++bit) {
    wire[bit / 8] = static_cast<std::uint8_t>(wire[bit / 8] & ~(0x80U >> (bit % 8)));
  }
  return prefix;
}

std::string to_string(const IpPrefix& prefix) { return to_string(prefix.base) + '/' + std::to_string(prefix.length); }

IpPrefix source_prefix(const IpAddress& address) {
  return *parse_prefix(to_string(address) + (address.v6 ? "/64" : "/24"));
}

}  // namespace synward
