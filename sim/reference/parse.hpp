// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "reference/bytes.hpp"
#include "synward/records.hpp"

namespace synward::reference {

/// Longest frame that the card takes from the line, bytes.
inline constexpr std::size_t kMaxFrame = 16383;

// TCP flags (RFC 9293 section 3.1).
inline constexpr std::uint8_t kFin = 0x01;
inline constexpr std::uint8_t kSyn = 0x02;
inline constexpr std::uint8_t kRst = 0x04;
inline constexpr std::uint8_t kAck = 0x10;
inline constexpr std::uint8_t kEce = 0x40;
inline constexpr std::uint8_t kCwr = 0x80;

/// How far a frame could be read: rows 1 to 12 of the contract (theory of operation, section 1).
enum class Reading : std::uint8_t {
  oversize,
  short_frame,
  vlan_depth,
  control,  ///< EtherType of control frames
  not_ip,
  bad_ip_header,
  truncated,
  bad_ip_checksum,
  fragment,   ///< maybe_tcp says whether it may hold TCP
  chain_end,  ///< IPv6 extension headers that are not walked
  not_tcp,
  bad_tcp_header,
  tcp,
};

/// A frame from the line, taken apart. What lies behind the point where the reading ended is zero.
struct ParsedFrame {
  Reading reading = Reading::tcp;
  std::uint64_t mac_dst = 0, mac_src = 0;
  std::uint8_t tags = 0;               ///< VLAN tags, 0..2
  std::array<std::uint32_t, 2> tag{};  ///< TPID and TCI, outer first
  bool v6 = false;
  Wide128 src{}, dst{};  ///< IPv4 in the low 32 bits
  std::uint8_t ttl = 0;  ///< TTL or hop limit
  std::uint8_t tos = 0;  ///< TOS or traffic class
  std::uint32_t flowlabel = 0;
  bool maybe_tcp = false;               ///< of a fragment: it may hold TCP
  bool options_discard = false;         ///< IPv6 options for which the packet is to be discarded (row 18b)
  std::size_t l3 = 0, l4 = 0, end = 0;  ///< offsets: IP header, TCP header, end of the IP packet
  std::uint16_t sport = 0, dport = 0;
  std::uint32_t seq = 0, ack = 0;
  std::uint8_t flags = 0;
  std::uint16_t window = 0;  ///< unscaled
  OptionsRecord options{};
};

/// EtherType of what an agent and a card say to each other: one for local experiments (IEEE 802).
inline constexpr std::uint16_t kTypeControl = 0x88b5;

/// `ip_checksum`: whether row 7, the checksum of the IPv4 header, applies.
ParsedFrame parse(ByteView frame, bool ip_checksum = true);

/// True for a control frame, whatever its length.
bool is_control(ByteView frame);
/// Where a control frame's content begins, or nothing if it is none.
std::optional<std::size_t> control_at(ByteView frame);

/// True if the TCP checksum of `frame`, of which `parsed` was made and is tcp, is right.
bool tcp_checksum_valid(ByteView frame, const ParsedFrame& parsed);

}  // namespace synward::reference
