// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/device.hpp"

namespace synward::tool {

/// SYNs to a service of the documentation's addresses, out of an interface that is cabled to the card's line port: each
/// answer's sequence number has to be the cookie that OpenSSL makes with the keys that the card was given for this.
/// Tables are cleared, secrets drawn anew and forgotten, entry 0 of the service table is used up. For a card that
/// carries no traffic. Says what is wrong, or nothing.
std::string cookies_are_ours(Device& device, const std::string& interface);

}  // namespace synward::tool
