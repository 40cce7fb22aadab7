// SPDX-License-Identifier: BSD-2-Clause
#include "reference/quote.hpp"

#include "reference/checksum.hpp"

namespace synward::reference {

namespace {

constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kIcmpv6 = 58;
constexpr std::size_t kIcmpHeader = 8;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kQuotedTcp = 8;  ///< ports and SEQ
constexpr std::uint16_t kFragmentOffset = 0x1fff;

/// RFC 792: destination unreachable, time exceeded, parameter problem.
bool is_icmp_error(std::uint8_t type) { return type == 3 || type == 11 || type == 12; }

/// RFC 4443: all errors but those reserved.
bool is_icmpv6_error(std::uint8_t type) { return type >= 1 && type <= 4; }

bool checksum_valid(ByteView frame, const ParsedFrame& parsed, std::size_t icmp) {
  const std::size_t length = parsed.end - icmp;
  Checksum checksum;
  if (parsed.v6) checksum.add_pseudo_header(parsed.src, parsed.dst, static_cast<std::uint32_t>(length), kIcmpv6);
  checksum.add(frame.subspan(icmp, length));
  return checksum.valid();
}

std::optional<Quote> read_segment(const FrameReader& in, const ParsedFrame& parsed, std::size_t tcp, Quote quote) {
  if (tcp + kQuotedTcp > parsed.end) return std::nullopt;
  quote.lport = in.u16(tcp);
  quote.fport = in.u16(tcp + 2);
  quote.seq = in.u32(tcp + 4);
  return quote;
}

std::optional<Quote> read_ipv4(const FrameReader& in, const ParsedFrame& parsed, std::size_t at) {
  const std::size_t header = 4u * (in.u8(at) & 15u);
  if (in.u8(at) >> 4 != 4 || header < 20 || in.u8(at + 9) != kTcp) return std::nullopt;
  if ((in.u16(at + 6) & kFragmentOffset) != 0) return std::nullopt;
  const Quote quote = {.faddr = {0, in.u32(at + 16)}, .laddr = {0, in.u32(at + 12)}, .fport = 0, .lport = 0, .seq = 0};
  return read_segment(in, parsed, at + header, quote);
}

std::optional<Quote> read_ipv6(const FrameReader& in, const ParsedFrame& parsed, std::size_t at) {
  if (in.u8(at) >> 4 != 6 || in.u8(at + 6) != kTcp) return std::nullopt;
  const Quote quote = {.faddr = in.u128(at + 24), .laddr = in.u128(at + 8), .fport = 0, .lport = 0, .seq = 0};
  return read_segment(in, parsed, at + kIpv6Header, quote);
}

}  // namespace

std::optional<Quote> read_quote(ByteView frame, const ParsedFrame& parsed) {
  if (parsed.reading != Reading::not_tcp) return std::nullopt;
  const FrameReader in(frame);
  const std::uint8_t protocol = in.u8(parsed.l3 + (parsed.v6 ? 6 : 9));
  if (protocol != (parsed.v6 ? kIcmpv6 : kIcmp)) return std::nullopt;
  const std::size_t icmp = parsed.v6 ? parsed.l3 + kIpv6Header : parsed.l4;
  if (icmp + kIcmpHeader > parsed.end) return std::nullopt;
  const std::uint8_t type = in.u8(icmp);
  if (!(parsed.v6 ? is_icmpv6_error(type) : is_icmp_error(type))) return std::nullopt;
  if (!checksum_valid(frame, parsed, icmp)) return std::nullopt;
  return parsed.v6 ? read_ipv6(in, parsed, icmp + kIcmpHeader) : read_ipv4(in, parsed, icmp + kIcmpHeader);
}

}  // namespace synward::reference
