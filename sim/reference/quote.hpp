// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>

#include "reference/bytes.hpp"
#include "reference/parse.hpp"

namespace synward::reference {

/// The segment that an ICMP error quotes: its source is the local end.
struct Quote {
  Wide128 faddr, laddr;
  std::uint16_t fport, lport;
  std::uint32_t seq;
};

/// What the ICMP or ICMPv6 error in `frame` quotes, if it is one and quotes TCP (theory of operation, section 1).
/// `parsed` was made of the frame.
std::optional<Quote> read_quote(ByteView frame, const ParsedFrame& parsed);

}  // namespace synward::reference
