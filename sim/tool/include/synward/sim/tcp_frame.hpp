// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "synward/address.hpp"

namespace synward::sim {

using Bytes = std::span<const std::uint8_t>;
using Mac = std::array<std::uint8_t, 6>;

namespace tcp_flag {
inline constexpr std::uint8_t fin = 0x01, syn = 0x02, rst = 0x04, psh = 0x08, ack = 0x10;
}  // namespace tcp_flag

constexpr std::uint16_t load16(const std::uint8_t* p) { return static_cast<std::uint16_t>(p[0] << 8 | p[1]); }
constexpr std::uint32_t load32(const std::uint8_t* p) { return std::uint32_t{load16(p)} << 16 | load16(p + 2); }
constexpr void store16(std::uint8_t* p, std::uint16_t value) {
  p[0] = static_cast<std::uint8_t>(value >> 8);
  p[1] = static_cast<std::uint8_t>(value);
}
constexpr void store32(std::uint8_t* p, std::uint32_t value) {
  store16(p, static_cast<std::uint16_t>(value >> 16));
  store16(p + 2, static_cast<std::uint16_t>(value));
}

/// Two ends of a connection, as seen from the sender of a segment.
struct Flow {
  IpAddress source, destination;
  std::uint16_t source_port = 0, destination_port = 0;

  Flow reversed() const { return {destination, source, destination_port, source_port}; }
  bool operator==(const Flow&) const = default;
};

struct FlowHash {
  std::size_t operator()(const Flow& flow) const;
};

/// A TCP segment inside an Ethernet frame. The spans point into the frame.
struct TcpView {
  Flow flow;
  std::uint32_t seq = 0, ack = 0;
  std::uint8_t flags = 0;
  std::uint16_t window = 0;
  Bytes options, payload;
  Bytes ip;       ///< from the IP header to the end of the IP packet
  Bytes segment;  ///< from the TCP header to the end of the IP packet

  bool is(std::uint8_t wanted, std::uint8_t among) const { return (flags & among) == wanted; }
  bool is_syn() const { return is(tcp_flag::syn, tcp_flag::syn | tcp_flag::ack | tcp_flag::rst); }
  bool is_syn_ack() const { return is(tcp_flag::syn | tcp_flag::ack, tcp_flag::syn | tcp_flag::ack | tcp_flag::rst); }
};

/// Finds the TCP segment of a frame: up to two VLAN tags, IPv4 with options, IPv6 with hop-by-hop, destination and
/// routing headers. Nothing where there is none, or where a length does not fit. Checksums are not looked at.
std::optional<TcpView> parse_tcp(Bytes frame);

/// True where the IPv4 header checksum and the TCP checksum are right.
bool checksums_right(const TcpView& view);

/// What the options of a segment say. Wrong lengths are ignored; what follows a broken option is not read.
struct TcpOptions {
  std::optional<std::uint16_t> mss;
  std::optional<std::uint8_t> window_scale;
  bool sack_permitted = false;
  struct Timestamps {
    std::uint32_t value, echo;
  };
  std::optional<Timestamps> timestamps;
  Bytes mark;  ///< the 12 bytes of the hand-off mark (kind 253, ExID 0x5ac1), or empty
};
TcpOptions parse_options(Bytes options);

/// What a frame is built from. The IPv4 TTL or hop limit is 64, the frame untagged, the checksums right.
struct TcpFields {
  Mac to{}, from{};
  Flow flow;
  std::uint32_t seq = 0, ack = 0;
  std::uint8_t flags = 0;
  std::uint16_t window = 65535;
  Bytes options;  ///< a multiple of 4 bytes, at most 40
  Bytes payload;
};

/// Builds a frame, padded to 60 bytes. Reuses the memory of `frame`.
void build_tcp(const TcpFields& fields, std::vector<std::uint8_t>& frame);
std::vector<std::uint8_t> build_tcp(const TcpFields& fields);

/// Computes both checksums of the frame that build_tcp() made anew, after a change to it.
void refresh_checksums(std::vector<std::uint8_t>& frame);

/// Ones' complement sum of big-endian words, an odd last byte padded with zero, folded to 16 bits, added to `start`.
std::uint16_t ones_sum(Bytes bytes, std::uint32_t start = 0);

}  // namespace synward::sim
