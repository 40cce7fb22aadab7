// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/ports.hpp"

namespace synward::tool {

// Ports in near-end loopback, whatever is plugged in: for a card that carries no traffic. CONTROL is put back. Each
// says what is wrong, or nothing.

/// The lanes align and the link comes up without a cable.
std::string link_in_loopback(Device& device, const PortPlace& place);
/// Control frames go out of the mailbox through the host port's transceivers and come back to it bit by bit: the
/// mailbox's memories, crossings, CMAC.
std::string frames_in_loopback(Device& device);

}  // namespace synward::tool
