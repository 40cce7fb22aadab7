// SPDX-License-Identifier: BSD-2-Clause
#include "common/icmp.hpp"

#include <algorithm>

namespace synward::test {

namespace {

constexpr std::uint8_t kIcmp = 1, kIcmpv6 = 58;
constexpr std::uint8_t kTcp = 6;

/// Sum of the pseudo-header that ICMPv6 has; it differs from TCP's in the protocol.
std::uint32_t pseudo_sum6(const FrameSpec& spec, std::size_t length) {
  return pseudo_sum(spec.src.view(), spec.dst.view(), length) + std::uint32_t{kIcmpv6 - kTcp};
}

}  // namespace

FrameSpec icmp_error(const IcmpSpec& spec) {
  FrameSpec quoted = spec.quoted;
  quoted.pad = false;
  const Frame packet = build(quoted);
  const std::size_t size = std::min(spec.bytes, packet.bytes.size() - packet.l3);
  const ByteView quote = ByteView(packet.bytes).subspan(packet.l3, size);

  FrameSpec out;
  out.mac_dst = spec.quoted.mac_src;
  out.mac_src = spec.quoted.mac_dst;
  out.tags = spec.quoted.tags;
  out.src = address(packet.v6 ? "2001:db8:ff::1" : "203.0.113.1");
  out.dst = spec.quoted.src;
  out.tcp = false;
  out.protocol = packet.v6 ? kIcmpv6 : kIcmp;
  out.payload = {spec.type, spec.code, 0, 0, 0, 0, 0, 0};
  append(out.payload, quote);
  const std::uint32_t start = packet.v6 ? pseudo_sum6(out, out.payload.size()) : 0;
  const auto sum = static_cast<std::uint16_t>(~ones_sum(out.payload, start) ^ (spec.bad_checksum ? 1 : 0));
  out.payload[2] = static_cast<std::uint8_t>(sum >> 8);
  out.payload[3] = static_cast<std::uint8_t>(sum);
  return out;
}

}  // namespace synward::test
