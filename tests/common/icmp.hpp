// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/frame.hpp"

namespace synward::test {

/// An ICMP or ICMPv6 error to build.
struct IcmpSpec {
  FrameSpec quoted;        ///< the segment that it is about: from the server to the client
  std::uint8_t type = 3;   ///< IPv4: destination unreachable; for IPv6 1 says the same
  std::uint8_t code = 1;   ///< host unreachable
  std::size_t bytes = 64;  ///< of the quoted packet, IP header included, at most
  bool bad_checksum = false;
};

/// The frame with which a router tells the server of it.
FrameSpec icmp_error(const IcmpSpec& spec);

}  // namespace synward::test
