// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/icmp_frame.hpp"

#include <algorithm>
#include <array>

namespace synward::sim {

namespace {

constexpr std::uint8_t kIcmp = 1, kTcp = 6, kIcmp6 = 58;
constexpr std::size_t kEthernet = 14, kIcmpHeader = 8, kQuotedTcp = 8;

void put(std::uint8_t*& place, Bytes bytes) { place = std::ranges::copy(bytes, place).out; }

/// An IP header without options in front of `payload` bytes.
void put_ip(std::uint8_t*& place, const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
            std::size_t payload) {
  std::uint8_t* const header = place;
  if (source.v6) {
    std::array<std::uint8_t, 8> fixed{0x60, 0, 0, 0, 0, 0, protocol, 64};
    store16(&fixed[4], static_cast<std::uint16_t>(payload));
    put(place, fixed);
  } else {
    std::array<std::uint8_t, 12> fixed{0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol, 0, 0};
    store16(&fixed[2], static_cast<std::uint16_t>(20 + payload));
    put(place, fixed);
  }
  put(place, source.wire());
  put(place, destination.wire());
  if (!source.v6) {
    store16(header + 10, static_cast<std::uint16_t>(~ones_sum({header, 20})));
  }
}

}  // namespace

void build_port_unreachable(const Mac& to, const Mac& from, const Flow& quoted, std::uint32_t seq,
                            std::vector<std::uint8_t>& frame) {
  const bool v6 = quoted.source.v6;
  const std::size_t header = v6 ? 40 : 20;
  const std::size_t message = kIcmpHeader + header + kQuotedTcp;
  frame.assign(kEthernet + header + message, 0);
  std::uint8_t* place = frame.data();
  put(place, to);
  put(place, from);
  store16(place, v6 ? 0x86dd : 0x0800);
  place += 2;
  // The error goes back to who sent what it quotes.
  put_ip(place, quoted.destination, quoted.source, v6 ? kIcmp6 : kIcmp, message);
  std::uint8_t* const icmp = place;
  icmp[0] = v6 ? 1 : 3;
  icmp[1] = v6 ? 4 : 3;
  place += kIcmpHeader;
  put_ip(place, quoted.source, quoted.destination, kTcp, 20);
  store16(place, quoted.source_port);
  store16(place + 2, quoted.destination_port);
  store32(place + 4, seq);
  std::uint32_t pseudo = 0;
  if (v6) {
    pseudo = ones_sum(quoted.source.wire(), ones_sum(quoted.destination.wire(), static_cast<std::uint32_t>(message))) +
             kIcmp6;
  }
  store16(icmp + 2, static_cast<std::uint16_t>(~ones_sum({icmp, message}, pseudo)));
}

}  // namespace synward::sim
