// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/tcp_frame.hpp"

#include <algorithm>
#include <cstring>

namespace synward::sim {

namespace {

constexpr std::size_t kEthernet = 14;
constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kIpv6 = 0x86dd;
constexpr std::uint8_t kTcp = 6;

/// Sum over the pseudo-header and the segment; 0xffff where the checksum inside is right.
std::uint16_t segment_sum(const Flow& flow, Bytes segment) {
  std::uint32_t sum = kTcp + static_cast<std::uint32_t>(segment.size());
  sum = ones_sum(flow.source.wire(), sum);
  sum = ones_sum(flow.destination.wire(), sum);
  return ones_sum(segment, sum);
}

struct Layer4 {
  std::uint8_t protocol;
  Bytes ip, segment;
};

std::optional<Layer4> parse_ipv4(Bytes packet, Flow& flow) {
  if (packet.size() < 20 || packet[0] >> 4 != 4) {
    return std::nullopt;
  }
  const std::size_t header = 4U * (packet[0] & 15);
  const std::size_t total = load16(&packet[2]);
  const bool fragment = (load16(&packet[6]) & 0x3fff) != 0;
  if (header < 20 || total < header || total > packet.size() || fragment) {
    return std::nullopt;
  }
  std::ranges::copy(packet.subspan(12, 4), flow.source.wire().begin());
  std::ranges::copy(packet.subspan(16, 4), flow.destination.wire().begin());
  return Layer4{packet[9], packet.first(total), packet.first(total).subspan(header)};
}

std::optional<Layer4> parse_ipv6(Bytes packet, Flow& flow) {
  if (packet.size() < 40 || packet[0] >> 4 != 6) {
    return std::nullopt;
  }
  const std::size_t total = 40U + load16(&packet[4]);
  if (total > packet.size()) {
    return std::nullopt;
  }
  packet = packet.first(total);
  flow.source.v6 = flow.destination.v6 = true;
  std::ranges::copy(packet.subspan(8, 16), flow.source.bytes.begin());
  std::ranges::copy(packet.subspan(24, 16), flow.destination.bytes.begin());
  std::uint8_t next = packet[6];
  std::size_t at = 40;
  while ((next == 0 || next == 43 || next == 60) && at + 8 <= total) {
    next = packet[at];
    at += 8U * (packet[at + 1] + 1U);
  }
  if (at > total) {
    return std::nullopt;
  }
  return Layer4{next, packet, packet.subspan(at)};
}

}  // namespace

std::size_t FlowHash::operator()(const Flow& flow) const {
  // Mixes with a 64-bit multiplier; the tables it serves hold a few thousand flows of a simulation, no adversary's.
  constexpr std::uint64_t kMultiplier = 0x9e3779b97f4a7c15;
  std::uint64_t hash = std::uint64_t{flow.source_port} << 16 | flow.destination_port;
  for (const auto* address : {&flow.source, &flow.destination}) {
    for (std::size_t i = 0; i < 16; i += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, address->bytes.data() + i, 8);
      hash = (hash ^ word) * kMultiplier;
      hash ^= hash >> 29;
    }
  }
  return hash;
}

std::uint16_t ones_sum(Bytes bytes, std::uint32_t start) {
  std::uint64_t sum = start;
  std::size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) {
    sum += load16(&bytes[i]);
  }
  if (i < bytes.size()) {
    sum += std::uint64_t{bytes[i]} << 8;
  }
  while (sum >> 16 != 0) {
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(sum);
}

std::optional<TcpView> parse_tcp(Bytes frame) {
  if (frame.size() < kEthernet) {
    return std::nullopt;
  }
  std::size_t type_at = 12;
  std::uint16_t type = load16(&frame[type_at]);
  for (int tags = 0; tags < 2 && (type == 0x8100 || type == 0x88a8); ++tags) {
    type_at += 4;
    if (type_at + 2 > frame.size()) {
      return std::nullopt;
    }
    type = load16(&frame[type_at]);
  }
  const Bytes packet = frame.subspan(type_at + 2);
  TcpView view;
  const auto layer4 = type == kIpv4   ? parse_ipv4(packet, view.flow)
                      : type == kIpv6 ? parse_ipv6(packet, view.flow)
                                      : std::nullopt;
  if (!layer4 || layer4->protocol != kTcp || layer4->segment.size() < 20) {
    return std::nullopt;
  }
  view.ip = layer4->ip;
  view.segment = layer4->segment;
  const auto* header = view.segment.data();
  const std::size_t size = 4U * (header[12] >> 4);
  if (size < 20 || size > view.segment.size()) {
    return std::nullopt;
  }
  view.flow.source_port = load16(header);
  view.flow.destination_port = load16(header + 2);
  view.seq = load32(header + 4);
  view.ack = load32(header + 8);
  view.flags = header[13];
  view.window = load16(header + 14);
  view.options = view.segment.subspan(20, size - 20);
  view.payload = view.segment.subspan(size);
  return view;
}

bool checksums_right(const TcpView& view) {
  if (!view.flow.source.v6 && ones_sum(view.ip.first(4U * (view.ip[0] & 15))) != 0xffff) {
    return false;
  }
  return segment_sum(view.flow, view.segment) == 0xffff;
}

TcpOptions parse_options(Bytes options) {
  TcpOptions found;
  std::size_t at = 0;
  while (at < options.size() && options[at] != 0) {
    if (options[at] == 1) {
      ++at;
      continue;
    }
    if (at + 2 > options.size() || options[at + 1] < 2 || at + options[at + 1] > options.size()) {
      break;
    }
    const Bytes option = options.subspan(at, options[at + 1]);
    if (option[0] == 2 && option.size() == 4) {
      found.mss = load16(&option[2]);
    } else if (option[0] == 3 && option.size() == 3) {
      found.window_scale = option[2];
    } else if (option[0] == 4 && option.size() == 2) {
      found.sack_permitted = true;
    } else if (option[0] == 8 && option.size() == 10) {
      found.timestamps = TcpOptions::Timestamps{load32(&option[2]), load32(&option[6])};
    } else if (option[0] == 253 && option.size() == 12 && load16(&option[2]) == 0x5ac1) {
      found.mark = option;
    }
    at += option.size();
  }
  return found;
}

void build_tcp(const TcpFields& fields, std::vector<std::uint8_t>& frame) {
  const bool v6 = fields.flow.source.v6;
  const std::size_t ip_header = v6 ? 40 : 20;
  const std::size_t l4 = kEthernet + ip_header;
  const std::size_t segment = 20 + fields.options.size() + fields.payload.size();
  frame.assign(std::max<std::size_t>(60, l4 + segment), 0);
  std::uint8_t* out = frame.data();
  std::ranges::copy(fields.to, out);
  std::ranges::copy(fields.from, out + 6);
  store16(out + 12, v6 ? kIpv6 : kIpv4);

  std::uint8_t* ip = out + kEthernet;
  if (v6) {
    ip[0] = 0x60;
    store16(ip + 4, static_cast<std::uint16_t>(segment));
    ip[6] = kTcp;
    ip[7] = 64;
    std::ranges::copy(fields.flow.source.wire(), ip + 8);
    std::ranges::copy(fields.flow.destination.wire(), ip + 24);
  } else {
    ip[0] = 0x45;
    store16(ip + 2, static_cast<std::uint16_t>(ip_header + segment));
    ip[6] = 0x40;  // don't fragment
    ip[8] = 64;
    ip[9] = kTcp;
    std::ranges::copy(fields.flow.source.wire(), ip + 12);
    std::ranges::copy(fields.flow.destination.wire(), ip + 16);
  }
  std::uint8_t* tcp = out + l4;
  store16(tcp, fields.flow.source_port);
  store16(tcp + 2, fields.flow.destination_port);
  store32(tcp + 4, fields.seq);
  store32(tcp + 8, fields.ack);
  tcp[12] = static_cast<std::uint8_t>((20 + fields.options.size()) / 4 << 4);
  tcp[13] = fields.flags;
  store16(tcp + 14, fields.window);
  std::ranges::copy(fields.options, tcp + 20);
  std::ranges::copy(fields.payload, tcp + 20 + fields.options.size());

  if (!v6) {
    store16(ip + 10, static_cast<std::uint16_t>(~ones_sum({ip, 20})));
  }
  store16(tcp + 16, static_cast<std::uint16_t>(~segment_sum(fields.flow, {tcp, segment})));
}

std::vector<std::uint8_t> build_tcp(const TcpFields& fields) {
  std::vector<std::uint8_t> frame;
  build_tcp(fields, frame);
  return frame;
}

void refresh_checksums(std::vector<std::uint8_t>& frame) {
  std::uint8_t* ip = frame.data() + kEthernet;
  const bool v6 = load16(frame.data() + 12) == kIpv6;
  Flow flow;
  const std::size_t header = v6 ? 40 : 20;
  const std::size_t segment = v6 ? load16(ip + 4) : load16(ip + 2) - header;
  flow.source.v6 = flow.destination.v6 = v6;
  const std::size_t width = v6 ? 16 : 4;
  std::copy_n(ip + (v6 ? 8 : 12), width, flow.source.wire().begin());
  std::copy_n(ip + (v6 ? 24 : 16), width, flow.destination.wire().begin());
  if (!v6) {
    store16(ip + 10, 0);
    store16(ip + 10, static_cast<std::uint16_t>(~ones_sum({ip, 20})));
  }
  std::uint8_t* tcp = ip + header;
  store16(tcp + 16, 0);
  store16(tcp + 16, static_cast<std::uint16_t>(~segment_sum(flow, {tcp, segment})));
}

}  // namespace synward::sim
