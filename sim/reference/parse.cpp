// SPDX-License-Identifier: BSD-2-Clause
#include "reference/parse.hpp"

#include "reference/checksum.hpp"
#include "reference/options.hpp"

namespace synward::reference {

namespace {

constexpr std::size_t kEthernetHeader = 14;
constexpr std::size_t kVlanTag = 4;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kTcpHeader = 20;

// EtherTypes, IEEE 802.
constexpr std::uint16_t kTypeIpv4 = 0x0800;
constexpr std::uint16_t kTypeIpv6 = 0x86dd;
constexpr std::uint16_t kTpidCustomer = 0x8100;
constexpr std::uint16_t kTpidService = 0x88a8;

// IP protocol numbers, IANA.
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kDestinationOptions = 60;

constexpr std::uint16_t kMoreFragments = 0x2000;
constexpr std::uint16_t kFragmentOffset = 0x1fff;

/// Extension headers that are walked, all together, bytes.
constexpr std::size_t kChainLimit = 24;

bool is_tpid(std::uint16_t type) { return type == kTpidCustomer || type == kTpidService; }

/// IPv6 extension headers that another header may follow, other than Fragment.
bool is_extension(std::uint8_t type) {
  switch (type) {
    case kHopByHop:
    case kRouting:
    case kAuthentication:
    case kDestinationOptions:
      return true;
    default:
      return false;
  }
}

/// Rows 3 and 4: steps over the VLAN tags, sets l3 and the family.
Reading read_ethernet(const FrameReader& in, ParsedFrame& out) {
  out.mac_dst = in.u48(0);
  out.mac_src = in.u48(6);
  std::size_t type_at = 12;
  while (is_tpid(in.u16(type_at))) {
    if (out.tags == 2) return Reading::vlan_depth;
    out.tag[out.tags++] = in.u32(type_at);
    type_at += kVlanTag;
  }
  const std::uint16_t type = in.u16(type_at);
  out.l3 = type_at + 2;
  if (type == kTypeControl) return Reading::control;
  if (type != kTypeIpv4 && type != kTypeIpv6) return Reading::not_ip;
  out.v6 = type == kTypeIpv6;
  return Reading::tcp;
}

/// Rows 5 to 8 and 11 for IPv4.
Reading read_ipv4(const FrameReader& in, bool ip_checksum, ParsedFrame& out) {
  const std::size_t l3 = out.l3;
  const std::size_t header = 4u * (in.u8(l3) & 15u);
  const std::size_t total = in.u16(l3 + 2);
  if (in.size() < l3 + kIpv4Header || in.u8(l3) >> 4 != 4 || header < kIpv4Header || total < header) {
    return Reading::bad_ip_header;
  }
  out.l4 = l3 + header;
  out.end = l3 + total;
  if (out.end > in.size()) return Reading::truncated;
  Checksum checksum;
  checksum.add(in.view(l3, header));
  if (ip_checksum && !checksum.valid()) return Reading::bad_ip_checksum;
  out.tos = in.u8(l3 + 1);
  out.ttl = in.u8(l3 + 8);
  out.src = {0, in.u32(l3 + 12)};
  out.dst = {0, in.u32(l3 + 16)};
  out.maybe_tcp = in.u8(l3 + 9) == kTcp;
  if ((in.u16(l3 + 6) & (kMoreFragments | kFragmentOffset)) != 0) return Reading::fragment;
  return out.maybe_tcp ? Reading::tcp : Reading::not_tcp;
}

/// Whether the options in a header of `length` bytes at `at` are such that a node discards the packet (RFC 8200 section
/// 4.2): unknown with a type that asks for it, or not within the header. What a server knows asks for nothing.
bool options_discard(const FrameReader& in, std::size_t at, std::size_t length) {
  constexpr std::uint8_t kPad1 = 0;
  constexpr unsigned kActionShift = 6;
  const std::size_t end = at + length;
  for (std::size_t option = at + 2; option < end;) {
    const std::uint8_t type = in.u8(option);
    if (type >> kActionShift != 0) return true;
    if (type == kPad1) {
      ++option;
      continue;
    }
    if (option + 1 == end) return true;
    option += in.u8(option + 1) + 2u;
    if (option > end) return true;
  }
  return false;
}

/// Rows 9 to 11 for IPv6: walks the extension headers as far as the contract says.
Reading walk_chain(const FrameReader& in, ParsedFrame& out) {
  const std::size_t first = out.l3 + kIpv6Header;
  std::uint8_t type = in.u8(out.l3 + 6);
  std::size_t at = first;
  bool authenticated = false;
  while (type != kTcp) {
    if (type == kFragment) {
      const std::uint8_t carried = in.u8(at);
      out.maybe_tcp = carried == kTcp || carried == kFragment || is_extension(carried);
      return Reading::fragment;
    }
    if (!is_extension(type)) return Reading::not_tcp;
    // RFC 4302 section 2.2 counts words of four bytes.
    const bool authentication = type == kAuthentication;
    const std::size_t length = authentication ? (in.u8(at + 1) + 2u) * 4u : (in.u8(at + 1) + 1u) * 8u;
    const std::uint8_t segments_left = in.u8(at + 3);
    const bool walkable = (type == kHopByHop && at == first) || type == kDestinationOptions ||
                          (type == kRouting && segments_left == 0) || (authentication && length % 8 == 0);
    if (!walkable || at + length - first > kChainLimit) return Reading::chain_end;
    authenticated = authenticated || authentication;
    const bool holds_options = type == kHopByHop || type == kDestinationOptions;
    out.options_discard = out.options_discard || (holds_options && options_discard(in, at, length));
    type = in.u8(at);
    at += length;
  }
  // Only the server can answer what has to be authenticated.
  if (authenticated) return Reading::chain_end;
  out.l4 = at;
  return Reading::tcp;
}

/// Rows 5 to 11 for IPv6.
Reading read_ipv6(const FrameReader& in, ParsedFrame& out) {
  const std::size_t l3 = out.l3;
  if (in.size() < l3 + kIpv6Header || in.u8(l3) >> 4 != 6) return Reading::bad_ip_header;
  out.end = l3 + kIpv6Header + in.u16(l3 + 4);
  if (out.end > in.size()) return Reading::truncated;
  out.tos = static_cast<std::uint8_t>(in.u16(l3) >> 4);
  out.flowlabel = in.u32(l3) & 0xfffff;
  out.ttl = in.u8(l3 + 7);
  out.src = in.u128(l3 + 8);
  out.dst = in.u128(l3 + 24);
  return walk_chain(in, out);
}

/// Row 12, and the options.
Reading read_tcp(const FrameReader& in, ParsedFrame& out) {
  const std::size_t l4 = out.l4;
  if (l4 + kTcpHeader > out.end) return Reading::bad_tcp_header;
  const std::size_t header = 4u * (in.u8(l4 + 12) >> 4);
  if (header < kTcpHeader || l4 + header > out.end) return Reading::bad_tcp_header;
  out.sport = in.u16(l4);
  out.dport = in.u16(l4 + 2);
  out.seq = in.u32(l4 + 4);
  out.ack = in.u32(l4 + 8);
  out.flags = in.u8(l4 + 13);
  out.window = in.u16(l4 + 14);
  out.options = read_options(in.view(l4 + kTcpHeader, header - kTcpHeader), (out.flags & kSyn) != 0);
  return Reading::tcp;
}

Reading read_all(const FrameReader& in, bool ip_checksum, ParsedFrame& out) {
  if (in.size() > kMaxFrame) return Reading::oversize;
  if (in.size() < kEthernetHeader) return Reading::short_frame;
  Reading reading = read_ethernet(in, out);
  if (reading != Reading::tcp) return reading;
  reading = out.v6 ? read_ipv6(in, out) : read_ipv4(in, ip_checksum, out);
  if (reading != Reading::tcp) return reading;
  return read_tcp(in, out);
}

}  // namespace

ParsedFrame parse(ByteView frame, bool ip_checksum) {
  ParsedFrame out;
  out.reading = read_all(FrameReader(frame), ip_checksum, out);
  return out;
}

bool is_control(ByteView frame) { return control_at(frame).has_value(); }

std::optional<std::size_t> control_at(ByteView frame) {
  ParsedFrame parsed;
  if (read_ethernet(FrameReader(frame), parsed) != Reading::control) return std::nullopt;
  return parsed.l3;
}

bool tcp_checksum_valid(ByteView frame, const ParsedFrame& parsed) {
  const std::size_t length = parsed.end - parsed.l4;
  Checksum checksum;
  checksum.add_pseudo_header(parsed.src, parsed.dst, static_cast<std::uint32_t>(length));
  checksum.add(frame.subspan(parsed.l4, length));
  return checksum.valid();
}

}  // namespace synward::reference
