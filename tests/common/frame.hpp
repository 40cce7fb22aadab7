// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace synward::test {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// TCP flags (RFC 9293 section 3.1, RFC 3168).
inline constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10, kUrg = 0x20, kEce = 0x40,
                              kCwr = 0x80;

/// An IP address; an IPv4 one takes the first 4 bytes.
struct Address {
  bool v6 = false;
  std::array<std::uint8_t, 16> bytes{};

  ByteView view() const { return ByteView(bytes).first(v6 ? 16 : 4); }
  bool operator==(const Address&) const = default;
};

/// From text; aborts on text that is no address.
Address address(const std::string& text);

struct VlanTag {
  std::uint16_t tpid = 0x8100;
  std::uint16_t tci = 0;
};

/// An IPv6 extension header. build() sets its first byte, Next Header, to what follows.
struct Extension {
  std::uint8_t type = 60;
  Bytes bytes = Bytes(8);
};

/// A frame to build. As a default a well-formed TCP segment without flags; every optional field overrides what would be
/// right.
struct FrameSpec {
  std::array<std::uint8_t, 6> mac_dst{0x02, 0, 0, 0, 0, 0x01};
  std::array<std::uint8_t, 6> mac_src{0x02, 0, 0, 0, 0, 0x02};
  std::vector<VlanTag> tags;
  std::optional<std::uint16_t> ethertype;

  Address src, dst;  ///< of one family, which is the frame's
  std::uint8_t tos = 0;
  std::uint8_t ttl = 64;
  std::optional<std::uint8_t> ip_version;
  std::optional<std::uint16_t> ip_length;  ///< IPv4 total length or IPv6 payload length
  std::optional<std::uint8_t> protocol;    ///< IPv4 protocol, or the last Next Header

  std::uint16_t ip_id = 0;
  std::uint16_t fragment = 0x4000;  ///< IPv4 flags and offset; DF
  Bytes ip_options;                 ///< IPv4; padded with zeros to a multiple of 4
  std::optional<std::uint8_t> ihl;  ///< IPv4, 32-bit words
  std::optional<std::uint16_t> ip_checksum;

  std::uint32_t flowlabel = 0;
  std::vector<Extension> extensions;

  bool tcp = true;  ///< false: the payload follows the IP header
  std::uint16_t sport = 0, dport = 0;
  std::uint32_t seq = 0, ack = 0;
  std::uint8_t flags = 0;
  std::uint16_t window = 64240;
  std::uint16_t urgent = 0;
  Bytes options;                            ///< padded with zeros to a multiple of 4
  std::optional<std::uint8_t> data_offset;  ///< 32-bit words
  std::optional<std::uint16_t> tcp_checksum;

  Bytes payload;
  Bytes trailer;    ///< behind the IP packet
  bool pad = true;  ///< with zeros to 60 bytes
};

/// A frame and where its parts are, bytes from its start.
struct Frame {
  Bytes bytes;
  bool v6 = false;
  bool tcp = false;
  std::size_t l3 = 0, l4 = 0, end = 0;  ///< IP header, TCP header (or payload), end of the IP packet
};

Frame build(const FrameSpec& spec);

/// Makes the IPv4 and TCP checksums right again after a change that left the parts where they were.
void fix_checksums(Frame& frame);

/// Ones' complement sum of 16-bit words (RFC 1071), folded. 0xffff over data with a right checksum.
std::uint16_t ones_sum(ByteView bytes, std::uint32_t start = 0);
/// The same over the TCP pseudo-header; `length` of the segment, bytes.
std::uint16_t pseudo_sum(ByteView src, ByteView dst, std::size_t length);

void put16(Bytes& out, std::uint32_t value);
void put32(Bytes& out, std::uint32_t value);
void append(Bytes& out, ByteView bytes);
Bytes concat(std::initializer_list<Bytes> parts);

// TCP options (RFC 9293, RFC 7323, RFC 2018) and the card's hand-off mark.
Bytes opt_mss(std::uint16_t mss);
Bytes opt_ws(std::uint8_t shift);
Bytes opt_sack();
Bytes opt_ts(std::uint32_t tsval, std::uint32_t tsecr);
Bytes opt_nop(std::size_t count = 1);
Bytes opt_mark(std::uint8_t flags, std::uint8_t wscale, std::uint16_t mss, std::uint32_t mac);

/// Hexadecimal to bytes; blanks are skipped. Aborts on anything else.
Bytes hex(const std::string& text);
/// Bytes to hexadecimal, for messages.
std::string to_hex(ByteView bytes);

}  // namespace synward::test
