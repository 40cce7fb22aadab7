// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/offload.hpp"

#include <algorithm>

#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {

namespace {

constexpr std::size_t kEthernet = 14, kIpv4 = 20, kIpv6 = 40, kTcp = 20, kUdp = 8;
constexpr std::uint8_t kFin = 0x01, kPsh = 0x08, kCwr = 0x80;
constexpr std::uint8_t kProtocolTcp = 6, kProtocolUdp = 17;

std::uint8_t kind_of(const Offload& offload) { return offload.cut_type & static_cast<std::uint8_t>(~Offload::kCwr); }

/// Where the parts of a TCP segment or a UDP datagram are.
struct Parts {
  std::size_t ip = 0, l4 = 0, data = 0;
  bool v6 = false, udp = false;
};

std::optional<Parts> parts_of(const Offload& offload, std::span<const std::uint8_t> frame) {
  Parts parts;
  parts.udp = kind_of(offload) == Offload::kUdp;
  parts.l4 = offload.sum_start;
  const std::size_t least = parts.udp ? kUdp : kTcp;
  if (parts.l4 < kEthernet + kIpv4 || parts.l4 + least > frame.size()) return std::nullopt;
  parts.data = parts.l4 + (parts.udp ? kUdp : 4U * (frame[parts.l4 + 12] >> 4));
  // The kernel's own tags are beside the frame, but a guest's may stand in it.
  parts.ip = kEthernet;
  while (parts.ip + 4 < parts.l4 && frame[parts.ip - 2] == 0x81 && frame[parts.ip - 1] == 0) parts.ip += 4;
  parts.v6 = parts.udp ? frame[parts.ip] >> 4 == 6 : kind_of(offload) == Offload::kTcp6;
  if (parts.data < parts.l4 + least || parts.data > frame.size() || parts.ip + (parts.v6 ? kIpv6 : kIpv4) > parts.l4 ||
      frame[parts.ip] >> 4 != (parts.v6 ? 6 : 4))
    return std::nullopt;
  return parts;
}

/// Sum over the pseudo-header, without its length.
std::uint32_t pseudo_header(std::span<const std::uint8_t> ip, const Parts& parts) {
  const std::uint32_t protocol = parts.udp ? kProtocolUdp : kProtocolTcp;
  return protocol + (parts.v6 ? ones_sum(ip.subspan(8, 32), 0) : ones_sum(ip.subspan(12, 8), 0));
}

void put_sum(std::uint8_t* at, std::span<const std::uint8_t> bytes, std::uint32_t start) {
  store16(at, 0);
  store16(at, static_cast<std::uint16_t>(~ones_sum(bytes, start)));
}

/// Gives the pieces of `frame`, each with `offload.cut_size` bytes of data at most.
bool cut(const Offload& offload, std::span<const std::uint8_t> frame, const FrameSink& sink) {
  const auto parts = parts_of(offload, frame);
  if (!parts || offload.cut_size == 0) return false;
  const std::uint32_t seq = load32(&frame[parts->l4 + 4]);
  const std::uint8_t flags = parts->udp ? 0 : frame[parts->l4 + 13];
  std::vector<std::uint8_t> piece;
  std::uint16_t id = load16(&frame[parts->ip + 4]);
  for (std::size_t at = parts->data; at < frame.size(); at += offload.cut_size) {
    const std::size_t size = std::min<std::size_t>(offload.cut_size, frame.size() - at);
    const bool first = at == parts->data, last = at + size == frame.size();
    piece.assign(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(parts->data));
    piece.insert(piece.end(), frame.begin() + static_cast<std::ptrdiff_t>(at),
                 frame.begin() + static_cast<std::ptrdiff_t>(at + size));
    std::uint8_t* ip = &piece[parts->ip];
    std::uint8_t* l4 = &piece[parts->l4];
    if (parts->v6) {
      store16(ip + 4, static_cast<std::uint16_t>(piece.size() - parts->ip - kIpv6));
    } else {
      store16(ip + 2, static_cast<std::uint16_t>(piece.size() - parts->ip));
      store16(ip + 4, id++);
      put_sum(ip + 10, std::span(ip, parts->l4 - parts->ip), 0);
    }
    const std::span<const std::uint8_t> whole(l4, piece.size() - parts->l4);
    const std::uint32_t pseudo =
        pseudo_header(std::span(ip, parts->l4 - parts->ip), *parts) + static_cast<std::uint32_t>(whole.size());
    if (parts->udp) {
      store16(l4 + 4, static_cast<std::uint16_t>(whole.size()));
      put_sum(l4 + 6, whole, pseudo);
      // 0 would mean that there is none.
      if (load16(l4 + 6) == 0) store16(l4 + 6, 0xffff);
    } else {
      store32(l4 + 4, seq + static_cast<std::uint32_t>(at - parts->data));
      l4[13] = static_cast<std::uint8_t>(flags & ~(first ? 0 : kCwr) & ~(last ? 0 : kFin | kPsh));
      put_sum(l4 + 16, whole, pseudo);
    }
    sink(piece);
  }
  return true;
}

}  // namespace

bool finish_frame(const Offload& offload, std::optional<TagBeside> tag, std::vector<std::uint8_t>& frame,
                  const FrameSink& sink) {
  if (frame.size() < kEthernet) return false;
  const std::uint8_t type = kind_of(offload);
  const FrameSink tagged = [&](std::span<const std::uint8_t> whole) {
    if (!tag) return sink(whole);
    std::vector<std::uint8_t> out(whole.begin(), whole.begin() + 12);
    out.resize(16);
    store16(&out[12], tag->tpid);
    store16(&out[14], tag->tci);
    out.insert(out.end(), whole.begin() + 12, whole.end());
    sink(out);
  };
  if (type == Offload::kTcp4 || type == Offload::kTcp6 || type == Offload::kUdp) return cut(offload, frame, tagged);
  if (type != Offload::kWhole) return false;
  if ((offload.flags & Offload::kNeedsChecksum) != 0) {
    // The sum of the pseudo-header stands where the checksum goes.
    const std::size_t start = offload.sum_start, at = start + offload.sum_offset;
    if (at + 2 > frame.size()) return false;
    const std::uint16_t sum = ones_sum(std::span<const std::uint8_t>(frame).subspan(start), 0);
    // 0 would mean no checksum in UDP, and is 0xffff for TCP as well.
    store16(&frame[at], sum == 0xffff ? sum : static_cast<std::uint16_t>(~sum));
  }
  tagged(frame);
  return true;
}

}  // namespace synward::sim
