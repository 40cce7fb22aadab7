// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "common/frame.hpp"

namespace synward::test {

/// A TCP frame without extension headers or IP options, as the card makes them, read.
struct ReplyView {
  bool v6 = false;
  bool df = false;
  std::uint8_t tos = 0, ttl = 0;
  std::uint32_t flowlabel = 0;
  std::uint16_t sport = 0, dport = 0;
  std::uint32_t seq = 0, ack = 0;
  std::uint8_t flags = 0;
  std::uint16_t window = 0;
  Bytes options;
  std::optional<std::uint32_t> tsval, tsecr;
  std::optional<std::uint16_t> mss;
};

/// Reads a frame; behind any VLAN tags it must be such a TCP frame.
ReplyView read_reply(ByteView frame);

}  // namespace synward::test
