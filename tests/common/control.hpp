// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "common/frame.hpp"
#include "common/oracle.hpp"

namespace synward::test {

/// What an agent says of a mark, before it is a frame.
struct StatusSpec {
  FrameSpec mark;  ///< the marked ACK, of which options are made here; Ethernet addresses as in the status's own frame
  bool stamps = false;
  std::uint8_t flags = 7, wscale = 0x76;
  std::uint16_t mss = 1460;
  std::uint8_t status = 1;
  std::uint8_t version = 1, type = 1;
};

/// The control frame of a status: EtherType 0x88b5, four bytes, the mark's packet, its MAC replaced by a tag under
/// `key`.
Bytes status_frame(const StatusSpec& spec, const Key& key);

}  // namespace synward::test
