// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

namespace synward::test {

/// Turns off an interface's transmit checksum offload: on a veth nobody would compute the checksums, and captured
/// frames would have wrong ones. Throws std::system_error.
void turn_off_checksum_offload(const std::string& interface);

/// A plain TCP server for `connections` clients, IPv4 and IPv6: reads a line, answers with one, closes. Prints
/// "listening" when it is. Throws std::system_error; SIGALRM ends the process if nobody comes for 10 s.
void serve(std::uint16_t port, int connections);

}  // namespace synward::test
