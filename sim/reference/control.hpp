// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "reference/bytes.hpp"
#include "reference/parse.hpp"
#include "synward/cookie.hpp"

namespace synward::reference {

/// A status: what a server's agent says of a mark (theory of operation, section 3, "Control frames").
struct StatusFrame {
  ParsedFrame mark;         ///< the mark that it is about; Ethernet addresses as in the status's own frame
  std::uint8_t status = 0;  ///< 1 to 5
};

/// The status in a control frame, or nothing if it is none, is broken, or has a tag of none of `keys`.
std::optional<StatusFrame> read_status(ByteView frame, const ParsedFrame& parsed, std::span<const SipKey> keys);

}  // namespace synward::reference
