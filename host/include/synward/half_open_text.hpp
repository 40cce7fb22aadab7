// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "synward/half_open.hpp"
#include "synward/sysctl.hpp"

namespace synward {

/// What FreeBSD's `netstat -an -p tcp` prints of connections in SYN_RCVD, with its heading. IPv6 addresses are not cut
/// off, as with its -W.
std::string netstat_listing(std::span<const HalfOpen> entries);

/// What Linux' `ss -tno state syn-recv` prints, with the column of the state. The timer says how long until the next
/// SYN-ACK or the end, by the retransmission sysctls of `sysctls`, and how many were repeated.
std::string ss_listing(std::span<const HalfOpen> entries, const Sysctls& sysctls);

/// An array of objects (docs/host.md).
nlohmann::ordered_json json_listing(std::span<const HalfOpen> entries);

}  // namespace synward
