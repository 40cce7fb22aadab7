// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {

/// Builds the ICMP error (port unreachable) that a host behind `fields.from` sends about a segment of `quoted`, which
/// it received from `quoted.source`: the quoted IP header and the first 8 bytes of TCP, with sequence number `seq`.
/// Reuses the memory of `frame`.
void build_port_unreachable(const Mac& to, const Mac& from, const Flow& quoted, std::uint32_t seq,
                            std::vector<std::uint8_t>& frame);

}  // namespace synward::sim
