// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/offload.hpp"

#include <algorithm>

#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {

namespace {

constexpr std::size_t kEthernet = 14, kIpv4 = 20, kIpv6 = 40, kTcp = 20;
constexpr std::uint8_t kFin = 0x01, kPsh = 0x08, kCwr = 0x80;

/// Where the parts of a TCP segment are.
struct Parts {
  std::size_t ip = 0, tcp = 0, data = 0;
  bool v6 = false;
};

std::optional<Parts> parts_of(const Offload& offload, std::span<const std::uint8_t> frame) {
  Parts parts;
  parts.v6 = (offload.cut_type & ~Offload::kCwr) == Offload::kTcp6;
  parts.tcp = offload.sum_start;
  if (parts.tcp < kEthernet + (parts.v6 ? kIpv6 : kIpv4) || parts.tcp + kTcp > frame.size()) return std::nullopt;
  parts.data = parts.tcp + 4U * (frame[parts.tcp + 12] >> 4);
  // The kernel's own tags are beside the frame, but a guest's may stand in it.
  parts.ip = kEthernet;
  while (parts.ip + 4 < parts.tcp && frame[parts.ip - 2] == 0x81 && frame[parts.ip - 1] == 0) parts.ip += 4;
  if (parts.data < parts.tcp + kTcp || parts.data > frame.size() || parts.ip + (parts.v6 ? kIpv6 : kIpv4) > parts.tcp ||
      frame[parts.ip] >> 4 != (parts.v6 ? 6 : 4))
    return std::nullopt;
  return parts;
}

/// Sum over the pseudo-header of TCP, without its length.
std::uint32_t pseudo_header(std::span<const std::uint8_t> ip, bool v6) {
  constexpr std::uint32_t kProtocol = 6;
  return kProtocol + (v6 ? ones_sum(ip.subspan(8, 32), 0) : ones_sum(ip.subspan(12, 8), 0));
}

void put_sum(std::uint8_t* at, std::span<const std::uint8_t> bytes, std::uint32_t start) {
  store16(at, 0);
  store16(at, static_cast<std::uint16_t>(~ones_sum(bytes, start)));
}

/// Gives the segments of `frame`, each with `offload.cut_size` bytes of data at most.
bool cut(const Offload& offload, std::span<const std::uint8_t> frame, const FrameSink& sink) {
  const auto parts = parts_of(offload, frame);
  if (!parts || offload.cut_size == 0) return false;
  const std::uint32_t seq = load32(&frame[parts->tcp + 4]);
  const std::uint8_t flags = frame[parts->tcp + 13];
  std::vector<std::uint8_t> segment;
  std::uint16_t id = load16(&frame[parts->ip + 4]);
  for (std::size_t at = parts->data; at < frame.size(); at += offload.cut_size) {
    const std::size_t size = std::min<std::size_t>(offload.cut_size, frame.size() - at);
    const bool first = at == parts->data, last = at + size == frame.size();
    segment.assign(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(parts->data));
    segment.insert(segment.end(), frame.begin() + static_cast<std::ptrdiff_t>(at),
                   frame.begin() + static_cast<std::ptrdiff_t>(at + size));
    std::uint8_t* ip = &segment[parts->ip];
    std::uint8_t* tcp = &segment[parts->tcp];
    if (parts->v6) {
      store16(ip + 4, static_cast<std::uint16_t>(segment.size() - parts->ip - kIpv6));
    } else {
      store16(ip + 2, static_cast<std::uint16_t>(segment.size() - parts->ip));
      store16(ip + 4, id++);
      put_sum(ip + 10, std::span(ip, parts->tcp - parts->ip), 0);
    }
    store32(tcp + 4, seq + static_cast<std::uint32_t>(at - parts->data));
    tcp[13] = static_cast<std::uint8_t>(flags & ~(first ? 0 : kCwr) & ~(last ? 0 : kFin | kPsh));
    const std::span<const std::uint8_t> whole(tcp, segment.size() - parts->tcp);
    put_sum(tcp + 16, whole,
            pseudo_header(std::span(ip, parts->tcp - parts->ip), parts->v6) + static_cast<std::uint32_t>(whole.size()));
    sink(segment);
  }
  return true;
}

}  // namespace

bool finish_frame(const Offload& offload, std::optional<TagBeside> tag, std::vector<std::uint8_t>& frame,
                  const FrameSink& sink) {
  if (frame.size() < kEthernet) return false;
  const std::uint8_t type = offload.cut_type & static_cast<std::uint8_t>(~Offload::kCwr);
  const FrameSink tagged = [&](std::span<const std::uint8_t> whole) {
    if (!tag) return sink(whole);
    std::vector<std::uint8_t> out(whole.begin(), whole.begin() + 12);
    out.resize(16);
    store16(&out[12], tag->tpid);
    store16(&out[14], tag->tci);
    out.insert(out.end(), whole.begin() + 12, whole.end());
    sink(out);
  };
  if (type == Offload::kTcp4 || type == Offload::kTcp6) return cut(offload, frame, tagged);
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
