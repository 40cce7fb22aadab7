// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace synward::sim {

/// Takes one frame as it would be on a line.
using FrameSink = std::function<void(std::span<const std::uint8_t>)>;

/// What a kernel says of a frame that it has not finished: virtio_net_hdr (Virtio 1.0, section 5.1.6), which
/// linux/virtio_net.h does not give to C++.
struct Offload {
  std::uint8_t flags;         ///< kNeedsChecksum
  std::uint8_t cut_type;      ///< kWhole, kTcp4, kTcp6 or kUdp, and kCwr
  std::uint16_t header_size;  ///< a hint
  std::uint16_t cut_size;     ///< bytes of data in a piece
  std::uint16_t sum_start;    ///< where what is summed begins
  std::uint16_t sum_offset;   ///< from there, where the sum goes

  static constexpr std::uint8_t kNeedsChecksum = 1, kWhole = 0, kTcp4 = 1, kTcp6 = 4, kUdp = 5, kCwr = 0x80;
};
static_assert(sizeof(Offload) == 10);

/// A VLAN tag that stands beside a frame.
struct TagBeside {
  std::uint16_t tpid, tci;
};

/// Does what the sending kernel left to its network interface: puts in the VLAN tag that stands beside
/// the frame, makes the TCP or UDP checksum, and cuts a TCP segment that is longer than a frame, or UDP datagrams that
/// were sent as one (UDP_SEGMENT). `frame` is changed. False for what no interface of the hardware's kind does: nothing
/// is given then.
bool finish_frame(const Offload& offload, std::optional<TagBeside> tag, std::vector<std::uint8_t>& frame,
                  const FrameSink& sink);

}  // namespace synward::sim
